"""Accessibility on the official tables: the calibration of the method, and the definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from wmspatial.measures import Decay, Distances, cumulative_opportunities, hansen, shen

if TYPE_CHECKING:
    from conftest import Official


REFERENCES = ("deprived and not jobs-rich", "deprived", "all")
#: Per cent of Sheffield's 120 deprived neighbourhoods that are disconnected, by reference: the
#: method document.
PUBLISHED = {"shen": (28, 34, 18), "hansen": (23, 29, 14), "cumulative": (23, 28, 18)}


@pytest.fixture(scope="module")
def sheffield(official: Official) -> wm.Dataset:
    return official("Sheffield", 2011)


@pytest.fixture(scope="module")
def typologies(sheffield: wm.Dataset) -> dict[str, wm.Typology]:
    return {name: wm.classify(sheffield, connection=name) for name in PUBLISHED}


@pytest.mark.parametrize("connection", PUBLISHED)
def test_sheffield_is_as_the_method_document_has_it(sheffield: wm.Dataset, connection: str) -> None:
    shares = []
    for reference in REFERENCES:
        frame = wm.classify(sheffield, connection=connection, reference=reference).frame
        deprived = frame[frame["deprived"]]
        assert len(deprived) == 120
        shares.append(100 * (deprived["labour_market_class"] == "Disconnected").mean())
    assert tuple(int(share + 0.5) for share in shares) == PUBLISHED[connection]


def test_the_scores_are_their_definition(sheffield: wm.Dataset) -> None:
    """Against whole columns of distances, with no block and no limit on who is looked at."""
    points = sheffield.points.to_numpy()
    evidence = wm.classify(sheffield).everywhere
    jobs, workers = (evidence[c].to_numpy() for c in ("jobs", "employed_residents"))
    few = sheffield.study_codes[[0, 100, 300]]
    rows = evidence.index.get_indexer(few)

    def weight(these: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        gap = points[these][:, None, :] - points[None, :, :]
        km = np.hypot(gap[..., 0], gap[..., 1]) / 1000
        return np.where(km <= 20, np.exp(-0.3 * km), 0.0), km

    decayed, km = weight(rows)
    wanted = {"hansen": decayed @ jobs, "cumulative": (km <= 5) @ jobs}
    reached = np.flatnonzero((decayed > 0).any(axis=0))
    competing = np.concatenate([weight(part)[0] @ workers for part in np.array_split(reached, 40)])
    wanted["shen"] = decayed[:, reached] @ (jobs[reached] / competing)
    for name, values in wanted.items():
        found = wm.classify(sheffield, connection=name, within=20).neighbourhoods
        np.testing.assert_allclose(found.loc[few, "connection_score"], values, rtol=1e-10)


def test_a_class_does_not_depend_on_the_study_area(
    typologies: dict[str, wm.Typology], official: Official
) -> None:
    """Rotherham lies in Sheffield's labour market, for the most part."""
    rotherham = official("Rotherham", 2011)
    for name, typology in typologies.items():
        there = wm.classify(rotherham, connection=name).everywhere
        here = typology.everywhere
        both = here.index.intersection(there.index)
        assert len(both) > 400
        columns = ["connection_score", "cut", "rule", "labour_market_class"]
        pd.testing.assert_frame_equal(here.loc[both, columns], there.loc[both, columns], rtol=1e-11)


def test_each_job_of_the_country_is_handed_out_once(sheffield: wm.Dataset) -> None:
    """And a study area scored alone has the scores it has in the whole."""
    table = wm.classify(sheffield).everywhere
    jobs, workers = table["jobs"], table["employed_residents"]
    distances = Distances(sheffield.points, 10.0)
    everywhere = shen(jobs, workers, distances, Decay())
    assert (everywhere * workers).sum() == pytest.approx(jobs.sum(), rel=1e-9)
    few = sheffield.study_codes
    part = shen(jobs, workers, distances, Decay(), origins=few)
    pd.testing.assert_series_equal(part, everywhere.loc[few], rtol=1e-11)
    near = cumulative_opportunities(jobs, distances, 5.0, origins=few)
    assert (hansen(jobs, Distances(sheffield.points, 5.0), np.ones_like, origins=few) == near).all()
