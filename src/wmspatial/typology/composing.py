"""Who lives where: residents of each group by class, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples, require
from wmspatial.geography.lookup import nearest
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology._composition_draws import (
    check_numbers,
    draw_sums,
    interval,
    quotient,
    scenario_runs,
)
from wmspatial.typology._composition_words import about, composition_text, told_apart
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from wmspatial.typology._typology import Typology

    Floats = npt.NDArray[np.float64]

ALL: Final = "All"
_DISCONNECTED: Final = "Disconnected"
_DEPRIVED: Final = ("Disconnected", "Connected", "Large number of jobs")
_BLANK: Final = "Insufficient data"
_MOST_OVER: Final = 1.5


@dataclass(frozen=True, eq=False, repr=False)
class Composition:
    """Who lives in neighbourhoods of each class, from :func:`~wmspatial.composition`.

    Attributes
    ----------
    counts : DataFrame
        People by group (rows, ``All`` first) and class (columns, ``All`` last).
    shares : DataFrame
        By group. ``people``: in neighbourhoods that could be classed. ``disconnected``: of them,
        in disconnected ones. ``share_disconnected`` with ``share_low`` and ``share_high``.
        ``ratio`` to the reference with ``ratio_low`` and ``ratio_high``. ``share_deprived``: in
        deprived neighbourhoods of any class. ``share_within_deprived``: of those, in disconnected
        ones, with ``within_low`` and ``within_high``; ``ratio_within_deprived`` with
        ``ratio_within_low`` and ``ratio_within_high``. ``scenario_share_least``, ``_most``,
        ``scenario_ratio_least`` and ``_most``: over the scenarios of the sensitivity analysis.
        ``small``: the group has fewer people in disconnected neighbourhoods than the threshold.
    reference : str
        What the ratios are to.
    level : float
        Of the intervals.
    notes : tuple of str
        What the intervals mean, and what has to be known of the counts.
    typology : Typology
        What was counted.
    unsure, unsure_within : tuple of str
        Groups whose interval tells them from the reference, but no longer does where whole
        commuting zones are drawn: over all, and within deprived neighbourhoods.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.composition(wm.classify(wm.load_sample()), n=50, scenarios=False)
    >>> found.counts.loc["All", "All"] == wm.load_sample().areas["residents"].sum()
    np.True_
    """

    counts: pd.DataFrame
    shares: pd.DataFrame
    reference: str
    level: float
    notes: tuple[str, ...]
    typology: Typology
    unsure: tuple[str, ...] = ()
    unsure_within: tuple[str, ...] = ()

    def summary_text(self) -> str:
        """Say in plain English for whom it is worse.

        Returns
        -------
        str
            A few sentences; nothing is called different that the interval does not tell apart.

        Examples
        --------
        >>> import wmspatial as wm
        >>> found = wm.composition(wm.classify(wm.load_sample()), n=50, scenarios=False)
        >>> found.summary_text().endswith("(Illustrative data, not statistics.)")
        True
        """
        return composition_text(self)

    def __repr__(self) -> str:
        """Tell the summary."""
        return f"<Composition {self.typology.study_area}: {self.summary_text()}>"


def composition(
    typology: Typology,
    groups: Iterable[str] | pd.DataFrame | None = None,
    *,
    total: str | None = None,
    reference: str = ALL,
    n: int = 2000,
    seed: int = 0,
    level: float = 0.95,
    scenarios: bool | Sequence[npt.NDArray[Any]] = True,
    unit: str = "neighbourhood",
    small: float = 30,
    suppress: bool = False,
) -> Composition:
    """Count the residents of each group by class, and compare groups.

    Works for any counts by neighbourhood: ethnic groups, ages, tenure, qualifications, cars.

    Parameters
    ----------
    typology : Typology
        From :func:`~wmspatial.classify`.
    groups : iterable of str or DataFrame, optional
        Columns of ``typology.neighbourhoods`` that count people, or a table of counts indexed by
        neighbourhood code. By default the groups of the dataset.
    total : str, optional
        The column that counts everybody; by default ``residents`` for columns of the dataset, and
        the sum of the groups for a table.
    reference : str, default "All"
        What ratios are to: everybody, or one of the groups.
    n : int, default 2000
        Bootstrap draws of neighbourhoods, within their authorities.
    seed : int, default 0
        Where the random numbers start.
    level : float, default 0.95
        Of the intervals.
    scenarios : bool or sequence of array of int, default True
        Whether to run the scenarios of the sensitivity analysis as well; or the class numbers of
        scenarios that were run already, as
        :func:`~wmspatial.typology.sensitivity.scenario_classes` gives them.
    unit : {"neighbourhood", "zone"}
        What is drawn. Neighbourhoods of one commuting zone share a score; drawing whole zones
        keeps them together, and gives wider intervals.
    small : float, default 30
        A group with fewer people than this in disconnected neighbourhoods is marked.
    suppress : bool, default False
        Whether to leave counts below `small` out, and what is worked out from them.

    Returns
    -------
    Composition
        The counts, the shares with intervals, and what they mean.

    Raises
    ------
    InputError
        If a group is not in the table, a count is missing or negative, groups add up to more than
        the total, or a number is out of its range.

    Notes
    -----
    The census counts everybody, so the intervals are no sampling errors. The bootstrap takes the
    neighbourhoods of each authority as a draw of those that could be there: it tells how much a
    figure hangs on a few neighbourhoods. The spread over scenarios tells how much it hangs on the
    open choices of the method.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993), An Introduction to the Bootstrap, Chapman and Hall.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.composition(wm.classify(wm.load_sample()), n=50, scenarios=False)
    >>> bool(found.shares.loc["All", "ratio"] == 1)
    True
    """
    require(typology, "typology", "Typology", "wm.classify(...)")
    check_numbers(n, level, small, seed)
    counts, notes = _counts(typology, groups, total)
    names = list(counts.columns)
    if reference not in names:
        raise InputError(
            f"reference={reference!r}: expected {ALL!r} or a group. {nearest(reference, names)}"
        )
    table = typology.neighbourhoods
    classes = table["labour_market_class"].astype("str")
    by_class = counts.groupby(classes).sum().reindex(list(CLASSES), fill_value=0.0).T
    by_class[ALL] = by_class.sum(axis=1)
    values = counts.to_numpy("float64")
    at = names.index(reference)
    parts = _parts(values, classes.to_numpy())
    found = _figures(parts.sum(axis=0)[None, :], len(names), at)
    drawn, strata = _units(parts, table, unit)
    draws = _figures(draw_sums(drawn, strata, n, seed), len(names), at)
    shares = _table(found, draws, names, level)
    runs = scenario_runs(typology, scenarios)
    if runs:
        _add_scenarios(shares, runs, values, at)
    shares["small"] = shares["disconnected"] < small
    unsure, within = (), ()  # type: tuple[str, ...], tuple[str, ...]
    if unit == "neighbourhood" and table["zone"].dropna().duplicated().any():
        zones = _figures(draw_sums(*_units(parts, table, "zone"), n, seed), len(names), at)
        unsure = _unsure(shares, "ratio", zones, level)
        within = _unsure(shares, "ratio_within", zones, level)
    lost = int(np.count_nonzero(drawn[:, 2 * len(names)]))
    if suppress:
        _suppress(by_class, shares, small, notes)
    notes += about(typology, by_class, shares, level, n, small, unit, unsure, lost)
    for frame in (by_class, shares):
        frame.index.name = "group"
        frame.columns.name = ILLUSTRATIVE if typology.illustrative else None
    return Composition(
        by_class, shares, reference, level, tuple(notes), typology, unsure, within
    )  # fmt: skip


def _counts(
    typology: Typology, groups: Iterable[str] | pd.DataFrame | None, total: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return the counts of everybody and of each group, checked, on the typology's index."""
    codes = typology.neighbourhoods.index
    if isinstance(groups, str):
        raise InputError(f"groups={groups!r}: expected a list of columns, as [{groups!r}].")
    if isinstance(groups, pd.DataFrame):
        table, columns = groups, [c for c in groups.columns if c != total]
        if groups.index.has_duplicates:
            raise InputError("groups: a code stands twice in the table's index. Keep one row each.")
        lost = codes.difference(groups.index)
        if len(lost):
            raise InputError(
                f"groups: no row for {len(lost):,} of {len(codes):,} neighbourhoods "
                f"({examples(lost)}). Index the table by neighbourhood code, of the same census."
            )
    else:
        table = pd.DataFrame(typology.neighbourhoods)
        columns = list(typology.dataset.groups) if groups is None else [str(g) for g in groups]
        total = total or "residents"
    if not columns:
        raise InputError("groups: there is none. Name columns that count people by group.")
    for name in [*columns, *([total] if total else [])]:
        if name not in table.columns:
            raise InputError(
                f"groups: there is no column {name!r}. "
                f"{nearest(str(name), map(str, table.columns))}".strip()
            )
    asked = list(dict.fromkeys([*columns, *([total] if total else [])]))
    found = table.loc[codes, asked].apply(pd.to_numeric, errors="coerce").astype("float64")
    _refuse_bad(found)
    everybody = found.sum(axis=1) if total is None else found[total]
    found = found[list(dict.fromkeys(columns))].rename(columns=str)
    if ALL in found.columns:
        raise InputError(f"groups: one is called {ALL!r}, which is the name of everybody.")
    notes = _against_total(found, everybody, total)
    found.insert(0, ALL, everybody)
    return found, notes


def _refuse_bad(counts: pd.DataFrame) -> None:
    for name in counts.columns:
        checks = {
            "missing or no number": ~np.isfinite(counts[name]),
            "negative": counts[name] < 0,
        }
        for what, bad in checks.items():
            if bad.any():
                raise InputError(
                    f"groups: {name!r} is {what} in {int(bad.sum()):,} neighbourhoods "
                    f"({examples(counts.index[bad])}). A count is needed for each."
                )


def _against_total(counts: pd.DataFrame, everybody: pd.Series[Any], total: str | None) -> list[str]:
    """Refuse groups that hold more people than there are; say where they hold fewer."""
    if total is None:
        return []
    sums = counts.sum(axis=1)
    over = sums > everybody + _MOST_OVER
    if over.any():
        first = sums.index[over][0]
        raise InputError(
            f"groups: in {int(over.sum()):,} neighbourhoods they add up to more than {total!r} "
            f"({first}: {sums[first]:,.0f} against {everybody[first]:,.0f}). Groups have to be "
            "parts of the total that do not overlap; name another total=."
        )
    short = everybody.sum() - sums.sum()
    if short > _MOST_OVER:
        people = f"{short:,.0f} of {everybody.sum():,.0f}"
        return [f"{people} are in none of the groups; they count in {ALL!r} alone."]
    return []


def _parts(values: Floats, classes: npt.NDArray[Any]) -> Floats:
    """Lay out, by neighbourhood: people who could be classed, in deprived, in disconnected."""
    masks = (classes != _BLANK, np.isin(classes, _DEPRIVED), classes == _DISCONNECTED)
    return np.hstack([values * mask[:, None] for mask in masks])


def _units(parts: Floats, table: pd.DataFrame, unit: str) -> tuple[Floats, pd.Series[Any]]:
    """Return what is drawn, and the authority of each."""
    strata = (
        table["authority_code"].astype("str").fillna("")
        if "authority_code" in table.columns
        else pd.Series("", index=table.index)
    )
    if unit == "neighbourhood":
        return parts, strata
    if unit != "zone":
        raise InputError(f"unit={unit!r}: expected 'neighbourhood' or 'zone'.")
    # A neighbourhood without a zone stands for itself.
    zones = table["zone"].astype("str").where(table["zone"].notna(), table.index.to_series())
    summed = pd.DataFrame(parts).groupby(zones.to_numpy(), sort=True).sum()
    first = strata.groupby(zones.to_numpy(), sort=True).first()
    return summed.to_numpy(), first


def _figures(sums: Floats, groups: int, at: int) -> dict[str, Floats]:
    """Work shares and ratios out of sums, for one draw or many."""
    classed, deprived, lost = (sums[:, i * groups : (i + 1) * groups] for i in range(3))
    share, within = quotient(lost, classed), quotient(lost, deprived)
    return {
        "people": classed,
        "disconnected": lost,
        "share_deprived": quotient(deprived, classed),
        "share": share,
        "ratio": quotient(share, share[:, [at]]),
        "within": within,
        "ratio_within": quotient(within, within[:, [at]]),
    }


def _table(
    found: dict[str, Floats], draws: dict[str, Floats], names: list[str], level: float
) -> pd.DataFrame:
    table = pd.DataFrame(index=pd.Index(names))
    table["people"] = found["people"][0]
    table["disconnected"] = found["disconnected"][0]
    for name, key in (
        ("share_disconnected", "share"),
        ("ratio", "ratio"),
        ("share_within_deprived", "within"),
        ("ratio_within_deprived", "ratio_within"),
    ):
        if key == "within":
            table["share_deprived"] = found["share_deprived"][0]
        table[name] = found[key][0]
        table[f"{key}_low"], table[f"{key}_high"] = interval(draws[key], level)
    return table


def _unsure(
    shares: pd.DataFrame, key: str, zones: dict[str, Floats], level: float
) -> tuple[str, ...]:
    """Name groups that draws of neighbourhoods tell from the reference, and those of zones not."""
    narrow = shares[f"{key}_low"], shares[f"{key}_high"]
    both = zip(shares.index, *narrow, *interval(zones[key], level), strict=True)
    return tuple(
        str(name)
        for name, low, high, least, most in both
        if told_apart(low, high) and not told_apart(least, most)
    )


def _add_scenarios(
    shares: pd.DataFrame, runs: Sequence[npt.NDArray[Any]], values: Floats, at: int
) -> None:
    """Add the least and the most that the scenarios make of each share and ratio."""
    names = np.array(CLASSES)
    sums = [
        _figures(_parts(values, names[run]).sum(axis=0)[None, :], len(shares), at) for run in runs
    ]
    for key in ("share", "ratio"):
        found = np.vstack([each[key] for each in sums])
        known = np.isfinite(found).any(axis=0)
        filled = np.where(known, found, 0.0)
        shares[f"scenario_{key}_least"] = np.where(known, np.nanmin(filled, axis=0), np.nan)
        shares[f"scenario_{key}_most"] = np.where(known, np.nanmax(filled, axis=0), np.nan)


def _suppress(counts: pd.DataFrame, shares: pd.DataFrame, small: float, notes: list[str]) -> None:
    """Leave out small counts, and the figures made of them."""
    low = (counts > 0) & (counts < small)
    number = int(low.to_numpy().sum())
    counts.mask(low, inplace=True)  # noqa: PD002 - the frame is ours
    few = shares.index[shares["small"]]
    shares.loc[few, shares.columns.difference(["people", "small"])] = np.nan
    notes.append(
        f"Suppressed: {number:,} {'count' if number == 1 else 'counts'} below {small:g}, and the "
        f"shares of "
        f"{examples(few, 9) or 'no group'}. A total less its other parts still tells a count that "
        "was left out alone."
    )
