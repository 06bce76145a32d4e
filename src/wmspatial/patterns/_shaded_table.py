"""Draw a table whose cells are shaded by their numbers, which stand in them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

import numpy as np

from wmspatial.charts.chart import DARK, INK

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes

    Floats = npt.NDArray[np.float64]

_PALEST: Final = "#ffffff"
#: From this part of the darkest on a dark number cannot be read.
_WHITE_FROM: Final = 0.55
_LEAST: Final = 0.005


def per_cent(share: float) -> str:
    """Write a share as whole per cent; what is not nothing is not nought.

    Examples
    --------
    >>> per_cent(0.234), per_cent(0.002), per_cent(0.0), per_cent(float("nan"))
    ('23 %', '<1 %', '0 %', '–')
    """
    if not np.isfinite(share):
        return "–"
    return "<1 %" if 0 < share < _LEAST else f"{100 * share:.0f} %"


def draw_table(
    axes: Axes,
    shares: Floats,
    rows: list[str],
    columns: list[str],
    *,
    wide: int = 16,
    plain: int = 0,
) -> None:
    """Draw shares as shaded cells with their numbers.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    shares : array of float
        From 0 to 1, rows by columns.
    rows, columns : list of str
        What they are called; rows at the left, columns above.
    wide : int, default 16
        Letters in a line of a column's name.
    plain : int, default 0
        How many of the last columns, which hold the rest, are not shaded: their numbers are large
        whatever the others are.
    """
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("wm", [_PALEST, DARK])
    last = shares.shape[1] - plain
    most = float(np.nanmax(shares[:, :last], initial=0.0)) or 1.0
    depth = np.nan_to_num(shares)
    depth[:, last:] = 0.0
    axes.pcolormesh(depth, cmap=shades, vmin=0, vmax=most, edgecolors="#ffffff", linewidth=2)
    for (row, column), share in np.ndenumerate(shares):
        dark = depth[row, column] > _WHITE_FROM * most
        axes.text(
            column + 0.5, row + 0.5, per_cent(share), ha="center", va="center", fontsize=8.5,
            color="#ffffff" if dark else INK,
        )  # fmt: skip
    axes.invert_yaxis()
    axes.set_yticks(np.arange(len(rows)) + 0.5, rows)
    names = ["\n".join(textwrap.wrap(name, wide)) for name in columns]
    axes.set_xticks(np.arange(len(columns)) + 0.5, names)
    axes.tick_params(
        length=0, labelsize=8.5, top=False, labeltop=True, bottom=False, labelbottom=False
    )
    for spine in axes.spines.values():
        spine.set_visible(False)
