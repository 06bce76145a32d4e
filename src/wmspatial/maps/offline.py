"""Pages in one file that open with no network."""

from __future__ import annotations

import os
import tempfile
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from wmspatial.errors import InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import folium
    from branca.element import Figure


def save_html(
    map: folium.Map | Figure,  # noqa: A002
    path: str | Path,
    offline: bool = True,
) -> Path:
    """Write a map, or a page of maps side by side, as one HTML file.

    Parameters
    ----------
    map : folium.Map or MultiplesPage
        From :func:`~wmspatial.disconnection_map` or
        :func:`~wmspatial.maps.multiples_page.multiples_map`, or any other folium map or figure.
    path : str or Path
        The file to write. It appears whole or not at all.
    offline : bool, default True
        Leaflet, styles and data go into the file, folium's default assets that nothing on the map
        uses are dropped, and the page makes no request. With False a plain folium map keeps all
        its links to content delivery networks; a map of this library is whole either way.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If `map` is no map.
    OutputError
        If the file cannot be written.

    Warns
    -----
    UserWarning
        If something on the map needs a network: it is named, and stays as a link.

    Examples
    --------
    >>> import tempfile
    >>> import wmspatial as wm
    >>> page = wm.disconnection_map(wm.classify(wm.load_sample()))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = wm.save_html(page, f"{folder}/map.html")
    ...     file.stat().st_size < 450_000
    True
    """
    if not hasattr(map, "get_root"):
        raise InputError(
            "map: expected a map, as wm.disconnection_map gives; found "
            f"{type(map).__name__}. Charts and printed maps have save(path)."
        )
    figure = cast("Figure", map.get_root())
    html = render_document(figure) if offline else figure.render()
    return write_whole(Path(path), html)


def render_document(figure: Figure) -> str:
    """Render a figure as a document that carries all it can, and warn of what it cannot.

    Parameters
    ----------
    figure : branca Figure
        The root of a folium map.

    Returns
    -------
    str
        HTML.
    """
    from wmspatial.maps.assets import collect, safe_script
    from wmspatial.maps.templates import template

    with _as_it_was(figure):
        for child in list(figure._children.values()):  # noqa: SLF001
            child.render()
        assets = collect(figure)
        body, script = figure.html.render(), safe_script(figure.script.render())
    asked = getattr(figure, "hosts_asked_for", ())
    online = [*assets.links, *assets.others, *(h for h in assets.tiles if h not in asked)]
    if online:
        warnings.warn(
            "The page needs a network for what could not be inlined: " + ", ".join(online),
            UserWarning,
            stacklevel=2,
        )
    return template("document.html").render(
        title=figure.title or "Map",
        policy=assets.policy,
        head="\n".join(assets.head),
        body=body,
        script=script,
    )


@contextmanager
def _as_it_was(figure: Figure) -> Iterator[None]:
    """Take out of a figure again what rendering put in, so that the next time is like the first."""
    blocks = (figure.header, figure.html, figure.script)
    before = [block._children.copy() for block in blocks]  # noqa: SLF001
    try:
        yield
    finally:
        for block, children in zip(blocks, before, strict=True):
            block._children = children  # noqa: SLF001


def write_whole(path: Path, text: str) -> Path:
    """Write a text file whole or not at all.

    Parameters
    ----------
    path : Path
        The file; what stood there is replaced only by a finished one.
    text : str
        What to write, in UTF-8.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            encoding="utf-8",
            newline="\n",
            dir=path.parent,
            prefix=f".{path.name[:40]}.",
            suffix=".part",
            delete=False,
        ) as file:
            temporary = Path(file.name)
            file.write(text)
        # Temporary files are private; a page is made to be read by others.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        raise OutputError(f"Cannot write {path}: {error.strerror or error}.") from error
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
