"""From a dataset and parameters to a typology."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wmspatial.errors import require
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology._typology import Typology
from wmspatial.typology.labour_market import classify_neighbourhoods
from wmspatial.typology.parameters import Parameters
from wmspatial.typology.rules import Rule, check_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wmspatial.dataset import Dataset


def classify(
    dataset: Dataset,
    parameters: Parameters | None = None,
    *,
    rules: Iterable[Rule] = (),
    **changes: Any,
) -> Typology:
    """Classify neighbourhoods by the reconstructed JRF labour-market typology.

    Parameters
    ----------
    dataset : Dataset
        From :func:`~wmspatial.load`, :func:`~wmspatial.load_sample` or an analyst's own frames.
    parameters : Parameters, optional
        The choices; by default those of the method document.
    rules : iterable of Rule, optional
        Rules of your own, tried among the method's (:class:`~wmspatial.Rule`).
    **changes
        Single parameters by name, such as ``cut=1/3`` or ``pez_denominator="commuters"``.

    Returns
    -------
    Typology
        Classes and their evidence.

    Raises
    ------
    InputError
        If a parameter does not exist or is out of its range, or names a column that the
        neighbourhoods have not.

    References
    ----------
    Rae, Hamilton, Crisp and Powell, *Overcoming deprivation and disconnection in UK cities*,
    Joseph Rowntree Foundation, 2016, revised 2018. What is published of the method and what is
    this library's choice: ``docs/method.md``.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample(), deprived_share=0.10)
    >>> typology.parameters.changed()
    {'deprived_share': 0.1}
    """
    require(dataset, "dataset", "Dataset", "wm.load(...), wm.load_sample() or wm.Dataset(...)")
    chosen = (parameters or Parameters()).replace(**changes)
    added = check_rules(rules)
    evidence = classify_neighbourhoods(
        dataset.neighbourhoods,
        dataset.flows,
        chosen,
        ranked_areas=dataset.ranked_areas,
        study_area=dataset.study_codes,
        points=lambda: dataset.points,
        travel_times=dataset.travel_times,
        rules=added,
    )
    areas = dataset.neighbourhood_areas
    # Columns may have been added to the neighbourhoods since: a labour market that was found, say.
    ours = dataset.neighbourhoods.loc[areas.index]
    areas = areas.assign(**{str(c): ours[c] for c in ours.columns if c in areas.columns})
    later = ours[[c for c in ours.columns if c not in areas.columns]]
    areas = areas[areas.columns.drop("geometry")].join(later).set_geometry(areas.geometry)
    plain = areas.drop(columns=[c for c in evidence.columns if c in areas.columns])
    frame = plain.drop(columns="geometry").join(evidence)
    frame = areas[["geometry"]].join(frame)[[*frame.columns, "geometry"]]
    frame.attrs.update(
        dataset.neighbourhood_areas.attrs,
        vintage=dataset.vintage,
        parameters=chosen.to_dict(),
        illustrative=dataset.illustrative,
        connection_notes=evidence.attrs["notes"],
    )
    if dataset.illustrative:
        frame.columns.name = ILLUSTRATIVE
    everywhere = (
        dataset.neighbourhoods.drop(
            columns=[c for c in evidence.columns if c in dataset.neighbourhoods.columns]
        )
        .loc[evidence.index]
        .join(evidence)
    )
    return Typology(frame, everywhere, chosen, dataset, rules=added)
