"""Groups of residents in chosen wards side by side, against their authority, now and before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.geography.lookup import nearest
from wmspatial.patterns._ward_earlier import brought_forward, check_earlier
from wmspatial.patterns._ward_names import find_wards, wards_at_hand
from wmspatial.patterns._ward_words import about_borders, about_groups, profile_text
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wmspatial.charts import Chart
    from wmspatial.dataset import Dataset
    from wmspatial.typology import Typology

_BEST_FIT: Final = (
    "A ward here is the neighbourhoods that the lookup gives to it, whole: where its border cuts "
    "one, its figures differ a little from those published for the ward itself."
)
_MOST_OVER: Final = 0.5


@dataclass(frozen=True, eq=False, repr=False)
class WardProfiles:
    """Groups of residents in chosen wards, from :func:`~wmspatial.ward_profiles`.

    Attributes
    ----------
    people : DataFrame
        ``residents`` and each group, people, by ``place`` and ``year``: the wards in the order
        asked for, then their authorities as ``"Birmingham (average)"``. Those of an earlier census
        are fractional where areas were split.
    shares : DataFrame
        Each group as a share of the residents, 0 to 1, on the same index.
    wards : DataFrame
        ``place``, ``authority_code``, ``authority`` and ``average`` (the row that it is held
        against), by ward code.
    years : tuple of int
        The censuses, the latest first; 0 where the dataset tells no year.
    notes : tuple of str
        What a ward is here, what was apportioned, and which borders changed.
    illustrative : bool
        Whether the data is made up.
    labels : mapping of str to str
        What groups are called.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.ward_profiles(wm.load_sample(), "Birmingham sample ward 39")
    >>> list(found.shares.index.get_level_values("place"))
    ['Birmingham sample ward 39', 'Birmingham (average)']
    """

    people: pd.DataFrame
    shares: pd.DataFrame
    wards: pd.DataFrame
    years: tuple[int, ...]
    notes: tuple[str, ...]
    illustrative: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, in the order of the columns."""
        return tuple(str(column) for column in self.shares.columns)

    def words(self, group: str) -> str:
        """Say what a group is called.

        Parameters
        ----------
        group : str
            Its column.

        Returns
        -------
        str
            Its label, or its name with a capital.

        Examples
        --------
        >>> import wmspatial as wm
        >>> wm.ward_profiles(wm.load_sample(), "X05000039").words("asian")
        'Asian'
        """
        plain = group.replace("_", " ")
        return self.labels.get(group, plain[:1].upper() + plain[1:])

    def changes(self) -> pd.DataFrame:
        """Tell how each share changed from the earlier census to the later.

        Returns
        -------
        DataFrame
            Later share less earlier, -1 to 1, by place; without rows where there is one census.

        Examples
        --------
        >>> import wmspatial as wm
        >>> len(wm.ward_profiles(wm.load_sample(), "X05000039").changes())
        0
        """
        if len(self.years) == 1:
            return self.shares.iloc[:0].droplevel("year")
        year = self.shares.index.get_level_values("year")
        later, earlier = (self.shares[year == when].droplevel("year") for when in self.years)
        return later - earlier

    def summary_text(self) -> str:
        """Say in plain English which groups are largest, and how the wards differ from average.

        Returns
        -------
        str
            A sentence or two a ward.

        Examples
        --------
        >>> import wmspatial as wm
        >>> found = wm.ward_profiles(wm.load_sample(), "X05000039")
        >>> found.summary_text().startswith("Birmingham sample ward 39 (")
        True
        """
        return profile_text(self)

    def chart(self, *, title: str | None = None, source: str = "") -> Chart:
        """Draw the wards side by side: a bar a group and census, a tick at the average.

        Parameters
        ----------
        title : str, optional
            By default what is shown, and of which years.
        source : str
            Stands at the foot.

        Returns
        -------
        Chart
            With its words.

        Examples
        --------
        >>> import wmspatial as wm
        >>> chart = wm.ward_profiles(wm.load_sample(), ["X05000039", "X05000001"]).chart()
        >>> len(chart.figure.axes)  # the key, and a panel a ward
        3
        """
        from wmspatial.patterns._ward_chart import draw

        return draw(self, title, source)

    def __repr__(self) -> str:
        """Tell the summary."""
        return f"<WardProfiles: {self.summary_text()}>"


def ward_profiles(
    data: Dataset | Typology,
    wards: str | Iterable[str],
    *,
    groups: Iterable[str] | None = None,
    earlier: Dataset | Typology | None = None,
    labels: Mapping[str, str] | None = None,
) -> WardProfiles:
    """Hold the groups of residents in chosen wards against their authority, now and before.

    Parameters
    ----------
    data : Dataset or Typology
        Neighbourhoods with wards, authorities and counts by group.
    wards : str or iterable of str
        Names, whatever their capitals and with "and" for "&"; where a name stands in several
        authorities ``"Northfield, Birmingham"``; or codes. Names of the study area go before
        those beyond.
    groups : iterable of str, optional
        Columns that count people; by default the groups of the dataset.
    earlier : Dataset or Typology, optional
        An earlier census with the same columns. Its counts are brought to the neighbourhoods of
        `data` and summed to the wards of `data`, so that both years are of one ground.
    labels : mapping of str to str, optional
        What groups are called on the chart and in words.

    Returns
    -------
    WardProfiles
        People and shares by ward and census, with the authorities' averages.

    Raises
    ------
    AreaNotFoundError
        If there is no such ward; the nearest are named.
    InputError
        If a name stands in several authorities, there are no wards, a group is not in the table,
        or its counts cannot be used.
    VintageError
        If `earlier` is of no earlier census.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.ward_profiles(wm.load_sample(), ["X05000039", "X05000001"])
    >>> bool((found.shares.sum(axis=1).round(9) == 1).all())
    True
    """
    dataset = _dataset(data, "data")
    names = _groups(dataset, groups)
    at_hand = wards_at_hand(dataset)
    codes = find_wards(wards, at_hand, dataset.study_area)
    chosen = _chosen(at_hand, codes)
    columns = ["residents", *names]
    table = dataset.neighbourhoods
    owned = table[table["authority_code"].isin(chosen["authority_code"].unique())]
    now = _counts(owned, columns, "neighbourhoods")
    year = dataset.vintage or 0
    tables, notes = {year: now}, [_BEST_FIT]
    if earlier is not None:
        before = _dataset(earlier, "earlier")
        check_earlier(dataset, before, columns)
        counts = _counts(before.neighbourhoods, columns, "earlier")
        moved, told = brought_forward(dataset, before, counts, owned, chosen)
        tables[before.vintage or 0] = moved
        notes += told
        notes += about_borders(chosen, before)
    elif year:
        notes += about_borders(chosen, None)
    people = pd.concat(
        {when: _summed(counts, owned, chosen) for when, counts in tables.items()}, names=["year"]
    ).swaplevel()
    order = [*chosen["place"], *chosen["average"].unique()]
    people = people.loc[[(place, when) for place in order for when in tables]]
    shares = people[names].div(people["residents"].where(people["residents"] > 0), axis=0)
    notes += about_groups(people, names)
    made_up = dataset.illustrative or (earlier is not None and before.illustrative)
    for frame in (people, shares):
        frame.columns.name = ILLUSTRATIVE if made_up else None
    return WardProfiles(
        people, shares, chosen, tuple(tables), tuple(notes), made_up, dict(labels or {})
    )


def _dataset(given: Any, name: str) -> Dataset:
    """Take the dataset of a typology, or the dataset itself."""
    kinds = [found.__name__ for found in type(given).__mro__]
    if "Dataset" in kinds:
        found: Dataset = given
        return found
    if "Typology" not in kinds:
        raise InputError(
            f"{name}: expected a Dataset or a Typology, as wm.load(...) and wm.classify(...) give; "
            f"found {type(given).__name__}."
        )
    return _dataset(given.dataset, name)


def _groups(dataset: Dataset, groups: Iterable[str] | None) -> list[str]:
    if isinstance(groups, str):
        raise InputError(f"groups={groups!r}: expected a list of columns.")
    names = list(dict.fromkeys(dataset.groups if groups is None else map(str, groups)))
    if not names:
        raise InputError("groups: there is none. Name columns that count people by group.")
    for name in names:
        if name not in dataset.neighbourhoods.columns:
            raise InputError(
                f"groups: there is no column {name!r}. "
                f"{nearest(name, map(str, dataset.neighbourhoods.columns))}".strip()
            )
    return names


def _counts(table: pd.DataFrame, columns: list[str], where: str) -> pd.DataFrame:
    """Return counts of people, none missing, negative, or together more than there are."""
    found = pd.DataFrame({name: pd.to_numeric(table[name], errors="coerce") for name in columns})
    for name in columns:
        bad = ~(found[name] >= 0)
        if bad.any():
            raise InputError(
                f"{where}: {name!r} is missing, negative or no number in {int(bad.sum()):,} "
                f"neighbourhoods ({examples(found.index[bad])}). A count is needed for each."
            )
    over = found[columns[1:]].sum(axis=1) > found["residents"] + _MOST_OVER
    if over.any():
        raise InputError(
            f"groups: in {int(over.sum()):,} neighbourhoods they add up to more than the residents "
            f"({examples(found.index[over])}). Groups have to be parts that do not overlap."
        )
    return found


def _chosen(at_hand: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Name the wards that were asked for, each by a name of its own, and their averages."""
    wards = at_hand.loc[codes]
    twice = wards["ward"].duplicated(keep=False)
    place = wards["ward"].astype("str").where(~twice, wards["label"])
    same = place.duplicated(keep=False)
    return pd.DataFrame(
        {
            "place": place.where(~same, place + " (" + wards.index + ")"),
            "authority_code": wards["authority_code"],
            "authority": wards["authority"],
            "average": wards["authority"].astype("str") + " (average)",
        }
    )


def _summed(counts: pd.DataFrame, owned: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Sum neighbourhoods to the wards and to their authorities."""
    by_ward = counts.groupby(owned["ward_code"]).sum().loc[chosen.index]
    by_ward.index = pd.Index(chosen["place"], name="place")
    by_owner = counts.groupby(owned["authority_code"]).sum()
    owners = chosen.drop_duplicates("authority_code").set_index("authority_code")["average"]
    by_owner = by_owner.loc[owners.index]
    by_owner.index = pd.Index(owners, name="place")
    return pd.concat([by_ward, by_owner])
