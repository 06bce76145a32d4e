"""The ways in which a file is damaged: each changes a cut, or says that it cannot.

What damage allows is noted on the cut: rows that were damaged, headings that were lost, a file that
is short, or one that nothing can be made of. A number is never turned into another plausible one,
and two headings of the same kind never change places: no reader could see that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mutations import CODE, Row, plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from mutations import Cut

#: What stands in cells where a number should be. The first few are how publishers write "none".
MARKERS = ["", "*", "-", "x", "..", ":", "[c]", "~", "z", "N/A"]
TEXTS = [
    "abc", "n/a", "nan", "NULL", "None", "#N/A", "#REF!", "#DIV/0!", "inf", "-inf", "1e400", "True",
    "=1+1", "+", "@SUM(A1)", "<script>alert(1)</script>", "Jan-12", "2021-01-01", "see note", "?",
    "1.2.3", "1,23", "12,34,56", "1 2", "0x1F", "1_000", "\u00bd", "£", "12-15", "<5", "c. 30",
    "--",
]  # fmt: skip
JUNK = ["x", "Column1", "Unnamed: 3", "value", "=A1", "<b>", "NaN", "0", "12"]
OTHER_CODINGS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp850",
                 "mac_roman", "cp500", "utf-8-sig"]  # fmt: skip


def quoted(text: str) -> str:
    """Put a field in quotes."""
    return '"' + text.replace('"', '""') + '"'


def _tidy(text: str) -> str:
    return quoted(text) if any(c in text for c in ',"\n') else text


def _rows(cut: Cut, rng: Random, most: int = 5) -> list[Row]:
    return rng.sample(cut.body, rng.randint(1, min(most, len(cut.body))))


def _encodes(cut: Cut, text: str) -> bool:
    try:
        text.encode(cut.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _column(cut: Cut, rng: Random, kind: str) -> int | None:
    columns = cut.columns(kind)
    return rng.choice(columns) if columns else None


# Nothing is lost: the columns, the rows and the way they are written.


def columns_reordered(cut: Cut, rng: Random) -> bool:
    width = len(cut.header)
    order = rng.sample(range(width), width)
    tables = [cut.header, *cut.gap, *(row.fields for row in cut.body)]
    if any(len(fields) != width for fields in tables):
        return False
    for fields in tables:
        fields[:] = [fields[j] for j in order]
    return True


def column_added(cut: Cut, rng: Random) -> bool:
    at = rng.randint(0, len(cut.header))
    cut.header.insert(at, rng.choice(["notes", "Shape__Area", '"a, b"', "FID", ""]))
    filler = rng.choice(["", "1", "abc", '"1,000"'])
    for fields in [*cut.gap, *(row.fields for row in cut.body)]:
        fields.insert(min(at, len(fields)), filler)
    return True


def delimiter_changed(cut: Cut, rng: Random) -> bool:
    if cut.delimiter != ",":
        return False
    cut.delimiter = rng.choice([";", "\t", "|"])
    for fields in cut.lines():
        fields[:] = [quoted(plain(f)) if cut.delimiter in f else f for f in fields]
    return True


def decimal_commas(cut: Cut, rng: Random) -> bool:
    """Save as a German Excel does: semicolons between fields, commas before decimals."""
    del rng
    if cut.delimiter != ",":
        return False
    cut.delimiter = ";"
    for row in cut.body:
        changed = [
            f.replace(".", ",") if f.replace(".", "", 1).isdigit() else f for f in row.fields
        ]
        row.damaged |= changed != row.fields
        row.fields = changed
    return True


def encoding_changed(cut: Cut, rng: Random) -> bool:
    coding = rng.choice(OTHER_CODINGS)
    try:
        cut.text().encode(coding)
    except UnicodeEncodeError:
        coding = "utf-16"
    cut.encoding, cut.mark = coding, b""
    return True


def mark_changed(cut: Cut, rng: Random) -> bool:
    if cut.encoding != "utf-8":
        return False
    cut.mark = rng.choice([b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf"])
    return True


def newline_changed(cut: Cut, rng: Random) -> bool:
    cut.newline = rng.choice(["\n", "\r\n", "\r"])
    cut.last_newline = rng.random() < 0.5
    return True


def everything_quoted(cut: Cut, rng: Random) -> bool:
    del rng
    for fields in cut.lines():
        fields[:] = [quoted(plain(f)) for f in fields]
    return True


def padded(cut: Cut, rng: Random) -> bool:
    space = rng.choice([" ", "  ", "\t", "\u00a0"])
    if space == cut.delimiter or not _encodes(cut, space):
        return False
    at = rng.randrange(len(cut.header))
    for fields in [cut.header, *(row.fields for row in cut.body)]:
        if at < len(fields):
            # A quoted field stays one: the space goes inside.
            fields[at] = (quoted(space + plain(fields[at]) + space) if '"' in fields[at]
                          else space + fields[at] + space)  # fmt: skip
    return True


def padding_commas(cut: Cut, rng: Random) -> bool:
    more = [""] * rng.randint(1, 3)
    for fields in cut.lines():
        fields.extend(more)
    return True


def blank_lines(cut: Cut, rng: Random) -> bool:
    line = rng.choice([[""], [""] * len(cut.header)])
    at = rng.choice(["top", "middle", "end"])
    if at == "top":
        cut.preamble.insert(0, line)
    elif at == "end":
        cut.footer.extend([line, line])
    else:
        cut.body.insert(rng.randrange(len(cut.body)), Row([*line], None))
    return True


def footer_changed(cut: Cut, rng: Random) -> bool:
    source = ["Source: Office for National Statistics"]
    cut.footer = rng.choice([[], [[""], source], [source], cut.footer[: len(cut.footer) // 2]])
    return True


def preamble_changed(cut: Cut, rng: Random) -> bool:
    if cut.preamble and rng.random() < 0.7:
        cut.preamble = rng.choice([[], cut.preamble[1:], cut.preamble[:-2]])
    else:
        cut.preamble.insert(0, rng.choice([["Downloaded by somebody"], ["sep=,"], ["#", "1", "2"]]))
    return True


def rows_shuffled(cut: Cut, rng: Random) -> bool:
    rng.shuffle(cut.body)
    return True


def rows_lost(cut: Cut, rng: Random) -> bool:
    lost = rng.randint(1, len(cut.body) // 2 or 1)
    for _ in range(min(lost, len(cut.body) - 1)):
        cut.body.pop(rng.randrange(len(cut.body)))
    cut.short = True
    return True


# Headings.


def heading_renamed(cut: Cut, rng: Random) -> bool:
    at = rng.randrange(len(cut.header))
    cut.header[at] = rng.choice([*JUNK, "", rng.choice(cut.header)])
    cut.headings_lost = True
    return True


def heading_misspelt(cut: Cut, rng: Random) -> bool:
    at = rng.randrange(len(cut.header))
    name = plain(cut.header[at])
    if len(name) < 3:
        return False
    i = rng.randrange(len(name) - 1)
    cut.header[at] = _tidy(rng.choice([
        name[:i] + name[i + 1 :], name[:i] + name[i + 1] + name[i] + name[i + 2 :],
        name[: i + 1], name.upper(), name.lower(), name.title(), name.replace(" ", "  ", 1),
        name.replace(" ", "\n", 1), name.replace(" ", "_"), name[i + 1 :], f"{name}.1",
    ]))  # fmt: skip
    cut.headings_lost = True
    return True


def headings_lost(cut: Cut, rng: Random) -> bool:
    how = rng.choice(["line", "one", "all blank", "some blank", "numbered"])
    if how == "line":
        cut.header = cut.body.pop(0).fields
        cut.short = cut.headings_lost = True
    elif how == "one":
        cut.header.pop(rng.randrange(len(cut.header)))
    elif how == "all blank":
        cut.header = [""] * len(cut.header)
        cut.headings_lost = True
    elif how == "numbered":
        cut.header = [str(j) for j in range(len(cut.header))]
        cut.headings_lost = True
    else:
        for at in rng.sample(range(len(cut.header)), max(1, len(cut.header) // 3)):
            cut.header[at] = ""
        cut.headings_lost = True
    cut.hopeless |= not cut.body
    return True


def headings_of_two_kinds_swapped(cut: Cut, rng: Random) -> bool:
    one, other = rng.sample(["code", "number", "text"], 2)
    a, b = _column(cut, rng, one), _column(cut, rng, other)
    if a is None or b is None:
        return False
    cut.header[a], cut.header[b] = cut.header[b], cut.header[a]
    cut.headings_lost = True
    return True


def header_repeated(cut: Cut, rng: Random) -> bool:
    cut.body.insert(rng.randrange(1, len(cut.body) + 1), Row([*cut.header], None))
    return True


# Cells.


def text_in_numbers(cut: Cut, rng: Random) -> bool:
    at = _column(cut, rng, "number")
    if at is None:
        return False
    text = rng.choice(rng.choice([MARKERS, TEXTS, TEXTS]))
    for row in cut.body if rng.random() < 0.1 else _rows(cut, rng):
        if at < len(row.fields):
            row.fields[at] = _tidy(text)
            row.damaged = True
    return True


def numbers_spoilt(cut: Cut, rng: Random) -> bool:
    at = _column(cut, rng, "number")
    if at is None:
        return False
    how = rng.choice(["{}abc", "O{}", "{} {}", "{}.0.0", "£{}", "{}%", "({})", "{}e", "'{}", "{}*",
                      "{} (r)", "{}\u00a0p", "{}-{}", "#{}"])  # fmt: skip
    for row in _rows(cut, rng):
        if at < len(row.fields):
            value = plain(row.fields[at])
            row.fields[at] = _tidy(how.format(*[value] * how.count("{}")))
            row.damaged = True
    return True


def codes_spoilt(cut: Cut, rng: Random) -> bool:
    at = _column(cut, rng, "code")
    if at is None:
        return False
    how = rng.choice([
        lambda c: c[:-1], lambda c: c + "0", lambda c: c.lower(), lambda c: c[1:], lambda _: "",
        lambda c: c.replace("0", "O"), lambda c: c[:4] + " " + c[4:], lambda _: "nan",
        lambda c: "X" + c[1:], lambda _: "Total", lambda c: "E05" + c[3:], lambda c: "=" + c,
    ])  # fmt: skip
    for row in _rows(cut, rng):
        found = CODE.search(row.fields[at]) if at < len(row.fields) else None
        if found is not None:
            code = found.group().strip('"')
            row.fields[at] = row.fields[at].replace(code, how(code), 1)
            row.damaged = True
    return True


def fields_lost_or_gained(cut: Cut, rng: Random) -> bool:
    for row in _rows(cut, rng):
        at = rng.randrange(len(row.fields))
        if rng.random() < 0.5:
            row.fields.pop(at)
        else:
            row.fields.insert(at, rng.choice(["", "7", "abc"]))
        row.damaged = True
    return True


def quotes_lost(cut: Cut, rng: Random) -> bool:
    marked = [r for r in cut.body if any('"' in f and cut.delimiter in f for f in r.fields)]
    if not marked:
        return False
    for row in rng.sample(marked, rng.randint(1, min(5, len(marked)))):
        row.fields = [f.replace('"', "") for f in row.fields]
        row.damaged = True
    return True


def stray_quote(cut: Cut, rng: Random) -> bool:
    """Open a quote that is never closed, and swallows the lines after it."""
    at = rng.randrange(len(cut.body))
    row = cut.body[at]
    j = rng.randrange(len(row.fields))
    before, after = rng.choice([('"', ""), ("", '"'), ('"', '" "'), ("", '""')])
    if not before and j not in cut.columns("number"):
        before, after = '"', ""  # behind a name it would be a part of the name
    row.fields[j] = before + row.fields[j] + after
    for later in cut.body[at:]:
        later.damaged = True
    return True


def bytes_strewn(cut: Cut, rng: Random) -> bool:
    """Strew characters that nobody sees into codes and numbers."""
    odd = rng.choice("\x00\x1a\x07\x7f\u200b\ufeff\ufffd")
    places = cut.columns("number") + cut.columns("code")
    if not places or not _encodes(cut, odd):
        return False
    for row in _rows(cut, rng):
        j = rng.choice(places)
        if j < len(row.fields):
            # A name may follow the code in its cell.
            i = rng.randrange(min(len(row.fields[j]), 9) + 1)
            row.fields[j] = row.fields[j][:i] + odd + row.fields[j][i:]
            row.damaged = True
    return True


def rows_doubled(cut: Cut, rng: Random) -> bool:
    for row in _rows(cut, rng):
        cut.body.insert(rng.randrange(len(cut.body) + 1), Row([*row.fields], None, damaged=True))
    cut.must_say = True
    return True


def total_added(cut: Cut, rng: Random) -> bool:
    fields = [*cut.body[0].fields]
    for j in cut.columns("code") + cut.columns("text"):
        if j < len(fields):
            fields[j] = rng.choice(["Total", "England", ""])
    cut.body.insert(rng.choice([0, len(cut.body)]), Row(fields, None, damaged=True))
    return True


#: What can be combined.
CELLS: list[Callable[[Cut, Random], bool]] = [
    columns_reordered, columns_reordered, column_added, delimiter_changed, decimal_commas,
    encoding_changed, encoding_changed, mark_changed, newline_changed, everything_quoted, padded,
    padding_commas, blank_lines, footer_changed, preamble_changed, rows_shuffled, rows_lost,
    heading_renamed, heading_renamed, heading_misspelt, heading_misspelt, headings_lost,
    headings_of_two_kinds_swapped, headings_of_two_kinds_swapped, header_repeated, text_in_numbers,
    text_in_numbers, text_in_numbers, numbers_spoilt, numbers_spoilt, codes_spoilt, codes_spoilt,
    fields_lost_or_gained, fields_lost_or_gained, quotes_lost, stray_quote, bytes_strewn,
    rows_doubled, total_added,
]  # fmt: skip
