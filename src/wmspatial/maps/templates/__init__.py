"""The page's own HTML, styles and script, and how they are read."""

from __future__ import annotations

import importlib.resources
from functools import cache

import jinja2


def text(name: str) -> str:
    """Read one of the package's template files."""
    return importlib.resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


@cache
def template(name: str) -> jinja2.Template:
    """Return a template; whatever is put into it is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(text),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["count"] = lambda value: f"{value:,.0f}"
    return environment.get_template(name)
