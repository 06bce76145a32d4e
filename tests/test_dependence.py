"""Which jobs-rich places disconnected neighbourhoods depend on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from conftest import NOTE, flows_of, lsoas, own_dataset, town
from wmspatial.patterns.depending import Dependence, dependence


@pytest.fixture(scope="module")
def made(sample: wm.Dataset) -> wm.Typology:
    return wm.classify(sample)


@pytest.fixture(scope="module")
def found(made: wm.Typology) -> Dependence:
    return dependence(made)


def rich_parts(typology: wm.Typology) -> dict[str, float]:
    """Find in a plain loop which share of each zone's jobs is in jobs-rich neighbourhoods."""
    jobs: dict[str, float] = {}
    rich: dict[str, float] = {}
    for _, row in typology.everywhere.iterrows():
        jobs[row["zone"]] = jobs.get(row["zone"], 0.0) + row["jobs"]
        rich[row["zone"]] = rich.get(row["zone"], 0.0) + row["jobs"] * row["jobs_rich"]
    return {zone: rich[zone] / jobs[zone] if jobs[zone] else 0.0 for zone in jobs}


def two_sites(**columns: Any) -> wm.Typology:
    """Lay out a town of twelve with two places full of jobs."""
    codes = lsoas(12)
    table = town(12, jobs=[10_000.0, 5_000.0, *[10.0] * 10], name=[f"Place {n}" for n in codes])
    pairs: list[tuple[str, str, float]] = [(codes[0], codes[0], 100), (codes[1], codes[1], 100)]
    for number, code in enumerate(codes[2:]):
        # The share that goes to jobs grows from 5 to 50; the odd ones take the second site.
        share = 5 * (number + 1)
        first, second = (share - 3, 3) if number % 2 == 0 else (1, share - 1)
        pairs += [(code, codes[0], first), (code, codes[1], second), (code, code, 100 - share)]
    return wm.classify(own_dataset(table.assign(**columns), flows_of(pairs, codes)))


def test_commuters_by_site_are_those_on_the_edges_of_the_graph(
    made: wm.Typology, found: Dependence
) -> None:
    graph = made.dataset.flows.to_networkx()
    part = rich_parts(made)
    frame = made.neighbourhoods
    lost = frame.index[frame["labour_market_class"] == "Disconnected"]
    people: dict[str, float] = {}
    largest: dict[str, int] = {}
    for code in lost:
        zone = str(frame.loc[code, "zone"])
        goes = {
            work: data["people"] * part[work]
            for _, work, data in graph.out_edges(zone, data=True)
            if part[work]
        }
        for work, count in goes.items():
            people[work] = people.get(work, 0.0) + count
        if goes:
            best = min(goes, key=lambda work: (-goes[work], work))
            largest[best] = largest.get(best, 0) + 1
    assert len(found.sites) == sum(1 for share in part.values() if share)
    for site, row in found.sites.iterrows():
        assert row["people"] == pytest.approx(people.get(str(site), 0.0))
        assert row["largest_of"] == largest.get(str(site), 0)
    assert found.sites["largest_of"].sum() == sum(largest.values()) <= len(lost)


def test_who_would_fall_is_what_a_plain_loop_says(made: wm.Typology, found: Dependence) -> None:
    graph = made.dataset.flows.to_networkx()
    part = rich_parts(made)
    frame = made.neighbourhoods
    theirs = set()
    for code, row in frame[frame["labour_market_class"] == "Connected"].iterrows():
        edges = {work: data["people"] for _, work, data in graph.out_edges(row["zone"], data=True)}
        for gone in edges:
            to_rich = sum(n * part[work] for work, n in edges.items() if work != gone)
            if part[gone] and round(to_rich / sum(edges.values()), 12) < row["cut"]:
                theirs.add((gone, code))
    ours = set(zip(found.fallen.index, found.fallen["code"], strict=True))
    assert ours == theirs
    counts = found.fallen.groupby(level=0).size().reindex(found.sites.index).fillna(0)
    assert (found.sites["would_fall"] == counts).all()
    assert (found.fallen["connection_score"] >= found.fallen["cut"]).all()
    assert (found.fallen["without_it"] < found.fallen["cut"]).all()


def test_places_add_up_to_the_commuters_who_reach_jobs(
    made: wm.Typology, found: Dependence
) -> None:
    table = found.clusters
    sums = found.places.groupby(level=0)["people"].sum().reindex(table.index).fillna(0.0)
    assert sums.to_numpy() == pytest.approx(table["to_jobs_rich"].to_numpy())
    assert (table["to_jobs_rich"] <= table["commuters"] + 1e-6).all()
    assert table["to_jobs_rich"].sum() == pytest.approx(found.sites["people"].sum())
    # The share of commuters to jobs-rich places is the connection score, where all is known.
    theirs = wm.clusters(made).table
    assert table["share_to_jobs_rich"].to_numpy() == pytest.approx(
        theirs["connection_score"].to_numpy()
    )
    assert table["commuters"].to_numpy() == pytest.approx(theirs["commuters"].to_numpy())
    shares = found.places["share"] * table["commuters"].reindex(found.places.index)
    assert shares.to_numpy() == pytest.approx(found.places["people"].to_numpy())


def test_half_of_those_who_reach_jobs_are_in_so_many_places(found: Dependence) -> None:
    for cluster, row in found.clusters.iterrows():
        people = found.places.loc[[cluster], "people"].to_numpy()
        assert (np.diff(people) <= 0).all()
        many, half = int(row["places_for_half"]), row["to_jobs_rich"] / 2
        assert people[:many].sum() >= half - 1e-9
        assert people[: many - 1].sum() < half


def test_a_site_that_is_gone_takes_only_those_who_went_there() -> None:
    typology = two_sites()
    frame, codes = typology.neighbourhoods, lsoas(12)
    assert frame["labour_market_class"].value_counts()["Disconnected"] == 5
    found = dependence(typology)
    first, second = (found.sites.T[code] for code in codes[:2])
    # The five with 5 to 25 in a hundred are disconnected; of them three go to the first site.
    assert (first["largest_of"], second["largest_of"]) == (2, 3)
    assert first["people"] == 2 + 1 + 12 + 1 + 22
    assert second["people"] == 3 + 9 + 3 + 19 + 3
    assert first["share"] == pytest.approx(38 / 500)
    assert found.sites.index[0] == codes[1]
    # Without a site each of those above the cut is left with what it sends to the other.
    cut = frame["cut"].iloc[-1]
    for site, stay in ((codes[0], [29, 3, 39, 3, 49]), (codes[1], [1, 32, 1, 42, 1])):
        fall = sum(1 for n in stay if n / 100 < cut)
        assert found.sites.loc[site, "would_fall"] == fall
    # All five send 37 there: these are not said to come from the three alone.
    said = found.summary_text()
    assert "3 of 5 send more commuters there than to any other. In all 37 of their" in said
    assert "commuters (7.4 %) work there." in said
    assert "Half of those in jobs-rich places are in" in found.describe(1)


def test_at_the_cut_is_not_below_it() -> None:
    # The sixth sends 1 to the first site and 29 to the second: without the first it has 29.
    codes = lsoas(12)
    for cut, falls in ((0.29, False), (0.295, True)):
        typology = wm.classify(two_sites().dataset, cut=cut, cut_kind="value")
        fallen = dependence(typology).fallen
        assert (codes[7] in set(fallen.loc[fallen.index == codes[0], "code"])) == falls


def test_a_place_without_jobs_and_people_is_known_to_have_none() -> None:
    codes = lsoas(12)
    table = town(jobs=[10_000.0, *[10.0] * 10, 0.0])
    pairs = [(code, codes[0], 10.0 * n + 40) for n, code in enumerate(codes[:11])]
    found = dependence(wm.classify(own_dataset(table, flows_of([*pairs, (codes[1], codes[11], 5)],
                                                               codes))))  # fmt: skip
    assert not any("it is not known" in note for note in found.notes)


def test_a_place_is_the_sum_of_its_zones(made: wm.Typology, found: Dependence) -> None:
    places = dependence(made, by="place")
    sums = found.sites.groupby("place")[["people", "jobs"]].sum()
    for column in ("people", "jobs"):
        ours = places.sites[column].sort_index()
        assert ours.to_numpy() == pytest.approx(sums[column].sort_index().to_numpy())
    assert places.sites["largest_of"].sum() == found.sites["largest_of"].sum()
    rich = made.everywhere[made.everywhere["jobs_rich"]]
    assert places.sites["jobs"].sum() == pytest.approx(rich["jobs"].sum())


def test_clusters_of_another_class_can_be_given(made: wm.Typology) -> None:
    connected = dependence(made, wm.clusters(made, "Connected"))
    assert connected.of_class == "Connected"
    assert "of the class “connected”" in connected.summary_text()


def test_a_score_that_is_not_from_the_flows_tells_no_falls(sample: wm.Dataset) -> None:
    found = dependence(wm.classify(sample, connection="cumulative"))
    assert found.sites["would_fall"].isna().all()
    assert len(found.fallen) == 0
    assert "below the cut" not in found.summary_text()
    assert any("does not come from the flows" in note for note in found.notes)
    assert "would fall" not in found.chart("sites").text


def test_unknown_jobs_are_said_and_in_no_place() -> None:
    typology = two_sites()
    table = typology.dataset.neighbourhoods.copy()
    table.loc[lsoas(12)[11], "jobs"] = np.nan
    found = dependence(wm.classify(own_dataset(table, typology.dataset.flows), max_unknown=1.0))
    assert any(
        "50 commuters of the study area's zones go to zones of which" in n for n in found.notes
    )
    assert lsoas(12)[11] not in found.sites.index


def test_nobody_disconnected_is_said_plainly(made: wm.Typology) -> None:
    none = made.with_classes(
        pd.Series("Connected", index=made.neighbourhoods.index), source="the test"
    )
    found = dependence(none)
    said = "No neighbourhood is of the class “disconnected”."
    assert found.summary_text() == f"{said} ({NOTE}.)"
    assert len(found.clusters) == len(found.places) == 0
    assert not found.sites["largest_of"].any()
    with pytest.raises(wm.InputError, match="There is nothing to draw"):
        found.chart()


def test_nobody_who_reaches_jobs_is_said_plainly() -> None:
    codes = lsoas(12)
    flows = flows_of([(code, code, 100) for code in codes], codes)
    given = pd.Series("Disconnected", index=codes[1:])
    typology = wm.classify(own_dataset(town(), flows)).with_classes(given, source="the test")
    found = dependence(typology)
    assert found.summary_text().startswith("None of the 1,100 commuters of the 11 neighbourhoods")
    assert "none of its commuters work in jobs-rich places" in found.describe(1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"by": "street"}, "by='street': expected 'zone' or 'place'"),
        ({"clusters": "all"}, "clusters: expected a Clusters"),
        ({"typology": "all"}, "typology: expected a Typology"),
    ],
)
def test_bad_input_is_refused(made: wm.Typology, change: dict[str, Any], said: str) -> None:
    asked = {"typology": made} | change
    with pytest.raises(wm.InputError) as error:
        dependence(asked.pop("typology"), **asked)
    assert said in str(error.value)


def test_clusters_of_another_typology_are_refused(sample: wm.Dataset, made: wm.Typology) -> None:
    with pytest.raises(wm.InputError, match="they are of another typology"):
        dependence(made, wm.clusters(wm.classify(sample, cut=0.4)))


def test_a_cluster_that_is_not_there_is_refused(found: Dependence) -> None:
    with pytest.raises(wm.AreaNotFoundError, match="There is no cluster 0; they are numbered"):
        found.describe(0)
    with pytest.raises(wm.InputError, match="kind='map': expected 'places' or 'sites'"):
        found.chart("map")


def test_the_charts_tell_their_numbers_in_words(found: Dependence) -> None:
    places = found.chart()
    top = found.clusters.iloc[0]
    assert str(top["largest_place"]) in places.text
    cells = [text.get_text() for text in places.figure.axes[0].texts]
    rows = len(places.figure.axes[0].get_yticklabels())
    assert len(cells) % rows == 0
    sites = found.chart("sites")
    first = found.sites.iloc[0]
    assert f"largest of {first['largest_of']}, {first['would_fall']:.0f} would fall" in sites.text


def test_made_up_dependence_says_so(found: Dependence) -> None:
    assert NOTE in found.summary_text()
    assert NOTE in found.describe(1)
    assert NOTE in found.chart().to_svg()
    for frame in (found.clusters, found.places, found.sites, found.fallen):
        assert frame.columns.name == NOTE


@pytest.mark.xdist_group("official")
@pytest.mark.parametrize("vintage", [2011, 2021])
def test_official_commuters_add_up(vintage: int, request: pytest.FixtureRequest) -> None:
    typology = wm.classify(request.getfixturevalue(f"real_{vintage}"))
    clusters = wm.clusters(typology)
    found = dependence(typology, clusters)
    assert found.clusters["commuters"].to_numpy() == pytest.approx(
        clusters.table["commuters"].to_numpy()
    )
    # Where jobs are known everywhere, the share to jobs-rich places is the score.
    assert found.clusters["share_to_jobs_rich"].to_numpy() == pytest.approx(
        clusters.table["connection_score"].to_numpy(), abs=0.002
    )
    assert found.sites["people"].sum() == pytest.approx(found.clusters["to_jobs_rich"].sum())
    assert found.sites["largest_of"].sum() == len(clusters.members)
    place = {2011: "Ladywood", 2021: "Nechells"}[vintage]
    assert dependence(typology, clusters, by="place").sites.index[0] == place
    assert any("lockdown" in note for note in found.notes) == (vintage == 2021)
    assert any("shared out by residents" in note for note in found.notes)
