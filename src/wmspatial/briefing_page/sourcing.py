"""Which of the tables behind a result stand behind one section of its briefing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wmspatial.provenance import Source
    from wmspatial.typology import Typology

#: How a table is known by its id in the catalogue or by its title.
_KINDS: Final = {
    "people": r"ts021|ks201|ethnic",
    "flows": r"odwp|wu0|workplace flows|commuting",
    "deprivation": r"imd|iod|deprivation",
    "jobs": r"bres|business register",
    "markets": r"ttwa|travel-to-work",
    "shapes": r"boundar",
    "wards": r"ward.*lookup|lookup",
    "crosswalk": r"lsoa11-lsoa21|exact-fit",
}


def sources_of(typology: Typology, *kinds: str, earlier: Typology | None = None) -> str:
    """Name the tables of these kinds, in a line.

    Parameters
    ----------
    typology : Typology
        With its provenance.
    *kinds : str
        Of :data:`_KINDS`, the main one first.
    earlier : Typology, optional
        What it is compared with: its tables of these kinds are named too.

    Returns
    -------
    str
        "Source: ..." with titles; the publishers of all tables where none is known by its kind.
    """
    every = typology.provenance
    found: list[Source] = []
    for kind in kinds:
        for each in (typology, *(() if earlier is None else (earlier,))):
            new = [s for s in each.provenance if s not in found and _is(s, kind)]
            found += _of_the_year(new, each)
    if not found:
        found = list(every)
    if not found:
        return "Source: the tables given, as listed under Sources."
    names = list(dict.fromkeys(_short(source) for source in found))
    return f"Source{'' if len(names) == 1 else 's'}: {'; '.join(names)}."


def _of_the_year(found: list[Source], typology: Typology) -> list[Source]:
    """Keep those of the census the areas are of, where some say so."""
    ours = [s for s in found if f"Census {typology.vintage}" in s.title]
    return ours or found


def _is(source: Source, kind: str) -> bool:
    pattern = _KINDS[kind]
    return bool(re.search(pattern, f"{source.dataset} {source.title}", re.IGNORECASE))


def _short(source: Source) -> str:
    """Name a table by its title without what stands in brackets at its end, and its publisher."""
    title = re.sub(r"\s*\([^()]*\)\s*$", "", source.title)
    publisher = re.split(", (?:through|from) ", source.publisher)[0]
    publisher = publisher.replace("Office for National Statistics", "ONS")
    publisher = publisher.replace("Ministry of Housing, Communities and Local Government", "MHCLG")
    return f"{title} ({publisher})" if publisher else title
