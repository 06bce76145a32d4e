"""Turn what an analyst calls a place into the authorities it is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from wmspatial.errors import AreaNotFoundError
from wmspatial.geography.lookup import nearest

if TYPE_CHECKING:
    import pandas as pd

_ALIASES: Final = {"wmca": "west midlands", "gmca": "greater manchester"}
_NATIONS: Final = {"england and wales": "EW", "england": "E", "wales": "W"}
_FEW: Final = 4


def resolve_area(
    area: str | Iterable[str], authorities: pd.DataFrame, combined: pd.DataFrame
) -> tuple[list[str], str]:
    """Find the authorities of an area.

    Parameters
    ----------
    area : str or iterable of str
        A combined authority or an authority by name or code, ``"wmca"``,
        ``"england and wales"``, ``"england"``, ``"wales"``, or several of them.
    authorities : DataFrame
        ``authority_code``, ``authority``: every authority at hand.
    combined : DataFrame
        ``authority_code``, ``combined_code``, ``combined``.

    Returns
    -------
    codes : list of str
        Authority codes, sorted.
    label : str
        What to call the area.

    Raises
    ------
    AreaNotFoundError
        If a name is not known; the nearest names are given.

    Examples
    --------
    >>> import pandas as pd
    >>> authorities = pd.DataFrame({"authority_code": ["E08000025"], "authority": ["Birmingham"]})
    >>> combined = pd.DataFrame({"authority_code": ["E08000025"], "combined_code": ["E47000007"],
    ...                          "combined": ["West Midlands"]})
    >>> resolve_area("wmca", authorities, combined)
    (['E08000025'], 'West Midlands Combined Authority')
    """
    if not isinstance(area, str) and not isinstance(area, Iterable):
        raise AreaNotFoundError(
            f"area={area!r}: expected a name, a code, or a list of them, such as 'wmca' or "
            "'Birmingham'."
        )
    wanted = [area] if isinstance(area, str) else list(area)
    if not wanted:
        raise AreaNotFoundError("area: the list is empty. Name at least one authority.")
    codes: set[str] = set()
    labels: list[str] = []
    for name in wanted:
        found, label = _one(str(name), authorities, combined)
        codes.update(found)
        labels.append(label)
    return sorted(codes), _together(labels)


def _one(name: str, authorities: pd.DataFrame, combined: pd.DataFrame) -> tuple[list[str], str]:
    key = _ALIASES.get(name.strip().casefold(), name.strip().casefold())
    if key in _NATIONS:
        nations = tuple(_NATIONS[key])
        inside = authorities["authority_code"].str.startswith(nations)
        return authorities.loc[inside, "authority_code"].unique().tolist(), (
            " and ".join(part.capitalize() for part in key.split(" and "))
        )
    names = authorities["authority"].str.casefold()
    hit = (names == key) | (authorities["authority_code"].str.casefold() == key)
    if hit.any():
        row = authorities[hit].iloc[0]
        return [row["authority_code"]], str(row["authority"])
    key = key.removesuffix(" combined authority")
    hit = (combined["combined"].str.casefold() == key) | (
        combined["combined_code"].str.casefold() == key
    )
    if hit.any():
        members = combined.loc[hit, "authority_code"].tolist()
        known = [code for code in members if code in set(authorities["authority_code"])]
        label = f"{combined.loc[hit, 'combined'].iloc[0]} Combined Authority"
        if len(known) < len(members):
            raise AreaNotFoundError(
                f"{label}: its authorities {', '.join(sorted(set(members) - set(known)))} (2023) "
                "are not among those of this vintage, because they were formed from others since. "
                "Name the authorities of the vintage one by one."
            )
        return known, label
    near = nearest(key, [*authorities["authority"].unique(), *combined["combined"].unique()])
    raise AreaNotFoundError(
        f"No authority or combined authority of England or Wales is called {name!r}. {near}".strip()
    )


def _together(labels: list[str]) -> str:
    if len(labels) == 1:
        return labels[0]
    if len(labels) <= _FEW:
        return f"{', '.join(labels[:-1])} and {labels[-1]}"
    return f"{len(labels)} places"
