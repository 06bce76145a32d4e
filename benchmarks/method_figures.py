"""Print the figures of docs/method.md from real data.

``python benchmarks/method_figures.py --data DIR`` reads the folder that docs/data.md describes and
prints the tables; the tests hold the document to what it prints.
"""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

import wmspatial as wm
from wmspatial.sources.tables import Column, Layout, read

if TYPE_CHECKING:
    from wmspatial.typology import Typology

EXACT = Layout(
    "official/birmingham_2011/birmingham_lsoa11_employed_2011_KS601.csv",
    "Census 2011: economic activity (KS601EW), Birmingham, summed from output areas",
    "Office for National Statistics",
    {"LSOA11CD": Column("code", "code", "LSOA"), "residents_16_74": Column("r16_74", "people"),
     "employed_2011": Column("employed", "people")},
    ("code",),
)  # fmt: skip
WORKING_AGE = Layout(
    "official/iod/File_6_-_IoD2019_Population_Denominators.csv.gz",
    "English indices of deprivation 2019, file 6: population denominators (mid-2015)",
    "Ministry of Housing, Communities and Local Government",
    {"LSOA code (2011)": Column("code", "code", "LSOA"),
     "Working age population 18-59/64: for use with Employment Deprivation Domain (excluding "
     "prisoners)": Column("r18_59", "people")},
    ("code",),
)  # fmt: skip

#: What was published of the share of deprived neighbourhoods with a large number of jobs.
PUBLISHED = {
    "Sheffield": "29 of 120, 24 %",
    "Leeds": "about 30 %",
    "Bradford": "33 %",
    "Manchester": "about a quarter",
    "England": "UK 27 %",
}


@cache
def loaded(area: str, vintage: int, data: Path) -> wm.Dataset:
    """Load a study area once for all tables."""
    return wm.load(area, vintage, data_dir=data)


def markdown(rows: list[list[str]]) -> str:
    """Lay rows out as a Markdown table, the first as its head."""
    head, *body = rows
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in body]
    return "\n".join(lines)


def apportionment(typology: Typology, data: Path) -> str:
    """Measure how far apportioned employed residents are from Birmingham's exact counts."""
    exact = read(data, EXACT)[0].set_index("code")
    everywhere = typology.everywhere["zone"]
    # Residents 16 to 74 are at hand for Birmingham alone, whose zones lie wholly inside it.
    residents = {
        "usual residents": (typology.everywhere["residents"], everywhere),
        "residents 16 to 74": (exact["r16_74"], everywhere.loc[exact.index]),
        "residents 18-59/64": (
            read(data, WORKING_AGE)[0].set_index("code")["r18_59"],
            everywhere,
        ),
    }
    rows = [["Apportioned by", "r", "mean absolute error, of the mean", "mean relative error"]]
    zones = typology.dataset.flows.employed_residents
    for name, (people, inside) in residents.items():
        estimate = wm.apportion_employed_residents(zones, inside, people).loc[exact.index]
        aligned = estimate * exact["employed"].sum() / estimate.sum()
        error = (aligned - exact["employed"]).abs()
        rows.append([
            name,
            f"{aligned.corr(exact['employed']):.2f}",
            f"{100 * error.mean() / exact['employed'].mean():.1f} %",
            f"{100 * (error / exact['employed']).mean():.1f} %",
        ])  # fmt: skip
    return markdown(rows)


def calibration(typology: Typology, commuters: Typology) -> str:
    """Hold the share of deprived neighbourhoods that are jobs-rich against what was published."""
    rows = [["", "deprived LSOAs", "published", "computed", "with commuters only", "disconnected"]]
    for place, published in PUBLISHED.items():
        counts = []
        for result in (typology, commuters):
            table = result.everywhere
            inside = table["nation" if place == "England" else "authority"] == place
            counts.append(table[inside & table["deprived"]])
        deprived, other = counts
        rich = int(deprived["jobs_rich"].sum())
        disconnected = int((deprived["labour_market_class"] == "Disconnected").sum())
        rows.append([
            place,
            f"{len(deprived):,}",
            published,
            f"{rich:,}, {100 * rich / len(deprived):.1f} %",
            f"{100 * other['jobs_rich'].mean():.1f} %",
            f"{disconnected:,}, {100 * disconnected / len(deprived):.0f} %",
        ])  # fmt: skip
    return markdown(rows)


def denominators(data: Path) -> str:
    """Show that jobs and the people they are held against have to count the same people."""
    rows = [["Vintage", "jobs per employed resident", "jobs-rich LSOAs",
             "jobs per commuter", "jobs-rich LSOAs with commuters only"]]  # fmt: skip
    for vintage in (2011, 2021):
        dataset = loaded("wmca", vintage, data)
        jobs = dataset.neighbourhoods["jobs"].sum()
        shares = [
            100 * wm.classify(dataset, pez_denominator=who).everywhere["jobs_rich"].mean()
            for who in ("all employed residents", "commuters")
        ]
        rows.append([
            str(vintage),
            f"{jobs / dataset.flows.employed_residents.sum():.2f}",
            f"{shares[0]:.0f} %",
            f"{jobs / dataset.flows.commuters.sum():.2f}",
            f"{shares[1]:.0f} %",
        ])  # fmt: skip
    return markdown(rows)


def classes(data: Path) -> str:
    """Count the classes of the West Midlands in both vintages."""
    rows = [
        ["", *(f"{c} {v}" for v in (2011, 2021) for c in ("Disconnected", "Connected", "Jobs"))]
    ]
    summaries = [wm.classify(loaded("wmca", v, data)).summary() for v in (2011, 2021)]
    columns = ["Disconnected", "Connected", "Large number of jobs"]
    for place in summaries[0].index:
        cells = [f"{summary.loc[place, c]:,}" for summary in summaries for c in columns]
        rows.append([str(place), *cells])
    return markdown(rows)


def sheffield(data: Path) -> str:
    """Show how Sheffield's share of disconnected neighbourhoods hangs on score and reference."""
    dataset = loaded("Sheffield", 2011, data)
    scores = {
        "share to jobs-rich places (default)": "share to jobs-rich",
        "Shen, 0.3 per km, within 60 km": "shen",
        "Hansen, 0.3 per km, within 60 km": "hansen",
        "jobs within 5 km": "cumulative",
    }
    references = ("deprived and not jobs-rich", "deprived", "all")
    rows = [["Connection score", *references]]
    for name, connection in scores.items():
        cells = []
        for reference in references:
            frame = wm.classify(dataset, connection=connection, reference=reference).frame
            lost = (frame["labour_market_class"] == "Disconnected").sum()
            cells.append(f"{lost:,}, {100 * lost / frame['deprived'].sum():.1f} %")
        rows.append([name, *cells])
    return markdown(rows)


def sensitivity(data: Path) -> str:
    """Say how much hangs on the open choices in the West Midlands."""
    texts = []
    for vintage in (2011, 2021):
        result = wm.classify(loaded("wmca", vintage, data)).sensitivity()
        texts.append(f"- **{vintage}.** {result.summary_text()}")
    return "\n".join(texts)


def figures(data: Path) -> dict[str, str]:
    """Make every table of the document, by its heading."""
    dataset = loaded("Birmingham", 2011, data)
    typology = wm.classify(dataset)
    commuters = wm.classify(dataset, pez_denominator="commuters")
    return {
        "apportionment": apportionment(typology, data),
        "calibration": calibration(typology, commuters),
        "denominators": denominators(data),
        "sheffield": sheffield(data),
        "classes": classes(data),
        "sensitivity": sensitivity(data),
    }


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="folder of official tables")
    for name, table in figures(parser.parse_args().data).items():
        print(f"<!-- {name} -->\n{table}\n")


if __name__ == "__main__":
    pd.set_option("display.width", 120)
    main()
