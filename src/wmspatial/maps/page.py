"""A folium map that is a whole page, and the layers on it."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final, cast

import folium
from branca.element import Element, Figure
from folium.map import Layer
from folium.template import Template
from markupsafe import Markup

from wmspatial.maps.assets import OWN, collect, packed, tile_hosts
from wmspatial.maps.encoding import embedded_json
from wmspatial.maps.offline import render_document
from wmspatial.maps.packing import pack, to_text
from wmspatial.maps.templates import template, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wmspatial.maps._page_text import PageText
    from wmspatial.maps.payload import Payload

# In the order in which they build on each other.
_SCRIPTS: Final = (
    "data.js",
    "areas.js",
    "layers.js",
    "page.js",
    "legend.js",
    "flows.js",
    "panel.js",
    "search.js",
    "table.js",
    "names.js",
    "state.js",
    "printing.js",
)


def _without_comments(script: str) -> str:
    """Leave out what only the reader of the source needs; no text in it runs over two lines."""
    return re.sub(r"^ *(?://.*)?\n?", "", script, flags=re.MULTILINE)


class Finished(Element):
    """Text that is rendered as it is.

    branca takes every text for a Jinja template; data must not be read like that.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self._name = "Finished"
        self.html = html

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002
        """Return the text."""
        return self.html


class PageFigure(Figure):
    """The root of a page: renders to a document that carries its own scripts and styles."""

    def __init__(self, title: str) -> None:
        # In a notebook the frame is as high as the key beside the map needs.
        super().__init__(title=title, ratio="75%")
        #: Hosts of tiles that were asked for when the map was made: no warning is due.
        self.hosts_asked_for: tuple[str, ...] = ()

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002
        """Render the document; what it still needs a network for is named in a warning."""
        return render_document(self)


class PageMap(folium.Map):
    """A folium map with the page around it.

    It takes any folium layer, plugin or control, and is shown, saved and embedded as any other.

    Parameters
    ----------
    context : mapping
        What the page's template asks for: title, legend and so on.
    data : mapping
        What its script draws: see :mod:`wmspatial.maps.payload`.
    bounds : sequence of float
        West, south, east and north of what is to be seen at first.
    tiles : str or TileLayer, optional
        Background tiles; by default none, so that the page needs no network.
    """

    # Not what its user added: see `assets.collect`.
    own_words = True

    # Head and body are put into their places by `render`: they hold data, which is no template.
    _template = Template(
        """
        {% macro header(this, kwargs) %}{% endmacro %}
        {% macro html(this, kwargs) %}{% endmacro %}
        {% macro script(this, kwargs) %}{{ this.page_script(kwargs) }}{% endmacro %}
        """
    )

    def __init__(
        self,
        context: Mapping[str, Any],
        data: Mapping[str, Any],
        bounds: Sequence[float],
        *,
        tiles: Any = None,
    ) -> None:
        west, south, east, north = bounds
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            tiles=tiles,
            prefer_canvas=True,
            zoom_snap=0.25,
            zoom_delta=0.5,
        )
        # folium keeps these lists on the class: a copy, so that a change stays with this map.
        self.default_js = list(folium.Map.default_js)
        self.default_css = list(folium.Map.default_css)
        self._context = dict(context)
        self._data = dict(data)
        self._corners = [[south, west], [north, east]]
        figure = PageFigure(str(context["title"]))
        figure.hosts_asked_for = tuple(tile_hosts(self))
        figure.add_child(self)

    def page_header(self) -> str:
        """Return the page's own styles and script."""
        return (
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<style>\n{text('page.css')}</style>\n"
            + packed("script", "".join(_without_comments(text(name)) for name in _SCRIPTS))
        )

    def page_html(self) -> str:
        """Return the page: everything around the map, and the place for it."""
        content = pack(self._data)
        return template("page.html").render(
            **self._context,
            map_id=self.get_name(),
            data_hash=hashlib.sha256(content).hexdigest(),
            data=Markup(to_text(content)),  # noqa: S704 - letters that need no escape
        )

    def page_script(self, kwargs: Any) -> str:
        """Return what makes the map: folium's own script, then the page's."""
        made = folium.Map._template.module.script(self, kwargs)  # noqa: SLF001
        name = self.get_name()
        return f"{made}\nwmspatial.start({name}, {embedded_json(self._corners)});"

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as folium's own does
        """Render into the figure; into a foreign one together with the scripts it needs."""
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        root, name = cast("Figure", self.get_root()), self.get_name()
        root.header.add_child(Finished(self.page_header()), name=name)
        root.html.add_child(Finished(self.page_html()), name=name)
        if not isinstance(root, PageFigure):
            _inline_into(root)


def _inline_into(figure: Figure) -> None:
    """Put scripts and styles into the head of a figure that would only link to them."""
    head = collect(figure).head
    figure.header._children.clear()  # noqa: SLF001
    for number, html in enumerate(head):
        figure.header.add_child(Finished(html), name=f"{OWN}{number}")


def make_page(
    text: PageText, data: Mapping[str, Any], payload: Payload, *, tiles: Any = None
) -> PageMap:
    """Make the page of a map, with a layer a class and the outlines.

    Parameters
    ----------
    text : PageText
        The words round the map.
    data : mapping
        What its script draws and says.
    payload : Payload
        Categories, authorities and bounds.
    tiles : str or TileLayer, optional
        Background tiles.

    Returns
    -------
    PageMap
        Ready to be shown, saved or added to.
    """
    page = PageMap(text.context(), data, payload.bounds, tiles=tiles)
    for number, category in enumerate(payload.categories):
        AreaLayer(category.name, number).add_to(page)
    OutlineLayer("Authorities" if payload.authorities else "Outline").add_to(page)
    return page


class AreaLayer(Layer):
    """The areas of one category.

    Parameters
    ----------
    name : str
        As in a layer control.
    number : int
        Which of the page's categories it draws.
    """

    own_words = True

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} =
                wmspatial.areas({{ this._parent.get_name() }}, {{ this.number }});
        {% endmacro %}
        """
    )

    def __init__(self, name: str, number: int) -> None:
        super().__init__(name=name, overlay=True)
        self._name = "AreaLayer"
        self.number = number


class OutlineLayer(Layer):
    """Outlines of authorities, and their numbers."""

    own_words = True

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = wmspatial.outlines({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, name: str) -> None:
        super().__init__(name=name, overlay=True)
        self._name = "OutlineLayer"
