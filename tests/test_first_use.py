"""What a newcomer does first, and does wrong first, ends in a sentence that helps."""

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import wmspatial as wm
from conftest import Official


@pytest.fixture(scope="module")
def sample() -> wm.Dataset:
    return wm.load_sample()


def _wrong_arguments(sample: wm.Dataset, tmp_path: Path) -> dict[str, tuple[Any, str]]:
    typology = wm.classify(sample)
    table = sample.flows.to_table()
    return {
        "classify a frame": (
            lambda: wm.classify(sample.areas),
            "dataset: expected a Dataset, as wm.load",
        ),
        "classify twice": (lambda: wm.classify(typology), "found Typology"),
        "map a dataset": (lambda: wm.disconnection_map(sample), "expected a Typology"),
        "brief a dataset": (lambda: wm.briefing(sample, tmp_path), "expected a Typology"),
        "flows as a table": (lambda: wm.Dataset(sample.areas, table), "wm.Flows.from_table"),
        "areas without polygons": (
            lambda: wm.Dataset(sample.neighbourhoods, sample.flows),
            "expected a GeoDataFrame",
        ),
        "join a path": (lambda: wm.join(sample.areas, "schools.csv"), "expected a DataFrame"),
        "join a dataset": (lambda: wm.join(sample, table), "expected a GeoDataFrame"),
    }


def test_an_argument_of_another_kind_is_named_with_what_makes_the_right_one(
    sample: wm.Dataset, tmp_path: Path
) -> None:
    for case, (call, said) in _wrong_arguments(sample, tmp_path).items():
        with pytest.raises(wm.InputError) as caught:
            call()
        assert said in str(caught.value), case
        assert "\n" not in str(caught.value), case


@pytest.mark.parametrize("area", [None, 5])
def test_an_area_that_is_no_name_is_refused(official: Official, area: Any) -> None:
    with pytest.raises(wm.AreaNotFoundError, match="expected a name, a code, or a list"):
        official(area, 2021)


def test_every_missing_file_is_named_at_once(data_dir: Path, tmp_path: Path) -> None:
    gone = {"imd2025_lsoa21_england.parquet", "lsoa21_generalised.parquet"}
    for file in data_dir.rglob("*"):
        if file.is_file() and file.name not in gone:
            link = tmp_path / file.relative_to(data_dir)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)
    with pytest.raises(wm.MissingFileError, match="2 of 10 files missing") as caught:
        wm.load("Leeds", 2021, data_dir=tmp_path)
    assert all(name in str(caught.value) for name in gone)
    shutil.rmtree(tmp_path)


def test_words_as_the_library_itself_writes_them_are_understood(official: Official) -> None:
    dataset = official("Solihull", 2011, level="LSOA", deprivation="IMD 2019")
    assert dataset.deprivation == "IMD 2019"


def test_places_without_ranks_are_not_said_to_be_well_off(official: Official) -> None:
    typology = wm.classify(official("Cardiff", 2021))
    page = wm.disconnection_map(typology).get_root().render()
    assert "None of the 218 neighbourhoods shown can be classed: no deprivation rank (218)" in page
    assert "most deprived of its nation" not in page
    assert any("218 of 218 neighbourhoods could not be classed" in c for c in typology.caveats)


def test_caveats_say_what_the_cut_is(sample: wm.Dataset) -> None:
    third = " ".join(wm.classify(sample, cut=1 / 3).caveats)
    assert "the 33rd percentile of the deprived neighbourhoods that are not rich in jobs" in third
    assert "median" not in third
    fixed = " ".join(wm.classify(sample, cut=0.7, cut_kind="value").caveats)
    assert "a fixed score, 0.7" in fixed
    assert "about half" in " ".join(wm.classify(sample).caveats)


def test_wrong_codes_in_a_table_are_reported_not_fatal(sample: wm.Dataset) -> None:
    codes = [*sample.areas.index[:300], "E0100888", "not known", "E01000001"]
    table = pd.DataFrame({"LSOA": codes, "places": range(len(codes))})
    table.loc[0, "LSOA"] = f" {codes[0].lower()} "
    _, report = wm.join(sample.areas, table, vintage=2011)
    assert report.matched == 300
    assert set(report.rows_without_area) == {"E0100888", "NOT KNOWN", "E01000001"}
    assert report.codes_cleaned == 1
    assert "codes had spaces or small letters" in str(report)


def test_flows_of_a_few_zones_keep_everybody_who_lives_or_works_there(sample: wm.Dataset) -> None:
    flows = sample.flows
    zones = list(flows.zones[:40])
    few = flows.among(zones)
    pd.testing.assert_series_equal(few.employed_residents, flows.employed_residents[zones])
    pd.testing.assert_series_equal(few.jobs, flows.jobs[zones])
    pd.testing.assert_frame_equal(few.self_containment(), flows.self_containment().loc[zones])
    with pytest.raises(wm.InputError, match="are no zones here"):
        flows.among(["nowhere"])


def test_a_few_of_a_few_zones_are_a_few(sample: wm.Dataset) -> None:
    flows, zones = sample.flows, list(sample.flows.zones)
    twice, once = flows.among(zones[:50]).among(zones[:10]), flows.among(zones[:10])
    pd.testing.assert_series_equal(twice.employed_residents, once.employed_residents)
    pd.testing.assert_series_equal(twice.jobs, once.jobs)
