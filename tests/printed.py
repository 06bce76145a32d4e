"""How the tests look at a printed map: its words, where they stand, and its colours."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.charts import Chart


def words(chart: Chart) -> list[str]:
    """Return every line of text on a sheet."""
    return [t.get_text() for axes in chart.figure.axes for t in axes.texts]


def boxes(chart: Chart) -> dict[str, Any]:
    """Return where each line stands, in dots at 100 an inch, as drawn."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    chart.figure.set_dpi(100)
    canvas = FigureCanvasAgg(chart.figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    found = {}
    for number, text in enumerate(t for axes in chart.figure.axes for t in axes.texts):
        found[f"{number}: {text.get_text()}"] = text.get_window_extent(renderer)
    return found


def collisions(chart: Chart) -> list[tuple[str, str]]:
    """Return the lines that lie on each other by more than a hair."""
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes(chart).items(), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 2 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2
    ]


def off_the_sheet(chart: Chart) -> list[str]:
    """Return the lines that run off the sheet."""
    wide, high = 100 * chart.figure.get_size_inches()
    return [
        name
        for name, box in boxes(chart).items()
        if box.x0 < 0 or box.y0 < 0 or box.x1 > wide or box.y1 > high
    ]


def picture(chart: Chart, dpi: int = 100) -> Any:
    """Return the sheet's dots."""
    file = io.BytesIO()
    chart.figure.savefig(file, format="png", dpi=dpi)
    return np.asarray(Image.open(file).convert("RGB"))


def colours_at(chart: Chart, frame: gpd.GeoDataFrame, axes: int = 1) -> list[str]:
    """Return the colour of each area's middle on the sheet."""
    dots = picture(chart)
    metres = frame.geometry.to_crs(27700)
    points = np.array([(p.x, p.y) for p in metres.representative_point()])
    chart.figure.set_dpi(100)
    across, up = chart.figure.axes[axes].transData.transform(points).T
    rows, columns = len(dots) - up.round().astype(int), across.round().astype(int)
    return [
        "#" + "".join(f"{v:02x}" for v in dots[r, c]) for r, c in zip(rows, columns, strict=True)
    ]
