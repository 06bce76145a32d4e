"""Print the figures of docs/residential.md from real data.

``python benchmarks/residential_figures.py --data DIR`` prints the tables;
``--write`` puts them into the document, which the tests hold to what this prints.
"""

from __future__ import annotations

import argparse
import copy
from pathlib import Path

import pandas as pd
from scipy import sparse

import wmspatial as wm
from fill_method import fill
from method_figures import markdown
from wmspatial.typology import classify
from wmspatial.typology.residential import (
    TYPES,
    ResidentialTypology,
    classify_residential,
    double_disconnection,
    summarise_double_disconnection,
)

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "residential.md"
FOUR = list(TYPES[:4])


def counts(result: ResidentialTypology) -> str:
    """Count the types in the West Midlands and in England."""
    rows = [["", "deprived", *FOUR, "Insufficient data"]]
    england = result.everywhere[result.everywhere["nation"] == "England"]
    for place, frame in (("West Midlands", result.frame), ("England", england)):
        deprived = frame[frame["deprived"]]
        kinds = deprived["residential_type"].value_counts()
        shares = [f"{kinds[k]:,} ({kinds[k] / len(deprived):.1%})".replace("%", " %") for k in FOUR]
        rows.append([place, f"{len(deprived):,}", *shares, f"{kinds['Insufficient data']:,}"])
        people = deprived.groupby("residential_type", observed=False)["residents"].sum()
        numbers = [f"{people[k]:,.0f}" for k in [*FOUR, "Insufficient data"]]
        rows.append([f"{place}, people", f"{people.sum():,.0f}", *numbers])
    return markdown(rows)


def by_authority(result: ResidentialTypology, labour: wm.Typology) -> str:
    """Count types and double disconnection in each of the seven authorities."""
    both = summarise_double_disconnection(double_disconnection(labour, result))
    kinds = result.summary()
    rows = [["", "deprived", *FOUR, "Disconnected", "double disconnection",
             "of these in a deprived zone", "people doubly disconnected"]]  # fmt: skip
    for place in kinds.index:
        numbers = [both.loc[place, "deprived"], *kinds.loc[place, FOUR],
                   both.loc[place, "disconnected"], both.loc[place, "double_disconnection"],
                   both.loc[place, "double_disconnection_in_deprived_zone"],
                   both.loc[place, "residents_double_disconnection"]]  # fmt: skip
        rows.append([str(place), *(f"{n:,.0f}" for n in numbers)])
    return markdown(rows)


def without_moves_inside(data: wm.Dataset) -> wm.Dataset:
    """Give the dataset with the moves inside one zone left out."""
    other, moves = copy.copy(data), data.moves
    assert moves is not None  # noqa: S101 - the 2021 vintage has them
    between = moves.matrix - sparse.diags_array(moves.matrix.diagonal())
    other.moves = wm.Flows(between, moves.zones, special=moves.special, arrivals=moves.arrivals)
    return other


def what_matters(data: wm.Dataset, result: ResidentialTypology, labour: wm.Typology) -> str:
    """Count England's deprived under other readings of what the method leaves open."""
    lost = labour.everywhere["labour_market_class"] == "Disconnected"
    rows = [["England", *FOUR, "Insufficient data", "Disconnected and Isolate",
             "expected were the two unrelated"]]  # fmt: skip
    variants = {
        "the definition": result.everywhere,
        "at least 200 movers each way": classify_residential(data, min_flow=200).everywhere,
        "moves inside a zone left out": classify_residential(without_moves_inside(data)).everywhere,
        "only where the zone too is deprived": result.everywhere[
            result.everywhere["zone_deprived"]
        ],
    }
    for name, table in variants.items():
        deprived = table[table["deprived"]]
        kinds = deprived["residential_type"].value_counts()
        double = (deprived["residential_type"] == "Isolate") & lost.reindex(deprived.index)
        expected = kinds["Isolate"] * lost.reindex(deprived.index).sum() / len(deprived)
        numbers = [*kinds[[*FOUR, "Insufficient data"]], double.sum(), expected]
        rows.append([name, *(f"{n:,.0f}" for n in numbers)])
    return markdown(rows)


def by_decile(result: ResidentialTypology) -> str:
    """Count England's types by the decile of the zone."""
    deprived = result.everywhere[result.everywhere["deprived"]]
    table = pd.crosstab(deprived["zone_decile"].astype(int), deprived["residential_type"])
    rows = [["decile of the zone", *FOUR, "share Isolate"]]
    for decile, kinds in table.iterrows():
        share = f"{kinds['Isolate'] / kinds.sum():.0%}".replace("%", " %")
        rows.append([str(decile), *(f"{kinds.get(k, 0):,}" for k in FOUR), share])
    return markdown(rows)


def reported(result: ResidentialTypology) -> str:
    """List what the result reports of its movers."""
    return "\n".join(f"- {line}" for line in result.report)


def figures(data: Path) -> dict[str, str]:
    """Make every table of the document, by its name there."""
    loaded = wm.load("wmca", 2021, data_dir=data)
    result, labour = classify_residential(loaded), classify(loaded)
    return {
        "counts": counts(result),
        "authorities": by_authority(result, labour),
        "what matters": what_matters(loaded, result, labour),
        "deciles": by_decile(result),
        "reported": reported(result),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="folder of official tables")
    parser.add_argument("--write", action="store_true", help="put the tables into the document")
    chosen = parser.parse_args()
    tables = figures(chosen.data)
    for title, text in tables.items():
        print(f"{title}\n\n{text}\n")
    if chosen.write:
        DOCUMENT.write_text(fill(DOCUMENT.read_text(encoding="utf-8"), tables), encoding="utf-8")
