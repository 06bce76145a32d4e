"""Where numbers come from, carried from the file to the footer of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

#: Said wherever anything made from the embedded sample is shown or written.
ILLUSTRATIVE = "Illustrative data, not statistics"

OGL = "Open Government Licence v3.0"
ATTRIBUTION = (
    "Contains National Statistics data © Crown copyright and database right; "
    "contains OS data © Crown copyright and database right"
)

LOCKDOWN = (
    "The 2021 Census was taken in a lockdown: many people worked at home who did not before or "
    "since, furloughed people's answers vary, and the table has one total for working at home and "
    "having no fixed place of work. Its commuting flows do not show a usual year."
)
JOBS_2021 = (
    "Jobs are BRES 2021 in both vintages, the only counts for LSOAs at hand, rounded and without "
    "farm agriculture: between the two vintages no change can be put down to jobs."
)
RELATIVE = (
    "Disconnected is relative: the cut at the median calls about half of the deprived "
    "neighbourhoods that are not rich in jobs disconnected, in every labour market and in every "
    "census. It ranks places inside one labour market at one time."
)
RELATIVE_OTHERWISE = (
    "Disconnected is relative: the cut is taken anew in every labour market and every census, at "
    "{cut} of {reference}. It ranks places inside one labour market at one time."
)
FIXED_CUT = (
    "The cut is a fixed score, {cut:g}, the same in every labour market: how many neighbourhoods "
    "lie below it is not fixed."
)
RECONSTRUCTION = (
    "A reconstruction of the JRF typology, not JRF's own classification: the cut between Connected "
    "and Disconnected was never published."
)


class Source(NamedTuple):
    """One table behind a result.

    A named tuple, so that a frame that carries it in ``attrs`` can be written as Parquet.

    Attributes
    ----------
    title : str
        What the publisher calls it, with its edition.
    publisher : str
        Who published it.
    licence : str
        Under which licence.
    file : str
        Name of the file that was read, without its folder.
    sha256 : str
        Hash of the file, hexadecimal; empty where there was no file.
    rows : int
        Rows that were read.
    notes : tuple of str
        What was repaired, dropped or has to be known.
    dataset : str
        Its id in the catalogue; empty where it has none.
    fetched : str
        When the file was fetched from its publisher or adopted, ISO date; empty where unknown.
    url : str
        Where it was fetched from.
    attribution : str
        What its licence asks to be said.

    Examples
    --------
    >>> print(Source("Census 2021: ethnic group (TS021)", "Office for National Statistics"))
    Census 2021: ethnic group (TS021) (Office for National Statistics)
    """

    title: str
    publisher: str = ""
    licence: str = OGL
    file: str = ""
    sha256: str = ""
    rows: int = 0
    notes: tuple[str, ...] = ()
    dataset: str = ""
    fetched: str = ""
    url: str = ""
    attribution: str = ""

    @property
    def origin(self) -> str:
        """When the file came and from where, in a sentence; empty where neither is known."""
        if not (self.fetched or self.url):
            return ""
        when = f" on {self.fetched[:10]}" if self.fetched else ""
        # A file that was at hand already has no address.
        return f"Fetched{when} from {self.url}." if self.url else f"Adopted{when}."

    def __str__(self) -> str:
        """Name the source as a footer does."""
        return f"{self.title} ({self.publisher})" if self.publisher else self.title


class Sources(tuple[Source, ...]):
    """The tables behind a frame, as they ride in its ``attrs["sources"]``.

    pandas copies all that hangs on a frame with every column that is taken from it; what cannot
    change needs no copy.

    Examples
    --------
    >>> import copy
    >>> named = Sources([Source("Census 2021")])
    >>> copy.deepcopy(named) is named
    True
    """

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> Sources:
        """Return the same: neither it nor what is in it can change."""
        return self


def carried_sources(frame: pd.DataFrame) -> Sources:
    """Return the tables that hang on a frame, from ``attrs["sources"]`` or ``attrs["source"]``.

    Parameters
    ----------
    frame : DataFrame
        A source may be a text, of which nothing but the title is known then, or what a Parquet
        file makes of a :class:`Source`.

    Returns
    -------
    Sources
        Each once, in their order; empty where the frame names none.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame()
    >>> frame.attrs["source"] = "Council tax register, 2024"
    >>> carried_sources(frame)[0].title
    'Council tax register, 2024'
    """
    given = frame.attrs.get("sources") or frame.attrs.get("source") or ()
    several = isinstance(given, list | tuple) and not isinstance(given, Source)
    return Sources(dict.fromkeys(_as_source(one) for one in (given if several else [given])))


def _as_source(given: Any) -> Source:
    if isinstance(given, Source):
        return given
    # JSON, in which Parquet keeps what hangs on a frame, knows no tuples.
    if isinstance(given, list) and len(given) == len(Source._fields):
        whole = Source(*given)
        return whole._replace(notes=tuple(whole.notes))
    return Source(str(given), licence="")
