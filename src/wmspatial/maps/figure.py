"""The map on paper: PNG, SVG and PDF from the same spec as the page, without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wmspatial.charts.chart import Chart
from wmspatial.maps._figure_draw import (
    MOST_VECTORS,
    draw_areas,
    draw_north,
    draw_numbers,
    draw_outlines,
    draw_scale,
    hatches,
    map_axes,
    scale_of,
)
from wmspatial.maps._figure_layout import (
    LEGEND,
    Page,
    begin_page,
    check_size,
    key_block,
    legend_block,
    note_block,
    panel,
)
from wmspatial.maps._figure_shapes import draw_shapes, extent, project
from wmspatial.maps._figure_sheet import Sheet, make_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from wmspatial.maps._figure_text import Block
    from wmspatial.maps.choropleth import ColumnSpec
    from wmspatial.typology import Typology

# Below the map, inches, for scale bar and north arrow.
STRIP = 0.44
_GAP = 0.25


def map_figure(
    data: Typology | gpd.GeoDataFrame,
    column: str | ColumnSpec | None = None,
    *,
    size: str = "a4",
    title: str | None = None,
    source: str | None = None,
    patterns: bool = False,
    per: str | None = None,
    scheme: str | None = None,
    k: int | None = None,
    breaks: Sequence[float] | None = None,
    centre: float | None = None,
    higher: Literal["worse", "better"] | None = None,
    unit: str | None = None,
    label: str | None = None,
) -> Chart:
    """Draw a map for print and slides.

    Title, a sentence on what it shows, the map with numbered authorities, legend with counts and
    people, key, scale bar, north arrow, caveat and sources, on one sheet. Colours, signs and words
    are those of :func:`~wmspatial.disconnection_map`.

    Parameters
    ----------
    data : Typology or GeoDataFrame
        From :func:`~wmspatial.classify`; at ward level the map is one of wards. Or any areas with
        polygons.
    column : str or ColumnSpec, optional
        What to map. By default the classes of a typology, or the share of wards' residents in
        disconnected neighbourhoods. A spec of
        :func:`~wmspatial.maps.choropleth.classify_column` shares its classes with other maps.
    size : {"a4", "a4 portrait", "16:9"}
        The sheet, or the slide.
    title : str, optional
        By default it names what is shown, the study area and the census.
    source : str, optional
        Where the numbers come from; by default the typology's publishers.
    patterns : bool, default False
        Whether patterns tell the classes apart too, for a greyscale printer.
    per : str, optional
        A column that the values are divided by, as in ``map_figure(areas, "asian",
        per="residents")``; where it is 0 the value is missing.
    scheme : str, optional
        How a column is classed: this and what follows as in
        :func:`~wmspatial.maps.choropleth.classify_column`.
    k : int, optional
        How many classes.
    breaks : sequence of float, optional
        Where one class ends and the next begins.
    centre : float, optional
        What a diverging scheme diverges from.
    higher : {"worse", "better"}, optional
        What a higher value means.
    unit : str, optional
        What stands beside each number; ``"share"`` for shares from 0 to 1.
    label : str, optional
        What stands above the legend.

    Returns
    -------
    Chart
        ``save("map.pdf")`` writes PNG, SVG or PDF; ``text`` says the map in words. More than
        10,000 polygons stand in an SVG or PDF as a picture, 200 dots an inch.

    Raises
    ------
    InputError
        If there is nothing to draw, no such column, or the classes asked for do not fit its values.

    Notes
    -----
    Areas in Britain are drawn on the British National Grid, others in their UTM zone: the scale bar
    holds all over the map. Polygons are simplified together, so edges stay shared, by about a tenth
    of a millimetre on paper.

    Examples
    --------
    >>> import wmspatial as wm
    >>> sheet = map_figure(wm.classify(wm.load_sample()))
    >>> sheet.text[:64]
    'Illustrative data, not statistics. Labour market disconnection a'
    """
    name = check_size(size)
    asked = {
        "scheme": scheme,
        "k": k,
        "breaks": breaks,
        "centre": centre,
        "higher": higher,
        "unit": unit,
        "label": label,
    }
    how = {key: value for key, value in asked.items() if value is not None}
    sheet = make_sheet(data, column, title=title, source=source, per=per, how=how)
    page = begin_page(
        name,
        title=sheet.title,
        lead=sheet.lead,
        notice=sheet.notice,
        source=sheet.source,
        illustrative=sheet.illustrative,
    )
    _draw(page, sheet, patterns=patterns)
    return Chart(page.figure, sheet.title, sheet.text, sheet.source, sheet.illustrative)


def _draw(page: Page, sheet: Sheet, *, patterns: bool) -> None:
    """Draw map and panel into the room of a page."""
    x, y, wide, high = page.room
    marks = pattern_marks(sheet, patterns=patterns)
    shown = sheet.rows()
    by_name = dict(zip((c.name for c in sheet.categories), marks, strict=True))
    row_marks = [by_name[category.name] for category, _ in shown]

    def blocks(widths: tuple[float, float], size: float, meanings: bool) -> list[Block]:
        # Above each other the note stands below the legend; side by side, in the shorter column.
        legend = legend_block(
            widths[0], sheet.legend_title, shown, row_marks, "", size, meanings=meanings
        )
        key = key_block(widths[1], sheet.authorities, size)
        return [legend, note_block(widths[1], sheet.legend_note, size), key]

    metres = project(sheet.frame)
    bounds = extent(metres)
    if page.upright:
        for larger in (1.2, 1.1, 1.0, 0.9, 0.8):
            side, size = panel(wide, 0.45 * high, larger * page.scale, blocks, columns=2)
            box = (x, y + side.height + _GAP + STRIP, wide, high - side.height - _GAP - STRIP)
            if scale_of(bounds, wide, 1e9) >= scale_of(bounds, wide, box[3]):
                # The map is as wide as the sheet; smaller words would not help it.
                break
        side.draw(page.canvas, x, y + side.height)
    else:
        across = 0.31 * wide
        side, size = panel(across, high, page.scale, blocks)
        side.draw(page.canvas, x + wide - across, y + high)
        box = (x, y + STRIP, wide - across - _GAP, high - STRIP)
    scale = scale_of(bounds, box[2], box[3])
    numbered = any(a.number is not None for a in sheet.authorities)
    drawn = draw_shapes(metres, sheet.keys, scale, spots=numbered)
    axes = map_axes(page.figure, box, drawn.bounds, scale)
    draw_areas(
        axes,
        drawn,
        sheet.category,
        sheet.categories,
        marks,
        scale,
        differ=sheet.differ,
        raster=len(sheet.frame) > MOST_VECTORS,
    )
    draw_outlines(axes, drawn, scale)
    draw_numbers(axes, drawn, sheet.authorities, 0.86 * max(size, LEGEND * page.scale * 0.8), scale)
    draw_furniture(page, box[0], box[1] - STRIP, 0.30 * box[2], scale)


def draw_furniture(page: Page, x: float, y: float, most: float, scale: float) -> None:
    """Draw north arrow and scale bar into the strip below a map."""
    size = 7.6 * page.scale
    draw_north(page.canvas, x + 0.14, y, 0.40, size)
    draw_scale(page.canvas, x + 0.46, y + 0.03, most, scale, size)


def pattern_marks(sheet: Sheet, *, patterns: bool) -> list[str]:
    """Return the pattern of each class of a map."""
    spec = sheet.spec
    # Steps of one thing have patterns that grow denser, kinds have one each.
    ordered = sheet.unit == "ward" if spec is None else not spec.levels
    below = None
    if spec is not None and spec.centre is not None:
        below = sum(one <= spec.centre for one in spec.breaks)
    return hatches(sheet.categories, patterns=patterns, ordered=ordered, below=below)
