"""Results by ward are weighed by people, and nobody is lost on the way."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from conftest import NOTE, Official, lsoas, own_dataset, squares, to_centre, town
from wmspatial.typology import CLASSES
from wmspatial.typology.wards import residents_by_class, slug

WARDS = ["E05000001", "E05000002", "E05000003"]
SHARES = [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]


def frame_of(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["ward", "class", "residents"])
    return pd.DataFrame(
        {
            "ward_code": [WARDS[w] for w in table["ward"]],
            "labour_market_class": pd.Categorical(
                [CLASSES[c] for c in table["class"]], categories=list(CLASSES), ordered=True
            ),
            "residents": table["residents"].to_numpy(dtype=float),
        },
        index=pd.Index(lsoas(len(rows)), name="code"),
    )


ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 3000)), min_size=1, max_size=25
)


@given(ROWS)
def test_people_and_neighbourhoods_are_kept_and_weighed(rows: list[tuple[int, int, int]]) -> None:
    frame = frame_of(rows)
    before = frame.copy(deep=True)
    table = residents_by_class(frame, "ward_code")
    pd.testing.assert_frame_equal(frame, before)
    assert table["residents"].sum() == sum(people for _, _, people in rows)
    assert table["neighbourhoods"].sum() == len(rows)
    for i, ward in enumerate(WARDS):
        inside = [(c, people) for w, c, people in rows if w == i]
        if not inside:
            assert ward not in table.index
            continue
        total = sum(people for _, people in inside)
        for k, name in enumerate(CLASSES):
            people = sum(n for c, n in inside if c == k)
            assert table.loc[ward, f"residents_{slug(name)}"] == people
            count = sum(1 for c, _ in inside if c == k)
            assert table.loc[ward, f"neighbourhoods_{slug(name)}"] == count
        lost = table.loc[ward, "residents_disconnected"]
        share = table.loc[ward, "share_disconnected"]
        known = total - table.loc[ward, "residents_insufficient_data"]
        assert np.isnan(share) if known == 0 else share == lost / total


def test_the_share_is_of_people_not_of_neighbourhoods() -> None:
    table = residents_by_class(frame_of([(0, 0, 100), (0, 1, 900)]), "ward_code")
    assert table.loc[WARDS[0], "share_disconnected"] == 0.1


def dataset(level: str = "lsoa", **changes: Any) -> wm.Dataset:
    columns = {
        "residents": [100.0 * (i + 1) for i in range(12)],
        "ward_code": [WARDS[i % 3] for i in range(12)],
        "ward": [f"Ward {i % 3}" for i in range(12)],
        "authority_code": "E08000025",
        "authority": "Birmingham",
    }
    options = {"wards": squares(WARDS), "level": level, "groups": ()}
    return own_dataset(town(12, **(columns | changes)), to_centre(lsoas(12), SHARES), **options)


def test_a_dataset_at_ward_level_has_the_wards_of_its_neighbourhoods() -> None:
    wards = dataset("ward").areas
    assert wards.index.tolist() == WARDS
    assert wards["residents"].tolist() == [2_200.0, 2_600.0, 3_000.0]
    assert wards["name"].tolist() == ["Ward 0", "Ward 1", "Ward 2"]
    assert isinstance(wards, gpd.GeoDataFrame)


def test_results_by_ward_are_the_neighbourhoods_results_summed() -> None:
    fine, coarse = wm.classify(dataset()), wm.classify(dataset("ward"))
    pd.testing.assert_frame_equal(fine.by_ward(), coarse.frame)
    pd.testing.assert_frame_equal(
        pd.DataFrame(fine.neighbourhoods.drop(columns="geometry")),
        pd.DataFrame(coarse.neighbourhoods.drop(columns="geometry")),
    )
    assert coarse.frame["residents"].sum() == 7_800
    assert coarse.frame["neighbourhoods"].sum() == 12
    assert coarse.explanations().index.tolist() == WARDS
    lost = fine.frame.loc[fine.frame["labour_market_class"] == "Disconnected"]
    by_hand = lost.groupby("ward_code")["residents"].sum()
    assert coarse.frame["residents_disconnected"].to_dict() == by_hand.to_dict()


def test_a_ward_is_explained_by_code_and_by_name() -> None:
    typology = wm.classify(dataset("ward"))
    text = typology.explain(WARDS[0])
    assert text == typology.explain("Ward 0")
    assert "of its 2,200 residents" in text
    assert "of 4 neighbourhoods in the ward" in text


def test_wards_need_their_polygons_and_a_lookup() -> None:
    with pytest.raises(wm.InputError, match="level='ward': results by ward need ward polygons"):
        own_dataset(town(12), level="ward")
    with pytest.raises(wm.InputError, match=r"1 of 4 wards have no polygon \(E05000009\)"):
        dataset("ward", ward_code=["E05000009", *[WARDS[i % 3] for i in range(1, 12)]])
    with pytest.raises(wm.InputError, match=r"level='ward': 1 areas have no ward \(E01000001\)"):
        dataset("ward", ward_code=[None, *[WARDS[i % 3] for i in range(1, 12)]])
    with pytest.raises(wm.InputError, match="No column 'ward_code' to sum by"):
        wm.classify(own_dataset(town(12))).by_ward()
    with pytest.raises(wm.InputError, match="level='wards': expected 'lsoa' or 'ward'"):
        dataset("wards")


def test_a_summary_counts_neighbourhoods_or_residents() -> None:
    typology = wm.classify(dataset())
    counts = typology.summary(by="ward")
    assert counts.index.tolist() == ["Ward 0", "Ward 1", "Ward 2", "All"]
    assert counts["All"].tolist() == [4, 4, 4, 12]
    assert (counts[list(CLASSES)].sum(axis=1) == counts["All"]).all()
    people = typology.summary(weight="residents")
    assert people.loc["All", "All"] == 7_800
    assert typology.summary().index.tolist() == ["Birmingham", "All"]


def test_a_summary_by_what_is_not_there_is_refused() -> None:
    with pytest.raises(wm.InputError, match="weight='people': expected"):
        wm.classify(dataset()).summary(weight="people")
    with pytest.raises(wm.InputError, match="autority"):
        wm.classify(dataset()).summary(by="autority")


def test_residents_that_are_not_known_are_reported() -> None:
    residents = [np.nan, *[100.0] * 11]
    assert any("residents" in line for line in dataset(residents=residents).report)


def test_the_samples_wards_hold_its_people() -> None:
    data = wm.load_sample(level="ward")
    typology = wm.classify(data)
    wards = typology.frame
    fine = data.neighbourhoods
    assert len(wards) == fine["ward_code"].nunique() == 192
    assert wards["residents"].sum() == fine["residents"].sum()
    assert wards["neighbourhoods"].sum() == 1_680
    assert wards.columns.name == NOTE
    assert typology.explanations().str.contains(NOTE).all()


@pytest.mark.xdist_group("official")
@pytest.mark.parametrize(("area", "vintage"), [("wmca", 2011), ("wmca", 2021), ("Sheffield", 2021)])
def test_official_wards_hold_everybody(area: str, vintage: int, official: Official) -> None:
    data = official(area, vintage, level="ward")
    typology = wm.classify(data)
    wards, fine = typology.frame, typology.neighbourhoods
    assert len(wards) == (28 if area == "Sheffield" else 192)
    assert wards["residents"].sum() == fine["residents"].sum()
    assert wards["neighbourhoods"].sum() == len(fine)
    lost = fine.loc[fine["labour_market_class"] == "Disconnected", "residents"].sum()
    assert wards["residents_disconnected"].sum() == lost
    assert wards["share_disconnected"].dropna().between(0, 1).all()
    assert wards.geometry.is_valid.all()
    assert data.areas["asian"].sum() == fine["asian"].sum()


@pytest.mark.xdist_group("official")
def test_wards_of_2011_beyond_the_seven_are_refused_with_a_way_out(official: Official) -> None:
    with pytest.raises(wm.InputError, match=r"level='ward': for 2011 .* Ask for LSOAs, or for vin"):
        official("Sheffield", 2011, level="ward")
