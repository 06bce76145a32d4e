"""Parameters and rules are the analyst's to change, to keep and to add to."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from conftest import Official, lsoas, own_dataset, town


@pytest.fixture(scope="module")
def dataset() -> wm.Dataset:
    return wm.load_sample()


def test_parameters_go_to_toml_and_back(tmp_path: Path, dataset: wm.Dataset) -> None:
    ours = wm.Parameters(cut=1 / 3, connection="shen", decay_rate=0.2, reference="all")
    assert wm.Parameters.from_toml(ours.to_toml()) == ours
    files = wm.briefing(wm.classify(dataset, ours.replace(connection="hansen")), tmp_path)
    kept = wm.Parameters.from_toml(files.parameters.read_text(encoding="utf-8"))
    assert kept == ours.replace(connection="hansen")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cut = ", "not TOML"),
        ("cutt = 0.5", "no parameter cutt"),
        ("cut = 2.0", "quantile from 0 to 1"),
        ('min_flow = "many"', "people, zero or more"),
    ],
)
def test_toml_that_is_no_parameters_is_refused(text: str, said: str) -> None:
    with pytest.raises(wm.InputError, match=said):
        wm.Parameters.from_toml(text)


def test_a_path_is_not_toml_and_is_told_so() -> None:
    with pytest.raises(wm.InputError, match=r"expected a str, as .*read_text.* gives"):
        wm.Parameters.from_toml(Path("parameters.toml"))  # type: ignore[arg-type]


def test_a_rule_that_asks_for_a_column_that_is_not_there_is_told_which_are(
    dataset: wm.Dataset,
) -> None:
    rule = wm.Rule("own", "Insufficient data", lambda table: table["rent"] > 1)
    with pytest.raises(wm.InputError, match=r"asks for 'rent'.* It has .*'residents'"):
        wm.classify(dataset, rules=[rule])


def test_an_added_rule_decides_where_it_applies_and_is_named(dataset: wm.Dataset) -> None:
    plain = wm.classify(dataset)
    student = wm.Rule("mostly students", "Insufficient data", lambda t: t["residents"] > 2_500)
    ours = wm.classify(dataset, rules=[student])
    deprived = plain.frame["deprived"]
    large = plain.frame["residents"] > 2_500
    changed = deprived & large
    assert changed.any()
    assert (ours.frame.loc[changed, "labour_market_class"] == "Insufficient data").all()
    # Tried after "not deprived": those keep their class.
    untouched = ~deprived
    assert (
        ours.frame.loc[untouched, "labour_market_class"]
        == plain.frame.loc[untouched, "labour_market_class"]
    ).all()
    code = changed.index[changed][0]
    assert "the added rule 'mostly students' applies: insufficient data" in ours.explain(code)
    assert "A rule was added to the method: mostly students gives Insufficient data." in (
        ours.caveats
    )
    # What it takes out of the data is not compared with either.
    market = ours.frame.loc[code, "labour_market"]
    for frame in (plain.frame, ours.frame):
        inside = frame["labour_market"] == market
        classes = frame.loc[inside, "labour_market_class"]
        size = frame.loc[inside, "reference_size"].iloc[0]
        assert size == classes.isin(["Disconnected", "Connected"]).sum()


def test_sensitivity_keeps_an_added_rule(dataset: wm.Dataset) -> None:
    rule = wm.Rule("all others", "Connected", lambda t: pd.Series(data=True, index=t.index))
    ours = wm.classify(dataset, rules=[rule])
    assert ours.summary().loc["All", "Disconnected"] == 0
    assert (ours.sensitivity({"cut": [0.2, 0.8]}).scenarios["Disconnected"] == 0).all()


def test_resampling_refuses_added_rules(dataset: wm.Dataset) -> None:
    rule = wm.Rule("all others", "Connected", lambda t: pd.Series(data=True, index=t.index))
    with pytest.raises(wm.InputError, match="rules that were added"):
        wm.classify(dataset, rules=[rule]).resample(2)


def test_rules_that_cannot_be_are_refused(dataset: wm.Dataset) -> None:
    def always(table: pd.DataFrame) -> "pd.Series[bool]":
        return pd.Series(data=True, index=table.index)

    with pytest.raises(wm.InputError, match="is taken"):
        wm.Rule("not deprived", "Connected", always)
    with pytest.raises(wm.InputError, match="gives='Lost'"):
        wm.Rule("mine", "Lost", always)
    with pytest.raises(wm.InputError, match="before='below the cut'"):
        wm.Rule("mine", "Connected", always, before="below the cut")
    with pytest.raises(wm.InputError, match="true and false on the index"):
        wm.classify(dataset, rules=[wm.Rule("mine", "Connected", lambda t: t["jobs"])])
    with pytest.raises(wm.InputError, match="stands more than once"):
        wm.classify(dataset, rules=[wm.Rule("mine", "Connected", always)] * 2)
    with pytest.raises(wm.InputError, match=r"expected wm.Rule"):
        wm.classify(dataset, rules=["mine"])  # type: ignore[list-item]


def town_with(ranks: list[float], internal: bool) -> wm.Typology:
    """Classify twelve places whose people work at home or all in the first place."""
    codes = lsoas(len(ranks))
    table = pd.DataFrame(
        {
            "origin": codes,
            "destination": codes if internal else [codes[0]] * len(codes),
            "people": 100,
        }
    )
    flows = wm.Flows.from_table(table, vintage=2011)
    return wm.classify(own_dataset(town(len(ranks), deprivation_rank=ranks), flows))


def test_where_nobody_is_deprived_nothing_is_classified() -> None:
    typology = town_with([float(n) for n in range(49, 61)], internal=False)
    assert (typology.frame["labour_market_class"] == "Not classified").all()
    assert (
        "none of its 12 neighbourhoods is known to be among the 20 % most deprived"
        in (typology.explain_areas().iloc[-1])
    )
    assert (typology.sensitivity({"cut": [0.2, 0.8]}).scenarios["Disconnected"] == 0).all()


def test_where_everybody_works_where_they_live_scores_are_all_or_nothing() -> None:
    typology = town_with([float(n) for n in range(1, 13)], internal=True)
    frame = typology.frame
    assert set(frame["connection_score"]) <= {0.0, 1.0}
    assert (frame["connection_score"] == frame["jobs_rich"]).all()
    # All scores of those that are compared are nought: nobody is below the middle.
    compared = frame["deprived"] & ~frame["jobs_rich"]
    assert (frame.loc[compared, "labour_market_class"] == "Connected").all()


def test_comparing_refuses_added_rules(official: Official) -> None:
    rule = wm.Rule("all others", "Connected", lambda t: pd.Series(data=True, index=t.index))
    earlier = wm.classify(official("Solihull", 2011))
    later = wm.classify(official("Solihull", 2021), rules=[rule])
    with pytest.raises(wm.InputError, match="rules were added to the later"):
        wm.compare(earlier, later)


@given(st.lists(st.integers(1, 60), min_size=8, max_size=8), st.integers(0, 11))
def test_two_zones_that_commute_alike_can_be_merged(people: list[int], where: int) -> None:
    # Six zones of two places each; the second zone's flows are a copy of the first's.
    codes = lsoas(12)
    zones = [f"E02{n:06d}" for n in range(1, 7)]
    rows = [
        (zone, zones[(place + step) % 6], 100 * people[(place + step) % 8])
        for place, zone in enumerate(zones)
        for step in range(3)
        if zone != zones[1]
    ]
    rows += [(zones[1], destination, n) for o, destination, n in rows if o == zones[0]]
    flows = wm.Flows.from_table(
        pd.DataFrame(rows, columns=["origin", "destination", "people"]), vintage=2011
    )
    zone = pd.Series([zones[n // 2] for n in range(12)], index=codes)
    jobs = [50.0 * people[n % 8] for n in range(12)]
    jobs[where] = 50_000.0
    # The two zones' places have jobs alike too, or their shares of jobs-rich jobs would differ.
    jobs[2:4] = jobs[0:2]
    table = town(12, zone=zone.to_numpy(), jobs=jobs)
    apart = wm.classify(own_dataset(table, flows)).frame
    merged_zone = zone.replace({zones[1]: zones[0]})
    together = wm.classify(
        own_dataset(
            table.assign(zone=merged_zone.to_numpy()),
            flows.aggregate({z: zones[0] if z == zones[1] else z for z in zones}),
        )
    ).frame
    assert together["connection_score"].to_numpy() == pytest.approx(
        apart["connection_score"].to_numpy()
    )
    assert (together["jobs_rich"] == apart["jobs_rich"]).all()
    assert together["employed_residents"].to_numpy() == pytest.approx(
        apart["employed_residents"].to_numpy()
    )


def test_a_rule_that_looks_at_the_whole_table_is_the_same_everywhere(
    dataset: wm.Dataset,
) -> None:
    small = wm.Rule("few jobs", "Insufficient data", lambda t: t["jobs"] < t["jobs"].median())
    for connection in ("share to jobs-rich", "cumulative"):
        ours = wm.classify(dataset, connection=connection, rules=[small])
        assert (ours.sensitivity({"cut": [0.5]}).frame["share_same_class"] == 1).all()


def test_a_rule_sees_the_evidence_and_not_a_column_of_the_same_name(dataset: wm.Dataset) -> None:
    table = dataset.neighbourhoods.assign(deprived=False)
    own = wm.Dataset(
        dataset.areas[["geometry"]], dataset.flows, table, ranked_areas=dataset.ranked_areas
    )
    rule = wm.Rule("every deprived one", "Connected", lambda t: t["deprived"])
    assert wm.classify(own, rules=[rule]).summary().loc["All", "Connected"] == 736


def test_the_headline_of_added_rules_claims_nothing_of_the_deprived(dataset: wm.Dataset) -> None:
    tiny = wm.Rule("tiny", "Disconnected", lambda t: t["residents"] < 1_300, before="not deprived")
    page = wm.disconnection_map(wm.classify(dataset, rules=[tiny])).get_root().render()
    assert "by the method with rules added to it" in page
    assert "added rule: tiny gives Disconnected" in page
    assert "of these are disconnected" not in page


def test_a_labour_market_that_was_found_is_explained_as_one() -> None:
    dataset = wm.load_sample()
    found = wm.travel_to_work_areas(dataset.flows)
    zones = dataset.neighbourhoods["zone"]
    dataset.neighbourhoods["found_market"] = found.to_neighbourhoods(zones)
    typology = wm.classify(dataset, labour_market="found_market")
    code = typology.frame.index[typology.frame["rule"] == "below the cut"][0]
    assert f"labour market {typology.frame.loc[code, 'found_market']}" in typology.explain(code)
    assert len(typology.explanations()) == 1680
