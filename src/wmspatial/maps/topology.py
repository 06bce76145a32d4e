"""Polygons as arcs: each edge that neighbours share is kept once, so it cannot come apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

# A ring with fewer corners has no inside.
_CORNERS = 3


@dataclass(frozen=True)
class Topology:
    """Arcs, and how they go together to rings, parts and shapes.

    Attributes
    ----------
    scale : int
        Grid points per degree; all coordinates are whole numbers of this grid.
    points : ndarray of int, (n, 2)
        East and north of the points of all arcs, one arc after another, both ends included.
    arc_ends : ndarray of int
        Where each arc starts in `points`, and where the last one ends.
    refs : ndarray of int
        The arcs of all rings, one ring after another; ``~arc`` is the arc taken backwards.
    ring_ends, part_ends, shape_ends : ndarray of int
        Where each ring starts in `refs`, each part in the rings, each shape in the parts.
    """

    scale: int
    points: Ints
    arc_ends: Ints
    refs: Ints
    ring_ends: Ints
    part_ends: Ints
    shape_ends: Ints


@dataclass(frozen=True)
class _Rings:
    """Rings on the grid, one after another, without the points that close them.

    `sizes` are their corners; the other two are as in a topology.
    """

    grid: Ints
    sizes: Ints
    part_ends: Ints
    shape_ends: Ints

    @property
    def starts(self) -> Ints:
        """Return where each ring starts."""
        return np.asarray(np.cumsum(self.sizes) - self.sizes)

    @property
    def ring(self) -> Ints:
        """Return the ring of every corner."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)


def make_topology(shapes: npt.NDArray[np.object_], scale: int) -> Topology:
    """Cut polygons into arcs where three or more edges meet, and keep each arc once.

    Parameters
    ----------
    shapes : ndarray of Polygon or MultiPolygon
        In longitude and latitude. Edges are shared where they have the same points on the grid.
    scale : int
        Grid points per degree.

    Returns
    -------
    Topology
        Arcs in the order in which the rings first need them.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = np.array([box(0, 0, 1, 1), box(1, 0, 2, 1)])
    >>> found = make_topology(squares, 10)
    >>> len(found.arc_ends) - 1, found.refs.tolist()
    (3, [0, 1, -1, 2])
    """
    rings = _rings(shapes, scale)
    low = rings.grid.min(axis=0) if len(rings.grid) else np.zeros(2, dtype=np.int64)
    packed = (rings.grid[:, 0] - low[0]) << 32 | (rings.grid[:, 1] - low[1])
    _, ids = np.unique(packed, return_inverse=True)
    cut = _cuts(ids, rings)
    order = _turned(cut, rings)
    return _number(ids[order], cut[order], replace(rings, grid=rings.grid[order]), scale)


def _rings(shapes: npt.NDArray[np.object_], scale: int) -> _Rings:
    """Move the corners of all rings to the grid, each once."""
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    multi = shapes.copy()
    multi[single] = [shapely.multipolygons([shape]) for shape in shapes[single]]
    if not len(multi):
        none = np.zeros(1, dtype=np.int64)
        return _Rings(np.zeros((0, 2), dtype=np.int64), none[:0], none, none)
    _, coords, (ring_ends, part_ends, shape_ends) = shapely.to_ragged_array(multi)
    grid = np.rint(coords[:, :2] * scale).astype(np.int64)
    keep = np.ones(len(grid), dtype=bool)
    keep[1:] = (grid[1:] != grid[:-1]).any(axis=1)
    keep[ring_ends[:-1]] = True
    # The point that closes a ring is the one it started from. What lies on the same grid point
    # right before it closes the ring already.
    keep[ring_ends[1:] - 1] = False
    ring = np.repeat(np.arange(len(ring_ends) - 1), np.diff(ring_ends))
    sizes = np.bincount(ring[keep], minlength=len(ring_ends) - 1)
    grid, ring = grid[keep], ring[keep]
    last = np.cumsum(sizes) - 1
    closes = (sizes > 1) & (grid[last] == grid[last - sizes + 1]).all(axis=1)
    grid = np.delete(grid, last[closes], axis=0)
    sizes = sizes - closes
    # Holes that have shrunk to nothing go; an outer ring stays whatever it is.
    outer = np.zeros(len(sizes), dtype=bool)
    outer[part_ends[:-1]] = True
    stay = outer | (sizes >= _CORNERS)
    grid = grid[np.repeat(stay, sizes)]
    part_ends = np.concatenate([[0], np.cumsum(stay)])[part_ends]
    sizes = sizes[stay].astype(np.int64)
    return _Rings(grid, sizes, part_ends, np.asarray(shape_ends, dtype=np.int64))


def _cuts(ids: Ints, rings: _Rings) -> npt.NDArray[np.bool_]:
    """Say where rings are cut: where not exactly two edges meet, and once in any other ring."""
    ring, starts = rings.ring, rings.starts
    size, start = rings.sizes[ring], starts[ring]
    corner = np.arange(len(ids)) - start
    after = ids[start + (corner + 1) % size]
    before = ids[start + (corner - 1) % size]
    many = int(ids.max()) + 1 if len(ids) else 1
    ways = np.unique(np.concatenate([ids * many + after, ids * many + before]))
    # Two ways lead from a corner that the same arc goes through.
    junction = np.bincount(ways // many, minlength=many) != 2
    # Where a ring turns on its heel the edges on both sides are the same one.
    junction[ids[after == before]] = True
    cut = junction[ids]
    whole = np.ones(len(starts), dtype=bool)
    whole[ring[cut]] = False
    if whole.any():
        # The same corner in each of two rings that are the same: an island and the hole for it.
        lowest = np.minimum.reduceat(ids, starts)
        cut = cut | (whole[ring] & (ids == lowest[ring]))
    return np.asarray(cut, dtype=bool)


def _turned(cut: npt.NDArray[np.bool_], rings: _Rings) -> Ints:
    """Return the order of corners in which every ring starts at a cut."""
    ring, start = rings.ring, rings.starts[rings.ring]
    corner = np.arange(len(cut)) - start
    first = np.full(len(rings.sizes), len(cut))
    np.minimum.at(first, ring[cut], corner[cut])
    return np.asarray(start + (corner + first[ring]) % rings.sizes[ring])


def _number(ids: Ints, cut: npt.NDArray[np.bool_], rings: _Rings, scale: int) -> Topology:
    """Give pieces of rings that are the same arc the same number."""
    begin = np.flatnonzero(cut)
    length = np.diff(np.append(begin, len(ids)))
    of = rings.ring[begin]
    size, stop = rings.sizes[of], (rings.starts + rings.sizes)[of]

    def corner(at: Ints) -> Ints:
        """Go on from the end of the ring to its start."""
        return np.where(at >= stop, at - size, at)

    many = int(ids.max()) + 1 if len(ids) else 1
    end = corner(begin + length)
    ahead = ids[begin] * many + ids[corner(begin + 1)]
    back = ids[end] * many + ids[begin + length - 1]
    _, first, arc = np.unique(np.minimum(ahead, back), return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    same_way = ahead == ahead[first][arc]
    refs = np.where(same_way, rank[arc], ~rank[arc])
    pieces = np.sort(first)
    counts = length[pieces] + 1
    arc_ends = np.concatenate([[0], np.cumsum(counts)])
    steps = np.arange(arc_ends[-1]) - np.repeat(arc_ends[:-1], counts)
    at = np.repeat(begin[pieces], counts) + steps
    closing = steps == np.repeat(counts - 1, counts)
    at[closing] = end[pieces]
    ring_ends = np.concatenate([[0], np.cumsum(np.bincount(of, minlength=len(rings.sizes)))])
    return Topology(
        scale, rings.grid[at], arc_ends, refs, ring_ends, rings.part_ends, rings.shape_ends
    )


def columns(topology: Topology) -> dict[str, Any]:
    """Write a topology as columns of small numbers, which a page can pack.

    Parameters
    ----------
    topology : Topology
        From :func:`make_topology`.

    Returns
    -------
    dict
        ``scale``; ``counts``, points after the first one of each arc; ``east`` and ``north``,
        steps from point to point, and from the end of one arc to the start of the next; ``refs``,
        0 for the next new arc, else how many arcs ago it was new, doubled, less one if it is taken
        backwards; ``rings``, arcs a ring; ``parts``, rings a part; ``shapes``, parts a shape.
    """
    arcs = np.where(topology.refs < 0, ~topology.refs, topology.refs)
    new = np.zeros(len(arcs), dtype=bool)
    new[np.unique(arcs, return_index=True)[1]] = True
    ago = np.cumsum(new) - new - arcs
    refs = np.where(new, 0, 2 * ago - (topology.refs < 0))
    steps = np.diff(topology.points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return {
        "scale": topology.scale,
        "counts": np.diff(topology.arc_ends) - 1,
        "east": steps[:, 0],
        "north": steps[:, 1],
        "refs": refs,
        "rings": np.diff(topology.ring_ends),
        "parts": np.diff(topology.part_ends),
        "shapes": np.diff(topology.shape_ends),
    }


def from_columns(packed: dict[str, Any]) -> Topology:
    """Read columns as the page does.

    Parameters
    ----------
    packed : dict
        From :func:`columns`.

    Returns
    -------
    Topology
        What was written.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> found = make_topology(np.array([box(0, 0, 1, 1), box(1, 0, 2, 1)]), 10)
    >>> bool((from_columns(columns(found)).refs == found.refs).all())
    True
    """
    code = np.asarray(packed["refs"], dtype=np.int64)
    new = code == 0
    known = np.cumsum(new) - new
    arcs = np.where(new, known, known - (code + 1) // 2)

    def ends(name: str, more: int = 0) -> Ints:
        return np.concatenate([[0], np.cumsum(np.asarray(packed[name]) + more)]).astype(np.int64)

    points = np.cumsum(np.column_stack([packed["east"], packed["north"]]), axis=0, dtype=np.int64)
    return Topology(
        packed["scale"],
        points,
        ends("counts", 1),
        np.where(code % 2 == 1, ~arcs, arcs),
        ends("rings"),
        ends("parts"),
        ends("shapes"),
    )


def polygons(topology: Topology) -> npt.NDArray[np.object_]:
    """Put arcs together to polygons again.

    Parameters
    ----------
    topology : Topology
        From :func:`make_topology` or :func:`from_columns`.

    Returns
    -------
    ndarray of MultiPolygon
        In longitude and latitude, on the grid.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> polygons(make_topology(np.array([box(0, 0, 1, 2)]), 10))[0].area
    2.0
    """
    arcs = [topology.points[a:b] / topology.scale for a, b in pairwise(topology.arc_ends)]
    rings = [_ring(arcs, topology.refs[a:b]) for a, b in pairwise(topology.ring_ends)]
    parts = [shapely.Polygon(rings[a], rings[a + 1 : b]) for a, b in pairwise(topology.part_ends)]
    shapes = [shapely.MultiPolygon(parts[a:b]) for a, b in pairwise(topology.shape_ends)]
    return np.array(shapes, dtype=object)


def _ring(arcs: list[npt.NDArray[np.float64]], refs: Ints) -> npt.NDArray[np.float64]:
    pieces = [arcs[ref] if ref >= 0 else arcs[~ref][::-1] for ref in refs]
    ring = np.concatenate([piece[:-1] for piece in pieces] + [pieces[0][:1]])
    # What has shrunk to a line or a point is no ring to shapely unless it has four points.
    return np.concatenate([ring, np.repeat(ring[-1:], max(0, 4 - len(ring)), axis=0)])
