"""Small multiples: maps side by side, with pooled classes and one legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from wmspatial.charts.chart import QUIET, Chart
from wmspatial.errors import InputError
from wmspatial.maps._figure_draw import (
    MOST_VECTORS,
    draw_areas,
    draw_outlines,
    map_axes,
    scale_of,
)
from wmspatial.maps._figure_layout import (
    LEGEND,
    Page,
    begin_page,
    check_size,
    legend_block,
    note_block,
    panel,
)
from wmspatial.maps._figure_shapes import Drawn, draw_shapes, extent, project
from wmspatial.maps._figure_text import Block, wider_than
from wmspatial.maps._multiples_spec import Multiples, Panel, make_multiples
from wmspatial.maps.figure import STRIP, draw_furniture, pattern_marks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from wmspatial.maps.choropleth import ColumnSpec
    from wmspatial.typology import Typology

    Items: TypeAlias = (
        Typology
        | gpd.GeoDataFrame
        | Sequence[Typology]
        | Mapping[str, Typology]
        | Mapping[str, gpd.GeoDataFrame]
    )

__all__ = ["Multiples", "Panel", "arrange_multiples", "small_multiples"]

_GAP = 0.18
# Inches that a map is wide and high at least.
_LEAST = 0.4
_FEW = 12
# How much larger a map's name is than its legend.
_NAME = 1.06


def arrange_multiples(
    items: Items,
    column: str | ColumnSpec | Sequence[str] | None = None,
    *,
    by: str | None = None,
    title: str | None = None,
    source: str | None = None,
    per: str | None = None,
    labels: Mapping[str, str] | None = None,
    **how: Any,
) -> Multiples:
    """Say what maps side by side show, for any renderer.

    Parameters
    ----------
    items : Typology, GeoDataFrame, or several
        What is mapped: this and what follows as in :func:`small_multiples`.
    column : str, ColumnSpec or sequence of str, optional
        What to map; by default the classes of the typologies.
    by : str, optional
        A column whose values give a map each.
    title : str, optional
        In place of the usual one.
    source : str, optional
        In place of the usual one.
    per : str, optional
        A column that all values are divided by.
    labels : mapping of str to str, optional
        What columns are called.
    **how : Any
        For :func:`~wmspatial.maps.choropleth.classify_column`.

    Returns
    -------
    Multiples
        One panel a map, all in the same classes; ``panel.sheet.category`` says which class each
        area is in.

    Raises
    ------
    InputError
        As :func:`small_multiples`.

    Examples
    --------
    >>> import wmspatial as wm
    >>> made = arrange_multiples(wm.classify(wm.load_sample()), by="authority")
    >>> len(made.panels)
    7
    """
    return make_multiples(
        items,
        column,
        by=by,
        title=title,
        source=source,
        per=per,
        labels=labels or {},
        how={key: value for key, value in how.items() if value is not None},
    )


def small_multiples(
    items: Items,
    column: str | ColumnSpec | Sequence[str] | None = None,
    *,
    by: str | None = None,
    size: str = "a4",
    title: str | None = None,
    source: str | None = None,
    patterns: bool = False,
    per: str | None = None,
    labels: Mapping[str, str] | None = None,
    scheme: str | None = None,
    k: int | None = None,
    breaks: Sequence[float] | None = None,
    centre: float | None = None,
    higher: Literal["worse", "better"] | None = None,
    unit: str | None = None,
    label: str | None = None,
) -> Chart:
    """Draw maps side by side: by vintage, by authority, by ethnic group.

    Classes are made from the values of all maps together, so that one legend holds for each, and
    all are drawn at one scale. This is the sheet for paper and slides; the same as a page to point
    at, click and search is :func:`~wmspatial.maps.multiples_page.multiples_map`.

    Parameters
    ----------
    items : Typology, GeoDataFrame, or several
        Several typologies (of two vintages, of several areas), or a mapping of names to typologies
        or frames, give a map each. One of them is mapped by several columns, or split `by` one.
    column : str, ColumnSpec or sequence of str, optional
        What to map; by default the classes of the typologies. Several columns give a map each.
    by : str, optional
        A column whose values give a map each, as ``"authority"``.
    size : {"a4", "a4 portrait", "16:9"}
        The sheet, or the slide.
    title : str, optional
        By default it names what is shown, the study area and the censuses.
    source : str, optional
        Where the numbers come from; by default the typologies' publishers.
    patterns : bool, default False
        Whether patterns tell the classes apart too, for a greyscale printer.
    per : str, optional
        A column that all values are divided by, as ``"residents"``.
    labels : mapping of str to str, optional
        What columns are called.
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
        ``save("maps.pdf")`` writes PNG, SVG or PDF; ``text`` says the maps in words.

    Raises
    ------
    InputError
        If there are fewer than 2 maps or more than 30, no such column, or the classes asked for
        do not fit the values.

    Examples
    --------
    >>> import wmspatial as wm
    >>> groups = ["white", "asian", "black"]
    >>> areas = wm.load_sample().areas.iloc[:300]
    >>> sheet = small_multiples(areas, groups, per="residents", breaks=[0.1, 0.25, 0.5])
    >>> sheet.title
    'Share of residents (White, Asian, Black)'
    """
    name = check_size(size)
    made = arrange_multiples(
        items,
        column,
        by=by,
        title=title,
        source=source,
        per=per,
        labels=labels,
        scheme=scheme,
        k=k,
        breaks=breaks,
        centre=centre,
        higher=higher,
        unit=unit,
        label=label,
    )
    page = begin_page(
        name,
        title=made.title,
        lead=made.lead,
        notice=made.notice,
        source=made.source,
        illustrative=made.illustrative,
    )
    _draw(page, made, patterns=patterns)
    return Chart(page.figure, made.title, made.text, made.source, made.illustrative)


def _draw(page: Page, made: Multiples, *, patterns: bool) -> None:
    x, y, wide, high = page.room
    marks = pattern_marks(made.panels[0].sheet, patterns=patterns)
    used = [
        (category, mark)
        for i, (category, mark) in enumerate(zip(made.categories, marks, strict=True))
        if category.pattern != "hatch" or any((p.sheet.category == i).any() for p in made.panels)
    ]

    def blocks(widths: tuple[float, float], size: float, meanings: bool) -> list[Block]:
        rows = [(category, "") for category, _ in used]
        legend = legend_block(
            widths[0], made.legend_title, rows, [m for _, m in used], "", size, meanings=meanings
        )
        return [legend, note_block(widths[1], made.legend_note, size)]

    if page.upright:
        side, _ = panel(wide, 0.25 * high, page.scale, blocks, columns=2)
        side.draw(page.canvas, x, y + side.height)
        box = (x, y + side.height + _GAP + STRIP, wide, high - side.height - _GAP - STRIP)
    else:
        across = 0.24 * wide
        side, _ = panel(across, high, page.scale, blocks)
        side.draw(page.canvas, x + wide - across, y + high)
        box = (x, y + STRIP, wide - across - 0.3, high - STRIP)
    scale, bottom = _draw_panels(page, made, marks, box)
    # Below the last row, where the rows do not fill the sheet.
    draw_furniture(page, box[0], max(box[1], bottom - 0.1) - STRIP, 0.25 * box[2], scale)


def _draw_panels(
    page: Page, made: Multiples, marks: Sequence[str], box: tuple[float, float, float, float]
) -> tuple[float, float]:
    """Draw the maps in a grid, all at the scale at which the largest fits.

    Returns the scale, and where the last row ends.
    """
    x, y, wide, high = box
    metres = [project(p.sheet.frame) for p in made.panels]
    bounds = [extent(shapes) for shapes in metres]
    count = len(made.panels)
    size = LEGEND * page.scale * (1.0 if count <= _FEW else 0.8)
    found: list[tuple[bool, float, int, list[Block]]] = []
    for columns in range(1, count + 1):
        cell = wide / columns - _GAP
        heads = [_heading(p, max(cell, 0.3), size) for p in made.panels]
        room = high / -(-count // columns) - max(head.height for head in heads) - _GAP
        if cell > _LEAST and room > _LEAST:
            # A name broken in a word is worse than a smaller map.
            broken = any(wider_than(p.name, cell, size * _NAME) for p in made.panels)
            found.append((broken, max(scale_of(b, cell, room) for b in bounds), columns, heads))
    if not found:
        raise InputError(f"small_multiples: {count} maps do not fit on {page.name!r}.")
    _, scale, columns, heads = min(found, key=lambda one: one[:2])
    rows = -(-count // columns)
    # Each row as high as its highest map; what is left over stands between the rows.
    tall = [1.02 * (b[3] - b[1]) / scale for b in bounds]
    starts = range(0, count, columns)
    needed = [
        max(h.height for h in heads[i : i + columns]) + max(tall[i : i + columns]) for i in starts
    ]
    between = min(max(0.0, high - sum(needed)) / rows, 0.55)
    top = y + high
    raster = sum(len(p.sheet.frame) for p in made.panels) > MOST_VECTORS
    same: dict[int, Drawn] = {}
    for row, start in enumerate(starts):
        head = max(h.height for h in heads[start : start + columns])
        for i in range(start, min(start + columns, count)):
            left = x + (i - start) * wide / columns
            heads[i].draw(page.canvas, left, top)
            sheet = made.panels[i].sheet
            if id(sheet.frame) not in same:
                same[id(sheet.frame)] = draw_shapes(metres[i], sheet.keys, scale, spots=False)
            drawn = same[id(sheet.frame)]
            across = wide / columns - _GAP
            place = (left, top - head - tall[i], across, tall[i])
            axes = map_axes(page.figure, place, drawn.bounds, scale)
            draw_areas(
                axes,
                drawn,
                sheet.category,
                made.categories,
                marks,
                scale,
                differ=sheet.differ,
                raster=raster,
            )
            draw_outlines(axes, drawn, scale)
        top -= needed[row] + between
    return scale, top + between


def _heading(one: Panel, width: float, size: float) -> Block:
    block = Block(width)
    block.text(one.name, size * _NAME, bold=True)
    block.text(one.fact, size * 0.84, colour=QUIET)
    block.gap(0.05)
    return block
