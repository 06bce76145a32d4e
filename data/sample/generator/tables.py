"""Write the tables of the sample."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from generator.totals import SPECIAL_DESTINATIONS
from generator.whole import SEED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

DESCRIPTION = (
    "Illustrative data, not statistics. Commuting between the 1,680 LSOAs (2011) of the West "
    "Midlands Combined Authority, drawn from a gravity model; only the totals of whole "
    "authorities are published ones. See data/sample/README.md."
)


def write_csv(path: Path, columns: Mapping[str, Sequence[object]]) -> None:
    """Write columns of equal length, in order, as a CSV file with line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def write_flows(path: Path, codes: np.ndarray, flows: np.ndarray, special: np.ndarray) -> None:
    """Write the flows, ordered by origin and then destination, as Parquet.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    codes : numpy.ndarray of str, shape (n,)
        LSOA codes.
    flows : numpy.ndarray of int, shape (n, n)
        People from each origin (rows) to each destination (columns).
    special : numpy.ndarray of int, shape (n, 6)
        People by special destination; see ``totals.SPECIAL_DESTINATIONS``.
    """
    table = np.hstack([flows, special])
    origin, destination = np.nonzero(table)
    labels = pa.array([*map(str, codes), *SPECIAL_DESTINATIONS])
    columns = {
        "origin": pa.DictionaryArray.from_arrays(
            pa.array(origin, pa.int32()), labels[: len(codes)]
        ),
        "destination": pa.DictionaryArray.from_arrays(pa.array(destination, pa.int32()), labels),
        "people": pa.array(table[origin, destination], pa.int32()),
    }
    metadata = {"description": DESCRIPTION, "seed": str(SEED), "numpy": np.__version__}
    pq.write_table(
        pa.table(columns).replace_schema_metadata(metadata),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=["origin", "destination", "people"],
    )
