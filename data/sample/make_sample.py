"""Make the illustrative sample: 1,680 neighbourhoods and the commuting between them.

Illustrative data, not statistics. The ground (codes, names, polygons) is real and the totals of
whole authorities are published ones; everything else is drawn from seeded random numbers by the
steps in ``generator/``, which ``README.md`` describes. The same seed on the same versions of the
libraries gives the same tables.

Run it with ``python data/sample/make_sample.py``; add ``--to FOLDER`` to write elsewhere.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generator.commuting import make_flows, make_special
from generator.deprivation import make_ranks, make_score
from generator.jobs import make_jobs
from generator.land import read_land
from generator.people import make_employed, make_groups
from generator.places import make_places
from generator.planting import plant
from generator.tables import write_csv, write_flows
from generator.totals import AUTHORITIES, GROUPS, LABOUR_MARKETS, NATION, NOTE
from generator.wards import make_wards

HERE = Path(__file__).resolve().parent
BOUNDARIES = HERE.parent / "boundaries" / "lsoa11_wmca.geojson"


def make(folder: Path) -> str:
    """Make ``neighbourhoods.csv`` and ``flows.parquet``.

    Parameters
    ----------
    folder : pathlib.Path
        Existing folder to write to.

    Returns
    -------
    str
        A line that tells what was written.
    """
    land = read_land(BOUNDARIES)
    ward_codes, ward_names = make_wards(land)
    places = make_places(land)
    score = make_score(land, places)
    ranks = make_ranks(land, places, score)
    planted = plant(land, places, ranks)
    groups = make_groups(land, score)
    residents = groups.sum(axis=1)
    employed = make_employed(land, residents, score)
    jobs = make_jobs(land, places, employed)
    special = make_special(land, employed)
    flows = make_flows(land, places, employed - special.sum(axis=1), jobs)

    authorities = [AUTHORITIES[a] for a in land.authority]
    columns = {
        "note": [NOTE] * len(land),
        "code": land.codes,
        "name": land.names,
        "authority_code": [authority.code for authority in authorities],
        "authority": [authority.name for authority in authorities],
        "ward_code": ward_codes,
        "ward": ward_names,
        "zone": land.codes,
        "labour_market": [authority.labour_market for authority in authorities],
        "labour_market_name": [LABOUR_MARKETS[a.labour_market] for a in authorities],
        "nation": [NATION] * len(land),
        "deprivation_rank": ranks,
        "residents": residents,
        "jobs": jobs,
        **{group: groups[:, g] for g, group in enumerate(GROUPS)},
        "planted": planted,
    }
    write_csv(folder / "neighbourhoods.csv", columns)
    write_flows(folder / "flows.parquet", land.codes, flows, special)
    return f"{NOTE}: {len(land):,} neighbourhoods, {flows.sum() + special.sum():,} workers\n"


def main() -> None:
    """Read the command line and make the tables."""
    parser = argparse.ArgumentParser(description="Make the illustrative sample.")
    parser.add_argument("--to", type=Path, default=HERE, help="folder to write to")
    sys.stdout.write(make(parser.parse_args().to))


if __name__ == "__main__":
    main()
