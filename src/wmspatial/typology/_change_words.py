"""A comparison of two censuses in plain English, every number from the comparison itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wmspatial.provenance import LOCKDOWN, RECONSTRUCTION

if TYPE_CHECKING:
    from wmspatial.typology.change import Change

_NAME = "Disconnected"


def describe(change: Change) -> str:
    """Write the summary: what moved, what it comes from, what it is worth."""
    paragraphs = [_moves(change), _where(change), _cuts(change), _sources(change)]
    return "\n\n".join(filter(None, [*paragraphs, change.about_jobs, LOCKDOWN]))


def caveats_of(change: Change) -> tuple[str, ...]:
    """List what has to be said wherever the comparison is shown."""
    frame, before, after = change.frame, change.earlier.dataset, change.later.dataset
    own = [LOCKDOWN, RECONSTRUCTION]
    if change.later.parameters.cut_kind == "quantile":
        own.append(
            "Disconnected is relative to each census's own cut: that there are more or fewer says "
            "little. The cut of 2011 held fixed, and the flows of 2011 held fixed, are reported "
            "beside it."
        )
    remade = int((frame["crosswalk"] != "unchanged").sum())
    mixed = int(frame["mixed_parts"].sum())
    if remade:
        own.append(
            f"{remade:,} of {len(frame):,} neighbourhoods were split, merged or changed "
            "irregularly since 2011: their earlier class and rank are those of their part with "
            f"most residents{f'; in {mixed:,} the parts had different classes' if mixed else ''}."
        )
    alike = (
        "" if before.deprivation == after.deprivation else ", and the indices are not made alike"
    )
    own.append(
        f"Deprivation was {before.deprivation} and is {after.deprivation}: ranks say who is worse "
        f"off than others, not who is worse off than before{alike}."
    )
    if change.about_jobs:
        own.append(change.about_jobs)
    return tuple(dict.fromkeys((*own, *before.caveats, *after.caveats)))


def _places(number: int) -> str:
    return f"{number:,} neighbourhood{'' if number == 1 else 's'}"


def _moves(change: Change) -> str:
    row = change.summary().loc[_NAME].to_dict()
    people = change.summary(weight="residents").loc[_NAME].to_dict()
    return (
        f"Of the {len(change.frame):,} neighbourhoods of {change.later.vintage} in "
        f"{change.later.study_area}, {row['earlier']:,} were disconnected in "
        f"{change.earlier.vintage} and {row['later']:,} in {change.later.vintage}. "
        f"{_places(row['stayed'])} stayed disconnected (home to "
        f"{people['stayed']:,} people now), {row['entered']:,} entered ({people['entered']:,} "
        f"people) and {row['left']:,} left ({people['left']:,} people)."
    )


def _where(change: Change) -> str:
    matrix = change.transitions()
    entered, left = matrix[_NAME].drop(_NAME), matrix.loc[_NAME].drop(_NAME)
    where_from = _listed({str(name): int(n) for name, n in entered.items() if n})
    where_to = _listed({str(name): int(n) for name, n in left.items() if n})
    parts = []
    if where_from:
        parts.append(f"Of those that entered, the class before was {where_from}.")
    if where_to:
        parts.append(f"Of those that left, the class now is {where_to}.")
    return " ".join(parts) or "None entered and none left."


def _cuts(change: Change) -> str:
    counts = change.versions()[_NAME]
    words = (
        "Disconnected is relative to each census's own cut, so the two totals cannot say that "
        "disconnection grew or shrank."
    )
    if change.later.parameters.cut_kind == "value":
        return f"The cut is one fixed score in both, {change.later.parameters.cut:g}."
    return (
        f"{words} With each labour market's cut of 2011 held fixed, "
        f"{counts['2021 at the cut of 2011']:,} would be disconnected in 2021 instead of "
        f"{counts['2021']:,}; with the flows of 2011 held fixed, and cut anew, "
        f"{counts['2021 with the commuting of 2011']:,}. What of the first is the lockdown's doing "
        "these data cannot say."
    )


def _sources(change: Change) -> str:
    counts = change.sources()
    total = int(counts.sum())
    if not total:
        return "No neighbourhood changed its class."
    singles = [
        f"{counts[name]:,} come from {name} alone (put {name} back to 2011 and the class of 2011 "
        "returns)"
        for name in change.factors
    ]
    return (
        f"{_places(total)} changed class in all: {', '.join(singles)}, "
        f"{counts['any one of them']:,} would be undone by any one of these, "
        f"{counts['only together']:,} only by all of them together, and "
        f"{counts['something else']:,} by none: residents, how they share out jobs and workers, "
        "or new boundaries."
    )


def _listed(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} for {number:,}" for name, number in ordered)
