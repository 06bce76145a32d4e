"""An indicator by authority: pay, employment by group, productivity; with its words and chart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wmspatial.charts._authority_plan import WIDTH, plan_chart
from wmspatial.charts._indicator_frames import NATIONS, tidy
from wmspatial.charts._indicator_words import listed, sentences
from wmspatial.errors import InputError, examples
from wmspatial.geography.lookup import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from wmspatial.charts._authority_plan import Plan
    from wmspatial.charts.chart import Chart
    from wmspatial.provenance import Source

#: More authorities than this are too many for a chart: those looked at are drawn alone.
MOST = 30
#: The first of the nations are those that others are held against unless one is named.
_WHOLES = 4


@dataclass(frozen=True, eq=False, repr=False)
class AuthorityIndicator:
    """Numbers by authority, with what has to be known of them; from :func:`authority_indicator`.

    Attributes
    ----------
    table : DataFrame
        Authorities by measures; a missing value is not published.
    nations : DataFrame
        Nations by measures, as far as the table has them.
    title : str
        What is measured, without the year.
    unit : str
        ``"£ an hour"``, ``"%"`` and so on.
    year : str
        Of the numbers; empty where nobody says it.
    base : str
        What exactly is counted, and of whom.
    source : str
        Where the numbers come from.
    notes : tuple of str
        What has to be known of them.
    codes : dict of str to str
        Code of an authority by its name, where the table has codes.
    kind : str or None
        How it is drawn, as :func:`~wmspatial.authority_chart` takes it.
    illustrative : bool
        Whether the numbers are made up.
    origins : tuple of Source
        The published tables behind it.

    Examples
    --------
    >>> pay = authority_indicator(
    ...     {"Coventry": 13.08, "Dudley": 10.50}, title="Workplace pay an hour", unit="£", year=2016
    ... )
    >>> pay
    <AuthorityIndicator: Workplace pay an hour, 2016: highest in Coventry (£13.08), 25 % above the
    lowest, in Dudley (£10.50).>
    """

    table: pd.DataFrame
    nations: pd.DataFrame
    title: str
    unit: str = ""
    year: str = ""
    base: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    codes: Mapping[str, str] | None = None
    kind: str | None = None
    illustrative: bool = False
    origins: tuple[Source, ...] = ()

    @property
    def heading(self) -> str:
        """The title with the year."""
        return f"{self.title}, {self.year}" if self.year and self.year not in self.title else (
            self.title
        )  # fmt: skip

    def find(self, authorities: Iterable[str]) -> list[str]:
        """Return which rows are these authorities.

        Parameters
        ----------
        authorities : iterable of str
            Names or codes.

        Returns
        -------
        list of str
            Names of rows, in the order asked for.

        Raises
        ------
        InputError
            If not one of them is in the table; the nearest names are given.

        Examples
        --------
        >>> pay = authority_indicator({"Coventry": 13.08, "Dudley": 10.50}, title="Pay")
        >>> pay.find(["Dudley", "Walsall"])
        ['Dudley']
        """
        rows = self._rows(authorities)
        found = list(dict.fromkeys(row for row in rows.values() if row))
        if rows and not found:
            wanted = list(rows)
            near = nearest(wanted[0], [str(n) for n in self.table.index])
            raise InputError(
                f"{self.title}: not one of {examples(wanted)} is among its {len(self.table):,} "
                f"rows ({examples(self.table.index, 3)}). {near}".strip()
            )
        return found

    def missing(self, authorities: Iterable[str]) -> list[str]:
        """Return which of these authorities are not in the table.

        Parameters
        ----------
        authorities : iterable of str
            Names or codes.

        Returns
        -------
        list of str
            As they were given.

        Examples
        --------
        >>> pay = authority_indicator({"Coventry": 13.08, "Dudley": 10.50}, title="Pay")
        >>> pay.missing(["Dudley", "Walsall"])
        ['Walsall']
        """
        return [name for name, row in self._rows(authorities).items() if not row]

    def _rows(self, authorities: Iterable[str]) -> dict[str, str]:
        """Give each authority its row; an empty text where there is none."""
        by_code = {code: name for name, code in (self.codes or {}).items()}
        by_name = {str(name).casefold(): str(name) for name in self.table.index}
        return {
            str(name): by_code.get(str(name), by_name.get(str(name).casefold(), ""))
            for name in authorities
        }

    def plan(self, authorities: Iterable[str] = (), national_name: str | None = None) -> Plan:
        """Settle what is drawn: all rows with these marked, or these alone where rows are many.

        Parameters
        ----------
        authorities : iterable of str
            By name or code.
        national_name : str, optional
            The nation to compare with, as for :meth:`chart`.

        Returns
        -------
        Plan
            To be drawn in any width.

        Examples
        --------
        >>> pay = authority_indicator({"Coventry": 13.08, "Dudley": 10.50}, title="Pay", unit="£")
        >>> pay.plan(["Dudley"]).kind
        'bars'
        """
        ours = self.find(authorities)
        every = len(self.table) <= MOST
        table = self.table if every or not ours else self.table.loc[ours]
        name, nation = self.nation(national_name)
        return plan_chart(
            table, title=self.heading, kind=self.kind, unit=self.unit,
            national=None if nation is None else {str(c): float(v) for c, v in nation.items()},
            national_name=name or "England",
            highlight=ours if every and len(ours) < len(table) else (), source=self.source,
            illustrative=self.illustrative,
        )  # fmt: skip

    def nation(self, name: str | None = None) -> tuple[str, pd.Series[Any] | None]:
        """Return the nation to compare with: the one named, or the first that there is.

        Parameters
        ----------
        name : str, optional
            What it is called.

        Returns
        -------
        name : str
            What it is called; empty where there is none.
        figures : Series of float or None
            By measure.

        Examples
        --------
        >>> pay = authority_indicator({"Coventry": 13.08, "England": 12.0}, title="Pay")
        >>> pay.nation()[0]
        'England'
        """
        order = [name] if name is not None else list(NATIONS.values())[:_WHOLES]
        for each in order:
            if each in self.nations.index:
                return str(each), self.nations.T[each]
        return "", None

    def chart(
        self,
        authorities: Iterable[str] = (),
        *,
        national_name: str | None = None,
        width: float = WIDTH,
    ) -> Chart:
        """Draw it, with these authorities marked.

        Parameters
        ----------
        authorities : iterable of str
            By name or code: those of the study area, say. Of a table of more than thirty they
            alone are drawn.
        national_name : str, optional
            The nation to compare with; by default the first there is of England, England and
            Wales, Great Britain, the United Kingdom.
        width : float, default 7.2
            Inches.

        Returns
        -------
        Chart
            Its words give every number that is drawn.

        Raises
        ------
        InputError
            If none of the authorities is in the table.

        Examples
        --------
        >>> pay = authority_indicator({"Coventry": 13.08, "Dudley": 10.50}, title="Pay", unit="£")
        >>> pay.chart(["Coventry"]).text
        'Pay. Coventry £13.08, Dudley £10.50. Coventry is 25 % above Dudley.'
        """
        asked = list(authorities)
        drawn, lost = self.plan(asked, national_name).draw(width), self.missing(asked)
        more = f" Not in the table: {listed(lost)}." if lost else ""
        return replace(drawn, text=drawn.text + more)

    def summary_text(
        self, authorities: Iterable[str] = (), *, national_name: str | None = None
    ) -> str:
        """Say what the numbers of these authorities say.

        Parameters
        ----------
        authorities : iterable of str
            By name or code; all where none is named.
        national_name : str, optional
            The nation to compare with, as for :meth:`chart`.

        Returns
        -------
        str
            Sentences: highest and lowest, against the nation, and two measures against each other.

        Raises
        ------
        InputError
            If none of the authorities is in the table.

        Examples
        --------
        >>> pay = authority_indicator(
        ...     {"Solihull": 14.11, "Wolverhampton": 10.23, "England": 12.0}, title="Pay", unit="£"
        ... )
        >>> pay.summary_text()
        'Pay: highest in Solihull (£14.11), 38 % above the lowest, in Wolverhampton (£10.23).
        England has £12.00; 1 of 2 are below it and 1 above.'
        """
        authorities = list(authorities)
        ours = self.find(authorities)
        table = self.table.loc[ours] if ours else self.table
        name, nation = self.nation(national_name)
        # Written with as many decimals as the chart has.
        write = self.plan(authorities, national_name).unit.write
        told = " ".join(sentences(table, nation, name, write, self.table))
        several = len(table.columns) > 1
        lost = self.missing(authorities)
        more = f" Not in the table: {listed(lost)}." if lost else ""
        return f"{self.heading}{'.' if several else ':'} {told}{more}"

    def __repr__(self) -> str:
        """Tell the title and the sentences."""
        mark = "Illustrative data, not statistics. " if self.illustrative else ""
        return f"<AuthorityIndicator: {mark}{self.summary_text()}>"


def authority_indicator(
    data: pd.DataFrame | pd.Series[Any] | Mapping[str, float] | AuthorityIndicator,
    *,
    title: str = "",
    unit: str | None = None,
    year: int | str | None = None,
    measures: str | Iterable[str] | Mapping[str, str] | None = None,
    source: str = "",
    kind: str | None = None,
    illustrative: bool | None = None,
) -> AuthorityIndicator:
    """Take in an indicator by authority: your own table, or an official one.

    Parameters
    ----------
    data : DataFrame, Series or mapping
        One row an authority (names or codes in the index, or in a column ``authority``, ``name``
        or ``code``), one column a measure; columns ``year``, ``unit`` and ``source`` say what
        they say for the whole table. Rows of nations ("England", or their codes) are what the
        others are held against; rows of regions and counties are left out, and counted. Or what
        :func:`~wmspatial.read_official` gives for tables 7 and 8 of the Annual Survey of Hours
        and Earnings, and for the Annual Population Survey as Nomis gives it.
    title : str
        What is measured; an official table brings its own.
    unit : str, optional
        ``"£ an hour"``, ``"£"``, ``"%"``.
    year : int or str, optional
        Where the table does not say it. For the Annual Population Survey, the period to take.
    measures : str, iterable or mapping, optional
        The columns to keep, and perhaps what to call them; for pay ``"median"`` (the default),
        ``"mean"`` or a percentile; for the Annual Population Survey its variables.
    source : str
        Where the numbers come from.
    kind : str, optional
        How it is drawn, as :func:`~wmspatial.authority_chart` takes it.
    illustrative : bool, optional
        Whether the numbers are made up.

    Returns
    -------
    AuthorityIndicator
        With :meth:`~AuthorityIndicator.summary_text` and :meth:`~AuthorityIndicator.chart`.

    Raises
    ------
    InputError
        If it is no such table, a cell is no number, or its numbers are of different years.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {"White": [75.0, 78.1], "Asian": [58.2, 66.0], "year": 2016},
    ...     index=["Birmingham", "Solihull"],
    ... )
    >>> found = authority_indicator(table, title="Employment rate", unit="%")
    >>> found.summary_text()
    'Employment rate, 2016. White: highest in Solihull (78.1 %), 3.1 percentage points above the
    lowest, in Birmingham (75.0 %). Asian: highest in Solihull (66.0 %), 7.8 percentage points above
    the lowest, in Birmingham (58.2 %).
    White is above Asian in both; the gap is widest in Birmingham, where White is 75.0 %, 16.8
    percentage points above Asian (58.2 %).'
    """
    if isinstance(data, AuthorityIndicator):
        return data
    found = tidy(data, measures, year, title)
    heading = title.strip() or found.title
    if not heading:
        raise InputError("title: say what the numbers are, such as 'Output an hour worked'.")
    return AuthorityIndicator(
        found.numbers,
        found.nations,
        heading,
        found.unit if unit is None else unit,
        found.year,
        found.base,
        source or found.source,
        found.notes,
        found.codes,
        kind,
        found.illustrative if illustrative is None else illustrative,
        () if found.origin is None else (found.origin,),
    )
