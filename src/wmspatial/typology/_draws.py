"""Classify many resamples at once, by the rules of :mod:`wmspatial.typology.labour_market`.

Only what can differ from resample to resample is computed again: which neighbourhoods are
jobs-rich, the connection scores of the zones that matter to the study area, the cut of each labour
market, and the classes. A test holds the result to ``classify`` on resampled flows.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from wmspatial.measures import apportion_employed_residents, jobs_ratio
from wmspatial.typology._rounding import RoundedJobs
from wmspatial.typology.labour_market import jobs_held_against
from wmspatial.typology.parameters import CLASSES, SHARE
from wmspatial.typology.scores import DECIMALS, labour_market_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.flows import Flows
    from wmspatial.typology._typology import Typology

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int8]

_DISCONNECTED, _CONNECTED, _JOBS, _NOT_CLASSIFIED, _INSUFFICIENT = range(len(CLASSES))
#: Resamples whose jobs are held at once: 34,753 counts of 64 resamples are 18 MB.
_BLOCK: Final = 64
#: Destinations with no more people than this are drawn person by person.
_FEW: Final = 10
#: numpy draws without holding the interpreter; more than two threads wait for memory.
_THREADS: Final = 2


def draw_classes(typology: Typology, n: int, seed: int, *, flows: bool, jobs: bool) -> Codes:
    """Draw resamples and classify the study area in each.

    Parameters
    ----------
    typology : Typology
        The classification to resample.
    n : int
        How many resamples.
    seed : int
        Where the random streams start: one for each zone's flows, one for each resample's jobs.
    flows, jobs : bool
        What is drawn; the other is held.

    Returns
    -------
    array of int8, shape (n, neighbourhoods of the study area)
        Positions in :data:`~wmspatial.typology.CLASSES`.
    """
    base = _base(typology)
    rich, zone_share = _jobs_rich(typology, base, n, seed, jobs=jobs)
    everywhere = typology.everywhere.reindex(typology.dataset.neighbourhoods.index)
    own_score = typology.parameters.connection == SHARE
    scores = everywhere["connection_score"].to_numpy(dtype=np.float64)[None, :]
    over = (everywhere["unknown_share"] > typology.parameters.max_unknown).to_numpy()[None, :]
    if base.needed.any() and (own_score or (flows and np.isnan(zone_share).any())):
        zones = np.unique(base.zone[base.needed])
        zone_scores, zone_unknown = _zone_scores(
            typology.dataset.flows, zones, zone_share, n, seed, draw=flows
        )
        at = np.searchsorted(zones, base.zone)
        at[~base.needed] = 0
        over = (zone_unknown > typology.parameters.max_unknown)[:, at] & base.needed
        if own_score:
            scores = zone_scores[:, at]
    return _classes(typology, base, n, rich, scores, over)


class _Base(NamedTuple):
    """What no resample changes, one value a neighbourhood."""

    #: Position of its zone in the flows; -1 for none.
    zone: Ints
    #: Whether a rank, a zone and enough commuters are there.
    usable: Bools
    deprived: Bools
    #: Whether its jobs are known, the people whom they are held against, and whether it is rich.
    known: Bools
    people: Floats
    rich: Bools
    market: Ints
    study: Ints
    #: Whose score can matter: they may be cut or be cut at.
    needed: Bools


def _base(typology: Typology) -> _Base:
    dataset, parameters = typology.dataset, typology.parameters
    table = dataset.neighbourhoods
    # With an accessibility score the evidence ends where the labour markets of the study area do,
    # but commuters go farther: what they need is made again.
    evidence = typology.everywhere.reindex(table.index)
    employed = apportion_employed_residents(
        dataset.flows.employed_residents, table["zone"], table["residents"]
    )
    people = jobs_held_against(table, dataset.flows, employed.to_frame(), parameters)
    ratio = jobs_ratio(table["jobs"], people)
    known = table["jobs"].notna() & (ratio.notna() | (table["jobs"] == 0))
    zone = np.asarray(dataset.flows.zones.get_indexer(pd.Index(table["zone"])), dtype=np.int64)
    usable = (
        evidence["deprivation_share"].notna().to_numpy()
        & (zone >= 0)
        & (evidence["commuters"] >= parameters.min_flow).to_numpy()
    )
    market, _ = pd.factorize(labour_market_of(table, parameters, dataset.study_codes))
    study = table.index.get_indexer(dataset.study_codes)
    deprived = evidence["deprived"].eq(True).to_numpy(dtype=bool)
    touched = np.isin(market, market[study][market[study] >= 0])
    touched[study] = True
    # Where every zone's jobs are known, nobody but the deprived has a class that flows can change.
    unknown = bool((~known).any()) or len(np.unique(zone[zone >= 0])) < len(dataset.flows)
    everyone = unknown or parameters.reference == "all"
    needed = touched & usable & (deprived | everyone)
    return _Base(
        zone=zone,
        usable=usable,
        deprived=deprived,
        known=known.to_numpy(dtype=bool),
        people=np.asarray(people, dtype=np.float64),
        rich=(ratio > parameters.pez_ratio).to_numpy(dtype=bool),
        market=np.asarray(market, dtype=np.int64),
        study=np.asarray(study, dtype=np.int64),
        needed=needed,
    )


def _jobs_rich(
    typology: Typology, base: _Base, n: int, seed: int, *, jobs: bool
) -> tuple[Bools, Floats]:
    """Find the jobs-rich neighbourhoods, and the share of each zone's jobs in them.

    One row a resample, or one row alone where jobs are held.
    """
    held = typology.dataset.neighbourhoods["jobs"].to_numpy(dtype=np.float64)[None, :]
    zones = len(typology.dataset.flows)
    if not jobs:
        rich = base.rich[None, :]
        return rich, _zone_shares(held, rich, base, zones)
    rounded = RoundedJobs.of(typology.dataset)
    all_rich = np.empty((n, held.shape[1]), dtype=bool)
    shares = np.empty((n, zones))
    # Where there are neither jobs nor people to hold them against, a job would be too many.
    nothing = (held[0] == 0) & ~(base.people > 0)
    for start in range(0, n, _BLOCK):
        block = range(start, min(start + _BLOCK, n))
        drawn = rounded.draw(seed, block)
        drawn[:, nothing] = 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            rich = drawn / base.people > typology.parameters.pez_ratio
        all_rich[block.start : block.stop] = rich
        shares[block.start : block.stop] = _zone_shares(drawn, rich, base, zones)
    return all_rich, shares


def _zone_shares(jobs: Floats, rich: Bools, base: _Base, zones: int) -> Floats:
    """Share of each zone's jobs that is in its jobs-rich neighbourhoods; missing where unknown."""
    order = np.argsort(base.zone, kind="stable")
    order = order[base.zone[order] >= 0]
    # A zone that holds no neighbourhood has unknown jobs.
    out = np.full((len(jobs), zones), np.nan)
    if not len(order):
        return out
    present, starts = np.unique(base.zone[order], return_index=True)
    ordered = jobs[:, order]
    total = np.add.reduceat(np.nan_to_num(ordered), starts, axis=1)
    in_rich = np.add.reduceat(np.where(rich[:, order], ordered, 0.0), starts, axis=1)
    share = np.divide(in_rich, total, out=np.zeros_like(total), where=total > 0)
    share[:, ~np.logical_and.reduceat(base.known[order], starts)] = np.nan
    out[:, present] = share
    return out


def draw_flows(flows: Flows, zone: int, n: int, seed: int) -> tuple[Ints, Ints]:
    """Draw one zone's commuters anew, each to a destination with the zone's own shares.

    Parameters
    ----------
    flows : Flows
        The flows as published.
    zone : int
        Position of the zone of residence.
    n : int
        How many resamples.
    seed : int
        Where the random streams start; each zone has its own, so that it does not matter which
        other zones are drawn, or in which order.

    Returns
    -------
    destinations : array of int
        Positions of the zones of work.
    people : array of int, shape (n, destinations)
        Commuters; every row adds up to those of the zone, to the nearest whole person.
    """
    row = slice(flows.matrix.indptr[zone], flows.matrix.indptr[zone + 1])
    published = flows.matrix.data[row]
    total = published.sum()
    few = (published <= _FEW) & (published % 1 == 0)
    between, within = (
        np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0, int(zone), part)))
        for part in (0, 1)
    )
    chances = np.append(published[~few], published[few].sum()) / total
    counts = between.multinomial(round(float(total)), chances, size=n)
    drawn = np.empty((n, len(published)), dtype=np.int64)
    drawn[:, ~few] = counts[:, :-1]
    drawn[:, few] = _share_out(counts[:, -1], published[few].astype(np.int64), within)
    return flows.matrix.indices[row], drawn


def _share_out(people: Ints, weights: Ints, stream: np.random.Generator) -> Ints:
    """Draw where each of `people` goes, with whole weights; one row of counts a resample.

    The other half of a multinomial over many small cells: one draw a person is a tenth of the work
    of one binomial a cell, and as exact.
    """
    n, cells = len(people), len(weights)
    if not cells:
        return np.empty((n, 0), dtype=np.int64)
    tickets = np.repeat(np.arange(cells), weights)
    where = tickets[stream.integers(0, len(tickets), size=int(people.sum()))]
    where += np.repeat(np.arange(n) * cells, people)
    return np.bincount(where, minlength=n * cells).reshape(n, cells)


def _zone_scores(
    flows: Flows, zones: Ints, zone_share: Floats, n: int, seed: int, *, draw: bool
) -> tuple[Floats, Floats]:
    """Find the connection score and the share gone where jobs are unknown, by resample and zone."""
    rows = max(n if draw else 1, len(zone_share))
    scores, unknown = np.full((2, rows, len(zones)), np.nan)
    known = ~np.isnan(zone_share[0])
    share = np.nan_to_num(zone_share)

    def one(column: int) -> None:
        zone = zones[column]
        row = slice(flows.matrix.indptr[zone], flows.matrix.indptr[zone + 1])
        people: Any = flows.matrix.data[None, row]
        to = flows.matrix.indices[row]
        if not len(to):
            return
        if draw:
            to, people = draw_flows(flows, int(zone), n, seed)
        # No dot product: its order of summing, and so its last bits, are the machine's own.
        commuters = people.sum(axis=1)
        to_known = people[:, known[to]].sum(axis=1)
        to_rich = (people * share[:, to]).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.where(to_known > 0, to_rich / to_known, np.nan)
            unknown[:, column] = (commuters - to_known) / commuters
        scores[:, column] = score.round(DECIMALS)

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(one, range(len(zones))))
    return scores, unknown


def _classes(
    typology: Typology, base: _Base, n: int, rich: Bools, scores: Floats, over: Bools
) -> Codes:
    """Cut each labour market in each resample, and classify; first match wins."""
    parameters = typology.parameters
    study = base.study
    out = np.empty((n, len(study)), dtype=np.int8)
    for market in np.unique(base.market[study]):
        columns = np.flatnonzero(base.market[study] == market)
        inside = study[columns]
        if parameters.cut_kind == "value":
            cut = np.array([float(parameters.cut)])
        elif market < 0:
            cut = np.array([np.nan])
        else:
            among = np.flatnonzero((base.market == market) & base.needed)
            cut = _cut(parameters.cut, _reference(typology, base, among, rich, scores, over))
        score = scores[:, inside]
        # Each rule spoils those before it, so that the first of the method is the last here.
        codes = np.where(score < cut[:, None], _DISCONNECTED, _CONNECTED)
        codes = np.where(np.isnan(cut)[:, None] | np.isnan(score), _INSUFFICIENT, codes)
        codes = np.where(rich[:, inside], _JOBS, codes)
        codes = np.where(base.known[inside], codes, _INSUFFICIENT)
        codes = np.where(base.deprived[inside], codes, _NOT_CLASSIFIED)
        codes = np.where(over[:, inside] | ~base.usable[inside], _INSUFFICIENT, codes)
        out[:, columns] = codes
    return out


def _reference(
    typology: Typology, base: _Base, among: Ints, rich: Bools, scores: Floats, over: Bools
) -> Floats:
    """Return the scores that the cut is taken among, by resample; missing for those outside."""
    which = typology.parameters.reference
    inside = ~over[:, among] & (base.known[among] | ~base.deprived[among])
    if which != "all":
        inside = inside & base.deprived[among]
    if which == "deprived and not jobs-rich":
        inside = inside & ~rich[:, among]
    return np.where(inside, scores[:, among], np.nan)


def _cut(quantile: float, reference: Floats) -> Floats:
    """Take the quantile of each row, linearly between ranks; missing where the row is empty."""
    ordered = np.sort(reference, axis=1)
    size = np.count_nonzero(~np.isnan(ordered), axis=1)
    if not ordered.shape[1]:
        return np.full(len(ordered), np.nan)
    position = quantile * np.maximum(size - 1, 0)
    below = position.astype(np.int64)
    above = np.minimum(below + 1, np.maximum(size - 1, 0))
    rows = np.arange(len(ordered))
    low, high = ordered[rows, below], ordered[rows, above]
    return np.asarray((low + (high - low) * (position % 1)).round(DECIMALS))
