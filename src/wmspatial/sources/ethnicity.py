"""Ethnic groups of 2021 come as a long table; the method wants one row a neighbourhood."""

from __future__ import annotations

import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.sources import layouts


def groups_2021(long: pd.DataFrame) -> pd.DataFrame:
    """Bring the long table of ethnic groups to one row a neighbourhood; groups add up.

    Parameters
    ----------
    long : DataFrame
        ``code``, ``group`` (as published), ``people`` and ``residents``.

    Returns
    -------
    DataFrame
        ``code``, ``residents`` and one column a group, people.

    Raises
    ------
    InputError
        If a group is unknown or missing, or groups do not add up to the residents.
    """
    long = long.set_index("code")
    names = long["group"].astype("str").map(layouts.ETHNIC_GROUPS_2021)
    if names.isna().any():
        odd = long.loc[names.isna(), "group"].astype("str").unique()
        raise InputError(
            f"{layouts.ETHNICITY_2021.path}: 'ethnic_group' holds {examples(map(repr, odd))}; "
            f"expected {examples(map(repr, layouts.ETHNIC_GROUPS_2021), 9)}."
        )
    code = pd.Index(long.index.astype("str"), name="code")
    keyed = pd.Series(long["people"].to_numpy(), index=[code, names.to_numpy()])
    wide = keyed.unstack()  # noqa: PD010 - no pivot of a Series; the key was checked for copies
    if wide.isna().any(axis=None):
        lost = wide.index[wide.isna().any(axis=1)]
        raise InputError(
            f"{layouts.ETHNICITY_2021.path}: {len(lost):,} areas lack a group ({examples(lost)})."
        )
    total = pd.Series(long["residents"].to_numpy(), index=code).groupby(level=0).first()
    wide.insert(0, "residents", total)
    groups = list(layouts.GROUPS)
    off = wide.index[wide[groups].sum(axis=1) != wide["residents"]]
    if len(off):
        raise InputError(
            f"{layouts.ETHNICITY_2021.path}: in {len(off):,} areas the groups do not add up to the "
            f"residents ({examples(off)})."
        )
    return wide[["residents", *groups]].reset_index()
