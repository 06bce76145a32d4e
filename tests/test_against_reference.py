"""The library says what an independent reading of the method says, on the real data.

The reference (`reference.py`) was written from the method document alone. Where the real data are
absent these tests are skipped: set `WMSPATIAL_TEST_DATA` to their folder.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from reference import (
    CLASSES,
    CONNECTED,
    DISCONNECTED,
    INSUFFICIENT,
    MANY_JOBS,
    apportion_employed,
    changes,
    in_england_or_wales,
    jobs_2011,
    jobs_2021,
    neighbourhoods,
    read_flows,
    reference_classes,
    reference_sample,
    residents_2011,
    residents_2021,
)

if TYPE_CHECKING:
    from conftest import Official

# The data are heavy: with several workers, one of them reads everything once.
pytestmark = pytest.mark.xdist_group("data_dir")

REPOSITORY = Path(__file__).resolve().parent.parent
SAMPLE = REPOSITORY / "data" / "sample"

SEVEN = {
    "E08000025": "Birmingham",
    "E08000026": "Coventry",
    "E08000027": "Dudley",
    "E08000028": "Sandwell",
    "E08000029": "Solihull",
    "E08000030": "Walsall",
    "E08000031": "Wolverhampton",
}

# Vintage and index edition; None is the vintage's default edition.
CASES = [(2011, None), (2011, "imd2019"), (2021, None)]
VINTAGES = [2011, 2021]
AREAS = ["wmca", "england and wales"]

# The numbers may be added up in another order, no more.
RELATIVE = 1e-9
ABSOLUTE = 1e-12

Truth = Callable[[int, str | None], pd.DataFrame]
Load = Callable[[Any, int, str | None], Any]
Frames = Callable[[Any, int, str | None], pd.DataFrame]
Pair = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def truth(data_dir: Path) -> Truth:
    """Compute the reference's table for a vintage and an index edition, once."""

    @cache
    def compute(vintage: int, deprivation: str | None) -> pd.DataFrame:
        return reference_classes(data_dir, vintage, deprivation)

    return compute


@pytest.fixture(scope="module")
def dataset(official: Official) -> Load:
    """Load the library's dataset for an area, a vintage and an index edition, once."""

    def load(area: str | tuple[str, ...], vintage: int, deprivation: str | None) -> Any:
        options = {} if deprivation is None else {"deprivation": deprivation}
        return official(area, vintage, **options)

    return load


@pytest.fixture(scope="module")
def classified(dataset: Load) -> Frames:
    """Classify with the library, once for an area, a vintage and an index edition."""

    @cache
    def compute(area: str | tuple[str, ...], vintage: int, deprivation: str | None) -> pd.DataFrame:
        return table_of(wm.classify(dataset(area, vintage, deprivation)))

    return compute


def table_of(typology: Any) -> pd.DataFrame:
    """Return the evidence of every neighbourhood, without polygons, in the order of codes."""
    frame = typology.frame
    return pd.DataFrame(frame.drop(columns=frame.geometry.name)).sort_index()


def part_of(table: pd.DataFrame, area: str) -> pd.DataFrame:
    """Select the rows of the reference that a study area holds."""
    if area == "wmca":
        return table[table["authority_code"].isin(list(SEVEN))]
    return table


def truths(column: pd.Series) -> pd.Series:
    """Read missing as no in a column of yes and no."""
    return column.map(lambda value: False if pd.isna(value) else bool(value)).astype(bool)


def assert_close(ours: pd.Series, theirs: pd.Series) -> None:
    """Check that two columns of numbers agree, missing where the other is missing."""
    np.testing.assert_allclose(
        ours.to_numpy(dtype=float, na_value=np.nan),
        theirs.to_numpy(dtype=float, na_value=np.nan),
        rtol=RELATIVE,
        atol=ABSOLUTE,
        err_msg=str(theirs.name),
    )


def assert_same_words(ours: pd.Series, theirs: pd.Series) -> None:
    """Check that two columns of names agree; a failure shows the first few rows that do not."""
    different = ours.astype(object).to_numpy() != theirs.astype(object).to_numpy()
    rows = pd.DataFrame({"library": ours.astype(object), "reference": theirs.astype(object)})
    shown = rows[different].head(10).to_string()
    assert not different.any(), f"{different.sum()} of {len(rows)} differ:\n{shown}"


# --------------------------------------------------------------------------------------------------
# The library and the reference say the same of every neighbourhood
# --------------------------------------------------------------------------------------------------


@pytest.fixture(
    scope="module",
    params=[(area, *case) for case in CASES for area in AREAS],
    ids=lambda chosen: " ".join(str(word) for word in chosen if word is not None),
)
def chosen(request: pytest.FixtureRequest) -> tuple[str, int, str | None]:
    """Name a study area, a vintage and an index edition."""
    area, vintage, deprivation = request.param
    return area, vintage, deprivation


@pytest.fixture(scope="module")
def pair(truth: Truth, classified: Frames, chosen: tuple[str, int, str | None]) -> Pair:
    """Return the library's table and the reference's, of the same neighbourhoods in one order."""
    area, vintage, deprivation = chosen
    theirs = part_of(truth(vintage, deprivation), area)
    ours = classified(area, vintage, deprivation)
    assert list(ours.index) == list(theirs.index)
    return ours, theirs


def test_every_neighbourhood_is_there_once(
    truth: Truth, dataset: Load, chosen: tuple[str, int, str | None]
) -> None:
    area, vintage, deprivation = chosen
    everywhere = truth(vintage, deprivation)
    loaded = dataset(area, vintage, deprivation)
    assert sorted(loaded.areas.index) == sorted(part_of(everywhere, area).index)
    assert sorted(loaded.neighbourhoods.index) == sorted(everywhere.index)


def test_every_neighbourhood_has_the_same_class(pair: Pair) -> None:
    ours, theirs = pair
    assert_same_words(ours["labour_market_class"], theirs["cls"])


def test_there_are_five_ordered_classes(pair: Pair) -> None:
    classes = pair[0]["labour_market_class"].dtype
    assert isinstance(classes, pd.CategoricalDtype)
    assert classes.ordered
    assert list(classes.categories) == CLASSES


def test_every_authority_has_as_many_neighbourhoods_of_each_class(pair: Pair) -> None:
    ours, theirs = pair
    counts = pd.crosstab(ours["authority"].astype(str), ours["labour_market_class"].astype(str))
    expected = pd.crosstab(theirs["authority"].astype(str), theirs["cls"])
    pd.testing.assert_frame_equal(
        counts.reindex(columns=CLASSES, fill_value=0),
        expected.reindex(columns=CLASSES, fill_value=0),
        check_names=False,
    )


def test_the_same_neighbourhoods_are_deprived(pair: Pair) -> None:
    ours, theirs = pair
    assert_close(ours["deprivation_rank"], theirs["rank"])
    assert list(truths(ours["deprived"])) == list(theirs["deprived"])


def test_every_neighbourhood_has_as_many_jobs_and_employed_residents(pair: Pair) -> None:
    ours, theirs = pair
    assert_close(ours["jobs"], theirs["jobs"])
    assert_close(ours["employed_residents"], theirs["employed"])
    assert list(truths(ours["jobs_rich"])) == list(theirs["jobs_rich"])


def test_every_zone_sends_as_many_commuters_to_places_rich_in_jobs(pair: Pair) -> None:
    ours, theirs = pair
    assert_close(ours["commuters"], theirs["commuters"])
    assert_close(ours["unknown_share"], theirs["unknown_share"])
    assert_close(ours["connection_score"], theirs["score"])


def test_every_neighbourhood_is_in_the_same_labour_market(pair: Pair) -> None:
    ours, theirs = pair
    assert_same_words(ours["labour_market"], theirs["labour_market"])


def test_every_neighbourhood_that_a_cut_decides_faces_the_same_cut(pair: Pair) -> None:
    ours, theirs = pair
    decided = theirs["cls"].isin([DISCONNECTED, CONNECTED])
    assert decided.any()
    assert_close(ours.loc[decided, "cut"], theirs.loc[decided, "cut"])
    assert_close(ours.loc[decided, "reference_size"], theirs.loc[decided, "reference_size"])


def test_a_cut_that_is_shown_is_that_of_the_labour_market(pair: Pair) -> None:
    ours, theirs = pair
    shown = ours["cut"].notna()
    assert_close(ours.loc[shown, "cut"], theirs.loc[shown, "cut"])


def test_with_the_sample_the_library_and_the_reference_agree() -> None:
    theirs = reference_sample(SAMPLE)
    ours = table_of(wm.classify(wm.load_sample()))
    assert set(ours.index) <= set(theirs.index)
    theirs = theirs.loc[ours.index]
    assert_same_words(ours["labour_market_class"], theirs["cls"])
    assert_close(ours["jobs"], theirs["jobs"])
    assert_close(ours["employed_residents"], theirs["employed"])
    assert_close(ours["commuters"], theirs["commuters"])
    assert_close(ours["connection_score"], theirs["score"])
    decided = theirs["cls"].isin([DISCONNECTED, CONNECTED])
    assert decided.any()
    assert_close(ours.loc[decided, "cut"], theirs.loc[decided, "cut"])


# --------------------------------------------------------------------------------------------------
# A class does not depend on the study area that was asked for
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vintage", VINTAGES)
@pytest.mark.parametrize(
    ("part", "whole"),
    [
        pytest.param("Birmingham", "wmca", id="Birmingham in wmca"),
        pytest.param("Birmingham", "england and wales", id="Birmingham in England and Wales"),
        pytest.param("Sheffield", "england and wales", id="Sheffield in England and Wales"),
        # Its labour markets reach into Wales.
        pytest.param("Shropshire", "england and wales", id="Shropshire in England and Wales"),
    ],
)
def test_a_neighbourhood_is_the_same_in_a_smaller_study_area(
    classified: Frames, truth: Truth, part: str, whole: str, vintage: int
) -> None:
    everywhere = truth(vintage, None)
    codes = everywhere.index[everywhere["authority"] == part]
    alone = classified(part, vintage, None)
    assert list(alone.index) == list(codes)
    within = classified(whole, vintage, None).loc[codes]
    pd.testing.assert_frame_equal(
        alone, within, check_exact=False, check_categorical=False, rtol=RELATIVE, atol=ABSOLUTE
    )


@pytest.mark.parametrize("vintage", VINTAGES)
def test_an_authority_is_the_same_by_name_by_code_and_in_a_list(
    classified: Frames, vintage: int
) -> None:
    by_name = classified("Birmingham", vintage, None)
    by_code = classified("E08000025", vintage, None)
    listed = classified(("Birmingham", "Coventry"), vintage, None)
    pd.testing.assert_frame_equal(
        by_code, by_name, check_categorical=False, rtol=RELATIVE, atol=ABSOLUTE
    )
    pd.testing.assert_frame_equal(
        listed.loc[by_name.index], by_name, check_categorical=False, rtol=RELATIVE, atol=ABSOLUTE
    )
    assert set(listed["authority"].astype(str)) == {"Birmingham", "Coventry"}


# --------------------------------------------------------------------------------------------------
# What is published of the year 2011
# --------------------------------------------------------------------------------------------------

# Authority: deprived neighbourhoods, all neighbourhoods, on IMD 2015.
DEPRIVED_2015 = {
    "Birmingham": (350, 639),
    "Coventry": (61, 195),
    "Dudley": (43, 201),
    "Sandwell": (102, 186),
    "Solihull": (22, 134),
    "Walsall": (77, 167),
    "Wolverhampton": (81, 158),
    "Sheffield": (120, 345),
}

# Authority: deprived, large number of jobs among them, disconnected among them.
CALIBRATION_2011 = {
    "Sheffield": (120, 28, 52),
    "Leeds": (148, 39, 55),
    "Bradford": (131, 42, 43),
    "Manchester": (165, 41, 34),
}
ENGLAND_2011 = (6568, 1679, 2313)


@pytest.mark.parametrize("authority", DEPRIVED_2015)
def test_the_published_number_of_neighbourhoods_is_deprived(
    truth: Truth, classified: Frames, authority: str
) -> None:
    deprived, neighbourhoods_in_all = DEPRIVED_2015[authority]
    reference = truth(2011, None)
    reference = reference[reference["authority"] == authority]
    assert (reference["deprived"].sum(), len(reference)) == (deprived, neighbourhoods_in_all)
    ours = classified("england and wales", 2011, None)
    ours = ours[ours["authority"].astype(str) == authority]
    assert (truths(ours["deprived"]).sum(), len(ours)) == (deprived, neighbourhoods_in_all)


@pytest.mark.parametrize("authority", CALIBRATION_2011)
def test_the_cities_of_the_calibration_have_their_classes(
    truth: Truth, classified: Frames, authority: str
) -> None:
    deprived, many_jobs, disconnected = CALIBRATION_2011[authority]
    reference = truth(2011, None)
    counts = reference[reference["authority"] == authority]["cls"].value_counts()
    assert (counts[MANY_JOBS], counts[DISCONNECTED]) == (many_jobs, disconnected)
    assert counts[[MANY_JOBS, DISCONNECTED, CONNECTED]].sum() == deprived
    ours = classified("england and wales", 2011, None)
    counts = ours[ours["authority"].astype(str) == authority]["labour_market_class"].value_counts()
    assert (counts[MANY_JOBS], counts[DISCONNECTED]) == (many_jobs, disconnected)
    assert counts[[MANY_JOBS, DISCONNECTED, CONNECTED]].sum() == deprived


def test_england_has_the_classes_of_the_calibration(truth: Truth, classified: Frames) -> None:
    deprived, many_jobs, disconnected = ENGLAND_2011
    for classes in (
        truth(2011, None)["cls"],
        classified("england and wales", 2011, None)["labour_market_class"],
    ):
        counts = classes[classes.index.str.startswith("E")].value_counts()
        assert (counts[MANY_JOBS], counts[DISCONNECTED]) == (many_jobs, disconnected)
        assert counts[[MANY_JOBS, DISCONNECTED, CONNECTED]].sum() == deprived


# --------------------------------------------------------------------------------------------------
# The reference itself can be trusted: nobody and no job gets lost in it
# --------------------------------------------------------------------------------------------------


def test_bres_knows_every_neighbourhood_of_2011(data_dir: Path) -> None:
    jobs = jobs_2011(data_dir)
    assert len(jobs) == 34_753
    assert jobs.index.is_unique
    assert set(jobs.index) == set(residents_2011(data_dir).index)
    # Employment, not employees: the City of London's first area has 14,000 and 15,000.
    assert jobs["E01000001"] == 15_000


def test_no_job_is_lost_between_the_neighbourhoods_of_2011_and_2021(data_dir: Path) -> None:
    before = jobs_2011(data_dir)
    after = jobs_2021(data_dir)
    assert set(after.index) == set(residents_2021(data_dir).index)
    assert after.sum() == pytest.approx(before.sum(), rel=1e-12)


def test_a_neighbourhood_that_did_not_change_keeps_its_jobs(data_dir: Path) -> None:
    before = jobs_2011(data_dir)
    after = jobs_2021(data_dir)
    unchanged = changes(data_dir).query("CHGIND == 'U'")
    assert list(after[unchanged["LSOA21CD"]]) == list(before[unchanged["LSOA11CD"]])


@pytest.mark.parametrize("vintage", VINTAGES)
def test_every_employed_resident_lives_in_one_neighbourhood(
    data_dir: Path, truth: Truth, vintage: int
) -> None:
    people = read_flows(data_dir, vintage)["people"].sum()
    assert truth(vintage, None)["employed"].sum() == pytest.approx(people, rel=1e-12)


@pytest.mark.parametrize("vintage", VINTAGES)
def test_the_neighbourhoods_of_a_zone_have_its_employed_residents_between_them(
    data_dir: Path, truth: Truth, vintage: int
) -> None:
    zone = neighbourhoods(data_dir, vintage)["zone"]
    found = truth(vintage, None)["employed"].groupby(zone).sum()
    people = read_flows(data_dir, vintage).groupby("origin")["people"].sum()
    assert_close(found, people[found.index].astype(float))


@pytest.mark.parametrize("vintage", VINTAGES)
def test_the_people_in_the_flows_are_commuters_or_in_a_named_other_place(
    data_dir: Path, truth: Truth, vintage: int
) -> None:
    flows = read_flows(data_dir, vintage)
    zone = neighbourhoods(data_dir, vintage)["zone"]
    commuters = truth(vintage, None)["commuters"].groupby(zone).first().sum()
    elsewhere = flows[~in_england_or_wales(flows["destination"])]
    scotland_and_northern_ireland = elsewhere["destination"].str.match(r"^[SN]\d{8}$")
    named = elsewhere["destination"].isin(
        [
            *["OD0000001", "OD0000002", "OD0000003", "OD0000004"],
            *["111111111", "888888888", "999999999"],
        ]
    )
    assert (scotland_and_northern_ireland ^ named).all()
    assert commuters + elsewhere["people"].sum() == flows["people"].sum()


def test_the_flows_count_the_seven_authorities_home_workers(data_dir: Path) -> None:
    def works_at(vintage: int, destination: str) -> int:
        areas = neighbourhoods(data_dir, vintage)
        ours = areas.loc[areas["authority_code"].isin(list(SEVEN)), "zone"].unique()
        flows = read_flows(data_dir, vintage)
        chosen = flows["origin"].isin(ours) & (flows["destination"] == destination)
        return int(flows.loc[chosen, "people"].sum())

    assert works_at(2011, "OD0000001") == 88_186
    assert works_at(2011, "OD0000003") == 85_282
    assert works_at(2021, "111111111") == 459_154


def test_the_flows_give_every_zone_its_published_employed_residents(data_dir: Path) -> None:
    published = pd.read_csv(data_dir / "wmca_2011" / "jobs2011_msoa11.csv", index_col="areacd")
    people = read_flows(data_dir, 2011).groupby("origin")["people"].sum()
    assert list(people[published.index]) == list(published["resident"])


@pytest.mark.parametrize(("vintage", "jobs_for_each"), [(2011, 1.06), (2021, 1.02)])
def test_there_is_about_one_job_for_each_employed_resident(
    truth: Truth, vintage: int, jobs_for_each: float
) -> None:
    table = truth(vintage, None)
    assert round(table["jobs"].sum() / table["employed"].sum(), 2) == jobs_for_each
    assert round(table["jobs_rich"].mean(), 2) == 0.22


@pytest.mark.parametrize("vintage", VINTAGES)
def test_with_national_tables_only_wales_has_insufficient_data(truth: Truth, vintage: int) -> None:
    table = truth(vintage, None)
    welsh = table.index.str.startswith("W")
    assert ((table["cls"] == INSUFFICIENT) == welsh).all()
    assert (table["unknown_share"] == 0).all()


# --------------------------------------------------------------------------------------------------
# How good the apportionment of employed residents is, against Birmingham's exact counts
# --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def birmingham(data_dir: Path) -> pd.DataFrame:
    """Read Birmingham's 639 LSOAs with their exact employed residents in the Census of 2011."""
    exact = pd.read_csv(
        data_dir / "official/birmingham_2011/birmingham_lsoa11_employed_2011_KS601.csv",
        index_col="LSOA11CD",
    )
    areas = neighbourhoods(data_dir, 2011)
    areas = areas[areas["authority"] == "Birmingham"]
    assert sorted(areas.index) == sorted(exact.index)
    return areas.join(exact)


def aligned(estimate: pd.Series, exact: pd.Series) -> pd.Series:
    """Scale the estimate to the exact total.

    KS601 counts working full-time students apart, so its total is 6 % below that of the flows.
    """
    return estimate * exact.sum() / estimate.sum()


def relative_error(estimate: pd.Series, exact: pd.Series) -> float:
    """Return the mean of the neighbourhoods' relative errors, totals aligned, in per cent."""
    return float(((aligned(estimate, exact) - exact).abs() / exact).mean() * 100)


def absolute_error(estimate: pd.Series, exact: pd.Series) -> float:
    """Return the mean absolute error, totals aligned, in per cent of the mean."""
    return float((aligned(estimate, exact) - exact).abs().mean() / exact.mean() * 100)


def test_apportioned_employed_residents_are_near_birminghams_exact_counts(
    data_dir: Path, birmingham: pd.DataFrame
) -> None:
    exact = birmingham["employed_2011"]
    estimate = apportion_employed(birmingham, read_flows(data_dir, 2011))
    assert round(estimate.corr(exact), 2) == 0.80
    assert round(absolute_error(estimate, exact), 1) == 9.5
    assert round(relative_error(estimate, exact), 1) == 11.4


@pytest.mark.parametrize(
    ("weight", "correlation", "error"),
    [
        pytest.param("residents", 0.80, 11.5, id="by residents"),
        pytest.param("residents_16_74", 0.83, 10.2, id="by residents 16 to 74"),
        pytest.param("working_age", 0.79, 12.3, id="by residents 18 to 59/64"),
    ],
)
def test_the_published_errors_are_relative_errors_of_apportioned_commuters(
    data_dir: Path, birmingham: pd.DataFrame, weight: str, correlation: float, error: float
) -> None:
    """The figures of the method document come about with commuters, not all employed residents.

    They are the mean of the neighbourhoods' relative errors, not a mean absolute error. The test
    above has the same for the definition that the method uses.
    """
    denominators = pd.read_csv(
        data_dir / "official/iod/File_6_-_IoD2019_Population_Denominators.csv.gz",
        encoding="utf-8-sig",
        thousands=",",
        index_col="LSOA code (2011)",
    )
    working_age = denominators.filter(like="Working age").iloc[:, 0]
    areas = birmingham.assign(working_age=working_age)
    flows = read_flows(data_dir, 2011)
    commuting = flows[in_england_or_wales(flows["destination"])]
    # The same apportionment, with other people and another weight.
    estimate = apportion_employed(areas.assign(residents=areas[weight].astype(float)), commuting)
    exact = areas["employed_2011"]
    assert round(estimate.corr(exact), 2) == correlation
    assert round(relative_error(estimate, exact), 1) == error
