"""The command line: a table on stdout, progress and one-line errors on stderr, 0 or 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import wmspatial as wm
from conftest import NOTE
from wmspatial.cli import main

SEVEN = ("Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall", "Wolverhampton")
FILES = [
    "about.txt",
    "authorities.csv",
    "briefing.html",
    "map.html",
    "neighbourhoods.csv",
    "neighbourhoods.gpkg",
    "parameters.toml",
]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run with bad arguments: 2, and one line on stderr after the progress, none on stdout."""
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else -1
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    lines = err.splitlines()
    faults = [line for line in lines if "error: " in line]
    assert len(faults) == 1
    assert lines[-1] == faults[0]
    assert "Traceback" not in err
    return faults[0]


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr() == (f"wmspatial {wm.__version__}\n", "")


def test_the_command_is_installed() -> None:
    command = Path(sys.executable).with_name("wmspatial")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"wmspatial {wm.__version__}\n"


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wmspatial.cli", "briefing", "--data", "nowhere", "--out", "x"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith("wmspatial: error: data_dir: there is no folder")
    assert len(done.stderr.splitlines()) == 1


def test_a_command_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "name a command: demo or briefing" in refused(capsys)
    assert "invalid choice: 'map'" in refused(capsys, "map")


def test_without_a_data_folder_the_way_to_one_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WMSPATIAL_DATA", str(tmp_path / "store"))
    text = refused(capsys, "briefing", "--out", str(tmp_path / "out"))
    assert f"There is no data folder yet ({tmp_path / 'store'})" in text
    assert "wmspatial data fetch --area wmca --vintage 2021" in text
    assert list(tmp_path.iterdir()) == []


def test_the_vintage_is_one_of_two(capsys: pytest.CaptureFixture[str]) -> None:
    text = refused(capsys, "briefing", "--data", "x", "--out", "x", "--vintage", "2001")
    assert "--vintage: invalid choice: 2001" in text
    assert "2011" in text


@pytest.mark.parametrize("option", [("--level", "msoa"), ("--deprivation", "imd2010")])
def test_other_choices_are_refused(
    option: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = refused(capsys, "briefing", "--data", "x", "--out", "x", *option)
    assert f"invalid choice: '{option[1]}'" in text


def test_a_folder_without_files_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = refused(capsys, "briefing", "--data", str(tmp_path), "--out", str(tmp_path / "out"))
    assert "does not look like the data folder: not one of the 10 files that 2021 needs" in text
    assert not (tmp_path / "out").exists()


@pytest.mark.xdist_group("official")
@pytest.mark.usefixtures("read_once")
def test_a_place_that_does_not_exist_is_refused_with_the_nearest(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    text = refused(
        capsys, "briefing", "--data", str(data_dir), "--area", "Solihul", "--out", str(out)
    )
    assert text == (
        "wmspatial: error: No authority or combined authority of England or Wales is called "
        "'Solihul'. Nearest: Solihull."
    )
    assert not out.exists()


@pytest.mark.xdist_group("official")
@pytest.mark.usefixtures("read_once")
def test_a_briefing_of_official_data_is_written(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ["briefing", "--data", str(data_dir), "--area", "Solihull, Walsall", "--vintage",
                 "2011", "--out", str(out)]  # fmt: skip
    assert main(arguments) == 0
    text, progress = capsys.readouterr()
    assert "Solihull and Walsall, 2011" in text
    assert NOTE not in text
    assert "Reading the tables:" in progress
    assert sorted(file.name for file in out.iterdir()) == FILES


def test_an_output_folder_that_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("here")
    text = refused(capsys, "demo", "--out", str(tmp_path / "file" / "out"))
    assert "cannot be written to" in text
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Run the demo in a process of its own; return its folder, stdout and stderr."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "wmspatial.cli", "demo", "--out", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done.stdout, done.stderr


@pytest.mark.xdist_group("demo")
def test_the_demo_says_how_many_and_that_it_is_illustrative(demo: tuple[Path, str, str]) -> None:
    _, out, _ = demo
    assert NOTE in out
    assert "1,680" in out
    for name in (*SEVEN, "All", "Disconnected", "Connected", "Large number of jobs"):
        assert name in out or all(word in out for word in name.split())


@pytest.mark.xdist_group("demo")
def test_no_name_is_cut_off_in_the_table(demo: tuple[Path, str, str]) -> None:
    assert "…" not in demo[1]


@pytest.mark.xdist_group("demo")
def test_progress_is_told_on_stderr(demo: tuple[Path, str, str]) -> None:
    _, out, err = demo
    for step in ("Reading the tables", "Classifying the neighbourhoods", "Writing the briefing"):
        assert step in err
        assert step not in out


@pytest.mark.xdist_group("demo")
def test_the_demo_writes_its_files_and_names_them(demo: tuple[Path, str, str]) -> None:
    folder, out, _ = demo
    assert sorted(file.name for file in folder.iterdir()) == FILES
    for name in FILES:
        assert name in out


@pytest.mark.xdist_group("demo")
def test_every_file_of_the_demo_says_that_it_is_illustrative(demo: tuple[Path, str, str]) -> None:
    import geopandas as gpd
    import pandas as pd

    folder = demo[0]
    for name in ("map.html", "about.txt"):
        assert NOTE in (folder / name).read_text(encoding="utf-8")
    for name in ("neighbourhoods.csv", "authorities.csv"):
        assert (pd.read_csv(folder / name)["note"] == NOTE).all()
    layer = gpd.read_file(folder / "neighbourhoods.gpkg")
    assert len(layer) == 1_680
    assert (layer["note"] == NOTE).all()
    assert layer["labour_market_class"].notna().all()
    assert pd.read_csv(folder / "neighbourhoods.csv")["code"].is_unique


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--section", "Next steps"], "--section Next steps: expected NAME=FILE"),
        (["--section", "Next=nowhere.md"], "nowhere.md cannot be read as UTF-8 text"),
        (["--earlier", "2001"], "argument --earlier: invalid choice: 2001"),
    ],
)
def test_sections_and_censuses_are_checked_before_anything_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, options: list[str], said: str
) -> None:
    text = refused(capsys, "briefing", "--data", "x", "--out", str(tmp_path / "out"), *options)
    assert said in text
    assert not (tmp_path / "out").exists()


@pytest.mark.xdist_group("official")
@pytest.mark.usefixtures("read_once")
def test_a_briefing_with_what_changed_and_a_section_of_ones_own(
    capsys: pytest.CaptureFixture[str], data_dir: Path, tmp_path: Path
) -> None:
    own = tmp_path / "next.md"
    own.write_text("A bus *every ten minutes*.\n", encoding="utf-8")
    out = tmp_path / "out"
    done = main(
        ["briefing", "--data", str(data_dir), "--area", "Solihull", "--earlier", "2011", "--out",
         str(out), "--section", f"Next steps={own}", "--without", "who"]
    )  # fmt: skip
    assert done == 0
    assert "briefing.html" in capsys.readouterr().out
    page = (out / "briefing.html").read_text(encoding="utf-8")
    assert "A bus <em>every ten minutes</em>." in page
    assert "What changed since 2011" in page
    assert "Who lives there" not in page
    text = refused(
        capsys, "briefing", "--data", str(data_dir), "--vintage", "2011", "--earlier", "2011",
        "--out", str(tmp_path / "other"),
    )  # fmt: skip
    assert "--earlier 2011: expected a census before --vintage 2011" in text
