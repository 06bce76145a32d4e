"""Weigh and time the pages against `geopandas.explore` of the same frame, in one run.

``python benchmarks/pages.py --data DIR [--runs N]``

Needs mapclassify (for `explore`) and Debian's chromium. The page of `explore` asks the network for
its assets: here Leaflet is answered from the package that this library inlines, its other scripts
and styles (jQuery, Bootstrap, markers, icons) by empty stand-ins, and it has no tiles. So it is
timed at its quickest. "Quiet" is when the page has loaded and its last task of over 50 ms is done;
frames are those while the map is dragged with the mouse, three times to and fro.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

import wmspatial as wm
from wmspatial.maps.assets import leaflet_file

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SIZE = {"width": 1280, "height": 800}
STUDIES = {"West Midlands": "wmca", "England and Wales": "england and wales"}
STAND_IN = """
window.$ = window.jQuery = function (f) {
  if (typeof f === "function") f();
  return new Proxy({}, { get: () => function () { return this; } });
};
"""
WATCH = """
window.lastTask = 0;
new PerformanceObserver(list => list.getEntries().forEach(e => {
  window.lastTask = Math.max(window.lastTask, e.startTime + e.duration);
})).observe({ type: "longtask", buffered: true });
"""
QUIET = """
() => {
  const loaded = performance.getEntriesByType("navigation")[0].loadEventEnd;
  const last = Math.max(loaded, window.lastTask);
  return loaded && performance.now() > last + 1500 ? last / 1000 : 0;
}
"""
RECORD = """
() => {
  window.frames_ = [];
  window.recording = true;
  let last = performance.now();
  requestAnimationFrame(function next(now) {
    window.frames_.push(now - last);
    last = now;
    if (window.recording) requestAnimationFrame(next);
  });
}
"""


def write_ours(typology: wm.Typology, path: Path) -> Path:
    """Write the page of this library."""
    return wm.save_html(wm.disconnection_map(typology), path)


def write_explore(typology: wm.Typology, path: Path) -> Path:
    """Write the page of geopandas."""
    typology.frame.explore("labour_market_class", tiles=None).save(str(path))
    return path


def answer(route: Any) -> None:
    """Serve what a page asks for from this machine."""
    url = route.request.url
    if url.startswith("file:"):
        route.continue_()
    elif url.endswith("leaflet.js"):
        route.fulfill(body=leaflet_file("leaflet.js"), content_type="text/javascript")
    elif url.endswith("leaflet.css"):
        route.fulfill(body=leaflet_file("leaflet.css"), content_type="text/css")
    elif url.endswith(".js"):
        body = STAND_IN if "jquery" in url else ""
        route.fulfill(body=body, content_type="text/javascript")
    else:
        route.fulfill(body="", content_type="text/css")


def open_page(running: Any, path: Path) -> tuple[float, list[float]]:
    """Return when a page is quiet, and the milliseconds of its frames while it is dragged."""
    page = running.new_page(viewport=SIZE)
    page.add_init_script(WATCH)
    page.route("**/*", answer)
    page.goto(path.as_uri(), timeout=120_000)
    quiet = page.wait_for_function(QUIET, polling=200, timeout=120_000).json_value()
    x, y = 450, 450
    page.mouse.move(x, y)
    page.wait_for_timeout(300)
    page.evaluate(RECORD)
    for _ in range(3):
        for way in (1, -1):
            page.mouse.down()
            for step in range(1, 41):
                page.mouse.move(x + 5 * way * step, y + 2 * way * step)
                page.wait_for_timeout(12)
            page.mouse.up()
            x, y = x + 200 * way, y + 80 * way
            page.wait_for_timeout(250)
    frames = page.evaluate("() => { window.recording = false; return window.frames_.slice(1); }")
    page.close()
    return quiet, frames


def measure(running: Any, write: Any, typology: wm.Typology, path: Path, runs: int) -> Any:
    """Return megabytes, seconds to write, of the processor too, and to be quiet, and all frames."""
    writing, working, quiet, frames = [], [], [], []
    for _ in range(runs):
        start, busy = time.perf_counter(), time.process_time()
        write(typology, path)
        writing.append(time.perf_counter() - start)
        working.append(time.process_time() - busy)
    for _ in range(runs):
        ready, some = open_page(running, path)
        quiet.append(ready)
        frames += some
    size = path.stat().st_size / 1e6
    medians = [statistics.median(times) for times in (writing, working, quiet)]
    return size, *medians, sorted(frames)


def report(name: str, ours: Any, theirs: Any) -> None:
    """Print one study's figures."""
    print(f"{name}: ours, explore, and how many times less is ours")
    names = ("size", "time to write", "  processor time", "quiet after")
    for what, a, b in zip(names, ours, theirs, strict=False):
        unit = "MB" if what == "size" else "s"
        print(f"  {what:16} {a:7.2f} {unit:2}  {b:7.2f} {unit:2}  {b / a:6.1f} x")
    for what, share in (("median frame", 0.5), ("95th percentile", 0.95), ("longest", 1.0)):
        a, b = (
            frames[min(len(frames) - 1, int(share * len(frames)))] for *_, frames in (ours, theirs)
        )
        print(f"  {what:16} {a:7.1f} ms  {b:7.1f} ms  {b / a:6.1f} x")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of official tables")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=arguments.browser, args=ARGUMENTS)
        for name, area in STUDIES.items():
            typology = wm.classify(wm.load(area, 2021, data_dir=arguments.data))
            ours, theirs = (
                measure(running, write, typology, Path(folder) / "page.html", arguments.runs)
                for write in (write_ours, write_explore)
            )
            report(name, ours, theirs)
        running.close()


if __name__ == "__main__":
    main()
