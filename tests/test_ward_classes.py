"""Wards are classed in two declared ways, and it is said where they disagree."""

import pandas as pd
import pytest

import wmspatial as wm
from conftest import Official
from wmspatial.typology.ward_classes import class_from_flows, class_from_neighbourhoods
from wmspatial.typology.wards import residents_by_class


@pytest.fixture(scope="module")
def typology() -> wm.Typology:
    return wm.classify(wm.load_sample())


def test_a_ward_of_one_neighbourhood_has_its_class_both_ways(typology: wm.Typology) -> None:
    alone = typology.neighbourhoods.assign(ward_code=typology.neighbourhoods.index)
    ours = alone["labour_market_class"].astype("str").sort_index()
    sums = residents_by_class(alone, "ward_code")
    from_flows = class_from_flows(alone, typology.dataset.flows.commuters, typology.parameters)
    assert (class_from_neighbourhoods(sums).astype("str") == ours).all()
    assert (from_flows["class_from_flows"].astype("str") == ours).all()


def test_ward_scores_are_those_of_the_flows_added_up(typology: wm.Typology) -> None:
    frame, flows = typology.neighbourhoods, typology.dataset.flows
    wards = typology.by_ward()
    rich = frame["jobs_rich"].reindex(flows.zones).to_numpy(dtype=float)
    for code in wards.index[:25]:
        inside = flows.zones.isin(frame.index[frame["ward_code"] == code])
        out = flows.matrix[inside].toarray().sum(axis=0)
        assert wards.loc[code, "commuters"] == pytest.approx(out.sum())
        assert wards.loc[code, "connection_score"] == pytest.approx(out @ rich / out.sum())


def test_a_ward_says_where_the_two_ways_disagree(typology: wm.Typology) -> None:
    wards = typology.by_ward()
    assert wards["ways_agree"].any()
    torn = wards.index[~wards["ways_agree"]][0]
    assert "read it with care" in typology.explain(torn)
    whole = wards.index[wards["ways_agree"]][0]
    assert "read it with care" not in typology.explain(whole)


def test_a_ward_with_most_people_in_no_class_is_not_classified() -> None:
    sums = pd.DataFrame(
        {
            "residents": [100, 100, 0],
            "residents_disconnected": [50, 51, 0],
            "residents_connected": [0, 0, 0],
            "residents_large_number_of_jobs": [0, 0, 0],
            "residents_insufficient_data": [0, 0, 0],
        },
        index=["half", "most", "nobody"],
    )
    found = class_from_neighbourhoods(sums).astype("str")
    assert found.tolist() == ["Not classified", "Disconnected", "Insufficient data"]


def test_authorities_and_the_whole_are_explained(typology: wm.Typology) -> None:
    texts = typology.explain_areas()
    assert list(texts.index[-2:]) == ["Wolverhampton", "West Midlands (sample)"]
    assert "350 of its 639 neighbourhoods are among the 20 % most deprived" in texts["Birmingham"]
    assert typology.explain("Birmingham") == texts["Birmingham"]
    lost = typology.summary(weight="residents").loc["Dudley", "Disconnected"]
    assert f"{lost:,} people live in" in texts["Dudley"]


def ward_of(typology: wm.Typology, **columns: object) -> pd.Series:  # type: ignore[type-arg]
    frame = typology.neighbourhoods
    ward = frame.loc[frame["jobs_rich"] & frame["deprived"], "ward_code"].iloc[0]
    inside = frame[frame["ward_code"] == ward].assign(**columns)
    commuters = typology.dataset.flows.commuters
    return class_from_flows(inside, commuters, typology.parameters).iloc[0]


def test_what_is_not_known_of_a_ward_is_not_nought(typology: wm.Typology) -> None:
    nan = float("nan")
    unranked = ward_of(typology, deprivation_share=nan, deprived=False)
    assert unranked["class_from_flows"] == "Insufficient data"
    assert pd.isna(unranked["deprived_share"])
    no_jobs = ward_of(typology, jobs=nan, deprived=True)
    assert no_jobs["class_from_flows"] == "Insufficient data"
    assert pd.isna(no_jobs["jobs"])


def test_a_wards_jobs_are_held_against_the_people_asked_for(typology: wm.Typology) -> None:
    for who in ("all residents", "commuters"):
        other = wm.classify(typology.dataset, pez_denominator=who)
        frame, wards = other.neighbourhoods, other.by_ward()
        people = frame["held_against"].groupby(frame["ward_code"]).sum()
        rich = (wards["jobs"] / people.reindex(wards.index)) > 1
        deprived = wards["deprived_share"] > 0.5
        found = wards["class_from_flows"] == "Large number of jobs"
        assert (found == (rich & deprived)).all()


def test_wards_of_a_place_without_ranks_are_said_to_be_unclassed(official: Official) -> None:
    typology = wm.classify(official("Cardiff", 2021, level="ward"))
    assert typology.frame["share_disconnected"].isna().all()
    assert typology.frame["ways_agree"].all()
    assert "could be classed" in typology.explanations().iloc[0]
    page = wm.disconnection_map(typology).get_root().render()
    assert "Nobody who could be classed" in page
    assert "shown live in a neighbourhood that could be classed" in page
