"""Fetch official tables from Python, as ``wmspatial data fetch`` does on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def fetch_data(
    area: str | Iterable[str] = "wmca",
    vintage: int = 2021,
    *,
    data_dir: str | Path | None = None,
    datasets: Iterable[str] = (),
    replace: bool = False,
) -> pd.DataFrame:
    """Fetch from the publishers what :func:`~wmspatial.load` needs, into the data folder.

    Parameters
    ----------
    area : str or iterable of str, default "wmca"
        A combined authority, an authority, several of them, or ``"england and wales"``: detailed
        boundaries are fetched for it; tables are fetched whole.
    vintage : {2021, 2011}
        The census.
    data_dir : str or Path, optional
        The folder; by default what ``WMSPATIAL_DATA`` names, or the platform's data folder.
    datasets : iterable of str, optional
        Ids of the catalogue, where only these are wanted.
    replace : bool, default False
        Whether to ask again for what is there, and to take what the publishers changed.

    Returns
    -------
    DataFrame
        One row a data set, by id: ``state`` (``"fetched"``, ``"held"``, ...), ``file``, ``rows``,
        ``fetched`` and ``sha256``.

    Raises
    ------
    FetchError
        If something did not come; what did come stays, and the next call goes on with the rest.
    InputError
        If the vintage or a data set is not known.

    Examples
    --------
    >>> import wmspatial as wm
    >>> wm.fetch_data("wmca", 2016, data_dir="nowhere")
    Traceback (most recent call last):
    ...
    wmspatial.errors.InputError: vintage=2016: expected 2011 or 2021.
    """
    from wmspatial.sources._outcomes import How
    from wmspatial.sources.catalogue import catalogue
    from wmspatial.sources.fetching import fetch
    from wmspatial.sources.store import Store

    store = Store(data_dir)
    outcome = fetch(
        area, vintage, store=store, catalogue=catalogue(), datasets=datasets,
        how=How(replace=replace),
    )  # fmt: skip
    rows = []
    for result in outcome.results:
        record = result.record
        if record is None:
            continue  # a fault, which fetch has raised
        rows.append(
            {
                "dataset": result.wanted.key, "state": result.state,
                "file": str(store.file(record)), "rows": record.rows, "fetched": record.fetched,
                "sha256": record.sha256,
            }
        )  # fmt: skip
    columns = ["dataset", "state", "file", "rows", "fetched", "sha256"]
    return pd.DataFrame(rows, columns=columns).set_index("dataset")
