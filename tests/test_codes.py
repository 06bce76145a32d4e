"""A code says what kind of area it is, in which nation, and sometimes of which census."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from wmspatial.geography.codes import (
    kind_of,
    kinds_of,
    level_of,
    nation_of,
    settle_vintage,
    special_destination,
    vintages_of_lsoas,
)

KINDS = {
    "E00044000": ("output area", "England"),
    "E01008881": ("LSOA", "England"),
    "W01000001": ("LSOA", "Wales"),
    "S01006506": ("data zone", "Scotland"),
    "95AA01S1": ("super output area", "Northern Ireland"),
    "E02001871": ("MSOA", "England"),
    "W02000001": ("MSOA", "Wales"),
    "S02001236": ("intermediate zone", "Scotland"),
    "E05011121": ("ward", "England"),
    "W05000001": ("ward", "Wales"),
    "S13002516": ("ward", "Scotland"),
    "E06000014": ("authority", "England"),
    "E07000192": ("authority", "England"),
    "E08000025": ("authority", "England"),
    "E09000001": ("authority", "England"),
    "W06000015": ("authority", "Wales"),
    "S12000033": ("authority", "Scotland"),
    "N09000003": ("authority", "Northern Ireland"),
    "E30000169": ("travel-to-work area", "England"),
    "K01000010": ("travel-to-work area", "more than one nation"),
    "E47000007": ("combined authority", "England"),
}


@pytest.mark.parametrize(("code", "kind"), KINDS.items())
def test_each_kind_of_code_is_recognised(code: str, kind: tuple[str, str]) -> None:
    assert kind_of(code) == kind
    assert kinds_of(pd.Index([code])).tolist() == [f"{kind[0]} ({kind[1]})"]
    assert level_of(pd.Index([code])) == kind[0]
    assert nation_of(pd.Index([code])).to_dict() == {code: kind[1]}


@pytest.mark.parametrize(
    "code", ["", "Birmingham", "E0100888", "E010088811", "e01008881", "E01 08881", "X01008881",
             "E99000001", "95aa01s1", " E01008881"],
)  # fmt: skip
def test_what_is_no_code_is_of_no_kind(code: str) -> None:
    assert kind_of(code) is None
    assert kinds_of(pd.Index([code])).isna().all()
    assert nation_of(pd.Index([code])).isna().all()


@given(st.text(max_size=12))
def test_any_text_has_a_kind_or_none_and_both_ways_of_asking_agree(text: str) -> None:
    one = kind_of(text)
    many = kinds_of(pd.Series([text])).iloc[0]
    assert pd.isna(many) if one is None else many == f"{one.level} ({one.nation})"


def test_kinds_stay_on_their_index() -> None:
    codes = pd.Series(["E05011121", None, "E01008881"], index=[7, 3, 5])
    kinds = kinds_of(codes)
    assert kinds.index.tolist() == [7, 3, 5]
    assert kinds.dropna().to_dict() == {7: "ward (England)", 5: "LSOA (England)"}


def test_codes_of_several_kinds_are_refused_by_name() -> None:
    with pytest.raises(wm.InputError, match=r"pupils: .*several kinds \(LSOA, ward\)"):
        level_of(pd.Index(["E01008881", "E05011121"]), where="pupils")
    with pytest.raises(wm.InputError, match=r"pupils: 1 of 2 .* no known kind \(nowhere\)"):
        level_of(pd.Index(["E01008881", "nowhere"]), where="pupils")


def test_the_last_code_of_2011_is_of_both_and_the_next_of_2021_only() -> None:
    assert vintages_of_lsoas(["E01033768", "W01001958"]) == (2011, 2021)
    assert vintages_of_lsoas(["E01033769"]) == (2021,)
    assert vintages_of_lsoas(["W01001959"]) == (2021,)
    assert vintages_of_lsoas(["E01000001", "E01033769"]) == (2021,)


def test_a_declared_vintage_has_to_fit_the_codes() -> None:
    assert settle_vintage(["E01000001"], None, where="t") is None
    assert settle_vintage(["E01000001"], 2011, where="t") == 2011
    assert settle_vintage(["E01000001"], 2021, where="t") == 2021
    assert settle_vintage(["E01034000"], None, where="t") == 2021
    assert settle_vintage(["E01000001"], None, where="t", reference={"E01000001"}) == 2011
    with pytest.raises(wm.VintageError, match=r"t: declared as LSOAs of 2011, but .* 2021 only"):
        settle_vintage(["E01034000"], 2011, where="t")
    with pytest.raises(wm.VintageError, match=r"declared as LSOAs of 2021, but .* 2011 only"):
        settle_vintage(["E01000001"], 2021, where="t", reference={"E01000001"})
    with pytest.raises(wm.VintageError, match="2011 and of 2021 stand in one table"):
        settle_vintage(["E01000001", "E01034000"], None, where="t", reference={"E01000001"})
    with pytest.raises(wm.VintageError, match="vintage 2001 is not known; expected 2011 or 2021"):
        settle_vintage(["E01000001"], 2001, where="t")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("OD0000001", "at home"), ("OD0000002", "offshore"), ("OD0000003", "no fixed place"),
        ("OD0000004", "abroad"), ("111111111", "at home or no fixed place"),
        ("888888888", "offshore"), ("999999999", "abroad"), ("S92000003", "Scotland"),
        ("S02001581", "Scotland"), ("N92000002", "Northern Ireland"),
        ("N09000003", "Northern Ireland"), ("E02000001", None), ("-8", None), ("OD0000005", None),
    ],
)  # fmt: skip
def test_destinations_that_are_no_area_have_the_tables_own_names(
    code: str, name: str | None
) -> None:
    assert special_destination(code) == name


@pytest.mark.xdist_group("official")
def test_the_two_censuses_codes_are_told_apart_by_the_official_lookup(
    real_2011: wm.Dataset, real_2021: wm.Dataset
) -> None:
    old, new = real_2011.neighbourhoods.index, real_2021.neighbourhoods.index
    assert vintages_of_lsoas(old) == (2011, 2021)
    assert vintages_of_lsoas(new) == (2021,)
    only_new = new.difference(old)
    assert all(vintages_of_lsoas([code]) == (2021,) for code in only_new)
    assert all(vintages_of_lsoas([code]) == (2011, 2021) for code in old)
