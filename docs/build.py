"""Build the documentation site: ``python docs/build.py [--out DIR]``.

The pages of this folder, the change log and the docstrings become a site of plain files. Every
warning is an error, every link inside the site is followed, and nothing is asked of the network;
addresses elsewhere are listed in ``external-links.txt`` and looked at for their form alone.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
# What pages link to beside this folder: it comes with the site.
BESIDE = ("README.md", "CHANGELOG.md", "LICENSE", "examples", "data/boundaries/ATTRIBUTION.md")
LISTED = "external-links.txt"
# What the theme leaves to be said to those who hear a page, or go through it by keyboard.
MENDED = (
    ('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="All pages">'),
    ('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
    ('<th class="head"><p></p></th>', '<td class="head"></td>'),
    ('<div id="search-results"></div>', '<h1>Search</h1>\n<div id="search-results"></div>'),
)
ASKED = {"script": "src", "img": "src", "source": "src", "iframe": "src", "link": "href"}


class SiteError(Exception):
    """The site is not as it should be."""


@dataclass
class Page(HTMLParser):
    """What one page names, links to, and asks for."""

    text: str
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the page."""
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag names, links to or asks for."""
        given = dict(attrs)
        self.ids.update(given[key] or "" for key in ("id", "name") if key in given)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        elif tag in ASKED and given.get(ASKED[tag]):
            self.asked.append(given[ASKED[tag]] or "")


def stage(folder: Path) -> Path:
    """Copy the pages and what they link to into a folder, and return where the pages are."""
    pages = folder / "docs"
    leave = shutil.ignore_patterns("_build", "__pycache__", "generated", ".*")
    shutil.copytree(DOCS, pages, ignore=leave)
    for name in BESIDE:
        here, there = ROOT / name, folder / name
        if here.is_dir():
            # Scripts and notebooks; a folder in there is what somebody's run has left.
            for file in (one for one in here.iterdir() if one.is_file()):
                there.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, there / file.name)
        elif here.is_file():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(here, there)
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    # The change log lies beside this folder, so its links do too.
    moved = re.sub(r"\]\((?!\w+:|#)(?:docs/)?", lambda at: at[0].replace("docs/", ""), changes)
    (pages / "changelog.md").write_text(moved, encoding="utf-8")
    return pages


def write(pages: Path, out: Path, doctrees: Path) -> int:
    """Run Sphinx, with warnings as errors, and return how many there were."""
    from sphinx.cmd.build import build_main

    jobs = str(min(4, os.cpu_count() or 1))
    strict = ["-q", "-W", "--keep-going", "-j", jobs]
    return build_main([*strict, "-b", "html", "-d", str(doctrees), str(pages), str(out)])


def mend(out: Path) -> None:
    """Say what the theme leaves unsaid (:data:`MENDED`)."""
    for file in out.rglob("*.html"):
        text = file.read_text("utf-8")
        for before, after in MENDED:
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")


def look_through(out: Path) -> tuple[int, list[str]]:
    """Follow every link inside the site.

    Returns
    -------
    tuple of int and list of str
        How many links inside the site there are, and the addresses elsewhere.

    Raises
    ------
    SiteError
        Naming every link that leads nowhere, every address that is none, and everything that a page
        would ask the network for.
    """
    pages = {file.resolve(): Page(file.read_text("utf-8")) for file in sorted(out.rglob("*.html"))}
    wrong: list[str] = []
    for file, page in pages.items():
        where = file.relative_to(out.resolve()).as_posix()
        wrong += [f"{where} {fault}" for link in page.asked for fault in _unasked(file, link)]
        for link in page.links:
            faults = _faults(link) if _elsewhere(link) else _lost(file, link, pages)
            wrong += [f"{where}: {fault}" for fault in faults]
    wrong += [f"{style.name} asks the network for {link}" for style, link in _styled(out)]
    if wrong:
        raise SiteError("\n".join(dict.fromkeys(wrong)))
    links = [link for page in pages.values() for link in page.links]
    outside = sorted({link for link in links if _elsewhere(link)})
    return sum(not _elsewhere(link) for link in links), outside


def _elsewhere(link: str) -> bool:
    return bool(urlsplit(link).scheme) or link.startswith("//")


def _unasked(file: Path, link: str) -> list[str]:
    """Say what is wrong with something that a page is made of."""
    if link.startswith("data:"):
        return []
    if _elsewhere(link):
        return [f"asks the network for {link}"]
    return [] if _target(file, link).is_file() else [f"asks for {link}, which is not there"]


def _lost(file: Path, link: str, pages: dict[Path, Page]) -> list[str]:
    """Say whether a link inside the site leads nowhere."""
    target, part = _target(file, link), unquote(urlsplit(link).fragment)
    if not target.is_file():
        return [f"{link} leads nowhere"]
    if part and target in pages and part not in pages[target].ids:
        return [f"{link} names no place of that page"]
    return []


def _styled(out: Path) -> list[tuple[Path, str]]:
    """Find what the styles would ask the network for."""
    address = r"((?:https?:)?//[^)'\"]+)"
    asked = re.compile(rf"url\(\s*['\"]?{address}|@import\s+['\"]{address}")
    return [
        (style, one[1] or one[2])
        for style in sorted(out.rglob("*.css"))
        for one in asked.finditer(style.read_text("utf-8"))
    ]


def _target(file: Path, link: str) -> Path:
    path = unquote(urlsplit(link).path)
    return (file.parent / path).resolve() if path else file


def _faults(link: str) -> list[str]:
    """Say what is wrong with an address, as far as can be seen without asking for it."""
    parts = urlsplit(link)
    if parts.scheme == "mailto":
        return [] if "@" in parts.path else [f"{link} is no mail address"]
    if parts.scheme not in ("http", "https"):
        return [f"{link} is neither https nor http"]
    host = parts.hostname or ""
    sound = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) and not re.search(r"[\s<>\"]", link)
    return [] if sound else [f"{link} is no address"]


def build(out: Path) -> tuple[int, list[str]]:
    """Build the site into a folder, which is emptied first where it holds a site.

    Parameters
    ----------
    out : Path
        Where to.

    Returns
    -------
    tuple of int and list of str
        How many links inside the site were followed, and the addresses elsewhere.

    Raises
    ------
    SiteError
        If Sphinx warns of anything, if a link leads nowhere, or if the folder holds something else.
    """
    if out.exists() and any(out.iterdir()):
        if not (out / "objects.inv").exists():
            raise SiteError(f"{out} is not empty and holds no site; name another with --out")
        shutil.rmtree(out)
    with tempfile.TemporaryDirectory() as work:
        pages = stage(Path(work))
        if write(pages, out, Path(work) / "doctrees"):
            raise SiteError("Sphinx found something wrong; it is said above")
    (out / ".buildinfo").unlink(missing_ok=True)
    shutil.rmtree(out / "_sources", ignore_errors=True)
    mend(out)
    inside, elsewhere = look_through(out)
    (out / LISTED).write_text("\n".join(elsewhere) + "\n", encoding="utf-8")
    return inside, elsewhere


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Build the documentation site.")
    parser.add_argument(
        "--out", type=Path, default=DOCS / "_build", metavar="DIR", help="where to (docs/_build)"
    )
    out = parser.parse_args().out
    start = time.perf_counter()
    try:
        inside, elsewhere = build(out)
    except SiteError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    pages = sum(1 for _ in out.rglob("*.html"))
    sys.stdout.write(
        f"{pages} pages in {time.perf_counter() - start:.0f} s. {inside:,} links inside the site "
        f"lead somewhere; {len(elsewhere)} addresses elsewhere are well formed and were not asked "
        f"({out / LISTED}).\nOpen {out / 'index.html'}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
