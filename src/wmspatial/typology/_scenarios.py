"""Classify one dataset many times: what scenarios share is worked out once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.typology.labour_market import answers, classify_neighbourhoods, decide
from wmspatial.typology.parameters import ACCESSIBILITY, CLASSES, SHARE, Parameters
from wmspatial.typology.scores import (
    connection_scores,
    impedance_of,
    labour_market_of,
    scored,
)

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from wmspatial.typology._typology import Typology

#: What the evidence hangs on, before any score but the share to jobs-rich places.
_UPSTREAM: Final = ("deprived_share", "pez_ratio", "pez_denominator")
#: What an accessibility score hangs on.
_SCORE: Final = (
    "connection", "impedance", "decay", "decay_rate", "within", "threshold", "labour_market",
)  # fmt: skip


class ScenarioRunner:
    """Runs scenarios on the data of one typology, keeping what they share.

    Parameters
    ----------
    typology : Typology
        What is varied.
    """

    def __init__(self, typology: Typology) -> None:
        self.dataset = typology.dataset
        self.base = typology.parameters
        self.rules = typology.rules
        self._evidence: dict[tuple[Any, ...], pd.DataFrame] = {}
        self._scores: dict[tuple[Any, ...], pd.Series[float]] = {}
        self._markets: dict[str, tuple[pd.DataFrame, pd.Series[Any], Any]] = {}
        self._impedances: dict[tuple[Any, ...], Any] = {}

    def classes(self, changes: dict[str, Any]) -> npt.NDArray[Any]:
        """Classify the study area with some parameters changed; return the class numbers."""
        parameters = self.base.replace(**changes)
        table, market, places = self._market_of(parameters)
        evidence = self._evidence_of(parameters)
        if parameters.connection != SHARE:
            evidence = evidence.assign(connection_score=self._scores_of(parameters))
        added = answers(self.rules, self.dataset.neighbourhoods, evidence)
        out = decide(table, evidence.loc[table.index], parameters, market, added)
        # A place without a labour market is in no table of them: nothing to compare it with.
        found = out["labour_market_class"].cat.codes.to_numpy()[places]
        return np.where(places >= 0, found, CLASSES.index("Insufficient data"))

    def _market_of(self, parameters: Parameters) -> tuple[pd.DataFrame, pd.Series[Any], Any]:
        """Return the neighbourhoods of the labour markets that matter, and where ours are."""
        key = parameters.labour_market
        if key not in self._markets:
            data = self.dataset
            market = labour_market_of(data.neighbourhoods, parameters, data.study_codes)
            inside = scored(market, data.study_codes)
            table = data.neighbourhoods[inside]
            places = table.index.get_indexer(data.study_codes)
            self._markets[key] = (table, market[inside], places)
        return self._markets[key]

    def _evidence_of(self, parameters: Parameters) -> pd.DataFrame:
        key = tuple(getattr(parameters, name) for name in _UPSTREAM)
        if key not in self._evidence:
            self._evidence[key] = classify_neighbourhoods(
                self.dataset.neighbourhoods,
                self.dataset.flows,
                Parameters(**dict(zip(_UPSTREAM, key, strict=True)), labour_market="zone"),
                ranked_areas=self.dataset.ranked_areas,
                study_area=self.dataset.study_codes,
            )
        return self._evidence[key]

    def _scores_of(self, parameters: Parameters) -> pd.Series[float]:
        key = tuple(getattr(parameters, name) for name in _SCORE)
        if key not in self._scores:
            data = self.dataset
            self._scores[key] = connection_scores(
                data.neighbourhoods,
                data.flows,
                self._evidence_of(parameters),
                parameters,
                study_area=data.study_codes,
                impedance=self._impedance_of(parameters),
            )
        return self._scores[key]

    def _impedance_of(self, parameters: Parameters) -> Any:
        if parameters.connection not in ACCESSIBILITY:
            return None
        key = (parameters.impedance, parameters.within)
        if key not in self._impedances:
            self._impedances[key] = impedance_of(
                self.dataset.neighbourhoods,
                parameters,
                points=lambda: self.dataset.points,
                travel_times=self.dataset.travel_times,
            )
        return self._impedances[key]
