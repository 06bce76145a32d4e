"""Name clusters after their wards, and places after what people call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wmspatial.typology import Typology

#: A ward with this share of a cluster's residents names it alone.
_ALONE: Final = 0.8
_TWO: Final = 2


class Named(list[str]):
    """Names, most people first, and whether the first has nearly all."""

    alone: bool = False
    kind: str = "ward"


def by_people(frame: pd.DataFrame, numbers: pd.Series[Any], column: str) -> pd.Series[Any]:
    """List the names in a column for each cluster, most residents first.

    Parameters
    ----------
    frame : DataFrame
        Neighbourhoods, with ``residents``.
    numbers : Series of int
        The cluster of each.
    column : str
        ``"ward"``, ``"authority"`` or ``"name"``; without it the lists are empty.

    Returns
    -------
    Series of list of str
        By cluster.
    """
    found = {number: Named() for number in sorted(numbers.unique())}
    if column in frame.columns:
        keys = [numbers.to_numpy(), frame[column].astype("object").to_numpy()]
        people = frame["residents"].fillna(0.0).groupby(keys, sort=False).sum()
        whole = people.groupby(level=0).transform("sum")
        table = pd.DataFrame({"people": people, "whole": whole}).rename_axis(["number", "name"])
        ordered = table.sort_values("people", ascending=False, kind="stable").reset_index()
        for row in ordered.to_dict("records"):
            names = found[row["number"]]
            names.alone = names.alone or (not names and row["people"] >= _ALONE * row["whole"])
            names.append(str(row["name"]))
            names.kind = "ward" if column == "ward" else "neighbourhood"
    return pd.Series(found, dtype="object")


def cluster_name(names: Named) -> str:
    """Name a cluster after the one or two places with most of its residents."""
    if not names:
        return "Without a name"
    if len(names) == 1 or names.alone:
        return names[0]
    rest = len(names) - _TWO
    if not rest:
        return f"{names[0]} and {names[1]}"
    return f"{names[0]}, {names[1]} and {rest} more {names.kind}{'' if rest == 1 else 's'}"


def none_of(classes: pd.Series[Any], kind: str) -> str:
    """Say that no neighbourhood is of a class, or that it is not known."""
    blank = classes == "Insufficient data"
    if blank.all():
        return f"No neighbourhood could be classed: which are of the class “{kind}” is not known."
    known = " that could be classed" if blank.any() else ""
    return f"No neighbourhood{known} is of the class “{kind}”."


def unique_names(names: pd.Series[Any]) -> pd.Series[Any]:
    """Tell clusters apart that would have one name, by numbers, the largest first."""
    times = names.groupby(names).transform("size")
    place = names.groupby(names).cumcount() + 1
    return names.where(times == 1, names + " (" + place.astype("str") + ")")


def place_names(typology: Typology) -> pd.Series[Any]:
    """Name every neighbourhood's place: its ward, or where there is none its commuting zone.

    Returns
    -------
    Series of str
        By neighbourhood code, with the authority in brackets where a name stands in several.
    """
    table = typology.dataset.neighbourhoods
    blank = pd.Series(pd.NA, index=table.index, dtype="str")
    ward = table["ward"] if "ward" in table.columns else blank
    names = table["name"] if "name" in table.columns else table.index.to_series()
    # "Birmingham 079H" is a neighbourhood of the zone "Birmingham 079".
    zone = names.astype("str").str.replace(r"(?<=\d)[A-Z]$", "", regex=True)
    label = ward.where(ward.notna(), zone).astype("str")
    if "authority" not in table.columns:
        return label
    several = table.groupby(label)["authority"].transform("nunique") > 1
    return label.where(~several, label + " (" + table["authority"].astype("str") + ")")


def listed(parts: Sequence[str]) -> str:
    """Join names as a sentence does."""
    items = list(parts)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
