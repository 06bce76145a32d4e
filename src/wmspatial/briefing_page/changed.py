"""What changed since the earlier census, and what that is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wmspatial.briefing_page.drawing import Bars, Part, embed
from wmspatial.briefing_page.parts import Bullets, Paragraph, Section, Table
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefing_page.wording import is_are, listed, many
from wmspatial.charts.chart import BLUE, DARK, INK
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part as Piece
    from wmspatial.typology.change import Change

_NAME: Final = CLASSES[0]
_WHAT: Final = {
    "deprivation": "deprivation", "commuting": "commuting", "jobs": "jobs",
    "any one of them": "any one of these alone", "only together": "all of these only together",
    "something else": "none of these: residents, how jobs and workers are shared out, or new "
    "boundaries",
}  # fmt: skip


def write(facts: Facts) -> Section | None:
    """Compare; nothing where no earlier census was given."""
    change = facts.change
    if change is None:
        return None
    early, late = change.earlier.vintage, change.later.vintage
    row = change.summary().loc[_NAME].to_dict()
    people = change.summary(weight="residents").loc[_NAME].to_dict()
    if not row["earlier"] and not row["later"]:
        text = f"No neighbourhood was disconnected in {early}, and none is in {late}."
        return Section("changed", f"What changed since {early}", [Paragraph(text)])
    text = (
        f"{row['earlier']:,} of today’s neighbourhoods were disconnected in {early} and "
        f"{row['later']:,} {is_are(row['later'])} in {late}. {row['stayed']:,} stayed, home to "
        f"{people['stayed']:,} people now; {row['entered']:,} came in ({people['entered']:,} "
        f"people) and {row['left']:,} dropped out ({people['left']:,} people)."
    )
    parts: list[Piece] = [
        Paragraph(text),
        Paragraph(_worth(change)),
        embed(_bars(facts, change), "changed"),
        _moves(change),
        Paragraph(_sources(change)),
        Bullets([c for c in change.caveats if c not in facts.typology.caveats], "note"),
    ]
    return Section("changed", f"What changed since {early}", parts)


def _worth(change: Change) -> str:
    """Say why two counts by a relative line cannot tell a trend."""
    early, late = change.earlier.vintage, change.later.vintage
    if change.later.parameters.cut_kind == "value":
        return f"The line is one fixed score in both years, {change.later.parameters.cut:g}."
    counts = change.versions()[_NAME]
    return (
        "The two totals cannot say that disconnection grew or shrank, because the line is drawn "
        f"anew in each census. With the line of {early} held fixed there would be "
        f"{counts['2021 at the cut of 2011']:,} in {late}; with the commuting of {early} held "
        f"fixed, {counts['2021 with the commuting of 2011']:,}. How much of the first is the "
        "lockdown’s doing these data cannot say."
    )


def _bars(facts: Facts, change: Change) -> Bars:
    early, late = change.earlier.vintage, change.later.vintage
    row = change.summary().loc[_NAME].to_dict()
    title = f"Disconnected neighbourhoods in {early} and in {late}"
    stayed, left, entered = (int(row[name]) for name in ("stayed", "left", "entered"))
    text = (
        f"{title}. {early}: {stayed:,} that stayed and {left:,} that dropped out since. {late}: "
        f"{stayed:,} that stayed and {entered:,} that came in."
    )
    return Bars(
        title=title,
        text=text,
        rows=[str(early), str(late)],
        parts=[
            Part("In both years", DARK, DARK, "white", "", [stayed, stayed]),
            Part(f"In {early} only", "#d9d5cf", "#d9d5cf", INK, "----", [left, 0]),
            Part(f"In {late} only", BLUE, "#1c5f89", "white", "////", [0, entered]),
        ],
        write=lambda value: f"{value:,.0f}",
        axis="Neighbourhoods, as they are drawn now",
        illustrative=facts.typology.illustrative,
        source=sources_of(
            facts.typology, "flows", "deprivation", "jobs", "crosswalk", earlier=change.earlier
        ),
    )


def _moves(change: Change) -> Table:
    """Tabulate from which class they came and to which they went."""
    early, late = change.earlier.vintage, change.later.vintage
    counts, people = change.transitions(), change.transitions(weight="residents")
    rows = []
    for name in CLASSES:
        came, went = counts[_NAME].to_dict()[name], counts.T[_NAME].to_dict()[name]
        if name == _NAME or not (came or went):
            continue
        rows.append(
            [name, f"{came:,}", f"{people[_NAME].to_dict()[name]:,}", f"{went:,}",
             f"{people.T[_NAME].to_dict()[name]:,}"]
        )  # fmt: skip
    head = ["Class", f"Came in: had it in {early}", "People", f"Dropped out: have it in {late}",
            "People"]  # fmt: skip
    return Table("Where neighbourhoods came from and went to", head, rows, folded=True)


def _sources(change: Change) -> str:
    """Say what the changes of class come from."""
    counts = change.sources()
    total = int(counts.sum())
    if not total:
        return "No neighbourhood changed its class."
    told = [f"{counts[name]:,} by {_WHAT[name]}" for name in counts.index if counts[name]]
    early = change.earlier.vintage
    return (
        f"{many(total, 'neighbourhood')} of all classes changed class. Put back to {early} one "
        f"thing at a time, the change is undone for {listed(told)}."
    )
