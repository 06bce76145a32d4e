"""``wmspatial data``: tables on stdout that fit 80 columns, one line on stderr where it fails."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from fetch_fakes import address, catalogue_of, entry, examine, text_of, tools
from servers import Answer, Server
from test_cli import refused
from wmspatial import cli_data
from wmspatial.cli import main
from wmspatial.sources import _outcomes, _verifying, adopting, catalogue, fetching
from wmspatial.sources.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WIDTH = 80


@pytest.fixture
def server() -> Iterator[Server]:
    """Play the publishers."""
    with Server() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name the store by the environment, on a terminal of 80 columns."""
    monkeypatch.setenv("WMSPATIAL_DATA", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    return tmp_path / "store"


@pytest.fixture
def made_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Put a made-up catalogue, reader and door in the place of the real ones."""
    entries = [
        entry(name, address(server.on(f"/{name}.csv", text_of(name))))
        for name in ("imd2004", "ts021-lsoa21")
    ]
    monkeypatch.setattr(catalogue, "catalogue", lambda: catalogue_of(*entries))
    monkeypatch.setattr(fetching, "_tools", lambda _how, _stop: tools())
    monkeypatch.setattr(_verifying.verify, "__defaults__", (examine,))
    monkeypatch.setattr(_verifying.rebuild, "__defaults__", (examine,))
    monkeypatch.setitem(adopting.adopt.__kwdefaults__, "examine", examine)
    return server


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that succeeds, and give what it prints."""
    capsys.readouterr()
    assert main(["data", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def failed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    """Run a command that fails after it has printed something: both, and one line of the latter."""
    capsys.readouterr()
    assert main(["data", *arguments]) == 2
    out, err = capsys.readouterr()
    assert err.startswith("wmspatial: error: ")
    assert err.count("\n") == 1
    return out, err


def test_the_catalogue_is_a_table_that_fits(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, "list")
    assert max(map(len, out.splitlines())) <= WIDTH
    assert all(f"{name} " in out for name in catalogue.catalogue())
    assert "…" not in out
    assert not folder.exists()


def test_the_catalogue_can_be_searched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not folder.exists()
    out = said(capsys, "list", "ETHNIC", "2021")
    assert "ts021-lsoa21" in out
    assert "imd2004" not in out
    assert "no data set has 'unicorn'" in refused(capsys, "data", "list", "unicorn")


def test_the_table_says_what_is_here_and_how_the_rest_is_got(
    folder: Path, made_up: Server, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    said(capsys, "fetch", "imd2004")
    entries = [
        *catalogue.catalogue().values(),
        entry("guessed", address(made_up.url("/x"), confirmed=False)),
        entry("paper", address("https://p.test", "page")),
    ]
    monkeypatch.setattr(catalogue, "catalogue", lambda: catalogue_of(*entries))
    ends = {line.split()[0]: line.split()[-1] for line in said(capsys, "list").splitlines() if line}
    assert (ends["imd2004"], ends["ts021-lsoa21"]) == ("here", "fetch")
    assert (ends["guessed"], ends["paper"]) == ("fetch?", "hand")
    assert folder.is_dir()


def test_a_file_that_is_gone_or_changed_is_not_said_to_be_here(
    folder: Path, made_up: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "fetch")
    store = Store(folder)
    store.path("imd2004").unlink()
    store.path("ts021-lsoa21").write_text("cut")
    ends = {line.split()[0]: line.split()[-1] for line in said(capsys, "list").splitlines() if line}
    assert (ends["imd2004"], ends["ts021-lsoa21"]) == ("gone", "gone")
    assert "3 rows; gone or changed" in said(capsys, "show", "imd2004")
    assert made_up.count() == 2


def test_everything_about_one_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str], made_up: Server
) -> None:
    said(capsys, "fetch", "ts021-lsoa21")
    out = said(capsys, "show", "ts021-lsoa21")
    assert "Made-up ts021-lsoa21" in out
    assert made_up.url("/ts021-lsoa21.csv") in out
    assert "At hand:     all of it, 3 rows" in out
    assert str(folder) in out
    assert "no data set of that id" in refused(capsys, "data", "show", "ts021")


def test_where_says_the_folder_and_how_it_was_chosen(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], made_up: Server
) -> None:
    out = said(capsys, "where")
    assert f"Folder:  {folder}\n" in out
    assert "the environment variable WMSPATIAL_DATA" in out
    assert "not there yet" in out
    other = tmp_path / "other"
    out = said(capsys, "where", "--data", str(other))
    assert f"Folder:  {other}\nChosen:  --data\n" in out
    other.write_text("code,people")
    assert f"{other} is a file (--data)" in refused(capsys, "data", "where", "--data", str(other))
    said(capsys, "fetch")
    size = len(text_of("imd2004")) + len(text_of("ts021-lsoa21"))
    assert f"Files:   2\nBytes:   {size}\n" in said(capsys, "where")
    assert made_up.count() == 2


def test_a_fetch_prints_what_came_and_what_was_here(
    folder: Path, capsys: pytest.CaptureFixture[str], made_up: Server
) -> None:
    assert "ts021-lsoa21" in said(capsys, "fetch", "--dry-run")
    assert made_up.count() == 0
    out = said(capsys, "fetch")
    assert out.count("fetched") == 2
    assert f"In {folder}" in out
    assert max(map(len, out.splitlines()[:-1])) <= WIDTH
    out = said(capsys, "fetch", "--area", "wmca", "--vintage", "2021")
    assert (out.count("was here"), out.count("fetched")) == (2, 0)
    assert "is here" in said(capsys, "fetch", "--dry-run")


def test_a_change_at_the_publisher_is_told_with_both_hashes_and_dates(
    folder: Path, capsys: pytest.CaptureFixture[str], made_up: Server
) -> None:
    said(capsys, "fetch")
    old = Store(folder).records()["imd2004"]
    made_up.on("/imd2004.csv", text_of("imd2004").replace("E00000001,1", "E00000001,7"))
    out = said(capsys, "fetch", "--again")
    assert "CHANGED" in out
    told = next(line for line in out.splitlines() if "changed at the publisher" in line)
    assert f"{old.sha256[:12]} of {old.fetched[:10]} here" in told
    assert "--replace takes the new one" in told
    assert Store(folder).records()["imd2004"] == old
    out = said(capsys, "fetch", "--replace")
    assert "replaced" in out
    assert Store(folder).records()["imd2004"].sha256[:12] in out


def test_a_fetch_that_fails_prints_what_came_and_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], made_up: Server
) -> None:
    made_up.on("/imd2004.csv", Answer("gone", 404))
    out, err = failed(capsys, "fetch")
    assert "FAILED" in out
    assert "fetched" in out
    assert "1 of 2 data sets did not come. imd2004: " in err
    assert list(Store(folder).records()) == ["ts021-lsoa21"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--vintage", "2001"], "--vintage: invalid choice: 2001"),
        (["--jobs", "99"], "jobs=99: expected 1 to 32"),
        (["imd2040"], "'imd2040': no such data set. Nearest: imd2004"),
        (["imd2040", "ts21-lsoa21"], "'ts21-lsoa21': no such data set. Nearest: ts021-lsoa21"),
        (["ts021-lsoa21", "imd2040"], "Nothing was fetched."),
    ],
)
def test_what_makes_no_sense_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert message in refused(capsys, "data", "fetch", *arguments)
    assert not folder.exists()


def test_a_step_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "the following arguments are required: STEP" in refused(capsys, "data")


def test_every_file_is_checked_on_a_line_of_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str], made_up: Server
) -> None:
    assert "There is no store yet" in refused(capsys, "data", "verify")
    said(capsys, "fetch")
    assert said(capsys, "verify").splitlines() == [
        "well   imd2004: 3 rows", "well   ts021-lsoa21: 3 rows", "All 2 files are well.",
    ]  # fmt: skip
    Store(folder).path("imd2004").write_text(text_of("imd2004", 2))
    out, err = failed(capsys, "verify")
    assert out.splitlines()[0].startswith("WRONG  imd2004: changed since it was fetched on 2")
    assert "1 of 2 files are not as they were" in err
    assert "'wmspatial data fetch imd2004'" in err
    said(capsys, "fetch", "imd2004")
    assert "All 2 files are well" in said(capsys, "verify")
    assert made_up.count() == 3


def test_a_damaged_manifest_can_be_made_anew(
    folder: Path, capsys: pytest.CaptureFixture[str], made_up: Server
) -> None:
    said(capsys, "fetch")
    (folder / "manifest.json").write_text("{")
    for step in ("verify", "list", "fetch"):
        assert "verify --rebuild" in refused(capsys, "data", step)
    out, err = failed(capsys, "where")
    assert str(folder) in out
    assert "verify --rebuild" in err
    out = said(capsys, "verify", "--rebuild")
    assert out.startswith("Manifest made anew: 2 files.")
    assert "All 2 files are well." in out
    assert made_up.count() == 2


def test_a_folder_is_adopted_and_what_was_left_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], made_up: Server
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "[bold]x.csv").write_text(text_of("imd2004"))
    (mine / "letter.txt").write_text("Dear\nall")
    out = said(capsys, "adopt", str(mine))
    assert "[bold]x.csv" in out
    assert "Left: 1 files\n  mine/letter.txt: letter.txt: no known layout." in out
    assert "Files:   1, 1 of them lie elsewhere" in said(capsys, "where")
    (mine / "[bold]x.csv").write_text(text_of("imd2004", 3).replace("1,1", "1,7"))
    out, err = failed(capsys, "verify")
    assert "changed since it was adopted" in out
    assert "not as they were" in err
    assert "replaced" in said(capsys, "adopt", str(mine))
    other = tmp_path / "other"
    other.mkdir()
    (other / "y.csv").write_text(text_of("imd2004"))
    assert "KEPT OTHER" in said(capsys, "adopt", str(other))
    assert "copied" in said(capsys, "adopt", str(other), "--copy", "--data", f"{folder}2")
    assert made_up.count() == 0


def test_stopping_says_that_the_same_command_goes_on(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fetching, "fetch", stop)
    assert main(["data", "fetch"]) == cli_data.STOPPED
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("wmspatial: stopped. ")
    assert err.count("\n") == 1
    assert not folder.exists()


def test_progress_is_shown_on_a_terminal_only(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    made_up: Server,
) -> None:  # fmt: skip
    said(capsys, "fetch", "imd2004")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["data", "fetch"]) == 0
    _, err = capsys.readouterr()
    assert "All data sets" in err
    assert (folder.is_dir(), made_up.count()) == (True, 2)


def test_a_reader_that_has_seen_enough_is_no_fault(folder: Path) -> None:
    command = f"{sys.executable} -m wmspatial.cli data list --data {folder} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.startswith("Data set")


def test_the_default_of_jobs_is_the_one_that_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["data", "fetch", "--help"])
    assert f"({_outcomes.How().jobs})" in capsys.readouterr().out
