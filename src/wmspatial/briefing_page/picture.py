"""The map inside the page: one drawing that needs no script, prints, and opens from an e-mail."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from wmspatial.briefing_page.parts import Drawing
from wmspatial.maps.geometry import Plane, label_points, outlines
from wmspatial.maps.payload import authority_keys
from wmspatial.maps.spec import Authority, Category, number_authorities
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import numpy.typing as npt

    from wmspatial.typology import Typology

    Shapes = npt.NDArray[np.object_]

#: Units across the drawing; a screen shows two or three of them in a pixel.
_ACROSS: Final = 2400
#: A drawing is no higher than this, as a share of its width.
_HIGHEST: Final = 1.25
#: With more authorities than this their borders are thin.
_FEW: Final = 60
#: How high a drawing is on a page, in lines of text.
_TALLEST: Final = 38
#: With more areas than this the lines between them would hide their colours.
_MANY: Final = 5000
_GROUND: Final = "#f1f0ec"
_STRIPES: Final = {"◆": "stripes", "■": "dots"}


@dataclass(frozen=True)
class Ground:
    """Areas and authorities on the drawing's own grid.

    Attributes
    ----------
    areas : ndarray of shapely geometries
        In the frame's order.
    lines : dict of str to geometry
        Outlines of authorities, or of the whole.
    spots : dict of str to (float, float)
        Where the number of each stands, as shares of width and height.
    authorities : tuple of Authority
        In the order of their numbers; empty where there are none.
    size : tuple of int
        Width and height.
    unit : float
        Metres a unit.
    origin : tuple of float
        West and north in the plane's metres.
    plane : Plane
        What the metres are measured in.
    """

    areas: Shapes
    lines: dict[str, shapely.Geometry]
    spots: dict[str, tuple[float, float]]
    authorities: tuple[Authority, ...]
    size: tuple[int, int]
    unit: float
    origin: tuple[float, float]
    plane: Plane

    def share(self, degrees: tuple[float, float]) -> tuple[float, float]:
        """Return where a place is, as shares of width and height."""
        east, north = degrees[0] * self.plane.scale[0], degrees[1] * self.plane.scale[1]
        x = (east - self.origin[0]) / self.unit / self.size[0]
        y = (self.origin[1] - north) / self.unit / self.size[1]
        return float(x), float(y)


def lay_out(frame: gpd.GeoDataFrame) -> Ground:
    """Bring areas to the drawing's grid, as fine as a screen or an A4 page shows.

    Parameters
    ----------
    frame : GeoDataFrame
        In longitude and latitude.

    Returns
    -------
    Ground
        Edges that neighbours share stay shared.
    """
    shapes = frame.geometry.to_numpy()
    plane = Plane.around(shapes)
    flat = plane.flatten(shapes)
    west, south, east, north = (float(v) for v in shapely.total_bounds(flat))
    unit = max((east - west) / _ACROSS, (north - south) / (_ACROSS * _HIGHEST), 1e-9)
    small = _simplified(flat, 1.5 * unit)
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    table.attrs.clear()
    keys, authorities = _authorities(table)
    degrees = plane.unflatten(small)
    lines = outlines(degrees, keys)
    spots = label_points(lines) if any(a.number for a in authorities) else {}
    size = max(1, round((east - west) / unit)), max(1, round((north - south) / unit))
    blank = Ground(small, {}, {}, authorities, size, unit, (west, north), plane)
    return Ground(
        _gridded(small, blank),
        {key: _gridded(plane.flatten([shape]), blank)[0] for key, shape in lines.items()},
        {key: blank.share(spot) for key, spot in spots.items()},
        authorities,
        size,
        unit,
        (west, north),
        plane,
    )


def _simplified(flat: Shapes, tolerance: float) -> Shapes:
    try:
        small = shapely.coverage_simplify(flat, tolerance)
    except shapely.GEOSException:
        small = shapely.simplify(flat, tolerance, preserve_topology=True)
    lost = shapely.is_missing(small) | shapely.is_empty(small)
    return np.asarray(np.where(lost, flat, small), dtype=object)


def _gridded(shapes: Shapes, ground: Ground) -> Shapes:
    west, north = ground.origin

    def move(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        moved = np.column_stack([points[:, 0] - west, north - points[:, 1]]) / ground.unit
        return np.asarray(np.round(moved))

    return np.asarray(shapely.transform(np.asarray(shapes, dtype=object), move), dtype=object)


def _authorities(table: pd.DataFrame) -> tuple[pd.Series[Any], tuple[Authority, ...]]:
    keys = authority_keys(table)
    known = keys.notna()
    if not known.any():
        return pd.Series("all", index=table.index), ()
    labels = table["authority"] if "authority" in table.columns else keys
    named = labels.where(labels.notna(), keys).astype(str)
    text = keys.astype(str)
    names = dict(zip(text[known], named[known], strict=True))
    return text.where(known), number_authorities(names)


def paths(shapes: Shapes) -> str:
    """Write polygons as the data of one SVG path, every step relative and whole.

    An area that is a point at this scale is drawn as the smallest square, so that none is lost.
    """
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    rings, of = shapely.get_rings(parts, return_index=True)
    outer = np.diff(of, prepend=-1) != 0
    points, ring = shapely.get_coordinates(rings, return_index=True)
    whole = points.astype("int64")
    steps = np.diff(whole, axis=0, prepend=0)
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    ends = np.append(starts[1:], len(points))
    written = []
    for start, end, out in zip(starts.tolist(), ends.tolist(), outer.tolist(), strict=True):
        moves = [f"{x} {y}" for x, y in steps[start + 1 : end].tolist() if x or y]
        if not moves and out:
            moves = ["1 0", "0 1", "-1 0"]
        if moves:
            x, y = whole[start]
            written.append(f"M{x} {y}l{' '.join(moves)}z")
    return "".join(written).replace(" -", "-")


def picture(
    ground: Ground,
    category: Sequence[int] | npt.NDArray[Any],
    categories: Sequence[Category],
    *,
    identifier: str,
    title: str,
    words: str,
    source: str,
    typology: Typology,
    spots: Sequence[tuple[str, tuple[float, float]]] | None = None,
) -> Drawing:
    """Draw areas by category.

    Parameters
    ----------
    ground : Ground
        From :func:`lay_out`.
    category : sequence of int
        Which category each area is in.
    categories : sequence of Category
        Their looks; areas of one without a colour are ground and are not drawn one by one.
    identifier : str
        Begins every id.
    title, words, source : str
        What it shows, all that can be read off it, and where it comes from.
    typology : Typology
        Says whether the data is made up.
    spots : sequence of (str, (float, float)), optional
        Numbers and where they stand; by default those of the authorities.

    Returns
    -------
    Drawing
        Numbers are text on top of the drawing, of one size on a desk and on a telephone.
    """
    numbers = np.asarray(category)
    width, height = ground.size
    drawn, kept = [], []
    line = 1.5 if len(ground.areas) <= _MANY else 0.3
    for i in sorted(range(len(categories)), key=lambda n: categories[n].loud):
        members = ground.areas[numbers == i]
        if not len(members) or not categories[i].colour:
            continue
        look, name = categories[i], f"{identifier}-class-{i}"
        # Kept without a fill, so that colour and pattern can both be laid over the same shapes.
        kept.append(f'<path id="{name}" d="{paths(members)}" fill-rule="evenodd"/>')
        drawn.append(
            f'<use href="#{name}" fill="{look.colour}" stroke="{look.line}" stroke-width="{line}"/>'
        )
        pattern = "hatch" if look.pattern == "hatch" else _STRIPES.get(look.symbol, "")
        if pattern:
            drawn.append(f'<use href="#{name}" fill="url(#{identifier}-{pattern})"/>')
    border = paths(np.array(list(ground.lines.values()), dtype=object))
    kept.append(f'<path id="{identifier}-border" d="{border}" fill-rule="evenodd"/>')
    if not all(look.colour for look in categories):
        drawn.insert(0, f'<use href="#{identifier}-border" fill="{_GROUND}"/>')
    few = len(ground.lines) <= _FEW
    for colour, thick in (("#ffffff", 16 if few else 0), ("#161616", 7 if few else 3)):
        if thick:
            stroke = f'fill="none" stroke="{colour}" stroke-width="{thick}"'
            drawn.append(f'<use href="#{identifier}-border" {stroke}/>')
    told = f"{ILLUSTRATIVE}. {words}" if typology.illustrative else words
    svg = (
        f'<svg role="img" aria-labelledby="{identifier}-title {identifier}-words" '
        f'xmlns="http://www.w3.org/2000/svg" viewBox="-16 -16 {width + 32} {height + 32}">'
        f'<title id="{identifier}-title">{html.escape(title)}</title>'
        f'<desc id="{identifier}-words">{html.escape(told)}</desc>'
        f"<defs>{_patterns(identifier)}{''.join(kept)}</defs>{''.join(drawn)}</svg>"
    )
    if spots is None:
        # One authority alone needs no number.
        spots = [
            (str(a.number), ground.spots[a.key])
            for a in ground.authorities
            if a.key in ground.spots and len(ground.authorities) > 1
        ]
    # However tall the area is, all of it is seen at once.
    fit = f'<div class="fit" style="max-width:{_TALLEST * width / height:.1f}rem">'
    drawing = f'<div class="ground">{svg}{_badges(spots)}</div>'
    whole = f"{fit}{drawing}{_scale(ground)}</div>"
    return Drawing(whole, source=source, kind="map")


def _patterns(identifier: str) -> str:
    """Return the patterns that tell classes apart without colour."""
    start = f'<pattern id="{identifier}-'
    turned = 'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"'
    return (
        f'{start}stripes" {turned} width="26" height="26">'
        '<path d="M13 0V26" stroke="#ffffff" stroke-width="4" stroke-opacity="0.75"/></pattern>'
        f'{start}dots" patternUnits="userSpaceOnUse" width="26" height="26">'
        '<circle cx="13" cy="13" r="3.5" fill="#5a4300" fill-opacity="0.75"/></pattern>'
        f'{start}hatch" {turned} width="24" height="24">'
        '<path d="M12 0V24" stroke="#8d8d8d" stroke-width="5"/></pattern>'
    )


def _badges(spots: Sequence[tuple[str, tuple[float, float]]]) -> str:
    return "".join(
        f'<span class="spot" aria-hidden="true" style="left:{100 * x:.2f}%;top:{100 * y:.2f}%">'
        f"{html.escape(label)}</span>"
        for label, (x, y) in spots
    )


def _scale(ground: Ground) -> str:
    """Draw a bar of a round number of kilometres, a fifth of the width at most."""
    metres = ground.size[0] * ground.unit
    power = 10.0 ** np.floor(np.log10(metres / 4))
    length = max(step * power for step in (1, 2, 5) if step * power <= metres / 4)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    return (
        f'<span class="scale" aria-hidden="true" style="width:{100 * length / metres:.2f}%">'
        f"{text}</span>"
    )
