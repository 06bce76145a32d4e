"""The most deprived of each nation: right for all four, and never guessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from wmspatial.errors import MissingFileError, VintageError
from wmspatial.sources.nations import EDITIONS, four_nations

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Official

SIZES = {"england": 32_844, "wales": 1_909, "scotland": 6_976, "northern_ireland": 890}
PREFIXES = {"england": "E01", "wales": "W01", "scotland": "S01"}
OFFICIAL = {
    "england": "iod/File_1_-_IMD2019_Index_of_Multiple_Deprivation.csv.gz",
    "wales": "other_nations/wimd-2019-index-and-domain-scores.csv",
    "scotland": "other_nations/simd2020v2_ranks.csv",
    "northern_ireland": "other_nations/nimdm2017-soa.csv",
}


def codes(nation: str, count: int) -> list[str]:
    if nation == "northern_ireland":
        return [f"95AA{n // 9:02d}S{n % 9 + 1}" for n in range(count)]
    return [f"{PREFIXES[nation]}{n:06d}" for n in range(1, count + 1)]


def ranked(nation: str) -> pd.DataFrame:
    """Rank the areas of a nation in the order of their codes."""
    size = SIZES[nation]
    return pd.DataFrame({"code": codes(nation, size), "deprivation_rank": np.arange(1.0, size + 1)})


@pytest.fixture
def nations() -> dict[str, pd.DataFrame]:
    return {nation: ranked(nation) for nation in SIZES}


def with_ranks(table: pd.DataFrame, ranks: dict[int, Any]) -> pd.DataFrame:
    """Change the ranks of some rows."""
    table = table.copy()
    for row, rank in ranks.items():
        table.loc[row, "deprivation_rank"] = rank
    return table


def test_a_fifth_of_each_nation_is_deprived_rounded_down(nations: dict[str, pd.DataFrame]) -> None:
    uk = four_nations(**nations)
    assert uk.groupby("nation", sort=False)["deprived"].sum().to_dict() == {
        "England": 6_568, "Wales": 381, "Scotland": 1_395, "Northern Ireland": 178,
    }  # fmt: skip
    assert len(uk) == sum(SIZES.values())
    assert str(uk["deprived"].dtype) == "boolean"
    assert set(uk["status"]) == {"Deprived", "Not deprived"}


def test_the_frame_says_its_editions_and_that_ranks_stay_at_home(
    nations: dict[str, pd.DataFrame],
) -> None:
    uk = four_nations(**nations)
    assert uk.attrs["editions"] == {
        "England": "IMD 2019", "Wales": "WIMD 2019", "Scotland": "SIMD 2020v2",
        "Northern Ireland": "NIMDM 2017",
    }  # fmt: skip
    assert (uk["nation"].map(uk.attrs["editions"]) == uk["edition"]).all()
    assert any("cannot be compared across nations" in note for note in uk.attrs["notes"])
    assert uk.loc["95AA00S1", "share_of_nation"] == pytest.approx(1 / 890)


def test_an_area_without_a_rank_is_insufficient_data_never_not_deprived(
    nations: dict[str, pd.DataFrame],
) -> None:
    nations["scotland"] = with_ranks(nations["scotland"], {0: np.nan, 6_000: np.nan})
    uk = four_nations(**nations)
    unranked = uk.loc[["S01000001", "S01006001"]]
    assert unranked["status"].tolist() == ["Insufficient data"] * 2
    assert unranked["deprived"].isna().all()
    assert unranked["share_of_nation"].isna().all()
    # The others keep their rank among the areas that the index ranks.
    assert uk["deprived"].sum() == 6_568 + 381 + 1_394 + 178
    assert "Scotland: 2 areas have no rank and are Insufficient data" in uk.attrs["notes"]


def test_areas_asked_for_that_no_index_ranks_are_insufficient_data(
    nations: dict[str, pd.DataFrame],
) -> None:
    asked = ["W01000400", "E01033800", "95AA00S1", "N20000001", "E01000001"]
    uk = four_nations(**nations, areas=asked)
    assert list(uk.index) == asked
    assert uk["status"].tolist() == [
        "Not deprived", "Insufficient data", "Deprived", "Insufficient data", "Deprived",
    ]  # fmt: skip
    assert uk.loc["N20000001", "nation"] == "Northern Ireland"
    assert uk.loc["E01033800", "edition"] == "IMD 2019"


@pytest.mark.parametrize("share", [0.1, 0.2, 0.29, 1 / 3])
def test_england_is_what_the_typology_says(
    share: float, nations: dict[str, pd.DataFrame], sample: wm.Dataset
) -> None:
    theirs = wm.classify(sample, deprived_share=share).everywhere["deprived"]
    ranks = sample.neighbourhoods["deprivation_rank"]
    ours = four_nations(**nations, share=share).query("nation == 'England'")
    by_rank = ours.set_index("deprivation_rank")["deprived"]
    assert sample.ranked_areas == {"England": 32_844}
    assert (by_rank.loc[ranks].to_numpy() == theirs.to_numpy()).all()


def test_scores_are_ranked_the_highest_first(nations: dict[str, pd.DataFrame]) -> None:
    scores = pd.DataFrame({"deprivation_score": np.linspace(0, 80, 1_909)}, codes("wales", 1_909))
    uk = four_nations(**(nations | {"wales": scores}))
    assert uk.loc["W01001909", "deprivation_rank"] == 1
    assert uk.loc["W01000001", "deprivation_rank"] == 1_909
    assert any(n.startswith("Wales: the file has scores and no ranks") for n in uk.attrs["notes"])


def test_equal_scores_across_the_cut_all_count_and_are_named(
    nations: dict[str, pd.DataFrame],
) -> None:
    score = np.linspace(80, 1, 1_909)
    score[379:383] = score[379]
    scores = pd.DataFrame({"deprivation_score": score}, codes("wales", 1_909))
    uk = four_nations(**(nations | {"wales": scores}))
    assert uk.loc[uk["nation"] == "Wales", "deprived"].sum() == 383
    note = next(n for n in uk.attrs["notes"] if "across the cut at 381" in n)
    assert "W01000380, W01000381, W01000382, W01000383" in note
    assert "2 more than the share" in note


def test_equal_ranks_that_leave_out_the_next_are_taken(nations: dict[str, pd.DataFrame]) -> None:
    nations["england"] = with_ranks(nations["england"], {2_852: 2_852})
    assert four_nations(**nations).loc["E01002853", "deprivation_rank"] == 2_852


def test_the_frames_given_are_not_changed(nations: dict[str, pd.DataFrame]) -> None:
    before = {name: table.copy() for name, table in nations.items()}
    nations["wales"] = nations["wales"].set_index("code")
    index = nations["wales"].index
    four_nations(**nations)
    assert nations["wales"].index is index
    for name in ("england", "scotland", "northern_ireland"):
        pd.testing.assert_frame_equal(nations[name], before[name])


def refused(nations: dict[str, Any], words: str, error: type = wm.InputError, **more: Any) -> None:
    with pytest.raises(error, match=re.escape(words)) as caught:
        four_nations(**(nations | more))
    assert "\n" not in str(caught.value)


def test_two_nations_swapped_are_told(nations: dict[str, pd.DataFrame]) -> None:
    nations["wales"], nations["scotland"] = nations["scotland"], nations["wales"]
    refused(nations, "wales: expected areas of Wales (LSOA, as WIMD 2019 has them); 6,976 of 6,976")
    refused(nations, "Were the files of two nations swapped?")


def test_an_area_of_another_nation_is_named(nations: dict[str, pd.DataFrame]) -> None:
    nations["wales"].loc[7, "code"] = "E01000008"
    refused(nations, "1 of 1,909 are not (E01000008; LSOA (England))")


def test_wards_are_no_areas_of_an_index(nations: dict[str, pd.DataFrame]) -> None:
    nations["wales"]["code"] = [f"W05{n:06d}" for n in range(1_909)]
    refused(nations, "ward (Wales)")


def test_an_extract_is_refused_for_the_share_needs_the_whole(
    nations: dict[str, pd.DataFrame],
) -> None:
    refused(nations, "ranks 6,976 areas, found 200", scotland=nations["scotland"].head(200))


def test_an_area_twice_is_named(nations: dict[str, pd.DataFrame]) -> None:
    nations["england"].loc[5, "code"] = "E01000001"
    refused(nations, "1 areas stand more than once (E01000001)")


def test_a_later_index_on_areas_of_2021_is_told(nations: dict[str, pd.DataFrame]) -> None:
    nations["england"].loc[5, "code"] = "E01034000"
    refused(nations, "IMD 2019 ranks those of 2011", VintageError)


@pytest.mark.parametrize("rank", [0, -1, 891, 3.5])
def test_a_rank_out_of_range_is_named(nations: dict[str, pd.DataFrame], rank: float) -> None:
    bad = with_ranks(nations["northern_ireland"], {4: rank})
    refused(nations, f"{rank:g} for 95AA00S5", northern_ireland=bad)


def test_deciles_and_other_ranks_do_not_run_to_the_number_of_areas(
    nations: dict[str, pd.DataFrame],
) -> None:
    england = nations["england"]
    deciles = england.assign(deprivation_rank=england["deprivation_rank"] // 3_285 + 1)
    refused(nations, "the ranks do not run from 1 to 32,844", england=deciles)
    moved = with_ranks(england, {2: 30})
    refused(nations, "the ranks do not run from 1 to 32,844", england=moved)


def test_text_for_a_rank_is_named(nations: dict[str, pd.DataFrame]) -> None:
    table = nations["scotland"].astype({"deprivation_rank": object})
    table.loc[9, "deprivation_rank"] = "12th"
    refused(nations, "'12th' for S01000010", scotland=table)


def test_not_one_rank_is_an_error(nations: dict[str, pd.DataFrame]) -> None:
    none = nations["scotland"].assign(deprivation_rank=np.nan)
    refused(nations, "scotland: not one area has a rank", scotland=none)


def test_ranks_against_their_deciles_are_told(nations: dict[str, pd.DataFrame]) -> None:
    table = nations["scotland"]
    turned = table.assign(deprivation_decile=10 - table["deprivation_rank"].sub(1) // 697.7)
    refused(nations, "upside down", scotland=turned)


def test_another_edition_is_told_by_what_the_frame_says(nations: dict[str, pd.DataFrame]) -> None:
    nations["england"].attrs["dataset"] = "iod2015-imd"
    refused(nations, "expected IMD 2019 (iod2019-imd), found the data set 'iod2015-imd'")


def test_a_frame_without_ranks_says_what_it_has(nations: dict[str, pd.DataFrame]) -> None:
    table = nations["wales"].rename(columns={"deprivation_rank": "WIMD 2019"})
    refused(nations, "no column 'deprivation_rank' or 'deprivation_score'; found", wales=table)
    refused(nations, "wales: expected a DataFrame", wales=[1, 2])


@pytest.mark.parametrize("share", [0, 1, 20, -0.2, "0.2", True, float("nan")])
def test_a_share_is_between_0_and_1(nations: dict[str, pd.DataFrame], share: Any) -> None:
    refused(nations, "share: expected a share above 0 and below 1", share=share)


def test_areas_that_no_index_could_rank_are_refused(nations: dict[str, pd.DataFrame]) -> None:
    refused(nations, "E05011121, Leeds", areas=["E01000001", "E05011121", "Leeds"])
    refused(nations, "1 stand more than once", areas=["E01000001", "E01000001"])
    refused(nations, "found the one text", areas="E01000001")


def test_a_missing_nation_is_named(nations: dict[str, pd.DataFrame], scratch: Path) -> None:
    del nations["wales"]
    refused({}, "4 of 4 nations' files are missing", MissingFileError, data_dir=scratch)
    refused(nations, "(wimd2019)", MissingFileError, data_dir=scratch)


def test_the_official_files_answer_for_all_four(data_dir: Path) -> None:
    paths = {nation: data_dir / "official" / path for nation, path in OFFICIAL.items()}
    uk = four_nations(**paths)
    assert uk.groupby("nation", sort=False).size().to_dict() == {
        nation: edition.areas for nation, edition in EDITIONS.items()
    }
    # The most deprived of each: Jaywick, Rhyl West 2, Greenock town centre, Strabane's East.
    first = uk.index[uk["deprivation_rank"] == 1]
    assert list(first) == ["E01021988", "W01000240", "S01010891", "95ZZ06W1"]
    # Six Welsh areas have the score at the cut.
    assert uk.groupby("nation", sort=False)["deprived"].sum().to_dict() == {
        "England": 6_568, "Wales": 384, "Scotland": 1_395, "Northern Ireland": 178,
    }  # fmt: skip
    assert len(uk.attrs["sources"]) == 4
    assert uk["status"].ne("Insufficient data").all()


def test_a_folder_is_searched_by_content(data_dir: Path, scratch: Path) -> None:
    for number, path in enumerate(OFFICIAL.values()):
        suffix = ".csv.gz" if path.endswith(".gz") else ".csv"
        (scratch / f"download-{number}{suffix}").symlink_to(data_dir / "official" / path)
    uk = four_nations(scratch)
    assert len(uk) == sum(SIZES.values())
    assert {source.file for source in uk.attrs["sources"]} == {
        "download-0.csv.gz", "download-1.csv", "download-2.csv", "download-3.csv",
    }  # fmt: skip


def test_england_agrees_with_a_classified_england(data_dir: Path, official: Official) -> None:
    theirs = wm.classify(official("wmca", 2011, deprivation="imd2019")).everywhere.query(
        "nation == 'England'"
    )
    ours = four_nations(data_dir, areas=theirs.index)
    assert len(ours) == 32_844
    assert (ours["deprived"] == theirs["deprived"]).all()
    np.testing.assert_allclose(ours["share_of_nation"], theirs["deprivation_share"])
