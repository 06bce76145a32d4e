"""An analyst's own Markdown as HTML that runs nothing and asks for nothing."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from wmspatial.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: Pictures that travel inside the page. SVG among them: as a picture it runs nothing.
_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml)[;,]", re.IGNORECASE)
_LINK: Final = re.compile(r"(?:https?:|mailto:|#|(?![a-z][a-z0-9+.-]*:))", re.IGNORECASE)
#: Sections have headings of the second level; what stands in them is below.
_HIGHEST: Final = 3
_LOWEST: Final = 6


def to_html(text: str, section: str) -> str:
    r"""Write Markdown as HTML.

    Parameters
    ----------
    text : str
        CommonMark with tables. HTML in it shows as the text that it is.
    section : str
        Which section it is for, for errors.

    Returns
    -------
    str
        HTML that can stand below a heading of the second level.

    Raises
    ------
    InputError
        If a picture is not in the text itself, or a link goes to what is no page.

    Examples
    --------
    >>> to_html("It *works*: <b>", "note")
    '<p>It <em>works</em>: &lt;b&gt;</p>\n'
    """
    reader = _reader()
    tokens = reader.parse(text)
    shift = _HIGHEST - min((int(t.tag[1]) for t in tokens if t.type == "heading_open"), default=1)
    for token in tokens:
        _settle(token, shift, section)
    html: str = reader.renderer.render(tokens, reader.options, {})
    number = count(1)

    def around(_found: re.Match[str]) -> str:
        label = escape(f"{section}: table {next(number)}")
        return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table>'

    return re.sub("<table>", around, html).replace("</table>", "</table></div>")


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # What is no good is refused in words below, and not left standing as text.
    reader.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    return reader


def _settle(token: Token, shift: int, section: str) -> None:
    """Put headings below the section's own, and refuse what would ask for something."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1]) + shift, _LOWEST)}"
    elif token.type == "th_open":
        token.attrSet("scope", "col")
    elif token.type == "image":
        _check_picture(token, section)
    elif token.type == "link_open":
        _check_link(str(token.attrGet("href") or ""), section)
    for child in _children(token):
        _settle(child, shift, section)


def _children(token: Token) -> Sequence[Any]:
    return token.children or ()


def _check_picture(token: Token, section: str) -> None:
    source = str(token.attrGet("src") or "")
    if not _PICTURE.match(source):
        raise InputError(
            f"sections[{section!r}]: the picture {_short(source)!r} is not in the page. A briefing "
            "is one file: give the picture as a data: URI (data:image/png;base64,...), or give a "
            "Chart as the section."
        )


def _check_link(href: str, section: str) -> None:
    if not _LINK.match(href.strip()):
        raise InputError(
            f"sections[{section!r}]: a link goes to {_short(href)!r}. Expected https:, http:, "
            "mailto:, a file beside the page or a heading in it."
        )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
