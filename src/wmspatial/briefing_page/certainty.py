"""How sure it is: what hangs on the open choices of the method, and on the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wmspatial.briefing_page.always import robust
from wmspatial.briefing_page.drawing import Bars, Part, embed
from wmspatial.briefing_page.parts import Bullets, Paragraph, Section
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefing_page.wording import capital, is_are, listed, many, spelt
from wmspatial.charts.chart import DARK

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part as Piece
    from wmspatial.typology.resampling import Resampling
    from wmspatial.typology.sensitivity import Sensitivity

HEADING: Final = "How sure this is"
_CHOICES: Final = {
    "pez_denominator": "whom jobs are held against",
    "connection": "how the connection to jobs is measured",
    "reference": "among which neighbourhoods the line is drawn",
    "cut": "how low the line is",
}
#: Least share of the versions, and what it is called.
_BINS: Final = (
    (1.0, "in every version"),
    (0.75, "in three quarters or more"),
    (0.5, "in half to three quarters"),
    (0.25, "in a quarter to half"),
    (0.0, "in fewer than a quarter"),
)


def write(facts: Facts) -> Section:
    """Say what stands, what it hangs on, and what has to be kept in mind."""
    parts: list[Piece] = []
    found = facts.sensitivity
    if found is not None:
        parts.append(Paragraph(_sentence(found)))
        if len(robust(found)):
            parts.append(embed(_bars(facts, found), "sure"))
    elif trouble := facts.trouble("sensitivity"):
        parts.append(
            Paragraph(f"What hangs on the open choices of the method is not known. {trouble}")
        )
    elif not facts.none_classed:
        parts.append(
            Paragraph("What hangs on the open choices of the method was not worked out here.")
        )
    if facts.resampling is not None:
        parts.append(Paragraph(_drawn(facts.resampling)))
    parts.append(Paragraph("What to keep in mind", "heading"))
    caveats = list(facts.typology.caveats)
    if facts.typology.dataset.report:
        caveats.append(
            f"On the way in, {many(len(facts.typology.dataset.report), 'thing')} had to be "
            "repaired or left out; about.txt, beside this page, says what."
        )
    parts.append(Bullets(caveats))
    return Section("sure", HEADING, parts)


def _sentence(found: Sensitivity) -> str:
    counts = found.scenarios["Disconnected"]
    tried, combined = len(counts), _combined(found)
    low, high = int(counts.min()), int(counts.max())
    if low == high:
        return (
            f"{combined} In each of {tried:,} versions of the method the same "
            f"number of neighbourhoods, {low:,}, {is_are(low)} disconnected."
        )
    share = robust(found)
    text = (
        f"{combined} Over the {tried:,} versions that these make, between {low:,} and {high:,} "
        "neighbourhoods are disconnected."
    )
    if len(share):
        half = int((share >= 0.5).sum())
        given = found.typology.agreement is not None
        which = "that the method itself gives" if given else "on the map"
        text += (
            f" Of the {len(share):,} {which}, {half:,} {is_are(half)} disconnected in at least "
            "half of the versions."
        )
    parts = found.importance["Disconnected"].drop("interactions", errors="ignore")
    top = str(parts.idxmax())
    name = _CHOICES.get(top, top.replace("_", " "))
    finding = (
        ", and the places that stay on the list as the finding."
        if len(found.always_disconnected)
        else ". No neighbourhood is disconnected in every version, so no single place can be named "
        "with confidence."
    )
    return (
        f"{text} What matters most for the number is {name}: that choice alone accounts for "
        f"{100 * parts.max():.0f} % of the variance between versions. So the numbers are best read "
        f"as an order of size{finding}"
    )


def _combined(found: Sensitivity) -> str:
    """Say what the versions of the method are combined from."""
    told = []
    for choice in found.importance.index.drop("interactions", errors="ignore"):
        number = int(found.scenarios[choice].nunique())
        name = _CHOICES.get(str(choice), str(choice).replace("_", " "))
        told.append(f"{name} ({spelt(number)} {'way' if number == 1 else 'ways'})")
    return f"The method leaves choices open: {listed(told)}."


def _bars(facts: Facts, found: Sensitivity) -> Bars:
    share = robust(found)
    counts, above = [], 2.0
    for least, _ in _BINS:
        counts.append(int(((share >= least) & (share < above)).sum()))
        above = least
    names = [capital(name) for _, name in _BINS]
    title = (
        f"The {len(share):,} disconnected neighbourhoods, by how many of "
        f"{len(found.scenarios):,} versions of the method agree"
    )
    told = "; ".join(f"{name}: {count:,}" for name, count in zip(names, counts, strict=True))
    return Bars(
        title=title,
        text=f"{title}. {told}.",
        rows=names,
        parts=[Part("Neighbourhoods", DARK, DARK, "white", "", counts)],
        write=lambda value: f"{value:,.0f}",
        axis="Neighbourhoods",
        ends=[f"{count:,}" for count in counts],
        illustrative=facts.typology.illustrative,
        source=sources_of(facts.typology, "flows", "deprivation", "jobs"),
    )


def _drawn(found: Resampling) -> str:
    """Say what drawing the data anew does to the classes."""
    row = found.summary().loc["Disconnected"]
    ours = found.typology.everywhere.loc[found.typology.neighbourhoods.index, "labour_market_class"]
    p = found.probabilities["Disconnected"][ours == "Disconnected"]
    if not len(p):
        return ""
    sure = int((p >= 0.95).sum())
    return (
        f"With {found.drawn} drawn anew {found.n:,} times, {sure:,} of the "
        f"{len(p):,} {is_are(sure)} disconnected in at least 95 % of the draws, and in nine draws "
        f"of ten there are between {row['low']:,.0f} and {row['high']:,.0f} disconnected "
        "neighbourhoods. That stands for the accidents of one week in one year and of rounding, "
        "not for the choices above."
    )
