"""What a conversion refuses, and how it says so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from wmspatial.geography.conversion import convert

LOOKUP = pd.DataFrame(
    [
        ("E01000001", "E01000001", "U"),
        ("E01000002", "E01034002", "S"),
        ("E01000002", "E01034003", "S"),
        ("E01000004", "E01034004", "M"),
        ("E01000005", "E01034004", "M"),
    ],
    columns=["lsoa11", "lsoa21", "change"],
)
HERE = ["E01000001", "E01000002", "E01000004", "E01000005"]
THERE = pd.Series(100, index=["E01000001", "E01034002", "E01034003", "E01034004"])


def table(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"n": [10, 20, 40, 50]} | columns, index=HERE)


def call(frame: pd.DataFrame | None = None, lookup: Any = None, **options: Any) -> pd.DataFrame:
    given = {"to": 2021, "counts": ["n"], "weights": THERE} | options
    return convert(table() if frame is None else frame, LOOKUP if lookup is None else lookup,
                   **given)  # fmt: skip


@pytest.mark.parametrize("name", ["% absent", "absent per cent", "Percentage", "absent_pct"])
def test_percentages_are_no_counts(name: str) -> None:
    with pytest.raises(wm.InputError, match=r"is per cent \(by its heading\), and .*do not add up"):
        call(table(**{name: 5.0}), counts=["n", name])
    with pytest.raises(wm.InputError, match="per cent"):
        call(table(share=5.0, **{name: 5.0}), rates={"share": name})
    assert name in call(table(**{name: 5.0}), rates={name: "n"}).columns


def test_a_column_that_had_per_cent_signs_is_no_count() -> None:
    signed = table(absent=[5.0, 6.5, 7.0, 8.0])
    signed.attrs["per_cent"] = ["absent"]
    with pytest.raises(wm.InputError, match=r"'absent' is per cent \(by the signs in its file\)"):
        call(signed, counts=["n", "absent"])


def test_a_count_that_looks_like_a_share_is_said() -> None:
    once = call(table(rate=[5.5, 6.5, 7.1, 8.2]), counts=["n", "rate"])
    told = [text for text in once.attrs["report"] if "mostly fractions" in text]
    assert len(told) == 1
    assert told[0].startswith("rate: ")


def test_a_column_that_is_not_declared_is_refused_with_the_ways_to_declare_it() -> None:
    with pytest.raises(wm.InputError) as caught:
        call(table(rate=1.0, name="x"))
    said = str(caught.value)
    assert "'rate', 'name' not declared" in said
    assert all(word in said for word in ("counts=", "rates=", "ranks=", "deciles=", "labels="))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"counts": ["n", "jobs"]}, "no column 'jobs'", id="absent"),
        pytest.param({"ranks": ["n"]}, "'n' declared as two kinds", id="two kinds"),
        pytest.param({"counts": "n"}, r"expected a list of columns, as \['n'\]", id="text"),
        pytest.param({"to": 1991}, "to: expected 2001, 2011 or 2021", id="census"),
        pytest.param({"to": "LSOA 1991"}, "LSOAs are of 2001, 2011 or 2021", id="lsoa year"),
        pytest.param({"to": "LSOA"}, "Say of which census, as to=2021", id="which lsoas"),
        pytest.param({"to": "ward"}, "no column of codes of ward; expected 'ward_code'", id="ward"),
        pytest.param({"to": 2001}, "no column of codes of LSOA 2001; expected 'lsoa01'", id="2001"),
        pytest.param({"over_changes": "drop"}, "over_changes: expected 'carry'", id="policy"),
        pytest.param({"weights": None}, "weights: 2 areas of 'lsoa21' have no", id="no weights"),
        pytest.param({"weights": THERE[:2]}, r"\(E01034003\).*those given lack", id="few weights"),
        pytest.param({"weights": -THERE}, "weights: negative or infinite in 4", id="negative"),
        pytest.param(
            {"weights": [THERE, THERE]}, "one Series of residents for each of 1", id="two"
        ),
        pytest.param({"weights": [{"a": 1}]}, "weights: expected a Series", id="no series"),
        pytest.param({"weights": THERE.astype("str")}, "expected numbers of people", id="words"),
        pytest.param({"sizes": "people"}, "sizes: no column 'people'", id="sizes"),
        pytest.param({"on": "LSOA"}, "table: no column 'LSOA'", id="on"),
        pytest.param({"lookup": []}, "lookup: there is none", id="no lookup"),
    ],
)
def test_an_argument_that_does_not_fit_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(wm.InputError, match=message):
        call(**options)


@pytest.mark.parametrize(
    ("column", "options", "message"),
    [
        pytest.param(["1,234", "5", "6", "7"], {}, "'n' holds str.*Expected numbers", id="text"),
        pytest.param([True, False, True, True], {}, "'n' holds bool", id="truths"),
        pytest.param([1.0, np.inf, 2, 3], {}, "'n' is infinite in E01000002", id="infinite"),
        pytest.param([1, 2.5, 2, 3], {"whole": True}, "'n' holds 2.5 .E01000002", id="half"),
        pytest.param([1, -2, 2, 3], {"rates": {"r": "n"}}, "denominator and holds -2", id="below"),
    ],
)
def test_a_column_that_holds_something_else_is_refused(
    column: list[Any], options: dict[str, Any], message: str
) -> None:
    frame = table(n=column)
    if options.get("rates"):
        frame["r"] = 1.0
    with pytest.raises(wm.InputError, match=message):
        call(frame, **options)


def test_a_code_that_stands_twice_is_refused() -> None:
    with pytest.raises(wm.InputError, match=r"1 codes stand more than once \(E01000001\)"):
        call(pd.concat([table(), table().head(1)]))


def test_a_row_without_code_is_refused() -> None:
    frame = table().rename_axis("code").reset_index()
    frame.loc[1, "code"] = None
    with pytest.raises(wm.InputError, match="1 rows have no code"):
        call(frame)


def test_a_table_without_codes_is_refused() -> None:
    with pytest.raises(wm.InputError, match="area codes in no column"):
        call(table().reset_index(drop=True))


def test_a_code_that_the_lookup_does_not_know_is_refused() -> None:
    frame = table().rename(index={"E01000005": "E01000009"})
    with pytest.raises(wm.InputError, match=r"1 of 4 codes are not in 'lsoa11'.*\(E01000009\)"):
        call(frame)


def test_a_table_of_the_other_census_is_refused_by_its_codes() -> None:
    with pytest.raises(
        wm.VintageError, match=r"3 of 4 codes .*are of 'lsoa21'.*starts from 'lsoa11'"
    ):
        call(THERE.to_frame("n"))


@pytest.mark.parametrize("vintage", [None, 2011, 2021])
def test_a_table_of_two_censuses_is_refused(vintage: int | None) -> None:
    mixed = pd.DataFrame({"n": [1, 2, 3]}, index=["E01000001", "E01000002", "E01034002"])
    with pytest.raises(wm.VintageError, match="LSOAs of two censuses stand in one table") as caught:
        call(mixed, vintage=vintage)
    assert "1 codes are in 'lsoa11' alone (E01000002)" in str(caught.value)


def test_codes_of_2021_that_the_lookup_lacks_are_known_by_their_number() -> None:
    frame = table().rename(index={"E01000005": "E01039999"})
    with pytest.raises(wm.VintageError, match="declared as LSOAs of 2011, but it holds codes that"):
        call(frame)


@pytest.mark.parametrize("how", ["attrs", "vintage"])
def test_a_table_declared_of_another_census_is_refused(how: str) -> None:
    frame = table()
    if how == "attrs":
        frame.attrs["vintage"] = 2021
    with pytest.raises(wm.VintageError, match="its LSOAs are of 2021, the conversion starts from"):
        call(frame, **({} if how == "attrs" else {"vintage": 2021}))


def test_two_declarations_that_differ_are_refused() -> None:
    frame = table()
    frame.attrs["vintage"] = 2021
    with pytest.raises(wm.VintageError, match="declared as of 2011, but its attrs say 2021"):
        call(frame, vintage=2011)


def test_codes_of_another_level_are_refused() -> None:
    frame = pd.DataFrame({"n": [1]}, index=["E05000001"])
    with pytest.raises(wm.VintageError, match="its codes are of ward; the lookup has none"):
        call(frame)


@pytest.mark.parametrize("lost", [1, 3])
def test_an_extract_of_a_lookup_is_refused(lost: int) -> None:
    with pytest.raises(wm.InputError, match=r"1 pairs do not fit their letter.*Is it an extract"):
        call(table().drop(index="E01000004"), lookup=LOOKUP.drop(index=lost))


def test_a_letter_that_is_none_is_refused() -> None:
    with pytest.raises(wm.InputError, match="'change' holds 'Z'; expected U"):
        call(lookup=LOOKUP.replace({"change": {"U": "Z"}}))


def test_a_lookup_with_a_blank_code_is_refused() -> None:
    blank = LOOKUP.astype({"lsoa21": object})
    blank.loc[0, "lsoa21"] = None
    with pytest.raises(wm.InputError, match="1 of 5 rows have no code on one side"):
        call(lookup=blank)


def test_pairs_with_two_letters_are_refused() -> None:
    with pytest.raises(wm.InputError, match="1 pairs stand twice with different letters"):
        call(lookup=pd.concat([LOOKUP, LOOKUP.head(1).assign(change="X")]))


def test_lookups_that_do_not_meet_are_refused() -> None:
    wards = pd.DataFrame({"lsoa11": HERE, "ward_code": "E05000001"})
    with pytest.raises(wm.InputError, match="share one column of codes by name; they share none"):
        call(lookup=[LOOKUP.drop(columns="lsoa11").assign(lsoa01=HERE[0]), wards], to="ward")


def test_a_second_lookup_that_lacks_areas_is_refused() -> None:
    wards = pd.DataFrame({"lsoa21": ["E01000001"], "ward_code": "E05000001"})
    with pytest.raises(wm.InputError, match="3 areas that the lookup before leads to are not in"):
        call(lookup=[LOOKUP, wards], to="ward", weights=[THERE, None])
