"""The residential typology's arithmetic: zones, their deciles, their movers and their types."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from wmspatial.flows import Flows

#: In the order of the method, from most to least movement to and from less deprived places.
TYPES: Final = (
    "Transit",
    "Escalator",
    "Gentrifier",
    "Isolate",
    "Not classified",
    "Insufficient data",
)

#: The rule that decided, in the order in which they are tried, and the type it gives.
#:
#: Escalator and Gentrifier are as Robson, Lymperopoulou and Rae (2008) define them. The residential
#: maps in JRF's report of 2016 had the two labels swapped; JRF corrected them in January 2018, and
#: a map or table made from the first edition has to be read the other way round.
RULES: Final[dict[str, str]] = {
    "no deprivation rank": "Insufficient data",
    "no flow zone": "Insufficient data",
    "too few movers": "Insufficient data",
    "no mover with a decile": "Insufficient data",
    "not deprived": "Not classified",
    "in from less deprived, out to less deprived": "Transit",
    "in from equally or more deprived, out to less deprived": "Escalator",
    "in from less deprived, out to equally or more deprived": "Gentrifier",
    "in from and out to equally or more deprived": "Isolate",
}

_DECILES: Final = 10
_DECIMALS: Final = 6


def classify_zones(
    neighbourhoods: pd.DataFrame, moves: Flows, *, min_flow: float, max_unknown: float
) -> pd.DataFrame:
    """Put zones, their deprivation, their movers and their types into one table.

    Parameters
    ----------
    neighbourhoods : DataFrame
        As for :func:`zones_of`.
    moves : Flows
        As for :func:`movers_by_zone`.
    min_flow, max_unknown : float
        As for :func:`type_zones`.

    Returns
    -------
    DataFrame
        Indexed by zone of the neighbourhoods or of the moves, sorted.
    """
    zones = zones_of(neighbourhoods)
    movers = movers_by_zone(moves, zones["zone_decile"])
    both = zones.join(movers, how="outer").rename_axis("zone")
    return type_zones(both, min_flow=min_flow, max_unknown=max_unknown)


def zones_of(neighbourhoods: pd.DataFrame) -> pd.DataFrame:
    """Sum neighbourhoods to zones, and put the zones into deciles of their nation.

    A zone's deprivation is its neighbourhoods' ranks averaged by residents; those without a rank
    are left out, and a zone in which nobody with a rank is counted has the plain mean. The zones of
    a nation are put in order of it, and number *p* of *n* is in decile ``ceil(10 p / n)``, as the
    indices of deprivation make deciles of neighbourhoods. Zones that tie share the number of the
    first of them, and so the more deprived decile.

    Parameters
    ----------
    neighbourhoods : DataFrame
        Indexed by code: ``zone``, ``nation``, ``deprivation_rank``, ``residents``.

    Returns
    -------
    DataFrame
        Indexed by zone, sorted: ``nation``, ``neighbourhoods``, ``residents``, ``average_rank``
        (1 = most deprived) and ``zone_decile`` (1 = most deprived), missing where there is no rank.

    Raises
    ------
    InputError
        If a zone holds ranked neighbourhoods of two nations: their ranks do not average.

    Examples
    --------
    >>> town = pd.DataFrame({
    ...     "zone": ["x", "x", "y"], "nation": "England",
    ...     "deprivation_rank": [1.0, 4.0, 2.0], "residents": [100.0, 200.0, 50.0],
    ... }, index=["a", "b", "c"])
    >>> zones_of(town)[["average_rank", "zone_decile"]].to_numpy().tolist()
    [[3.0, 10.0], [2.0, 5.0]]
    """
    table = neighbourhoods[neighbourhoods["zone"].notna()]
    groups = table.groupby("zone", sort=True)
    ranked = table[table["deprivation_rank"].notna()]
    _refuse_two_nations(ranked)
    out = pd.DataFrame(
        {
            "nation": groups["nation"].first(),
            "neighbourhoods": groups.size(),
            "residents": groups["residents"].sum(),
        }
    )
    people = ranked["residents"]
    sums = pd.DataFrame(
        {
            "zone": ranked["zone"],
            "people": people,
            "weighed": ranked["deprivation_rank"] * people,
        }
    ).groupby("zone")
    weight = sums["people"].sum()
    weighed = sums["weighed"].sum() / weight.where(weight > 0)
    plain = ranked.groupby("zone")["deprivation_rank"].mean()
    # Rounded, so that two zones that tie do so in whichever order they were summed.
    average = weighed.fillna(plain).round(_DECIMALS)
    out["average_rank"] = average.reindex(out.index)
    out["zone_decile"] = _deciles(out["average_rank"], out["nation"])
    return out


def _refuse_two_nations(ranked: pd.DataFrame) -> None:
    nations = ranked.groupby("zone")["nation"].nunique()
    mixed = nations.index[nations > 1]
    if len(mixed):
        raise InputError(
            f"neighbourhoods: {len(mixed):,} zones hold ranked neighbourhoods of more than one "
            f"nation ({examples(mixed)}). Ranks are per nation and cannot be averaged across "
            "them: expected zones inside one nation. Mend the columns 'zone' and 'nation'."
        )


def _deciles(average: pd.Series[float], nation: pd.Series[Any]) -> pd.Series[float]:
    """Put average ranks into tenths of their nation's zones; 1 is the most deprived."""
    known = average.notna()
    groups = average[known].groupby(nation[known])
    place, count = groups.rank(method="min"), groups.transform("size")
    # In whole numbers: the ceiling of a tenth that came out a little high is one too many.
    tenth = -((-_DECILES * place.astype("int64")) // count.astype("int64"))
    return tenth.astype("float64").reindex(average.index)


def movers_by_zone(moves: Flows, decile: pd.Series[float]) -> pd.DataFrame:
    """Count each zone's movers, and how many of them come from and go to less deprived zones.

    A move inside one zone is one in-mover and one out-mover of it, from and to an equally deprived
    zone. Movers from and to places that are no zone have no decile.

    Parameters
    ----------
    moves : Flows
        From residence a year before (rows) to residence (columns).
    decile : Series of float
        Deprivation decile by zone (1 = most deprived); missing where there is none.

    Returns
    -------
    DataFrame
        Indexed by zone of the moves, people: ``in_movers``, ``in_movers_without_decile``,
        ``in_from_less_deprived``, the same for ``out_``, and ``moved_within``. The counts of less
        deprived are missing where the zone itself has no decile.

    Examples
    --------
    >>> from wmspatial.flows import Flows
    >>> table = pd.DataFrame({"origin": ["a", "b"], "destination": ["b", "b"], "people": [7, 2]})
    >>> moves = Flows.from_table(table, zones=pd.Index(["a", "b"]))
    >>> movers_by_zone(moves, pd.Series({"a": 9.0, "b": 1.0})).loc["b"].astype(int).to_dict()
    {'in_movers': 9, 'in_movers_without_decile': 0, 'in_from_less_deprived': 7, 'out_movers': 2,
     'out_movers_without_decile': 0, 'out_to_less_deprived': 0, 'moved_within': 2}
    """
    own = decile.reindex(moves.zones).to_numpy(dtype=np.float64)
    pairs = moves.matrix.tocoo()
    origin, destination, people = pairs.row, pairs.col, pairs.data

    def summed(at: npt.NDArray[Any], values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        return np.bincount(at, weights=values, minlength=len(own)).astype(np.float64)

    out = pd.DataFrame(index=moves.zones)
    sides = (("in", "from", destination, origin, moves.arrivals),
             ("out", "to", origin, destination, moves.special))  # fmt: skip
    for side, word, here, there, outside in sides:
        elsewhere = outside.sum(axis=1).to_numpy(dtype=np.float64)
        unknown = np.isnan(own[there])
        # A comparison with a missing decile is false, which is what is wanted here.
        less = own[there] > own[here]
        out[f"{side}_movers"] = summed(here, people) + elsewhere
        out[f"{side}_movers_without_decile"] = summed(here, people * unknown) + elsewhere
        less_deprived = summed(here, people * less)
        out[f"{side}_{word}_less_deprived"] = np.where(np.isnan(own), np.nan, less_deprived)
    out["moved_within"] = moves.matrix.diagonal()
    return out


def type_zones(zones: pd.DataFrame, *, min_flow: float, max_unknown: float) -> pd.DataFrame:
    """Give each zone the type that its deprived neighbourhoods inherit.

    Parameters
    ----------
    zones : DataFrame
        Columns of :func:`zones_of` and :func:`movers_by_zone`; movers missing where the moves do
        not know the zone.
    min_flow : float
        Fewest in-movers, and fewest out-movers, that a type is given for.
    max_unknown : float
        Share of the movers of a side without a decile above which a zone is marked.

    Returns
    -------
    DataFrame
        `zones` with ``share_in_from_less_deprived``, ``share_out_to_less_deprived`` (of movers
        whose other end has a decile), ``mostly_unknown``, ``rule`` and ``residential_type``.
    """
    out = zones.copy()
    most, known, unknown = {}, {}, {}
    for side, word in (("in", "from"), ("out", "to")):
        all_of, without = out[f"{side}_movers"], out[f"{side}_movers_without_decile"]
        less = out[f"{side}_{word}_less_deprived"]
        known[side] = all_of - without
        out[f"share_{side}_{word}_less_deprived"] = less / known[side].where(known[side] > 0)
        # More than half: exactly half is not most.
        most[side] = 2 * less > known[side]
        unknown[side] = without > max_unknown * all_of
    out["mostly_unknown"] = unknown["in"] | unknown["out"]
    names = list(RULES)
    conditions = {
        names[0]: out["zone_decile"].isna(),
        names[1]: out["in_movers"].isna(),
        names[2]: (out["in_movers"] < min_flow) | (out["out_movers"] < min_flow),
        names[3]: (known["in"] <= 0) | (known["out"] <= 0),
        names[5]: most["in"] & most["out"],
        names[6]: ~most["in"] & most["out"],
        names[7]: most["in"] & ~most["out"],
    }
    rule = np.select(list(conditions.values()), list(conditions), names[8])
    out["rule"] = pd.Series(rule, index=out.index, dtype="str")
    out["residential_type"] = as_types(out["rule"])
    return out


def hand_down(
    neighbourhoods: pd.DataFrame,
    zones: pd.DataFrame,
    ranked_areas: Mapping[str, int],
    deprived_share: float,
) -> pd.DataFrame:
    """Give each neighbourhood its zone's evidence, and its type if it is deprived.

    Parameters
    ----------
    neighbourhoods : DataFrame
        Indexed by code: ``zone``, ``nation``, ``deprivation_rank``.
    zones : DataFrame
        From :func:`type_zones`.
    ranked_areas : mapping of str to int
        How many areas the index ranks, by nation.
    deprived_share : float
        Share of its nation's neighbourhoods that counts as deprived.

    Returns
    -------
    DataFrame
        On the index of `neighbourhoods`.
    """
    table = neighbourhoods
    ranks = table["deprivation_rank"]
    out = pd.DataFrame(index=table.index)
    out["deprivation_share"] = ranks / table["nation"].map(dict(ranked_areas)).astype("float64")
    # 0.29 x 100 is a little under 29, and rank 29 is within it.
    limit = {n: math.floor(deprived_share * c + 1e-9) for n, c in ranked_areas.items()}
    out["deprived"] = ranks <= table["nation"].map(limit).astype("float64")
    counts = [c for c in zones.columns if "movers" in c or c == "moved_within"]
    shares = ["share_in_from_less_deprived", "share_out_to_less_deprived"]
    at = zones[["zone_decile", *counts, *shares]].reindex(table["zone"].to_numpy())
    out[at.columns] = at.to_numpy(dtype=np.float64)
    out["zone_deprived"] = out["zone_decile"] <= _DECILES * deprived_share + 1e-9
    out["mostly_unknown"] = table["zone"].isin(zones.index[zones["mostly_unknown"]])
    rule = table["zone"].map(zones["rule"]).fillna("no flow zone")
    rule = rule.mask(rule.map(RULES).ne("Insufficient data") & ~out["deprived"], "not deprived")
    # Its zone may have a decile that its other neighbourhoods gave it.
    out["rule"] = rule.mask(ranks.isna(), "no deprivation rank").astype("str")
    out["residential_type"] = as_types(out["rule"])
    return out


def as_types(rule: pd.Series[Any]) -> pd.Categorical[Any]:
    """Turn rules into the ordered types that they give."""
    types: Any = rule.map(RULES)
    return pd.Categorical(types, categories=list(TYPES), ordered=True)
