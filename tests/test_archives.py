"""One file comes out of an archive, whole and bounded, or one clear error does."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wmspatial.errors import InputError, MissingFileError, OutputError
from wmspatial.sources.archives import extract_member, members

if TYPE_CHECKING:
    from pathlib import Path

TABLE = b"date,geography code,people\n" + b"2021,E01000001,5\n" * 500
MOST = 10_000_000


def zipped(path: Path, files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    """Pack some files."""
    with zipfile.ZipFile(path, "w", packing) as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    return path


def refusal(archive: Path, pattern: str = "*.csv", most: int = MOST) -> str:
    """Get the one message, and see that nothing was left behind."""
    to = archive.with_name("out")
    before = sorted(archive.parent.iterdir())
    with pytest.raises(InputError) as caught:
        extract_member(archive, pattern, to, max_bytes=most)
    assert sorted(archive.parent.iterdir()) == before
    assert archive.name in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("census2021-ts021-lsoa.csv", "bulk/census2021-ts021-lsoa.csv"),
        ("*TS021-LSOA.csv", "bulk/census2021-ts021-lsoa.csv"),
        ("bulk/*-msoa.csv", "bulk/census2021-ts021-msoa.csv"),
        ("*readme*", "readme.txt"),
    ],
)
def test_the_file_that_is_named_comes_out(tmp_path: Path, pattern: str, name: str) -> None:
    files = {
        "bulk/": b"",
        "bulk/census2021-ts021-lsoa.csv": TABLE,
        "bulk/census2021-ts021-msoa.csv": b"msoa",
        "readme.txt": b"notes",
    }
    archive = zipped(tmp_path / "a.zip", files)
    assert extract_member(archive, pattern, tmp_path / "out", max_bytes=MOST) == name
    assert (tmp_path / "out").read_bytes() == files[name]
    assert members(archive) == tuple(files)[1:]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "out"]


@pytest.mark.parametrize(
    "packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_every_common_packing_is_read(tmp_path: Path, packing: int) -> None:
    archive = zipped(tmp_path / "a.zip", {"t.csv": TABLE}, packing)
    extract_member(archive, "*.csv", tmp_path / "out", max_bytes=MOST)
    assert (tmp_path / "out").read_bytes() == TABLE


def test_a_gzip_file_comes_out_whole(tmp_path: Path) -> None:
    archive = tmp_path / "flows.csv.gz"
    archive.write_bytes(gzip.compress(TABLE) + gzip.compress(b"end") + b"\0\0")
    assert extract_member(archive, "*", tmp_path / "out", max_bytes=MOST) == "flows.csv"
    assert (tmp_path / "out").read_bytes() == TABLE + b"end"


@pytest.mark.parametrize(
    "name",
    ["../out.csv", "a/../../out.csv", "/etc/out.csv", "..\\out.csv", "C:\\out.csv", "C:out.csv"],
)
def test_a_name_that_leads_out_condemns_the_archive(tmp_path: Path, name: str) -> None:
    archive = zipped(tmp_path / "a.zip", {"good.csv": TABLE, name: b"bad"})
    assert "lead out of the folder" in refusal(archive, "good.csv")
    with pytest.raises(InputError, match="lead out"):
        members(archive)


def test_a_link_condemns_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "w") as pack:
        pack.writestr(link, "/etc/passwd")
    assert "or are links" in refusal(archive)


def test_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    zeros = b"\0" * 30_000_000
    assert "unpacks to more than" in refusal(zipped(tmp_path / "a.zip", {"t.csv": zeros}))
    packed = tmp_path / "b.gz"
    packed.write_bytes(gzip.compress(zeros))
    assert "unpacks to more than" in refusal(packed, "*")
    # Within the most, but a thousand times its packed size.
    assert "unpacks to more than" in refusal(tmp_path / "a.zip", most=2**40)


def test_a_bomb_that_lies_about_its_size_does_not_go_off_either(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"t.csv": b"\0" * 30_000_000})
    raw = archive.read_bytes()
    lie = raw.replace(struct.pack("<I", 30_000_000), struct.pack("<I", 1000))
    assert lie != raw
    archive.write_bytes(lie)
    refusal(archive)


def test_an_ordinary_table_packs_well_and_is_taken(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"t.csv": TABLE * 100})
    extract_member(archive, "t.csv", tmp_path / "out", max_bytes=MOST)
    assert (tmp_path / "out").stat().st_size == len(TABLE) * 100


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("*.xlsx", "found 0. It holds a.csv, b.csv"), ("*.csv", "found 2. There are a.csv, b.csv")],
)
def test_none_or_several_are_said(tmp_path: Path, pattern: str, words: str) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.csv": TABLE, "b.csv": TABLE})
    assert words in refusal(archive, pattern)


def test_what_is_no_archive_is_said(tmp_path: Path) -> None:
    page = tmp_path / "a.zip"
    page.write_bytes(b"<!DOCTYPE html>")
    assert "expected a zip archive" in refusal(page)
    page.write_bytes(b"")
    assert "expected a zip archive" in refusal(page)
    with pytest.raises(MissingFileError, match=r"none\.zip"):
        extract_member(tmp_path / "none.zip", "*", tmp_path / "out", max_bytes=1)
    with pytest.raises(InputError, match="cannot be read"):
        extract_member(tmp_path, "*", tmp_path / "out", max_bytes=1)


def test_an_encrypted_file_is_said(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"t.csv": TABLE})
    raw = bytearray(archive.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(raw)
    assert "encrypted" in refusal(archive)


def test_a_packing_nobody_knows_is_said(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"t.csv": TABLE})
    raw = bytearray(archive.read_bytes())
    for mark, at in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        raw[raw.index(mark) + at] = 9  # deflate64, as Windows packs large files
    archive.write_bytes(raw)
    assert "Unpack it by hand" in refusal(archive)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"t.csv": TABLE})
    with pytest.raises(OutputError, match="cannot be written"):
        extract_member(archive, "*", tmp_path / "no" / "out", max_bytes=MOST)


def _good(kind: str) -> bytes:
    if kind == "gz":
        return gzip.compress(TABLE, mtime=0)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(zipfile.ZipInfo("t.csv"), TABLE, zipfile.ZIP_DEFLATED)
    return held.getvalue()


@given(st.sampled_from(["zip", "gz"]), st.data())
def test_however_damaged_it_gives_the_table_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    raw = bytearray(_good(kind))
    if data.draw(st.booleans(), label="cut"):
        raw = raw[: data.draw(st.integers(0, len(raw) - 1))]
    else:
        for _ in range(data.draw(st.integers(1, 4))):
            raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    archive, to = folder / f"a.{kind}", folder / "out"
    archive.write_bytes(raw)
    try:
        extract_member(archive, "*", to, max_bytes=MOST)
    except InputError:
        assert not to.exists()
    else:
        assert to.read_bytes() == TABLE
