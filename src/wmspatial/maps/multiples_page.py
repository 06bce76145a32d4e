"""Maps side by side on one page that opens with no network."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from wmspatial.maps._multiples_data import make_panel_data
from wmspatial.maps._multiples_words import panel_text
from wmspatial.maps.assets import OWN, packed, safe_script
from wmspatial.maps.encoding import embedded_json
from wmspatial.maps.multiples import arrange_multiples
from wmspatial.maps.offline import write_whole
from wmspatial.maps.packing import pack, to_text
from wmspatial.maps.page import Finished, PageFigure
from wmspatial.maps.templates import template, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from wmspatial.maps._multiples_spec import Multiples
    from wmspatial.maps.choropleth import ColumnSpec
    from wmspatial.maps.multiples import Items

__all__ = ["MultiplesPage", "multiples_map"]

# In the order in which they build on each other. There is no Leaflet: one view moves all maps.
_SHARED: Final = (
    "data",
    "areas",
    "layers",
    "page",
    "legend",
    "search",
    "table",
    "state",
    "printing",
)
_OWN: Final = ("multiples", "multiples_draw", "multiples_hands", "multiples_area")
_STYLES: Final = ("page.css", "multiples.css")


class MultiplesPage(PageFigure):
    """A page of maps side by side.

    It is shown inline in Jupyter, and written by ``save`` or :func:`~wmspatial.save_html`.

    Parameters
    ----------
    made : Multiples
        From :func:`~wmspatial.maps.multiples.arrange_multiples`.

    Attributes
    ----------
    multiples : Multiples
        What the maps show; its ``text`` says them in words.

    Examples
    --------
    >>> import wmspatial as wm
    >>> page = wm.multiples_map(wm.classify(wm.load_sample()), by="authority")
    >>> len(page.multiples.panels)
    7
    """

    def __init__(self, made: Multiples) -> None:
        super().__init__(made.title)
        self.multiples = made
        found = make_panel_data(made)
        content = pack(found.data)
        name = self.get_name()
        page = template("page.html").render(
            **panel_text(made, found).context(),
            map_id=name,
            data_hash=hashlib.sha256(content).hexdigest(),
            data=Markup(to_text(content)),  # noqa: S704 - letters that need no escape
        )
        self.header.add_child(Finished(_head()), name=f"{OWN}head")
        self.html.add_child(Finished(f'<div class="wm-several">{page}</div>'), name=f"{OWN}page")
        start = f"wmspatial.several({embedded_json(name)});"
        self.script.add_child(Finished(start), name=f"{OWN}start")

    def save(self, outfile: str | Path) -> None:  # type: ignore[override]
        """Write the page as one file that needs no network.

        Parameters
        ----------
        outfile : str or Path
            The file. It appears whole or not at all.

        Raises
        ------
        OutputError
            If the file cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> import wmspatial as wm
        >>> file = Path(tempfile.mkdtemp()) / "authorities.html"
        >>> wm.multiples_map(wm.classify(wm.load_sample()), by="authority").save(file)
        >>> file.exists()
        True
        """
        from pathlib import Path

        write_whole(Path(outfile), self.render())

    def __repr__(self) -> str:
        """Say what it shows."""
        return f"<MultiplesPage: {self.multiples.title} ({len(self.multiples.panels)} maps)>"


def _head() -> str:
    """Return the styles and scripts of the page."""
    return "\n".join(
        [
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>\n{''.join(text(name) for name in _STYLES)}</style>",
            f"<script>\n{safe_script(text('unpack.js'))}</script>",
            packed("script", "".join(text(f"{name}.js") for name in (*_SHARED, *_OWN))),
        ]
    )


def multiples_map(
    items: Items,
    column: str | ColumnSpec | Sequence[str] | None = None,
    *,
    by: str | None = None,
    labels: Mapping[str, str] | None = None,
    per: str | None = None,
    title: str | None = None,
    source: str | None = None,
    **how: Any,
) -> MultiplesPage:
    """Make a page of maps side by side: by vintage, by authority, by ethnic group.

    One legend holds for all maps, and a class is shown or hidden on all of them. They have one
    scale; maps of the same place move together. An area that is pointed at on one map is marked on
    the others, and what each says of it stands side by side. The page has a search, a table of
    every area, and its address holds what is seen; it opens with no network. For paper and slides
    there is :func:`~wmspatial.maps.multiples.small_multiples`, which takes the same.

    Parameters
    ----------
    items : Typology, GeoDataFrame, or several
        A map each: several typologies, or a mapping of names to typologies or frames. A single one
        gives a map for each of several columns, or for each value of the column `by`.
    column : str, ColumnSpec or sequence of str, optional
        What to map; the classes of the typologies, if nothing is named.
    by : str, optional
        What splits a single map, as ``"authority"``.
    labels : mapping of str to str, optional
        Names of columns for people.
    per : str, optional
        What all values are divided by: ``"residents"`` makes counts of people shares.
    title, source : str, optional
        In place of the usual heading, and of the publishers that the typologies name.
    **how : Any
        How a column is classed, from the values of all maps together: ``scheme``, ``k``,
        ``breaks``, ``centre``, ``higher``, ``unit`` and ``label`` of
        :func:`~wmspatial.maps.choropleth.classify_column`.

    Returns
    -------
    MultiplesPage
        Shown inline in Jupyter; ``save("maps.html")`` or :func:`~wmspatial.save_html` write it as
        one file.

    Raises
    ------
    InputError
        As :func:`~wmspatial.maps.multiples.small_multiples`.

    Examples
    --------
    >>> import wmspatial as wm
    >>> page = multiples_map(wm.classify(wm.load_sample()), by="authority")
    >>> len(page.multiples.panels)
    7
    """
    made = arrange_multiples(
        items, column, by=by, labels=labels, per=per, title=title, source=source, **how
    )
    return MultiplesPage(made)
