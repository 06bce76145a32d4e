"""The words round maps side by side, as the page's template asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.maps import words
from wmspatial.maps._figure_sheet import is_typology, many, sources_of
from wmspatial.maps._page_text import PageText, boundaries_words, legend_items
from wmspatial.maps.geometry import TOLERANCE
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wmspatial.maps._multiples_data import PanelData
    from wmspatial.maps._multiples_spec import Multiples

#: With more maps than this the legend says from how few to how many areas a class has on a map.
_EACH: Final = 6


def panel_text(made: Multiples, found: PanelData) -> PageText:
    """Put together the words of a page of maps side by side.

    Parameters
    ----------
    made : Multiples
        From :func:`~wmspatial.maps.multiples.arrange_multiples`.
    found : PanelData
        What the page draws.

    Returns
    -------
    PageText
        For the page's template.
    """
    unit = made.panels[0].sheet.unit
    wholes = list({id(whole): whole for whole, _ in made.origins}.values())
    known = [whole for whole in wholes if is_typology(whole)]
    return PageText(
        title=made.title,
        lead=made.lead,
        unit=unit,
        legend_title=made.legend_title,
        legend=_legend(made, found, unit),
        legend_note=made.legend_note,
        tables=[_table(made, unit)],
        each=f"Every {unit}: its map and its class" if found.apart else f"Every {unit} on each map",
        ask="to keep them in sight" if found.apart else "to keep what each map says of it",
        parameters_line=_parameters(made, known),
        boundaries_line=_boundaries(found, unit),
        source_line=made.source,
        banner=ILLUSTRATIVE if made.illustrative else "",
        notice=made.notice,
        caveats=_once(caveat for whole in known for caveat in whole.caveats),
        method_lines=_method(made, found),
        sources=_once(source for whole in wholes for source in sources_of(whole)),
        report=_once(line for whole in known for line in whole.dataset.report),
    )


def _once(items: Any) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


def _counts(made: Multiples) -> list[list[int]]:
    """Count the areas in each class, map by map."""
    size = len(made.categories)
    return [np.bincount(p.sheet.category, minlength=size).tolist() for p in made.panels]


def _legend(made: Multiples, found: PanelData, unit: str) -> list[dict[str, Any]]:
    """Write the legend: counts of all maps together, or map by map where these share areas."""
    people = [panel.sheet.people for panel in made.panels]
    known = [one for one in people if one is not None]
    together = found.apart and len(known) == len(people)
    residents = pd.concat(known, ignore_index=True) if together else None
    everything = np.concatenate([panel.sheet.category for panel in made.panels])
    items = legend_items(made.categories, everything, residents, unit, unused=False)
    if found.apart:
        return items
    counts = _counts(made)
    for item in items:
        item["count"] = _by_map(made, [row[item["number"]] for row in counts], unit)
    return items


def _by_map(made: Multiples, counts: Sequence[int], unit: str) -> str:
    if not any(counts):
        return "none here"
    if len(counts) <= _EACH:
        names = [panel.name for panel in made.panels]
        return "; ".join(f"{name}:\u00a0{n:,}" for name, n in zip(names, counts, strict=True))
    if min(counts) == max(counts):
        return f"{many(counts[0], unit)} on each map"
    return f"{min(counts):,} to {many(max(counts), unit)} on a map"


def _table(made: Multiples, unit: str) -> dict[str, Any]:
    """Tabulate what each map shows, and its areas by class."""
    used = [i for i, n in enumerate(np.sum(_counts(made), axis=0)) if n]
    rows = [
        [p.name, p.fact, f"{sum(row):,}", *(f"{row[i]:,}" for i in used)]
        for p, row in zip(made.panels, _counts(made), strict=True)
    ]
    what = f"{unit[:1].upper()}{unit[1:]}s"
    return {
        "title": f"{what} by map and class",
        "head": ["Map", "What it shows", what, *(made.categories[i].name for i in used)],
        "rows": rows,
        "total": False,
    }


def _parameters(made: Multiples, known: Sequence[Any]) -> str:
    """Say how the classes were made."""
    if made.spec is not None:
        write = made.spec.numbers.write
        breaks = ", ".join(write(b) for b in made.spec.breaks)
        at = f", with breaks at {breaks}" if breaks else ""
        return f"Classes: {made.spec.scheme}, of the values of all maps together{at}."
    chosen: dict[str, list[str]] = {}
    for panel, (typology, _) in zip(made.panels, made.origins, strict=True):
        changed = words.changed_parameters(typology)
        what = "; ".join(changed) if changed else "the defaults of the method"
        chosen.setdefault(what, []).append(panel.name)
    said = [
        what if len(chosen) == 1 else f"{', '.join(names)}: {what}"
        for what, names in chosen.items()
    ]
    indices = " and ".join(dict.fromkeys(typology.dataset.deprivation for typology in known))
    return f"Parameters: {'. '.join(said)}. Deprivation: {indices}."


def _boundaries(found: PanelData, unit: str) -> str:
    what = f"{unit}s, simplified by up to {TOLERANCE:g} metres"
    return " ".join([boundaries_words(found.drawn, what), *found.notes])


def _method(made: Multiples, found: PanelData) -> list[str]:
    lines = []
    years = [w.vintage for w, _ in made.origins if is_typology(w) and w.vintage]
    if years:
        named = " and ".join(str(year) for year in dict.fromkeys(years))
        lines.append(f"Vintage: {named} Census.")
    lines.append(f"{many(len(made.panels), 'map')} in the same classes and at the same scale.")
    if found.data["grounds"] and not found.apart:
        lines.append("An area is the same on two maps where it has the same code on both.")
    return lines
