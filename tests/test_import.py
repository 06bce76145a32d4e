"""Importing costs next to nothing, and every public name is there and explained."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from numpydoc.validate import validate

import wmspatial as wm
from conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAVY = (
    "pandas", "numpy", "geopandas", "shapely", "pyproj", "scipy", "folium", "networkx",
    "matplotlib", "libpysal", "pyarrow", "rich",
)  # fmt: skip

#: Checks of numpydoc.validate that every public name has to pass. Not among them, and why:
#: GL01, GL02 (text begins on the line of the quotes, as in the whole package), GL03 (blank lines
#: are the formatter's business), RT02 (functions that return several things name them), ES01 (an
#: extended summary is written where there is more to say), SA01 to SA04 (See Also likewise).
CHECKS = {
    "GL05", "GL06", "GL07", "GL08", "GL09", "GL10", "SS01", "SS02", "SS03", "SS04", "SS05", "SS06",
    "PR01", "PR02", "PR03", "PR04", "PR05", "PR06", "PR07", "PR08", "PR09", "PR10", "RT01", "RT03",
    "RT04", "RT05", "YD01", "EX01",
}  # fmt: skip
#: Exceptions, properties and short accessors have no example of their own.
WITHOUT_EXAMPLE = {"EX01"}
#: Data classes document their fields once, as attributes.
FIELDS = {"PR01"}


def test_importing_loads_nothing_heavy() -> None:
    code = f"import sys, wmspatial; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command_line_starts_without_anything_heavy() -> None:
    code = (
        "import sys, wmspatial.cli as cli; cli.main(['--version']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", wm.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(wm, name) is not None
    assert name in dir(wm)


def test_names_are_in_order_and_no_others_are_offered() -> None:
    assert list(wm.__all__) == sorted(wm.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        wm.nothing  # noqa: B018


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert wm.__version__ == project["project"]["version"]


def test_the_package_is_typed() -> None:
    assert (Path(str(wm.__file__)).parent / "py.typed").is_file()


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        ("InputError", ValueError),
        ("VintageError", ValueError),
        ("AreaNotFoundError", LookupError),
        ("MissingFileError", FileNotFoundError),
        ("OutputError", OSError),
    ],
)
def test_each_error_is_caught_as_the_builtin_it_is(error: str, builtin: type) -> None:
    kind = getattr(wm, error)
    assert issubclass(kind, wm.WmspatialError)
    assert issubclass(kind, builtin)


def public() -> Iterator[str]:
    """Name every public function, class, method and property."""
    for name in wm.__all__:
        thing = getattr(wm, name)
        if not (inspect.isclass(thing) or inspect.isfunction(thing)):
            continue
        yield name
        if inspect.isclass(thing) and not issubclass(thing, Exception):
            for member, value in vars(thing).items():
                if member.startswith("_"):
                    continue
                if inspect.isfunction(value) or isinstance(value, classmethod | property):
                    yield f"{name}.{member}"


def is_plain(name: str) -> bool:
    """Say whether a name is an exception, a property or a short accessor."""
    first, _, member = name.partition(".")
    thing = getattr(wm, first)
    if not member:
        return issubclass(thing, Exception) if inspect.isclass(thing) else False
    value = vars(thing)[member]
    return isinstance(value, property) or name in {
        "Parameters.replace", "Parameters.to_dict", "Parameters.changed",
    }  # fmt: skip


@pytest.mark.parametrize("name", list(public()))
def test_every_public_name_is_explained_in_full(name: str) -> None:
    wanted = set(CHECKS)
    if is_plain(name):
        wanted -= WITHOUT_EXAMPLE
    value = getattr(wm, name, None)
    if dataclasses.is_dataclass(value) or hasattr(value, "_fields"):
        wanted -= FIELDS
    faults = [f"{code}: {text}" for code, text in validate(f"wmspatial.{name}")["errors"]
              if code in wanted]  # fmt: skip
    assert faults == []
