"""A made-up town with one neighbourhood of each residential type, for examples and tests."""

from __future__ import annotations

from typing import Final

import pandas as pd

from wmspatial.dataset import Dataset
from wmspatial.flows import Flows
from wmspatial.provenance import ILLUSTRATIVE

_SIZE: Final = 20
_TYPES: Final = ("Transit", "Escalator", "Gentrifier", "Isolate")


def example_town() -> Dataset:
    """Lay out a made-up town of twenty neighbourhoods, four of them deprived.

    The embedded sample has no residential moves. Here each neighbourhood is a zone of its own, two
    to a decile; the four deprived ones were built to be a Transit, an Escalator, a Gentrifier and
    an Isolate (column ``planted``), and everybody else moves to and from the least deprived.

    Returns
    -------
    Dataset
        With ``illustrative`` set and :attr:`Dataset.moves`.

    Examples
    --------
    >>> town = example_town()
    >>> town.neighbourhoods["planted"].head(4).tolist()
    ['Transit', 'Escalator', 'Gentrifier', 'Isolate']
    """
    import geopandas as gpd
    from shapely import box

    codes = [f"E01{number:06d}" for number in range(1, _SIZE + 1)]
    transit, escalator, gentrifier, isolate = codes[:4]
    best = codes[-1]
    table = pd.DataFrame(
        {
            "name": [f"Place {number}" for number in range(1, _SIZE + 1)],
            "authority": ["Northtown"] * 3 + ["Southtown"] * (_SIZE - 3),
            "deprivation_rank": range(1, _SIZE + 1),
            "residents": 1500,
            "jobs": [10] * (_SIZE - 1) + [10_000],
            "labour_market": "town",
            "planted": [*_TYPES, *[""] * (_SIZE - 4)],
        },
        index=pd.Index(codes, name="code"),
    )
    moves = [
        (transit, best, 100), (best, transit, 100),
        (escalator, escalator, 60), (escalator, best, 100),
        (gentrifier, gentrifier, 60), (best, gentrifier, 100),
        (isolate, isolate, 200), (best, isolate, 50), (isolate, best, 50),
    ]  # fmt: skip
    moves += [(code, code, 100) for code in codes[4:]]
    # Fewer of the deprived reach the jobs, from the first to the fourth.
    reach = dict.fromkeys(codes, 50) | dict(zip(codes, (80, 70, 60, 20), strict=False))
    work = [(code, best, reach[code]) for code in codes]
    work += [(code, code, 100 - reach[code]) for code in codes[:-1]]
    shapes = [box(-2 + 0.01 * i, 52, -1.99 + 0.01 * i, 52.01) for i in range(_SIZE)]
    columns = ["origin", "destination", "people"]
    return Dataset(
        gpd.GeoDataFrame(geometry=shapes, index=table.index, crs="EPSG:4326"),
        Flows.from_table(pd.DataFrame(work, columns=columns)),
        table,
        study_area="the example town",
        deprivation="an illustrative index",
        caveats=[f"{ILLUSTRATIVE}: the town is made up."],
        illustrative=True,
        moves=Flows.from_table(pd.DataFrame(moves, columns=columns)),
    )
