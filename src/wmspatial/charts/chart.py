"""A chart that carries its own words, and can be written as a picture."""

from __future__ import annotations

import hashlib
import html
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wmspatial.errors import InputError, OutputError
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The colours of the maps: dark red for what is looked at, the others for what it is held against.
DARK: Final = "#7b1338"
BLUE: Final = "#2f83b7"
YELLOW: Final = "#f5c242"
INK: Final = "#22262b"
QUIET: Final = "#62676f"
FAINT: Final = "#e2e2e2"
#: Groups side by side: told apart in greyscale by lightness, and always by their labels too.
SERIES: Final = ("#7b1338", "#2f83b7", "#e0a100", "#5b8c5a", "#b9b2c9", "#3d3d3d")
_FORMATS: Final = ("svg", "png", "pdf")
_STYLE: Final[Any] = {
    "font.family": ["sans-serif"],
    "font.size": 9,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "svg.fonttype": "none",
}


@dataclass(frozen=True, eq=False, repr=False)
class Chart:
    """A drawing with its title, its words and its source.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The drawing; change it as you like before it is written.
    title : str
        What it shows.
    text : str
        What it shows in words, for those who cannot see it: every figure that can be read off,
        after the mark of made-up data where that is due.
    source : str
        Where the numbers come from.
    illustrative : bool
        Whether they are made up.

    Examples
    --------
    >>> import wmspatial as wm
    >>> pay = wm.authority_chart({"Coventry": 13.08, "Dudley": 10.50}, title="Pay", unit="£")
    >>> pay.text
    'Pay. Coventry £13.08, Dudley £10.50. Coventry is 25 % above Dudley.'
    """

    figure: Figure
    title: str
    text: str
    source: str = ""
    illustrative: bool = False

    def __post_init__(self) -> None:
        """Let the words carry the mark wherever they are taken to, as the picture does."""
        if not self.text.startswith(ILLUSTRATIVE):
            object.__setattr__(self, "text", self._marked(self.text))

    def to_svg(self, *, identifier: str = "chart") -> str:
        """Write the chart as SVG text that can stand in a page.

        Parameters
        ----------
        identifier : str, default "chart"
            Begins every id in it; give each chart of one page another.

        Returns
        -------
        str
            An ``<svg>`` element with the title and the words as its text alternative. It has no
            script and asks for nothing from a network.

        Raises
        ------
        InputError
            If the identifier is no name.

        Examples
        --------
        >>> import wmspatial as wm
        >>> pay = wm.authority_chart({"Coventry": 13.08, "Dudley": 10.50}, title="Pay")
        >>> pay.to_svg(identifier="pay").startswith("<svg role=")
        True
        """
        if not re.fullmatch(r"[A-Za-z][\w-]*", identifier):
            raise InputError(f"identifier={identifier!r}: expected letters, digits and hyphens.")
        import matplotlib as mpl

        file = io.StringIO()
        with mpl.rc_context({**_STYLE, "svg.hashsalt": identifier}):
            # Without a date the same numbers give the same file.
            self.figure.savefig(file, format="svg", metadata={"Date": None})
        drawn = file.getvalue()
        drawn = re.sub(
            r"<metadata>.*?</metadata>\s*", "", drawn[drawn.index("<svg") :], flags=re.DOTALL
        )
        # A hundredth of a point is finer than any printer; the rest is weight.
        drawn = re.sub(r' d="([^"]*)"', lambda m: f' d="{_rounded(m[1])}"', drawn)
        # Ids have to be unique in a page that holds several charts.
        drawn = re.sub(r'\bid="', f'id="{identifier}-', drawn)
        drawn = re.sub(r'href="#', f'href="#{identifier}-', drawn)
        drawn = drawn.replace("url(#", f"url(#{identifier}-")
        label = f'<svg role="img" aria-labelledby="{identifier}-title {identifier}-words" '
        words = (
            f'<title id="{identifier}-title">{html.escape(self._marked(self.title))}</title>'
            f'<desc id="{identifier}-words">{html.escape(self.text)}</desc>'
        )
        head, rest = drawn.split(">", 1)
        return head.replace("<svg ", label, 1) + ">" + words + rest

    def save(self, path: str | Path, *, dpi: int = 200) -> Path:
        """Write the chart to a file.

        Parameters
        ----------
        path : str or Path
            Ends in ``.svg``, ``.png`` or ``.pdf``. An SVG and a PNG carry the words inside.
        dpi : int, default 200
            Dots an inch of a PNG.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If the ending is another.
        OutputError
            If it cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> import wmspatial as wm
        >>> pay = wm.authority_chart({"Coventry": 13.08, "Dudley": 10.50}, title="Pay")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     pay.save(f"{folder}/pay.png").stat().st_size > 1000
        True
        """
        target = Path(path)
        kind = target.suffix.removeprefix(".").casefold()
        if kind not in _FORMATS:
            raise InputError(f"path={str(path)!r}: expected a name ending in .svg, .png or .pdf.")
        try:
            target.write_bytes(self._bytes(kind, dpi))
        except OSError as error:
            raise OutputError(f"{target}: cannot be written ({error.strerror or error}).") from None
        return target

    def _bytes(self, kind: str, dpi: int) -> bytes:
        """Draw the whole file in memory, so that none is left half-written."""
        if kind == "svg":
            return self.to_svg().encode()
        import matplotlib as mpl

        file = io.BytesIO()
        title, words = self._marked(self.title), self.text
        about = {
            "png": {"Title": title, "Description": words, "Source": self.source},
            "pdf": {"Title": title, "Subject": words, "CreationDate": None},
        }[kind]
        with mpl.rc_context({**_STYLE, "pdf.fonttype": 42}):
            self.figure.savefig(file, format=kind, dpi=dpi, metadata=about)
        return file.getvalue()

    def _marked(self, text: str) -> str:
        return f"{ILLUSTRATIVE}. {text}" if self.illustrative else text

    def _repr_html_(self) -> str:
        """Show the chart in a notebook."""
        # A notebook is one page: with the same name each chart would be read out as the first.
        words = hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()
        return self.to_svg(identifier=f"chart-{words[:8]}")

    def __repr__(self) -> str:
        """Tell the words."""
        return f"<Chart: {self.text}>"


def _rounded(path: str) -> str:
    return re.sub(r"-?\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), path)


def new_figure(
    title: str, *, size: tuple[float, float], source: str = "", illustrative: bool = False
) -> tuple[Figure, Axes]:
    """Begin a chart in the house's style.

    Parameters
    ----------
    title : str
        Stands at the top left.
    size : tuple of float
        Width and height, inches.
    source : str
        Stands at the foot.
    illustrative : bool
        Whether the banner of made-up data stands above the title.

    Returns
    -------
    figure : matplotlib.figure.Figure
        The drawing.
    axes : matplotlib.axes.Axes
        Where to draw.

    Examples
    --------
    >>> figure, axes = new_figure("Pay", size=(6, 3))
    >>> len(figure.axes)
    1
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
    head = f"{ILLUSTRATIVE}\n{title}" if illustrative else title
    figure.suptitle(head, fontsize=11.5, fontweight="bold", x=0.012, ha="left", color=INK)
    if source:
        figure.supxlabel(source, fontsize=7.5, x=0.012, ha="left", color=QUIET, wrap=True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    return figure, axes
