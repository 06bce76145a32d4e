"""Put the comparison of two maps of labour markets into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    import pandas as pd

    from wmspatial.patterns.market_comparing import MarketComparison

_LEAST: Final = 0.005


def comparison_text(found: MarketComparison) -> str:
    """Say how far two maps agree, and what is split and merged."""
    n, (one, other) = found.numbers, found.labels
    rand = f"The adjusted Rand index is {n['adjusted_rand']:.3f}"
    if found.by_people:
        rand += f" over places and {n['adjusted_rand_people']:.3f} over people"
    same, what = n["same_places"], "places"
    if found.by_people:
        same, what = n["same_people"], "people"
    text = (
        f"{areas(n['found'], one)} against {areas(n['other'], other)}, over "
        f"{n['places']:,.0f} places. {rand} (1 is the same map, 0 what chance gives). "
        f"{_matched(n, one, other)} Where each area has at most one counterpart, "
        f"{per_cent(same)} of {what} are in the same area in both.{_changes(found)}"
    )
    return f"{text} ({ILLUSTRATIVE}.)" if found.illustrative else text


def areas(count: float, label: str) -> str:
    """Say how many areas, of which map."""
    return f"{count:,.0f} {label} area{'' if count == 1 else 's'}"


def _matched(n: pd.Series[Any], one: str, other: str) -> str:
    count = n["matched"]
    if not count:
        return f"None of the {one} areas is one of the {other} ones by more than half of each."
    return (
        f"{count:,.0f} of the {one} areas {'is' if count == 1 else 'are'} one of the {other} ones, "
        "in that more than half of each lies in the other."
    )


def per_cent(share: float) -> str:
    """Write a share as whole per cent; not quite all is not all, and hardly any is not none.

    Examples
    --------
    >>> [per_cent(share) for share in (0.0, 0.001, 0.42, 0.998, 1.0)]
    ['0 %', '<1 %', '42 %', '>99 %', '100 %']
    """
    if 0 < share < _LEAST:
        return "<1 %"
    return ">99 %" if 1 - _LEAST < share < 1 else f"{100 * share:.0f} %"


def _changes(found: MarketComparison) -> str:
    parts = []
    one, other = found.labels
    for kind, count, label in (("split", "split", other), ("merged", "merged", one)):
        rows = found.changes[found.changes["kind"] == kind]
        if not len(rows):
            continue
        top = rows.iloc[0]
        number = f"{len(rows):,} {label} area{'' if len(rows) == 1 else 's'}"
        verb = "is" if len(rows) == 1 else "are"
        first = "" if len(rows) == 1 else "the largest is "
        if kind == "split":
            parts.append(f"{number} {verb} {count} ({first}{top['name']}, in {top['parts']:,})")
        else:
            hold = "holds" if len(rows) == 1 else "hold"
            parts.append(
                f"{number} {hold} most of several ({first}{top['name']}, of {top['parts']:,})"
            )
    return f" {' and '.join(parts)}." if parts else ""


def about(
    numbers: pd.Series[Any], labels: tuple[str, str], unknown: int, *, by_people: bool
) -> tuple[str, ...]:
    """Say what is counted how, and what is left out."""
    notes = []
    if numbers["left_out"]:
        notes.append(
            f"{numbers['left_out']:,.0f} places have an area in one of the two maps alone, or in "
            "neither, and are in no figure."
        )
    if unknown:
        notes.append(f"{unknown:,} places have no number of people and count as empty.")
    if not by_people:
        notes.append("Areas overlap by numbers of places, for people were not given.")
    notes.append(
        f"That {labels[0]} areas differ from {labels[1]} ones does not say which are better."
    )
    return tuple(notes)
