"""Make the pictures of the gallery: ``python docs/make_gallery.py``.

In the scripts of ``examples/`` a cell whose first line says ``# %% picture="name"`` ends in a
chart. This command runs those scripts on the sample and writes every such chart to
``docs/pictures/name.png``, with its words inside. No browser is needed, and the same code gives the
same files. ``python docs/make_gallery.py pay_resident`` makes one of them, ``--to DIR`` writes
elsewhere, and ``--notebooks`` writes the notebooks beside the scripts anew.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from PIL import Image, PngImagePlugin

from wmspatial import Chart

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
PICTURES = ROOT / "docs" / "pictures"
#: Figures printed in the board papers; all else has to be marked as made up.
PUBLISHED = ("pay_workplace", "pay_resident")
WIDTH = 1200  # pixels
COLOURS = 96


def declared() -> dict[str, Path]:
    """List the pictures that the scripts declare.

    Returns
    -------
    dict of str to Path
        The script of each picture, by the picture's name.

    Raises
    ------
    ValueError
        If two cells declare the same name.
    """
    found: dict[str, Path] = {}
    for script in sorted(EXAMPLES.glob("*.py")):
        for cell in jupytext.read(script).cells:
            name = cell.metadata.get("picture")
            if name in found:
                raise ValueError(f"{script.name}: {found[name].name} has a picture {name!r} too.")
            if name:
                found[name] = script
    return found


def make(names: list[str], folder: Path) -> list[Path]:
    """Make pictures.

    Parameters
    ----------
    names : list of str
        Which.
    folder : Path
        Where to write.

    Returns
    -------
    list of Path
        The files.
    """
    scripts = declared()
    files = []
    for script in dict.fromkeys(scripts[name] for name in names):
        wanted = [name for name in names if scripts[name] == script]
        files += [
            write(chart, folder / f"{name}.png") for name, chart in charts(script, wanted).items()
        ]
    return files


def charts(script: Path, wanted: list[str]) -> dict[str, Chart]:
    """Run a script as far as the last picture wanted, in a folder of its own.

    Parameters
    ----------
    script : Path
        A percent script.
    wanted : list of str
        Names of its pictures.

    Returns
    -------
    dict of str to Chart
        What the cells of these pictures end in.
    """
    space: dict[str, Any] = {"__name__": "__main__"}
    found: dict[str, Chart] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error")
        for cell in jupytext.read(script).cells:
            if cell.cell_type != "code" or len(found) == len(wanted):
                continue
            value = run(cell.source, space)
            name = cell.metadata.get("picture", "")
            if name in wanted:
                found[name] = checked(name, value)
    return found


def run(source: str, space: dict[str, Any]) -> Any:
    """Run a cell as a notebook does.

    Parameters
    ----------
    source : str
        Its code.
    space : dict
        The names at hand; those that it defines are added.

    Returns
    -------
    Any
        The value of its last line where that is an expression.
    """
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), space)  # noqa: S102 - our own examples
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), space)  # noqa: S307


def checked(name: str, value: Any) -> Chart:
    """Refuse what is no chart, and a chart that does not say that its numbers are made up."""
    if not isinstance(value, Chart):
        raise TypeError(f"picture={name!r}: the cell ends in {type(value).__name__}, not a Chart.")
    if not value.illustrative and name not in PUBLISHED:
        raise ValueError(f"picture={name!r}: it is not marked as illustrative data.")
    return value


def write(chart: Chart, path: Path) -> Path:
    """Write a chart as a small PNG with its words inside.

    Parameters
    ----------
    chart : Chart
        The drawing.
    path : Path
        Where to.

    Returns
    -------
    Path
        The file.
    """
    with tempfile.TemporaryDirectory() as folder:
        drawn = chart.save(
            Path(folder) / "drawn.png", dpi=round(WIDTH / chart.figure.get_size_inches()[0])
        )
        with Image.open(drawn) as image:
            words = PngImagePlugin.PngInfo()
            for key in ("Title", "Description"):
                words.add_itxt(key, image.info[key])
            # Flat colours: a palette is a third of the size and looks the same.
            few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(path, optimize=True, pnginfo=words)
    return path


def write_notebooks() -> None:
    """Write the notebook of every script, without outputs."""
    for script in sorted(EXAMPLES.glob("*.py")):
        notebook = jupytext.read(script)
        notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
        for number, cell in enumerate(notebook.cells):
            cell["id"] = f"cell-{number}"  # random ones would differ every time
        text = nbformat.writes(notebook, version=4)
        script.with_suffix(".ipynb").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Make what the command line asks for."""
    pictures = declared()
    parser = argparse.ArgumentParser(description="Make the pictures of the gallery.")
    parser.add_argument("names", nargs="*", help="pictures; all unless named")
    parser.add_argument("--to", type=Path, default=PICTURES, help="folder to write to")
    parser.add_argument("--notebooks", action="store_true", help="write the notebooks too")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in pictures]
    if unknown:
        parser.error(f"no such picture: {', '.join(unknown)}. There are: {', '.join(pictures)}.")
    if asked.notebooks:
        write_notebooks()
    asked.to.mkdir(parents=True, exist_ok=True)
    for file in make(asked.names or list(pictures), asked.to):
        sys.stdout.write(f"{file.name}  {file.stat().st_size / 1000:,.0f} kB\n")


if __name__ == "__main__":
    main()
