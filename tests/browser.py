"""A real browser for the tests of pages: opens a file, and notes what it asks for."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = (1280, 800)
PHONE = (390, 844)
#: How long a page may take over its first drawing, in milliseconds.
_SETTLING = 150
#: Windows that are open and blank, by browser, size and touch.
_SPARE: WeakKeyDictionary[Any, dict[tuple[tuple[int, int], bool], list[Any]]] = WeakKeyDictionary()


@dataclass
class Opened:
    """A page in the browser, and what it did."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: Any) -> None:
        """Note what the page writes to the console as an error or a warning."""
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def dismiss(self, dialog: Any) -> None:
        """Note a dialog, which no page of ours has, and close it."""
        self.complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def run(self, script: str, argument: Any = None) -> Any:
        """Run JavaScript in the page; `map`, `data` and `areas`, those on the map, are at hand."""
        head = """
            const map = window[document.querySelector('.folium-map').id];
            const data = map.wmspatial;
            const areas = wmspatial.shown(map);
        """
        return self.page.evaluate(f"(argument) => {{ {head} {script} }}", argument)

    def point_at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a place is on the screen."""
        found = self.run(
            """
            const at = map.latLngToContainerPoint([argument[1], argument[0]]);
            const box = map.getContainer().getBoundingClientRect();
            return [box.left + at.x, box.top + at.y];
            """,
            [longitude, latitude],
        )
        return found[0], found[1]


@contextmanager
def browser() -> Iterator[Any]:
    """Start the browser, or skip and say why."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"no browser here: looked for {', '.join(NAMES)} on the path")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@contextmanager
def opened(
    running: Any, file: Path, size: tuple[int, int] = WIDE, *, touch: bool = False
) -> Iterator[Opened]:
    """Open a file, with every request and every complaint noted.

    A window costs as much as a page: it is used again, blank, once a test is through with it. One
    in which a test failed is thrown away.
    """
    spare = _SPARE.setdefault(running, {}).setdefault((size, touch), [])
    page = spare.pop() if spare else _window(running, size, touch=touch)
    result = Opened(page)
    heard = {
        "request": lambda request: result.requests.append(request.url),
        "pageerror": lambda error: result.complaints.append(str(error)),
        "dialog": result.dismiss,
        "console": result.hear,
    }
    for event, hear in heard.items():
        page.on(event, hear)
    try:
        page.goto(file.as_uri())
        page.wait_for_timeout(_SETTLING)
        yield result
    except BaseException:
        page.context.close()
        raise
    for event, hear in heard.items():
        page.remove_listener(event, hear)
    page.goto("about:blank")
    page.emulate_media(media="null", color_scheme="null", reduced_motion="null")
    page.mouse.move(0, 0)
    spare.append(page)


def _window(running: Any, size: tuple[int, int], *, touch: bool) -> Any:
    context = running.new_context(
        viewport={"width": size[0], "height": size[1]}, has_touch=touch, is_mobile=touch
    )
    return context.new_page()
