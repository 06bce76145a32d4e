"""Damage official files on purpose, and judge what a reader makes of them.

A file is cut to 200 rows and taken apart here, without the readers: preamble, header, body,
footer, every field as it is written. ``mutation_kinds`` damages the parts, the result goes to a
reader, and the answer is judged: one clear error of ours, or a frame that says what the damaged
file still says. A failure names its seed, and ``python tests/mutated.py FILE SEED...`` shows it
again.
"""

from __future__ import annotations

import gzip
import io
import random
import re
import warnings
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    Kinds = Sequence[Callable[["Cut", random.Random], bool]]

ROWS = 200
CODE = re.compile(r'"?(?:[EWSNKJ]\d{8}|95[A-Z]{2}\d{2}[SW]\d|-8(?!\d)|[189]{9})')
_FIELD = re.compile(r'\s*"(?:[^"]|"")*"[^,]*|[^,]*')
_TWO_STOPS = re.compile(r"\w[)\]'\"]?\.[.;,](?:\s|$)")
NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
NOT_WHOLE = re.compile(r"whole|extract|cut short|incomplete|not all|of [\d,]+ (?:rows|areas|pairs)")


@dataclass
class Row:
    """One row of the body: as it stands, and as it was."""

    fields: list[str]
    truth: list[str] | None
    damaged: bool = False


@dataclass
class Cut:
    """An official file, cut to some rows and taken apart."""

    name: str
    preamble: list[list[str]]
    header: list[str]
    gap: list[list[str]]
    body: list[Row]
    footer: list[list[str]]
    newline: str = "\n"
    encoding: str = "utf-8"
    mark: bytes = b""
    wrap: str = "plain"
    last_newline: bool = True
    delimiter: str = ","
    others: tuple[tuple[str, bytes], ...] = ()
    sheets: tuple[tuple[str, list[list[str]] | None], ...] = ()
    #: Called with the bytes before and after they are packed.
    spoil_text: list[Callable[[bytes], bytes]] = field(default_factory=list)
    spoil_bytes: list[Callable[[bytes], bytes]] = field(default_factory=list)
    # What the damage allows.
    hopeless: bool = False
    headings_lost: bool = False
    short: bool = False
    must_say: bool = False
    done: list[str] = field(default_factory=list)

    def copy(self) -> Cut:
        """Copy what damage changes."""
        return replace(
            self, preamble=[*map(list, self.preamble)], header=[*self.header],
            gap=[*map(list, self.gap)],
            body=[Row([*r.fields], r.truth, r.damaged) for r in self.body],
            footer=[*map(list, self.footer)], spoil_text=[*self.spoil_text],
            spoil_bytes=[*self.spoil_bytes], done=[*self.done],
        )  # fmt: skip

    def lines(self) -> Iterator[list[str]]:
        """Give every line, top to bottom."""
        yield from self.preamble
        yield self.header
        yield from self.gap
        for row in self.body:
            yield row.fields
        yield from self.footer

    def text(self) -> str:
        """Write the lines out."""
        out = self.newline.join(self.delimiter.join(line) for line in self.lines())
        return out + self.newline if self.last_newline else out

    def data(self) -> bytes:
        """Encode, spoil and pack."""
        data = self.mark + self.text().encode(self.encoding)
        for spoil in self.spoil_text:
            data = spoil(data)
        if self.wrap == "gz":
            data = gzip.compress(data, 1, mtime=0)
        elif self.wrap == "zip":
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(self.name.removesuffix(".gz"), data)
                for name, other in self.others:
                    archive.writestr(name, other)
            data = packed.getvalue()
        for spoil in self.spoil_bytes:
            data = spoil(data)
        return data

    def honest(self, base: Cut, *, damaged: bool) -> Cut:
        """Return the undamaged file with the rows, in the order, that are left here."""
        left = [r.truth for r in self.body if r.truth is not None and (damaged or not r.damaged)]
        return replace(base, body=[Row(truth, truth) for truth in left])

    def columns(self, kind: str) -> list[int]:
        """Give the numbers of the columns that hold codes, numbers or text."""
        return [j for j, k in enumerate(self.kinds()) if k == kind]

    def kinds(self) -> list[str]:
        """Say what each column holds, from the rows as they were cut."""
        rows = [r.fields for r in self.body[:40]]
        out = []
        for j in range(len(self.header)):
            values = [plain(f[j]) for f in rows if j < len(f)]
            given = [v for v in values if v]
            if not given:
                out.append("blank")
            elif sum(bool(CODE.match(v)) for v in given) > 0.8 * len(given):
                out.append("code")
            elif sum(bool(NUMBER.fullmatch(v)) for v in given) > 0.8 * len(given):
                out.append("number")
            else:
                out.append("text")
        return out


def plain(token: str) -> str:
    """Take the quotes and the space around it off a field."""
    token = token.strip()
    if len(token) > 1 and token[0] == token[-1] == '"':
        token = token[1:-1].replace('""', '"')
    return token.strip()


def split(line: str) -> list[str]:
    """Split a line into its fields as they are written, quotes and all."""
    fields, at = [], 0
    while True:
        found = _FIELD.match(line, at)
        assert found is not None
        fields.append(found.group())
        at = found.end() + 1
        if at > len(line):
            return fields


def has_code(fields: list[str]) -> bool:
    """Say whether one of the first fields of a row begins with an area code."""
    return any(CODE.match(f.strip()) for f in fields[:4])


def cut(path: Path, rows: int = ROWS) -> Cut:
    """Cut an official text file to some of its rows: the first, the last, odd ones, others."""
    data, wrap, others, name = path.read_bytes(), "plain", (), path.name
    if data[:2] == b"\x1f\x8b":
        data, wrap = gzip.decompress(data), "gz"
    elif data[:2] == b"PK":
        with zipfile.ZipFile(path) as archive:
            name = next(n for n in archive.namelist() if n.endswith(".csv"))
            data, wrap = archive.read(name), "zip"
            others = tuple((n, b"<xml/>") for n in archive.namelist() if n.endswith(".xml"))
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    try:
        text, encoding = data[len(mark) :].decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = data.decode("cp1252"), "cp1252"
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    last = not lines[-1]
    lines = lines[:-1] if last else lines
    at = [i for i, line in enumerate(lines) if has_code(split(line))]
    first, end = at[0], at[-1]
    head = next(i for i in range(first - 1, -1, -1) if any(map(plain, split(lines[i]))))
    body = [Row(fields, fields) for fields in (split(lines[i]) for i in sampled(lines, at, rows))]
    return Cut(
        name, [*map(split, lines[:head])], split(lines[head]),
        [*map(split, lines[head + 1 : first])], body, [*map(split, lines[end + 1 :])],
        newline, encoding, mark, wrap, last, others=others,
    )  # fmt: skip


def sampled(lines: list[str], at: list[int], rows: int = ROWS) -> list[int]:
    """Choose rows: the first, the last, some odd ones, and others."""
    rng = random.Random(len(at))  # noqa: S311 - the same rows on every run
    odd = [i for i in at if not lines[i].isascii()]
    changed = [i for i in at if re.search(r",[SMX],", lines[i])]
    chosen = {*at[:60], *at[-30:], *odd[:15], *changed[:15]}
    rest = [i for i in at if i not in chosen]
    chosen.update(rng.sample(rest, min(len(rest), max(0, rows - len(chosen)))))
    return sorted(chosen)


@dataclass
class Judge:
    """Read what was damaged and say what is wrong with the answer.

    Attributes
    ----------
    read : callable
        The reader: path in, frame out.
    base : Cut
        The file before the damage.
    folder : Path
        Where the damaged files go.
    suffix : str
        What their names end with.
    write : callable
        Makes the bytes of a file out of its parts.
    """

    read: Callable[[Path], pd.DataFrame]
    base: Cut
    folder: Path
    suffix: str = ".csv"
    write: Callable[[Cut], bytes] = Cut.data
    _frames: dict[int, pd.DataFrame | None] = field(default_factory=dict)

    def fault(self, damaged: Cut) -> str | None:
        """Return what is wrong with the reader's answer; None where nothing is."""
        path = self.folder / f"damaged{self.suffix}"
        path.write_bytes(self.write(damaged))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                frame = self.read(path)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - any other kind is what is looked for, and
            # a panic of a Rust library is no Exception
            return unclear(error, path.name)
        if damaged.hopeless:
            return f"a frame of {len(frame)} rows out of a file that nothing can be made of"
        if damaged.short and not any(NOT_WHOLE.search(note) for note in notes_of(frame)):
            return f"the file is cut short and the notes do not say so: {notes_of(frame)}"
        faults = []
        for truth in self._truths(damaged):  # the second is not read where the first is met
            faults.append(wrong(frame, truth, damaged))
            if faults[-1] is None:
                return None
        return "; or ".join(map(str, faults)) or f"{len(frame)} rows where there are none"

    def _truths(self, damaged: Cut) -> Iterator[pd.DataFrame]:
        """Give the right answers: with the damaged rows as they were, and without them."""
        with_them = damaged.honest(self.base, damaged=True)
        if [r.truth for r in with_them.body] == [r.truth for r in self.base.body]:
            yield self.whole()
        elif with_them.body:
            yield self._read(with_them)
        without = damaged.honest(self.base, damaged=False)
        if 0 < len(without.body) < len(with_them.body):
            yield self._read(without)

    def whole(self) -> pd.DataFrame:
        """Read the cut before the damage."""
        if 0 not in self._frames:
            self._frames[0] = self._read(self.base)
        frame = self._frames[0]
        assert frame is not None
        return frame

    def _read(self, clean: Cut) -> pd.DataFrame:
        path = self.folder / f"clean{self.suffix}"
        path.write_bytes(self.write(clean))
        return self.read(path)


def unclear(error: BaseException, name: str) -> str | None:
    """Say what is wrong with an error; None where it is one of ours, and clear."""
    kind, message = type(error), str(error)
    if kind.__module__ != "wmspatial.errors":
        return f"{kind.__module__}.{kind.__name__}: {message[:200]}"
    if "\n" in message or not 20 < len(message) < 2500:
        return f"no single clear paragraph: {message[:300]!r}"
    if name not in message:
        return f"the error does not name the file: {message[:200]!r}"
    if _TWO_STOPS.search(message):
        return f"a sentence ends twice: {message[-300:]!r}"
    return None


def notes_of(frame: pd.DataFrame) -> tuple[str, ...]:
    """Give what the frame says of itself."""
    source = frame.attrs.get("source")
    return tuple(getattr(source, "notes", ())) + tuple(frame.attrs.get("notes", ()))


def wrong(frame: pd.DataFrame, truth: pd.DataFrame, damaged: Cut) -> str | None:
    """Compare a frame with the truth; None where it says nothing else.

    Damage may cost the damaged rows, their damaged numbers or a column whose heading was lost,
    but not in silence.
    """
    quiet = set(notes_of(frame)) <= set(notes_of(truth))
    fault = _labels(frame, truth, damaged, quiet=quiet)
    if fault is not None:
        return fault
    frame, truth = _flat(frame), _flat(truth)
    frame.attrs = truth.attrs = {}  # they would be copied at every step
    truth = truth[list(frame.columns)]
    if frame.equals(truth):
        return None
    marked = any(row.damaged for row in damaged.body)
    if len(frame) != len(truth):
        if not marked:
            return f"{len(frame)} rows, the file has {len(truth)}"
        if quiet and not damaged.short:
            return f"{len(truth) - len(frame)} rows lost without a word"
        truth = _same_rows(frame, truth)
        if len(frame) != len(truth):
            return f"rows that the file does not have: {len(frame) - len(truth)}"
    return _cells(frame, truth, quiet=quiet, gaps=marked)


def _labels(frame: pd.DataFrame, truth: pd.DataFrame, damaged: Cut, *, quiet: bool) -> str | None:
    """Compare what the frames say of themselves, and their columns."""
    found, right = frame.attrs.get("dataset"), truth.attrs.get("dataset")
    if found != right and not damaged.headings_lost:
        return f"taken for {found!r}, is {right!r}"
    found, right = frame.attrs.get("vintage"), truth.attrs.get("vintage")
    if found != right:
        return f"vintage {found}, is {right}"
    extra = [c for c in frame.columns if c not in truth.columns]
    if extra:
        return f"columns that the file does not have: {extra}"
    absent = [c for c in truth.columns if c not in frame.columns]
    if absent and not damaged.headings_lost:
        return f"columns lost: {absent}"
    if absent and quiet:
        return f"columns lost without a word: {absent}"
    return "repaired without a word" if quiet and damaged.must_say else None


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reset_index(drop=frame.index.name is None)


def _same_rows(frame: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of the truth that the frame has, by their codes."""
    keys = [c for c in truth.columns if is_key(truth[c])]
    wanted = frame.set_index(keys).index
    return truth[truth.set_index(keys).index.isin(wanted)].reset_index(drop=True)


def is_key(values: pd.Series[Any]) -> bool:
    """Say whether a column holds area codes."""
    text = values.dropna().astype("str")
    return len(text) > 0 and bool(text.str.match(CODE).mean() > 0.8)


def _cells(frame: pd.DataFrame, truth: pd.DataFrame, *, quiet: bool, gaps: bool) -> str | None:
    for column in frame.columns:
        got, right = frame[column], truth[column]
        if got.dtype != right.dtype:
            return f"{column} is {got.dtype}, was {right.dtype}"
        same = (got == right) | (got.isna() & right.isna())
        if same.all():
            continue
        off = got[~same.astype(bool)]
        if off.notna().any():
            at = off.first_valid_index()
            return f"{column} of row {at} is {got[at]!r}, the file says {right[at]!r}"
        if not gaps:
            return f"{len(off)} values of {column} are missing"
        if quiet:
            return f"{len(off)} values of {column} are missing without a word"
    return None


def damage(base: Cut, seed: int, cells: Kinds, whole: Kinds) -> Cut:
    """Damage a cut once or twice, as the seed says; damage to the whole file comes last."""
    rng = random.Random(f"{base.name}/{seed}")  # noqa: S311 - replayed, not secret
    out = base.copy()
    for kind in rng.choices([*cells, *whole], k=8):
        if kind(out, rng):
            out.done.append(kind.__name__)
            if kind in whole or rng.random() < 0.7 or len(out.done) == 2:
                break
    return out
