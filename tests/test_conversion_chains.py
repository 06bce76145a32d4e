"""Lookups lead on to further areas, and a frame says where it has come to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from test_conversion import HERE, ONE_OF_EACH, THERE, every_kind
from wmspatial.geography.conversion import convert

if TYPE_CHECKING:
    from pathlib import Path

# -- several lookups, wards ------------------------------------------------------------------------

EARLIER = pd.DataFrame(
    {"lsoa01": ["E01000001", "E01000008"], "lsoa11": ["E01000001", "E01000002"],
     "change": ["U", "X"]}
)  # fmt: skip
WARDS = pd.DataFrame(
    {"lsoa21": list(THERE.index), "ward_code": [*["E05000001"] * 2, *["E05000002"] * 4]}
)


def test_lookups_lead_on_from_one_to_the_next() -> None:
    table = pd.DataFrame({"n": [11, 21], "rank": [1, 2]}, index=["E01000001", "E01000008"])
    moved = convert(table, [EARLIER, ONE_OF_EACH], to=2021, counts=["n"], ranks=["rank"],
                    weights=[None, THERE], whole=True, vintage=2001)  # fmt: skip
    assert moved["n"].tolist() == [11, 11, 10]
    assert moved["change"].tolist() == ["unchanged", "irregular", "irregular"]
    assert moved["rank"].isna().tolist() == [False, True, True]
    assert moved.attrs["report"][0].startswith("lsoa01 to lsoa11 to lsoa21: 2 areas to 3")


def test_flags_outlive_a_step_that_changes_nothing() -> None:
    first = pd.DataFrame({"lsoa01": "E01000008", "lsoa11": ["E01000001", "E01000009"],
                          "change": "S"})  # fmt: skip
    then = pd.DataFrame(dict.fromkeys(("lsoa11", "lsoa21"), first["lsoa11"]) | {"change": "U"})
    table = pd.DataFrame({"rank": [1]}, index=["E01000008"])
    people = pd.Series(1, index=first["lsoa11"])
    moved = convert(table, first, to=2011, ranks=["rank"], weights=people)
    again = convert(moved, then, to=2021, ranks=["rank"])
    assert set(again["change"]) == {"unchanged"}
    assert again["rank_carried"].all()


def test_what_one_irregular_part_leads_to_is_irregular() -> None:
    first = pd.DataFrame(
        [("E01000008", "E01000004", "X"), ("E01000005", "E01000005", "U")],
        columns=["lsoa01", "lsoa11", "change"],
    )
    table = pd.DataFrame({"decile": [1, 1]}, index=first["lsoa01"])
    moved = convert(table, [first, ONE_OF_EACH], to=2021, deciles=["decile"])
    assert moved["change"].tolist() == ["irregular"]
    assert moved["decile"].isna().all()


def test_lsoas_of_2011_reach_wards_through_those_of_2021() -> None:
    table = every_kind().drop(columns="rank")
    moved = convert(table, [ONE_OF_EACH, WARDS], to="ward 2022", counts=["n"],
                    weights=[THERE, None], whole=True)  # fmt: skip
    assert moved["n"].to_dict() == {"E05000001": 20, "E05000002": 230}
    assert moved.attrs["areas"] == "ward 2022"
    assert moved.attrs["vintage"] is None


def test_wards_are_shared_out_to_their_lsoas_by_residents() -> None:
    table = pd.DataFrame({"n": [30, 40]}, index=["E05000001", "E05000002"])
    people = pd.Series([1, 2, 1, 1, 1, 1], index=THERE.index)
    moved = convert(table, WARDS, to=2021, counts=["n"], weights=people)
    assert moved["n"].tolist() == pytest.approx([10, 20, 10, 10, 10, 10])
    assert set(moved["change"]) == {"split"}


def test_codes_called_code_are_understood_by_their_vintage() -> None:
    lookup = WARDS.rename(columns={"lsoa21": "code"})
    moved = convert(THERE.to_frame("n"), lookup, to="ward", counts=["n"])
    assert moved["n"].tolist() == [200, 400]
    assert moved.attrs["report"][0].startswith("lsoa21 to ward_code: 6 areas to 2")


def test_a_wide_lookup_leads_to_any_of_its_levels() -> None:
    wide = ONE_OF_EACH.assign(
        zone=["E02000001"] * 5 + ["E02000002"] * 3, authority_code="E08000025", authority="Here"
    )
    for to, expected in (("MSOA 2021", [400, 200]), ("authority", [600])):
        moved = convert(THERE.to_frame("n"), wide, to=to, counts=["n"], vintage=2021)
        assert moved["n"].tolist() == expected
    with pytest.raises(wm.VintageError, match=r"several columns of them.*Declare vintage="):
        convert(THERE.to_frame("n"), wide, to="MSOA", counts=["n"])


def test_labels_may_be_categories_and_counts_may_be_nullable() -> None:
    table = every_kind(label=pd.Categorical(list("aabbcc"))).drop(columns="rank")
    table = table.astype({"n": "Int64"})
    table.loc["E01000001", "n"] = pd.NA
    moved = convert(table, ONE_OF_EACH, to=2021, counts=["n"], labels=["label"], whole=True,
                    weights=THERE, sizes=pd.Series(1, index=HERE))  # fmt: skip
    assert moved["label"].tolist() == list("aaabcc")
    np.testing.assert_equal(moved["n"].to_numpy(), [np.nan, 10, 10, 90, 95, 35])


def test_ranks_do_not_go_to_areas_of_another_level() -> None:
    table = pd.DataFrame({"n": 1, "rank": range(6)}, index=THERE.index)
    with pytest.raises(
        wm.InputError, match=r"ranks: 'rank' cannot go from 'lsoa21' to 'ward_code'"
    ):
        convert(table, WARDS, to="ward", counts=["n"], ranks=["rank"])


# -- what a frame knows and says -------------------------------------------------------------------


def test_a_frame_says_of_which_census_it_is_and_can_be_written(tmp_path: Path) -> None:
    table = every_kind()
    table.attrs = {"dataset": "made up", "vintage": 2011}
    moved = convert(table, ONE_OF_EACH, to=2021, counts=["n"], ranks=["rank"], weights=THERE)
    assert moved.attrs["vintage"] == 2021
    assert moved.attrs["areas"] == "LSOA 2021"
    assert moved.attrs["dataset"] == "made up"
    json.dumps(moved.attrs)
    moved.to_parquet(tmp_path / "moved.parquet")
    assert pd.read_parquet(tmp_path / "moved.parquet").attrs == moved.attrs
    assert table.attrs == {"dataset": "made up", "vintage": 2011}
    pd.testing.assert_frame_equal(table, every_kind())


def test_codes_may_stand_in_a_column() -> None:
    moved = [
        convert(t, ONE_OF_EACH, to=2021, counts=["n"], ranks=["rank"], weights=THERE, on=on)
        for t, on in (
            (every_kind(), None),
            (every_kind().rename_axis("code").reset_index(), None),
            (every_kind().rename_axis("LSOA code").reset_index(), "LSOA code"),
        )
    ]
    pd.testing.assert_frame_equal(moved[0], moved[1])
    pd.testing.assert_frame_equal(moved[0], moved[2])


def test_areas_of_the_weights_that_no_pair_leads_to_are_named() -> None:
    more = pd.concat([THERE, pd.Series({"E01034999": 5})])
    moved = convert(every_kind(), ONE_OF_EACH, to=2021, counts=["n"], ranks=["rank"], weights=more)
    assert moved.attrs["changes"]["without_counterpart"] == ["E01034999"]
    assert any("1 areas of the weights are in no pair" in r for r in moved.attrs["report"])
