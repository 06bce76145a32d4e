"""Somebody's own classes are taken as given, and the reconstruction is held against them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from conftest import Official
from wmspatial.maps.unpacking import read_page
from wmspatial.typology.agreement import cohens_kappa


@pytest.fixture(scope="module")
def typology() -> wm.Typology:
    return wm.classify(wm.load_sample())


def test_given_classes_override_and_the_reconstruction_stays_beside_them(
    typology: wm.Typology,
) -> None:
    ours = typology.frame["labour_market_class"].astype("str")
    code = ours.index[(ours == "Disconnected").to_numpy()][0]
    other = typology.with_classes(pd.Series({code: "Connected"}), source="JRF")
    row = other.frame.loc[code]
    assert (row["labour_market_class"], row["reconstructed_class"]) == ("Connected", "Disconnected")
    assert not row["classes_agree"]
    assert other.frame.drop(index=code)["classes_agree"].all()
    assert typology.frame.loc[code, "labour_market_class"] == "Disconnected"
    assert "disconnected. JRF gives it as connected, which is what counts here." in other.explain(
        code
    )
    assert other.summary().loc["All", "Connected"] == typology.summary().loc["All", "Connected"] + 1


def test_agreement_counts_what_agrees_and_names_what_does_not(typology: wm.Typology) -> None:
    ours = typology.frame["labour_market_class"].astype("str")
    theirs = ours.copy()
    theirs.iloc[:10] = "Insufficient data"
    agreement = typology.with_classes(theirs, source="the council").agreement
    assert agreement is not None
    assert agreement.differing == tuple(ours.index[:10])
    assert agreement.confusion.to_numpy().sum() == agreement.compared == len(ours)
    assert np.trace(agreement.confusion) == len(ours) - 10
    assert "1,670 of 1,680 neighbourhoods have the class that the council gives" in str(agreement)


def test_classes_under_other_names_are_recognised_when_they_are_named(
    typology: wm.Typology,
) -> None:
    code = typology.frame.index[0]
    table = pd.Series({code: "PEZ"})
    with pytest.raises(wm.InputError, match=r"'PEZ' is no class.*names="):
        typology.with_classes(table, source="JRF")
    named = typology.with_classes(table, source="JRF", names={"PEZ": "Large number of jobs"})
    assert named.frame.loc[code, "labour_market_class"] == "Large number of jobs"


def test_codes_that_are_not_here_are_counted_and_a_table_of_elsewhere_is_refused(
    typology: wm.Typology,
) -> None:
    code = typology.frame.index[0]
    some = typology.with_classes(
        pd.Series({code: "connected", "E01000001": "Connected"}), source="X"
    )
    assert some.agreement is not None
    assert some.agreement.elsewhere == ("E01000001",)
    assert len(some.agreement.not_given) == 1679
    with pytest.raises(wm.InputError, match="not one of its 1 codes"):
        typology.with_classes(pd.Series({"E01000001": "Connected"}), source="X")
    with pytest.raises(wm.InputError, match="more than once"):
        typology.with_classes(pd.Series(["Connected"] * 2, index=[code, code]), source="X")


def test_kappa_is_that_of_the_textbook() -> None:
    assert cohens_kappa([[20, 5], [10, 15]]) == pytest.approx(0.4)
    assert np.isnan(cohens_kappa([[7, 0], [0, 0]]))


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=3, max_size=3))
def test_kappa_is_at_most_one_and_the_same_from_either_side(rows: list[list[int]]) -> None:
    counts = np.array(rows) + np.eye(3)
    kappa = cohens_kappa(counts)
    assert kappa <= 1 + 1e-12
    assert cohens_kappa(counts.T) == pytest.approx(kappa)
    assert cohens_kappa(np.diag(counts.sum(axis=0))) == pytest.approx(1)


def test_the_map_shows_where_the_two_differ(typology: wm.Typology) -> None:
    ours = typology.frame["labour_market_class"].astype("str")
    theirs = ours.copy()
    theirs.iloc[[3, 7]] = "Insufficient data"
    page = wm.disconnection_map(typology.with_classes(theirs, source="the council"))
    html = page.get_root().render()
    assert "Lines are broken round the 2 where the reconstruction gives another." in html
    assert list(read_page(html)["differ"]) == [3, 7]
    assert "Lines are broken" not in wm.disconnection_map(typology).get_root().render()


def test_given_classes_are_not_called_a_reconstruction(typology: wm.Typology) -> None:
    theirs = pd.Series("Connected", index=typology.frame.index)
    given = typology.with_classes(theirs, source="the council")
    assert given.notice.startswith("Classes as the council gives them")
    html = wm.disconnection_map(given).get_root().render()
    assert "1,680 are connected to it" in html
    assert "20 % most deprived: 0 of these" not in html
    text = given.explain_areas().iloc[-1]
    assert "736 of its 1,680 neighbourhoods are among the 20 % most deprived" in text
    assert text.removesuffix(" (Illustrative data, not statistics.)").endswith(
        "jobs, as the council gives the classes."
    )


def test_classes_are_given_once_and_for_codes_of_the_same_census(
    typology: wm.Typology, official: Official
) -> None:
    code = typology.frame.index[0]
    once = typology.with_classes(pd.Series({code: "Connected"}), source="JRF")
    with pytest.raises(wm.InputError, match="JRF has given classes already"):
        once.with_classes(pd.Series({code: "Connected"}), source="the council")
    with pytest.raises(wm.VintageError, match="2021"):
        typology.with_classes(pd.Series({code: "Connected", "E01034000": "Connected"}), source="X")
    later = wm.classify(official("Birmingham", 2021))
    earlier = wm.classify(official("Birmingham", 2011))
    with pytest.raises(wm.VintageError, match="JRF"):
        later.with_classes(earlier.frame["labour_market_class"], source="JRF")


def test_sensitivity_is_of_the_method_and_not_of_given_classes(typology: wm.Typology) -> None:
    theirs = pd.Series("Connected", index=typology.frame.index)
    result = typology.with_classes(theirs, source="JRF").sensitivity({"cut": [0.5]})
    assert (result.frame["share_same_class"] == 1).all()


def test_classes_given_for_some_are_said_to_be_for_some(typology: wm.Typology) -> None:
    codes = typology.frame.index[:2]
    given = typology.with_classes(pd.Series("Insufficient data", index=codes), source="JRF")
    html = wm.disconnection_map(given).get_root().render()
    assert "as JRF gives them for 2 and reconstructed for 1,678" in html
    assert "given as such by JRF (2)" in html
