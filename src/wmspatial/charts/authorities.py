"""Any indicator by authority: bars against the national line, two measures, an index, groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wmspatial.charts._authority_plan import plan_chart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from wmspatial.charts.chart import Chart


def authority_chart(
    data: pd.DataFrame | pd.Series[Any] | Mapping[str, float],
    *,
    title: str,
    kind: str | None = None,
    unit: str = "",
    decimals: int | None = None,
    national: float | Mapping[str, float] | None = None,
    national_name: str = "England",
    highlight: Iterable[str] = (),
    base: str | float | None = None,
    authorities: Any = None,
    source: str = "",
    illustrative: bool = False,
) -> Chart:
    """Draw any indicator by authority.

    Parameters
    ----------
    data : DataFrame, Series or mapping
        Authorities (rows, by name or code) by measures (columns); a mapping or a Series is one
        measure. A missing value is drawn as missing and said.
    title : str
        What the chart shows, with the year.
    kind : {"bars", "dumbbell", "index", "groups"}, optional
        By default sorted bars for one measure, a dumbbell for two of one thing (resident and
        workplace pay), groups side by side for more. An index sets `base` to 100.
    unit : str
        ``"£"``, ``"%"``, or words such as ``"£ an hour"``; a currency sign stands before the
        number.
    decimals : int, optional
        By default two for a currency, one where a number is no whole one, otherwise none.
    national : float or mapping, optional
        The national figure, one for each measure; a line (bars, index) or a row (the others).
    national_name : str, default "England"
        What the national figure is of.
    highlight : iterable of str
        Authorities to mark, by name: those of the study area, say.
    base : str or float, optional
        For an index: the authority, or the number, that is 100; by default the national figure.
    authorities : mapping of str to str, Dataset or Typology, optional
        The authorities there are: names by code, or the data that knows them. Rows have to be
        among them, by code or name. Without it rows are taken by the names that they have, and
        a slip of the pen is drawn as it stands.
    source : str
        Stands at the foot.
    illustrative : bool
        Whether the numbers are made up.

    Returns
    -------
    Chart
        Its words give every number, and how far the highest is above the lowest.

    Raises
    ------
    InputError
        If a row is no authority, a number is no number, or the kind does not fit the data.

    Examples
    --------
    Workplace pay an hour in 2016, from the board papers of the West Midlands Combined Authority
    of 12 January 2018:

    >>> import wmspatial as wm
    >>> pay = wm.authority_chart(
    ...     {"Coventry": 13.08, "Dudley": 10.50}, title="Workplace pay an hour, 2016", unit="£"
    ... )
    >>> pay.text
    'Workplace pay an hour, 2016. Coventry £13.08, Dudley £10.50. Coventry is 25 % above Dudley.'
    """
    plan = plan_chart(
        data, title=title, kind=kind, unit=unit, decimals=decimals, national=national,
        national_name=national_name, highlight=highlight, base=base, authorities=authorities,
        source=source, illustrative=illustrative,
    )  # fmt: skip
    return plan.draw()
