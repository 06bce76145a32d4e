"""What a page needs beside its data: Leaflet inlined, and folium's links kept only where needed."""

from __future__ import annotations

import base64
import importlib.resources
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from wmspatial.maps.packing import to_text
from wmspatial.maps.templates import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from branca.element import Element, Figure

#: How the names begin of what this library puts into the head of a figure.
OWN: Final = "wmspatial_"
_STATIC: Final = "static/js_lib_leaflet"
_LEAFLET: Final = ("leaflet", "leaflet_css")
# folium's popups ask jQuery to turn text into an element, and its maps when the page is ready.
# Nothing else is needed of it, so the page does these two itself.
_JQUERY_STAND_IN: Final = """
if (!window.jQuery && !window.$) {
  window.$ = function (what) {
    if (typeof what !== "string") {
      return { ready: function (run) { run(); } };
    }
    var box = document.createElement("div");
    box.innerHTML = what.trim();
    return [box.firstElementChild || box];
  };
}"""
_HANDLED: Final = re.compile(r"\$\(document\)\.ready\(|\$\(`(?:\\.|[^`\\])*`\)\[0\]", re.DOTALL)
_LITERAL: Final = re.compile(r"\$\(`|\$\(document\)\.ready\(")

# What in the text of an added element tells that it needs one of folium's default assets. The
# order is that in which they have to be loaded.
_SIGNS: Final = {
    "jquery": re.compile(r"\$\(|\$\.|\bjQuery\b"),
    "bootstrap": re.compile(r"data-bs-|\bbootstrap\."),
    "awesome_markers": re.compile(r"\bAwesomeMarkers\b"),
    "bootstrap_css": re.compile(
        r"class=\\?[\"'](?:[^\"']*\s)?(?:table|btn|card|badge|alert|modal|nav|progress|"
        r"list-group|container|row|col-\w+)[\s\\\"'-]"
    ),
    "glyphicons_css": re.compile(r"glyphicon"),
    "awesome_markers_font_css": re.compile(
        r"[\"'\s]fa[srb]?\s+fa-|fa-(?:solid|regular|brands)|\"prefix\":\s*\"fa[srb]?\""
    ),
    "awesome_markers_css": re.compile(r"\bAwesomeMarkers\b"),
    "awesome_rotate_css": re.compile(r"fa-rotate|\bAwesomeMarkers\b"),
}
# Addresses that a browser would fetch: not the targets of links, nor the names of XML languages.
_URL: Final = re.compile(
    r"(?<!href=)(?<!href=\\)[\"'`(]((?:https?:)?//(?!www\.w3\.org)[\w{}-]+(?:\.[\w{}-]+)+(?::\d+)?)"
)


def leaflet_file(name: str) -> bytes:
    """Read a file of Leaflet from the pinned package.

    Parameters
    ----------
    name : str
        Its name below the package's static folder.

    Returns
    -------
    bytes
        What is in it.

    Examples
    --------
    >>> b"Leaflet 1.9.4" in leaflet_file("leaflet.js")[:200]
    True
    """
    return importlib.resources.files("js_lib_leaflet").joinpath(_STATIC, name).read_bytes()


def _image(name: str) -> str:
    return "data:image/png;base64," + base64.b64encode(leaflet_file(f"images/{name}")).decode()


@cache
def packed(tag: str, content: str) -> str:
    """Write a script or a style so that it takes least room in a page.

    Parameters
    ----------
    tag : {"script", "style"}
        What it is.
    content : str
        What is in it.

    Returns
    -------
    str
        Elements for the head of a page in which :func:`unpacking` stands before.
    """
    return (
        f'<script type="text/plain">{to_text(content.encode())}</script>\n'
        f'<script>wmspatial.add("{tag}");</script>'
    )


@cache
def unpacking() -> str:
    """Return the script that unpacks what the page carries, and Leaflet packed."""
    notice = (
        "Leaflet 1.9.4, (c) 2010-2023 Volodymyr Agafonkin, (c) 2010-2011 CloudMade, BSD-2-Clause"
    )
    return "\n".join(
        [
            f"<script>\n{safe_script(text('unpack.js'))}</script>",
            f"<!-- {notice} -->",
            packed("style", _leaflet_css()),
            packed("script", _leaflet_js()),
        ]
    )


@cache
def leaflet_css() -> str:
    """Return Leaflet's style sheet as an element for the head of a page."""
    return f"<style>\n{_leaflet_css()}\n</style>"


def _leaflet_css() -> str:
    """Return Leaflet's style sheet with its images in it."""
    css = leaflet_file("leaflet.css").decode()
    css = re.sub(r"url\(images/([\w.-]+)\)", lambda m: f"url({_image(m[1])})", css)
    # A line for Internet Explorer 8 that a strict policy would complain of.
    return re.sub(r"[^;{}]*behavior:\s*url\([^)]*\);", "", css)


@cache
def leaflet_js() -> str:
    """Return Leaflet as an element for the head of a page."""
    return f"<script>\n{safe_script(_leaflet_js())}\n</script>"


def _leaflet_js() -> str:
    """Return Leaflet as a script, its default marker's images in it."""
    code = leaflet_file("leaflet.js").decode()
    code = re.sub(r"//# sourceMappingURL=.*", "", code)
    images = (
        f'L.Icon.Default.imagePath="";L.Icon.Default.mergeOptions({{'
        f'iconUrl:"{_image("marker-icon.png")}",iconRetinaUrl:"{_image("marker-icon-2x.png")}",'
        f'shadowUrl:"{_image("marker-shadow.png")}"}});'
    )
    return f"{code}\n{images}"


def safe_script(code: str) -> str:
    r"""Keep text inside a script from ending it.

    Parameters
    ----------
    code : str
        JavaScript; in its strings ``<\/script`` is the same as what it replaces.

    Returns
    -------
    str
        The same to a JavaScript engine, and harmless to an HTML parser.

    Examples
    --------
    >>> safe_script("a = '</script>'")
    "a = '<\\/script>'"
    """
    return re.sub(r"<(?=/script|!--)", lambda _: "<\\", code, flags=re.IGNORECASE)


@dataclass
class Assets:
    """What goes into the head of a page, and what it still needs a network for.

    Attributes
    ----------
    head : list of str
        HTML in the order in which it has to stand.
    links : list of str
        Addresses of scripts and style sheets that could not be inlined.
    tiles : list of str
        Hosts of map tiles, ``*`` for any subdomain.
    others : list of str
        Further addresses in what was added to the map.
    """

    head: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    tiles: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def policy(self) -> str:
        """The content security policy that allows just this."""
        code = [*dict.fromkeys(_origin(link) for link in self.links)]
        other = [*dict.fromkeys(_origin(link) for link in self.others)]
        return "; ".join(
            [
                "default-src 'none'",
                " ".join(["script-src 'unsafe-inline'", *code]),
                " ".join(["style-src 'unsafe-inline'", *code]),
                " ".join(["img-src data:", *dict.fromkeys([*self.tiles, *code, *other])]),
                *([f"font-src data: {' '.join(code)}"] if code else []),
                *([f"connect-src {' '.join(other)}"] if other else []),
                "base-uri 'none'",
                "form-action 'none'",
            ]
        )


def _origin(url: str) -> str:
    parts = urlsplit(url if "://" in url else f"https:{url}")
    host = re.sub(r"^(?:\{\w+\}|\w*\{\w+\}\w*)\.", "*.", parts.netloc)
    return f"{parts.scheme or 'https'}://{host}"


def collect(figure: Figure) -> Assets:
    """Choose what the page of a rendered figure needs.

    Parameters
    ----------
    figure : branca Figure
        After its children were rendered, so that its header holds all links.

    Returns
    -------
    Assets
        Leaflet inlined, and packed where the page can unpack it; of folium's default assets those
        that an added element needs, and every link that an element brought, as links.
    """
    from branca.element import CssLink, JavascriptLink

    foreign = _foreign_text(figure)
    needed = _needed_defaults(foreign)
    ours = any(getattr(element, "own_words", False) for element in elements_below(figure))
    assets = Assets()
    if _LITERAL.search(foreign) and "jquery" not in needed:
        assets.head.append(f"<script>{_JQUERY_STAND_IN}</script>")
    for name, element in figure.header._children.items():  # noqa: SLF001
        if name == "meta_http":
            continue
        if name == "leaflet":
            assets.head.append(unpacking() if ours else leaflet_js())
        elif name == "leaflet_css":
            assets.head.append("" if ours else leaflet_css())
        elif isinstance(element, JavascriptLink | CssLink):
            if name in _SIGNS and name not in needed:
                continue
            assets.head.append(element.render())
            assets.links.append(element.url)
        else:
            assets.head.append(element.render())
    # Two maps of this library in one figure share what they need.
    assets.head = list(dict.fromkeys(assets.head))
    assets.tiles = tile_hosts(figure)
    known = {*assets.tiles, *(_origin(link) for link in assets.links)}
    found = dict.fromkeys(_origin(match[1]) for match in _URL.finditer(foreign))
    assets.others = [url for url in found if url not in known]
    return assets


def _needed_defaults(foreign: str) -> set[str]:
    beyond = _HANDLED.sub(" ", foreign)
    needed = {
        name
        for name, sign in _SIGNS.items()
        if sign.search(beyond if name == "jquery" else foreign)
    }
    if "awesome_markers" in needed and "glyphicons_css" not in needed:
        needed.add("awesome_markers_font_css")
    return needed


def elements_below(element: Element) -> Iterable[Any]:
    """Yield an element and everything below it."""
    yield element
    for child in element._children.values():  # noqa: SLF001
        yield from elements_below(child)


def _foreign_text(figure: Figure) -> str:
    """Return the text of what was added to the page by its user: not ours, nor map tiles."""
    import folium

    skip = set()
    for element in elements_below(figure):
        tiles = isinstance(element, folium.TileLayer)
        if getattr(element, "own_words", False) or tiles:
            skip.add(element.get_name())
    texts = []
    for block in (figure.header, figure.html, figure.script):
        for name, element in block._children.items():  # noqa: SLF001
            # What this library put there for another map of the figure is not its user's either.
            ours = name in skip or name.startswith(OWN)
            if not ours and not hasattr(element, "url") and name != "meta_http":
                texts.append(element.render())
    return "\n".join(texts)


def tile_hosts(element: Element) -> list[str]:
    """Name the hosts of all map tiles below an element.

    Parameters
    ----------
    element : branca Element
        A map or a figure.

    Returns
    -------
    list of str
        Each once, with ``*`` for any subdomain.

    Examples
    --------
    >>> import folium
    >>> tile_hosts(folium.Map())
    ['https://tile.openstreetmap.org']
    """
    import folium

    urls = []
    for layer in elements_below(element):
        if isinstance(layer, folium.TileLayer):
            urls.append(layer.tiles)
        elif isinstance(layer, folium.WmsTileLayer):
            urls.append(layer.url)
    return [*dict.fromkeys(_origin(url) for url in urls)]
