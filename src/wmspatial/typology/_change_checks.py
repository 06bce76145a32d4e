"""What two classifications have to have in common before they can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wmspatial.errors import InputError, VintageError, examples, require
from wmspatial.typology.parameters import STUDY_AREA

if TYPE_CHECKING:
    import pandas as pd

    from wmspatial.typology._typology import Typology


def checked_links(earlier: Typology, later: Typology) -> pd.DataFrame:
    """Refuse what cannot be compared; return the crosswalk as far as both have data."""
    require(earlier, "earlier", "Typology", "wm.classify(...)")
    require(later, "later", "Typology", "wm.classify(...)")
    vintages = (earlier.vintage, later.vintage)
    if vintages == (2021, 2011):
        raise VintageError(
            "compare: given the wrong way round: the first is of 2021, the second of 2011. "
            "Expected compare(earlier, later)."
        )
    if vintages != (2011, 2021):
        found = (
            f"both are of {vintages[0] or 'no known vintage'}" if vintages[0] == vintages[1]
            else " and ".join(str(v or "no known vintage") for v in vintages) + " were given"
        )  # fmt: skip
        raise VintageError(f"compare: {found}. Expected the earlier of 2011 and the later of 2021.")
    if earlier.illustrative != later.illustrative:
        made_up, real = ("earlier", "later") if earlier.illustrative else ("later", "earlier")
        raise InputError(
            f"compare: the {made_up} typology is illustrative data, the {real} one is not. "
            "Expected two of a kind."
        )
    _refuse_other_methods(earlier, later)
    crosswalk = later.dataset.crosswalk
    if crosswalk is None:
        raise InputError(
            "compare: the later dataset has no crosswalk. Expected the lookup of LSOAs of 2011 to "
            "LSOAs of 2021, columns lsoa11, lsoa21 and change: wm.load brings it for 2021, and "
            "Dataset(crosswalk=...) takes your own."
        )
    lacking = [c for c in ("lsoa11", "lsoa21", "change") if c not in crosswalk.columns]
    if lacking:
        raise InputError(
            f"compare: the crosswalk has no column {examples(map(repr, lacking))}; found "
            f"{examples(map(repr, crosswalk.columns), 10)}."
        )
    inside = crosswalk["lsoa11"].isin(earlier.dataset.neighbourhoods.index)
    inside &= crosswalk["lsoa21"].isin(later.dataset.neighbourhoods.index)
    return crosswalk.loc[inside, ["lsoa11", "lsoa21", "change"]].reset_index(drop=True)


def _refuse_other_methods(earlier: Typology, later: Typology) -> None:
    ours, theirs = earlier.parameters.to_dict(), later.parameters.to_dict()
    different = [f"{n} ({ours[n]!r} and {theirs[n]!r})" for n in ours if ours[n] != theirs[n]]
    if different:
        raise InputError(
            f"compare: the two were made by different methods: {', '.join(different)}. Classify "
            "both with the same parameters."
        )
    for name, typology in (("earlier", earlier), ("later", later)):
        if typology.rules:
            added = examples(rule.name for rule in typology.rules)
            raise InputError(
                f"compare: rules were added to the {name} classification ({added}), and cannot be "
                "applied to data that is swapped. Compare results of wm.classify without rules."
            )
        if typology.agreement is not None:
            raise InputError(
                f"compare: classes of the {name} typology were given, not made by the method. "
                "Compare the reconstructions, before with_classes."
            )
    if earlier.parameters.labour_market == STUDY_AREA and earlier.study_area != later.study_area:
        raise InputError(
            f"compare: the labour market is the study area, and the study areas are "
            f"{earlier.study_area} and {later.study_area}. Expected one and the same."
        )
