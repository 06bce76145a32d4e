"""Find wards by what people call them, and say which are near where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.errors import AreaNotFoundError, InputError, examples
from wmspatial.geography.lookup import nearest

if TYPE_CHECKING:
    from wmspatial.dataset import Dataset

#: Where all wards were drawn anew and a name of before can be asked for still: when.
REDRAWN: Final = {"E08000025": 2018}
_MOST: Final = 4
#: Shorter words (and, the, St) tell nothing.
_LONG: Final = 4
_COMPASS: Final = {"north", "east", "south", "west", "central"}
_COLUMNS: Final = ("ward_code", "ward", "authority_code", "authority")


def plain(name: object) -> str:
    """Write a name as it is compared: ``"Soho & Jewellery Quarter"`` and ``"soho and ..."``.

    Parameters
    ----------
    name : object
        A name.

    Returns
    -------
    str
        Small letters, "and" for "&", no other signs.

    Examples
    --------
    >>> plain("St. Mary's & Soho")
    'st marys and soho'
    """
    text = str(name).casefold().replace("&", " and ").replace("'", "").replace("’", "")
    return " ".join(re.sub(r"[^\w]+", " ", text).split())


def wards_at_hand(dataset: Dataset) -> pd.DataFrame:
    """List the wards of a dataset, one row each.

    Parameters
    ----------
    dataset : Dataset
        With wards and authorities.

    Returns
    -------
    DataFrame
        ``ward``, ``authority_code``, ``authority``, ``inside`` (whether it is in the study area)
        and ``label``, by ward code.

    Raises
    ------
    InputError
        If the dataset has no wards.

    Examples
    --------
    >>> import wmspatial as wm
    >>> bool(wards_at_hand(wm.load_sample())["inside"].all())
    True
    """
    table = dataset.neighbourhoods
    lost = [column for column in _COLUMNS if column not in table.columns]
    if lost:
        raise InputError(
            f"neighbourhoods: profiles of wards need the columns {', '.join(_COLUMNS)}; found no "
            f"{examples(lost)}."
        )
    known = table.loc[table["ward_code"].notna(), list(_COLUMNS)]
    known = known.assign(inside=known.index.isin(dataset.study_codes))
    # A ward that reaches beyond the study area is one of it.
    known = known.sort_values("inside", ascending=False, kind="stable")
    wards = known.drop_duplicates("ward_code").set_index("ward_code").sort_index()
    wards["label"] = wards["ward"].astype("str") + ", " + wards["authority"].astype("str")
    return wards


def find_wards(wanted: str | Iterable[str], wards: pd.DataFrame, study_area: str) -> list[str]:
    """Find wards by name, by name and authority, or by code.

    Parameters
    ----------
    wanted : str or iterable of str
        ``"Kingstanding"``, ``"Northfield, Birmingham"`` or ``"E05011151"``. Names of the study
        area go before those beyond.
    wards : DataFrame
        From :func:`wards_at_hand`.
    study_area : str
        What the study area is called.

    Returns
    -------
    list of str
        Ward codes in the order asked for, each once.

    Raises
    ------
    InputError
        If none is asked for, or a name stands in several authorities.
    AreaNotFoundError
        If there is no such ward; the nearest names are given.

    Examples
    --------
    >>> import wmspatial as wm
    >>> wards = wards_at_hand(wm.load_sample())
    >>> find_wards("birmingham SAMPLE ward 39", wards, "the sample")
    ['X05000039']
    """
    if not isinstance(wanted, str) and not isinstance(wanted, Iterable):
        raise InputError(f"wards={wanted!r}: expected a name, a code, or a list of them.")
    names = [wanted] if isinstance(wanted, str) else [str(name) for name in wanted]
    if not names:
        raise InputError("wards: the list is empty. Name at least one ward.")
    keys = wards["ward"].map(plain)
    owners = wards["authority"].map(plain)
    return list(dict.fromkeys(_one(name, wards, keys, owners, study_area) for name in names))


def _one(
    name: str, wards: pd.DataFrame, keys: pd.Series[Any], owners: pd.Series[Any], study_area: str
) -> str:
    if name.strip() in wards.index:
        return name.strip()
    named = keys == plain(name)
    parts = name.split(",")
    for at in range(1, len(parts)):  # names of wards and of authorities hold commas too
        ward, owner = plain(",".join(parts[:at])), plain(",".join(parts[at:]))
        named |= (keys == ward) & (owners == owner)
    found = wards[named]
    if found["inside"].any():
        found = found[found["inside"]]
    if len(found) == 1:
        return str(found.index[0])
    if len(found):
        once = found["label"].is_unique
        choices = list(found["label"] if once else found.index + " " + found["label"])
        raise InputError(
            f"wards: {name!r} stands {len(found)} times. Say which is meant: "
            f"{examples(map(repr, sorted(choices)), 12)}{'' if once else '; give the code'}."
        )
    raise AreaNotFoundError(_missing(name, wards, keys, owners, study_area))


def _missing(
    name: str, wards: pd.DataFrame, keys: pd.Series[Any], owners: pd.Series[Any], study_area: str
) -> str:
    """Say which wards are near a name that is none: those that hold it, those like it, parts."""
    near = wards["inside"] if wards["inside"].any() else pd.Series(True, index=wards.index)
    head, *owner = (plain(part) for part in name.rsplit(",", 1))
    if owner and (owners[near] == owner[0]).any():
        near &= owners == owner[0]
    alike = nearest(name.rsplit(",", 1)[0].strip(), wards.loc[near, "ward"], _MOST)
    padded = " " + keys + " "
    score = (near & padded.str.contains(f" {head} ", regex=False) & bool(head)).astype("int64")
    if not score.any() and not alike:  # "Lozells and East Handsworth": what has a word of it
        for word in {word for word in head.split() if len(word) >= _LONG} - _COMPASS:
            score += near & padded.str.contains(f" {word} ", regex=False)
    best = score[score > 0].sort_values(ascending=False, kind="stable").index[:_MOST]
    said = f"Nearest: {'; '.join(wards.loc[best, 'label'])}." if len(best) else alike
    for code, town in wards.loc[best].set_index("authority_code")["authority"].to_dict().items():
        if code in REDRAWN:
            said += (
                f" {town}'s wards were redrawn in {REDRAWN[code]}: a name from before may be gone."
            )
    return f"wards: no ward of {study_area} is called {name!r}. {said}".strip()
