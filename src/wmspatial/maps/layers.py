"""What a page can be coloured by beside the class, each with its own legend and numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples, require
from wmspatial.maps._choropleth_declared import change_categories, residential_categories
from wmspatial.maps._choropleth_looks import MISSING, sequential
from wmspatial.maps.choropleth import classify_column
from wmspatial.maps.page_layer import PageLayer
from wmspatial.measures import jobs_ratio
from wmspatial.typology._change_sources import EITHER, NEITHER, TOGETHER
from wmspatial.typology.parameters import ACCESSIBILITY, SHARE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wmspatial.maps.spec import Category
    from wmspatial.typology import Typology
    from wmspatial.typology.change import Change
    from wmspatial.typology.residential import ResidentialTypology
    from wmspatial.typology.sensitivity import Sensitivity

#: Breaks of the share of residents in a group, the same for all groups, so that they compare.
GROUP_BREAKS: Final = (0.05, 0.10, 0.25, 0.50, 0.75)
#: Breaks of jobs per person.
JOBS_BREAKS: Final = (0.25, 0.5, 1.0, 2.0)
_DECILES: Final = 10
_SCORE_CLASSES: Final = 5
_SURE: Final = ("Up to half", "Over half, to three quarters", "Over three quarters", "All of them")


def page_layers(
    table: pd.DataFrame,
    typology: Typology,
    *,
    sensitivity: Sensitivity | None = None,
    residential: ResidentialTypology | None = None,
    change: Change | None = None,
) -> tuple[PageLayer, ...]:
    """Return what a page can be coloured by beside its classes.

    Parameters
    ----------
    table : DataFrame
        The typology's neighbourhoods, or its wards with :func:`ward_sums`.
    typology : Typology
        The choices behind them.
    sensitivity, residential, change : optional
        Further results on the same neighbourhoods.

    Returns
    -------
    tuple of PageLayer
        Those for which there are data. A ward's numbers are those of its neighbourhoods together:
        the share of residents who live in deprived ones, jobs, connection, ethnic groups.

    Raises
    ------
    InputError
        If a further result is of another kind or of other neighbourhoods.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample())
    >>> [layer.label for layer in page_layers(typology.frame, typology)][:3]
    ['Deprivation decile', 'Jobs ratio', 'Connection score']
    """
    given = {"sensitivity": sensitivity, "residential": residential, "change": change}
    if typology.level == "ward":
        named = [name for name, result in given.items() if result is not None]
        if named:
            raise InputError(
                f"{named[0]}=: its results are of neighbourhoods, and this typology is of wards. "
                "Map one made with wm.load(..., level='lsoa')."
            )
    first = _deprived(table) if typology.level == "ward" else _decile(table)
    found = [first, _jobs(table, typology), _score(table, typology)]
    found += [_share_of(table, group, typology) for group in typology.dataset.groups]
    if sensitivity is not None:
        require(sensitivity, "sensitivity", "Sensitivity", "typology.sensitivity()")
        found.append(_stability(_same_areas(sensitivity.frame, table, "sensitivity"), sensitivity))
    if residential is not None:
        require(residential, "residential", "ResidentialTypology", "wm.classify_residential(...)")
        found.append(_residential(_same_areas(residential.frame, table, "residential")))
    if change is not None:
        require(change, "change", "Change", "wm.compare(earlier, later)")
        found.append(_change(_same_areas(change.frame, table, "change"), change))
    return tuple(layer for layer in found if layer is not None)


def ward_sums(table: pd.DataFrame, typology: Typology) -> pd.DataFrame:
    """Add to wards what their neighbourhoods have together.

    Parameters
    ----------
    table : DataFrame
        The typology's wards.
    typology : Typology
        With their neighbourhoods.

    Returns
    -------
    DataFrame
        With ``jobs_ratio`` and the residents of each group; missing where a neighbourhood's is.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample(level="ward"))
    >>> wards = ward_sums(typology.frame, typology)
    >>> int(wards["asian"].sum()) == int(typology.neighbourhoods["asian"].sum())
    True
    """
    own = typology.neighbourhoods
    groups = [group for group in typology.dataset.groups if group in own.columns]
    counts = pd.DataFrame(own[["jobs", "held_against", *groups]]).groupby(own["ward_code"])
    sums = counts.sum(skipna=False).reindex(table.index)
    ratio = jobs_ratio(sums["jobs"], sums["held_against"])
    return table.assign(jobs_ratio=ratio, **{group: sums[group] for group in groups})


def _same_areas(frame: pd.DataFrame, table: pd.DataFrame, name: str) -> pd.DataFrame:
    lost = table.index.difference(frame.index)
    if len(lost):
        raise InputError(
            f"{name}=: {len(lost):,} of {len(table):,} neighbourhoods of the map are not in it "
            f"({examples(lost)}). Make it from the same study area and vintage."
        )
    found = pd.DataFrame(frame).reindex(table.index)
    found.attrs.clear()
    return found


def _with_missing(
    categories: Sequence[Category], category: Any, missing: Any
) -> tuple[tuple[Category, ...], Any]:
    """Put areas without a value into a class of their own, where there are any."""
    if not missing.any():
        return tuple(categories), np.asarray(category, dtype=np.int64)
    placed = np.where(missing, len(categories), category).astype(np.int64)
    return (*categories, MISSING), placed


def _decile(table: pd.DataFrame) -> PageLayer | None:
    note = "Decile 1 holds the most deprived tenth of its nation’s neighbourhoods."
    share = table["deprivation_share"]
    made = np.ceil(_DECILES * share - 1e-9).clip(1, _DECILES)
    if "deprivation_decile" in table.columns:
        made = table["deprivation_decile"].astype("float64").fillna(made)
    else:
        note += " Made from ranks."
    if not made.notna().any():
        return None
    names = [str(decile) for decile in range(1, _DECILES + 1)]
    names[0], names[-1] = "1, most deprived", f"{_DECILES}, least deprived"
    categories, category = _with_missing(
        sequential(names, "better"), made.fillna(1).to_numpy() - 1, made.isna().to_numpy()
    )
    title = "Deprivation decile"
    return PageLayer("deprivation", title, title, categories, category, (note,), made)


def _deprived(table: pd.DataFrame) -> PageLayer | None:
    share = table["deprived_share"].astype("float64")
    if not share.notna().any():
        return None
    label, title = "In deprived neighbourhoods", "Residents in deprived neighbourhoods"
    categories, category, notes = _column(share, GROUP_BREAKS, "share", title, "worse")
    return PageLayer("deprivation", label, title, categories, category, notes, 100 * share, 1, " %")


def _column(
    values: pd.Series[Any], breaks: Iterable[float], unit: str, label: str, higher: Any = None
) -> tuple[tuple[Category, ...], Any, tuple[str, ...]]:
    spec = classify_column(
        values.rename("value"), breaks=list(breaks), unit=unit, label=label, higher=higher
    )
    notes = tuple(note for note in (spec.direction, *spec.notes) if note)
    return spec.categories, spec.assign(values.rename("value")), notes


def _jobs(table: pd.DataFrame, typology: Typology) -> PageLayer | None:
    ratio = table["jobs_ratio"].astype("float64")
    ratio = ratio.where(np.isfinite(ratio))
    if not ratio.notna().any():
        return None
    breaks = sorted({*JOBS_BREAKS, float(typology.parameters.pez_ratio)})
    who = {"commuters": "resident commuter", "all residents": "resident"}.get(
        typology.parameters.pez_denominator, "employed resident"
    )
    title = f"Jobs per {who}"
    categories, category, notes = _column(ratio, breaks, "", title)
    return PageLayer("jobs", "Jobs ratio", title, categories, category, notes, ratio, 2)


def _score(table: pd.DataFrame, typology: Typology) -> PageLayer | None:
    score = table["connection_score"].astype("float64")
    known = score.dropna()
    if known.nunique() < 2:
        return None
    connection = typology.parameters.connection
    share = connection == SHARE and known.between(0, 1).all()
    breaks = _rounded_quantiles(known, _SCORE_CLASSES)
    title = (
        "Connection: commuters who work in jobs-rich places"
        if share
        else f"Connection score ({connection})"
    )
    categories, category, notes = _column(score, breaks, "share" if share else "", title, "better")
    if connection in ACCESSIBILITY or not share:
        decimals = int(np.clip(3 - np.floor(np.log10(max(known.abs().max(), 1e-9))), 0, 6))
    else:
        decimals = 1
    values, unit = (100 * score, " %") if share else (score, "")
    label = "Connection score"
    return PageLayer(
        "connection", label, title, categories, category, notes, values, decimals, unit, fact=False
    )


def _rounded_quantiles(known: pd.Series[float], count: int) -> list[float]:
    """Return breaks of classes of about equal size, with as few digits as keep them apart."""
    exact = np.quantile(known, np.arange(1, count) / count)
    spread = float(exact[-1] - exact[0]) or abs(float(exact[0])) or 1.0
    digits = int(1 - np.floor(np.log10(spread)))
    rounded = sorted({float(np.round(b, digits)) for b in exact})
    low, high = float(known.min()), float(known.max())
    return [b for b in rounded if low < b < high] or [(low + high) / 2]


def _share_of(table: pd.DataFrame, group: str, typology: Typology) -> PageLayer | None:
    groups = [g for g in typology.dataset.groups if g in table.columns]
    if group not in groups:
        return None
    total = table[groups].sum(axis=1, min_count=len(groups))
    share = (table[group] / total.where(total > 0)).clip(0, 1)
    if not share.notna().any():
        return None
    name = group.replace("_", " ").capitalize()
    title = f"{name}: share of residents"
    categories, category, notes = _column(share, GROUP_BREAKS, "share", title)
    return PageLayer(
        f"group-{group}",
        f"{name} residents",
        title,
        categories,
        category,
        notes,
        100 * share,
        1,
        " %",
        group,
        fact=False,
    )


def _stability(frame: pd.DataFrame, sensitivity: Sensitivity) -> PageLayer:
    share = frame["share_same_class"].astype("float64")
    bins = np.searchsorted([0.5, 0.75, 1 - 1e-9], share.fillna(0).to_numpy(), side="left")
    categories, category = _with_missing(
        sequential(_SURE, "better"), np.minimum(bins, len(_SURE) - 1), share.isna().to_numpy()
    )
    count = len(sensitivity.scenarios)
    title = f"Same class: share of {count:,} scenarios"
    notes = ("Darker is less sure: the class hangs on choices that the method leaves open.",)
    return PageLayer(
        "stability", "Stability of class", title, categories, category, notes, 100 * share, 0, " %",
        fact=False,
    )  # fmt: skip


def _residential(frame: pd.DataFrame) -> PageLayer:
    types = frame["residential_type"]
    categories, category = _declared(residential_categories(), types)
    title = "Residential type: where people move from and to"
    return PageLayer("residential", "Residential type", title, categories, category)


def _declared(looks: Sequence[Category], kinds: pd.Series[Any]) -> tuple[tuple[Category, ...], Any]:
    """Put areas into declared kinds, and those without one into a class of their own."""
    names = pd.Index([look.name for look in looks])
    placed = names.get_indexer(pd.Index(kinds.astype(object)))
    return _with_missing(looks, placed, kinds.isna().to_numpy())


def _change(frame: pd.DataFrame, change: Change) -> PageLayer:
    looks, category = _declared(change_categories(), frame["change_kind"])
    categories = tuple(replace(look, name=look.name[:1].upper() + look.name[1:]) for look in looks)
    since = change.earlier.vintage
    notes = ("The cut is each census’s own: that there are more or fewer says little.",)
    label = f"Change since {since}"
    return PageLayer("change", label, f"{label}, by class", categories, category, notes)


def change_facts(table: pd.DataFrame, change: Change | None) -> dict[str, list[str]]:
    """Say what the class of each neighbourhood was, for its panel.

    Parameters
    ----------
    table : DataFrame
        The typology's neighbourhoods.
    change : Change or None
        What they are compared with, if anything.

    Returns
    -------
    dict of str to list of str
        By label, one text a neighbourhood, in the table's order; empty where nothing changed.
    """
    if change is None:
        return {}
    frame = _same_areas(change.frame, table, "change")
    was = frame["earlier_class"].astype(object)
    moved = was != frame["later_class"].astype(object)
    named = {
        EITHER: f"any one of {', '.join(change.factors)}",
        TOGETHER: f"{' and '.join(change.factors)}, only together",
        NEITHER: "something else, such as the cut",
    }
    source = frame["change_from"].astype(object).where(moved)
    source = source.map(lambda name: named.get(name, name))
    return {
        f"Class in {change.earlier.vintage}": _texts(was),
        "The change comes from": _texts(source),
    }


def _texts(values: pd.Series[Any]) -> list[str]:
    return [value if isinstance(value, str) else "" for value in values]
