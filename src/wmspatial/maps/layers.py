"""What a page can be coloured by beside the class, each with its own legend and numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples, require
from wmspatial.maps._choropleth_looks import MISSING, sequential
from wmspatial.maps.choropleth import classify_column
from wmspatial.maps.page_layer import PageLayer
from wmspatial.maps.spec import Category, class_categories
from wmspatial.typology._change_sources import EITHER, NEITHER, TOGETHER
from wmspatial.typology._residential_words import MEANINGS
from wmspatial.typology.parameters import ACCESSIBILITY, SHARE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
# Steps of lightness, so that greyscale tells them apart; hues that colour-blind eyes keep apart.
_DARK, _RED, _BLUE, _YELLOW, _PALE = "#6a1638", "#b8502f", "#5aa5d6", "#f2c84b", "#f1f0ec"
_TYPES: Final = {
    "Transit": (_YELLOW, "●"),
    "Escalator": (_BLUE, "▲"),
    "Gentrifier": (_RED, "■"),
    "Isolate": (_DARK, "◆"),
}
_CHANGES: Final = {
    "entered disconnected": (_DARK, "▲"),
    "left disconnected": (_BLUE, "▼"),
    "stayed disconnected": (_RED, "●"),
    "changed otherwise": (_YELLOW, "◆"),
    "no change": (_PALE, "○"),
}


def page_layers(
    table: pd.DataFrame,
    typology: Typology,
    *,
    sensitivity: Sensitivity | None = None,
    residential: ResidentialTypology | None = None,
    change: Change | None = None,
) -> tuple[PageLayer, ...]:
    """Return what a page of neighbourhoods can be coloured by beside their class.

    Parameters
    ----------
    table : DataFrame
        The typology's neighbourhoods.
    typology : Typology
        The choices behind them.
    sensitivity, residential, change : optional
        Further results on the same neighbourhoods.

    Returns
    -------
    tuple of PageLayer
        Those for which there are data. None for wards, whose numbers are sums of neighbourhoods.

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
        return ()
    found = [_decile(table), _jobs(table, typology), _score(table, typology)]
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
    types = frame["residential_type"].astype(object)
    quiet = {c.name: c for c in class_categories() if not c.loud}
    looks = {
        name: Category(name, colour, "#55555a", sign, meaning=MEANINGS[name])
        for name, (colour, sign) in _TYPES.items()
    }
    blank = {
        "Not classified": replace(quiet["Not classified"], meaning="not deprived"),
        "Insufficient data": replace(quiet["Insufficient data"], meaning="too few movers known"),
    }
    categories, category = _with_missing(
        [*looks.values(), *blank.values()],
        pd.Index([*looks, *blank]).get_indexer(pd.Index(types)),
        types.isna().to_numpy(),
    )
    title = "Residential type: where people move from and to"
    return PageLayer("residential", "Residential type", title, categories, category)


def _change(frame: pd.DataFrame, change: Change) -> PageLayer:
    given = frame["change_kind"].astype(object)
    categories, category = _with_missing(
        [
            Category(
                name.capitalize(),
                colour,
                "#55555a" if colour != _PALE else "#c9c7bf",
                sign,
                loud=colour != _PALE,
            )
            for name, (colour, sign) in _CHANGES.items()
        ],
        pd.Index(list(_CHANGES)).get_indexer(pd.Index(given)),
        given.isna().to_numpy(),
    )
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
