"""Who lives in disconnected neighbourhoods, by group against everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wmspatial.briefing_page.drawing import Bars, embed
from wmspatial.briefing_page.gathering import DISCONNECTED
from wmspatial.briefing_page.looks import class_parts
from wmspatial.briefing_page.parts import Bullets, Paragraph, Section, Table
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefing_page.wording import (
    capital,
    ethnic,
    group_name,
    is_are,
    listed,
    many,
    percent,
    span,
)
from wmspatial.typology._composition_words import told_apart

if TYPE_CHECKING:
    import pandas as pd

    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part
    from wmspatial.typology import Composition

_ALL: Final = "All"
_DEPRIVED: Final = ("Disconnected", "Connected", "Large number of jobs")
#: With fewer disconnected neighbourhoods than this every share is shaky, and the page says so.
_FEW: Final = 20
HEADING: Final = "Who lives there"


def write(facts: Facts) -> Section | None:
    """Say for whom it is worse; nothing where nobody is counted by group, or nobody lives there."""
    if facts.none_lost:
        return None
    found = facts.composition
    if found is None:
        trouble = facts.trouble("who")
        if not trouble:
            return None
        text = f"Residents by group could not be compared. {trouble}"
        return Section("who", HEADING, [Paragraph(text)])
    parts: list[Part] = [
        Paragraph(_sentence(facts, found)),
        Paragraph(_few(facts)),
        Paragraph(_within(facts, found)),
        embed(_bars(facts, found), "who"),
        _table(facts, found),
        Bullets(_notes(facts, found), "note"),
    ]
    return Section("who", HEADING, [p for p in parts if not isinstance(p, Paragraph) or p.text])


def _few(facts: Facts) -> str:
    """Say that a few neighbourhoods make shaky shares."""
    count = int(facts.counts[DISCONNECTED])
    if count >= _FEW:
        return ""
    return (
        f"There {is_are(count)} only {many(count, 'disconnected neighbourhood')}, so each of these "
        "shares hangs on one or two of them."
    )


def _known(found: Composition) -> pd.DataFrame:
    groups = found.shares.drop(index=_ALL)
    return groups[groups["ratio"].notna() & ~groups["small"]]


def _clear(found: Composition, group: object, *, within: bool = False) -> bool:
    """Say whether a group can be told apart from everybody, with zones drawn whole too."""
    kind, unsure = ("ratio_within", found.unsure_within) if within else ("ratio", found.unsure)
    row = found.shares.T[group]
    return told_apart(row[f"{kind}_low"], row[f"{kind}_high"]) and group not in unsure


def _who(facts: Facts, group: str) -> str:
    """Name the people of a group inside a sentence."""
    name = group_name(group)
    if not ethnic(facts.typology.dataset.groups):
        return f"the group “{name}”"
    return {
        "mixed": "people of mixed or multiple ethnic groups",
        "other": "people of other ethnic groups",
    }.get(group, f"{name} residents")


def _sentence(facts: Facts, found: Composition) -> str:
    everybody = found.shares.T[_ALL]
    known = _known(found).sort_values("ratio", ascending=False)
    text = f"{percent(everybody['share_disconnected'])} of all residents live in disconnected "
    text += "neighbourhoods."
    clear = [(str(g), row) for g, row in known.iterrows() if _clear(found, g)]
    for number, (group, row) in enumerate(clear):
        of = _who(facts, group)
        more = "as large a share as of everybody"
        times = f"{row['ratio']:.2f} times {more}" if not number else f"{row['ratio']:.2f} times"
        text += (
            f" Of {of} it is {percent(row['share_disconnected'])}, {times} (interval "
            f"{row['ratio_low']:.2f} to {row['ratio_high']:.2f}){_over_versions(row)}."
        )
    unclear = [_who(facts, str(g)) for g in known.index if not _clear(found, g)]
    if unclear:
        start = "For" if clear else "No group stands out: for"
        text += f" {start} {listed(unclear)} no difference from everybody can be told."
    return text


def _over_versions(row: pd.Series[Any]) -> str:
    """Say where the open choices of the method could turn a finding round."""
    least, most = row.get("scenario_ratio_least"), row.get("scenario_ratio_most")
    if least is None or most is None or not least < 1 < most:
        return ""
    return (
        f" with the parameters given; over all versions of the method it lies between {least:.2f} "
        f"and {most:.2f} times, so it hangs on the open choices whether it is more or less"
    )


def _within(facts: Facts, found: Composition) -> str:
    """Tell living in a deprived place from living in a disconnected one."""
    known = _known(found)
    sides: dict[bool, list[str]] = {True: [], False: []}
    for group, row in known.iterrows():
        if _clear(found, group, within=True):
            sides[bool(row["ratio_within_deprived"] > 1)].append(
                f"{_who(facts, str(group))} ({percent(row['share_within_deprived'])})"
            )
    if not any(sides.values()):
        return ""
    everybody = percent(found.shares.T[_ALL]["share_within_deprived"])
    told = [
        f"{'higher' if more else 'lower'} for {listed(names)}"
        for more, names in sides.items()
        if names
    ]
    return (
        "Living in a deprived place and living in a disconnected one are two things. Of residents "
        f"of deprived neighbourhoods alone, {everybody} live in disconnected ones; that share is "
        f"{', and '.join(told)}."
    )


def _bars(facts: Facts, found: Composition) -> Bars:
    shares = found.shares
    counts = found.counts.loc[shares.index, list(_DEPRIVED)]
    parts = counts.div(shares["people"].where(shares["people"] > 0), axis=0).fillna(0.0)
    rows = ["Everybody" if g == _ALL else group_name(str(g)) for g in shares.index]
    title = "Share of each group’s residents in deprived neighbourhoods, by class"
    told = []
    for name, (_, row), (_, part) in zip(rows, shares.iterrows(), parts.iterrows(), strict=True):
        others = ", ".join(f"{kind} {percent(part[kind])}" for kind in _DEPRIVED[1:])
        told.append(
            f"{name}: {DISCONNECTED} {percent(row['share_disconnected'])} (interval "
            f"{span(row['share_low'], row['share_high'])}), {others}"
        )
    ranges = [(float(r["share_low"]), float(r["share_high"])) for _, r in shares.iterrows()]
    level = float(shares["share_disconnected"].to_dict()[_ALL])
    return Bars(
        title=title,
        text=f"{title}. {'; '.join(told)}.",
        rows=rows,
        parts=class_parts(parts, _DEPRIVED),
        write=lambda value: f"{100 * value:.0f} %",
        axis="Share of the group’s residents; the whisker is the interval of Disconnected",
        ranges=ranges,
        line=(level, f"Everybody {percent(level)}"),
        illustrative=facts.typology.illustrative,
        source=sources_of(facts.typology, "people", "deprivation", "flows", "jobs"),
        bold="Everybody",
    )


def _table(facts: Facts, found: Composition) -> Table:
    over = "scenario_share_least" in found.shares.columns
    head = ["Group", "Residents", "Of these in deprived neighbourhoods", "In disconnected ones",
            "Interval", "Times everybody’s share"]  # fmt: skip
    if over:
        head.append("Over all versions of the method")
    rows = []
    for group, row in found.shares.iterrows():
        name = "Everybody" if group == _ALL else group_name(str(group))
        cells = [
            f"{name} *" if row["small"] else name,
            f"{row['people']:,.0f}",
            percent(row["share_deprived"]),
            percent(row["share_disconnected"]),
            span(row["share_low"], row["share_high"]),
            "1" if group == _ALL else f"{row['ratio']:.2f}",
        ]
        if over:
            cells.append(span(row["scenario_share_least"], row["scenario_share_most"]))
        rows.append(cells)
    what = "ethnic group" if ethnic(facts.typology.dataset.groups) else "group"
    return Table(
        f"Residents in deprived and in disconnected neighbourhoods by {what}",
        head,
        rows,
        folded=True,
    )


def _notes(facts: Facts, found: Composition) -> list[str]:
    meaning = (
        "Interval: how much a share hangs on a few neighbourhoods. It is the middle "
        f"{100 * found.level:g} % of draws of the neighbourhoods within their authorities. The "
        "census counts everybody, so it is no margin of error of a sample. A group is said to "
        "differ only where the interval of its ratio to everybody leaves out 1."
    )
    ratios = (
        "A share and a ratio have intervals of their own: the shares of a group and of everybody "
        "move together from draw to draw, so how many times one is the other is surer than either."
    )
    notes = [meaning, ratios]
    if found.unsure:
        notes.append(
            "Neighbourhoods of one commuting zone share much of what decides their class, so a "
            "difference is said only where it also stands with zones drawn whole. By "
            f"neighbourhoods alone {listed(_who(facts, group) for group in found.unsure)} would "
            "differ from everybody as well."
        )
    if "scenario_share_least" in found.shares.columns:
        notes.append(
            "Over all versions of the method: the least and the most that the share comes to when "
            "the open choices of the method are made in other ways."
        )
    if bool(found.shares["small"].any()):
        notes.append("* Too few people in disconnected neighbourhoods to say anything of.")
    if ethnic(facts.typology.dataset.groups):
        notes.append(
            "Where people live says nothing of why: age, housing and family play their part, and "
            "no cause can be read off this."
        )
    blank = float(found.counts["Insufficient data"][_ALL])
    if blank:
        notes.append(
            f"{blank:,.0f} people live in neighbourhoods that could not be classed; they are in no "
            "share."
        )
    return [capital(note) for note in notes]
