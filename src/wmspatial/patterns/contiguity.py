"""Which areas touch which, as a sparse matrix, with islands said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from shapely import STRtree

if TYPE_CHECKING:
    import geopandas as gpd


def touching(areas: gpd.GeoDataFrame) -> sparse.csr_array:
    """Say which areas share a border or a corner.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons. Borders may miss each other by a little: areas closer than a millionth of the
        whole's width touch.

    Returns
    -------
    scipy.sparse.csr_array of float
        Symmetric, 1 where two areas touch, in the order of `areas`; an island has an empty row.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> row = gpd.GeoDataFrame(geometry=[box(i, 0, i + 1, 1) for i in range(3)])
    >>> touching(row).sum(axis=1).tolist()
    [1.0, 2.0, 1.0]
    """
    shapes = areas.geometry.to_numpy()
    west, south, east, north = areas.total_bounds
    slack = 1e-6 * max(east - west, north - south)
    first, second = STRtree(shapes).query(shapes, predicate="dwithin", distance=slack)
    apart = first != second
    ones = np.ones(int(apart.sum()))
    found = sparse.coo_array((ones, (first[apart], second[apart])), shape=(len(areas), len(areas)))
    return sparse.csr_array(found)


def islands(neighbours: sparse.csr_array) -> int:
    """Count areas that touch no other."""
    return int((np.diff(neighbours.indptr) == 0).sum())
