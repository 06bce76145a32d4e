"""What the method needs, checked once: areas, neighbourhoods everywhere, and flows."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from wmspatial._neighbourhoods import check_neighbourhoods, settle_ranked_areas
from wmspatial.errors import InputError, VintageError, examples, require
from wmspatial.geography.boundaries import centroids, prepare_boundaries
from wmspatial.geography.codes import settle_vintage
from wmspatial.provenance import ILLUSTRATIVE, Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import geopandas as gpd
    import pandas as pd

    from wmspatial.flows import Flows
    from wmspatial.provenance import Source


def _check_vintage(neighbourhoods: pd.DataFrame, vintage: int | None, flows: Flows) -> None:
    """Refuse areas of one census with flows of another, or codes that the census has not."""
    if vintage is not None and flows.vintage is not None and vintage != flows.vintage:
        raise VintageError(
            f"Dataset: the areas are of {vintage}, the flows of {flows.vintage}. Most codes are "
            "the same in both, so that zones would be lost quietly. Take both of one census."
        )
    lsoas = neighbourhoods.index[neighbourhoods.index.str.match(r"[EW]01\d{6}$")]
    if vintage in (2011, 2021) and len(lsoas):
        settle_vintage(lsoas, vintage, where="neighbourhoods")


class Dataset:
    """The tables that the method needs, for a study area and for everywhere its flows go.

    :func:`~wmspatial.load` makes one from official tables and :func:`~wmspatial.load_sample` from
    the embedded sample; this constructor takes an analyst's own frames.

    Parameters
    ----------
    areas : GeoDataFrame
        The neighbourhoods of the study area, indexed by code.
    flows : Flows
        Commuting between zones.
    neighbourhoods : DataFrame, optional
        Every neighbourhood the flows touch, indexed by code; by default the study area's alone.
        Columns: ``deprivation_rank`` (1 = most deprived of its nation; missing where there is
        none), ``residents`` (people), ``jobs``, ``zone`` (by default the code itself),
        ``labour_market`` (without it, classify with ``labour_market="study area"``), ``nation``
        (by default from the code), ``name``, ``authority_code``, ``authority``, ``ward_code``,
        ``ward`` and counts of people by group, all optional. Where ``jobs`` is absent the flows
        count them. A zone's neighbourhoods all have to be there: workers of one left out would be
        counted to the others.
    ranked_areas : mapping of str to int, optional
        How many areas the index ranks, by nation; by default the ranks in `neighbourhoods` are
        counted, which has to agree with the highest rank.
    vintage : int, optional
        Census year of the areas; by default that of the flows.
    study_area : str
        What the study area is called.
    deprivation : str
        Which index the ranks are of, such as ``"IMD 2019"``.
    groups : iterable of str
        Columns that count people by group (ethnic groups, say).
    wards : GeoDataFrame, optional
        Ward polygons indexed by ward code, for results by ward.
    level : {"lsoa", "ward"}
        What :attr:`areas` and results are at.
    provenance : iterable of Source
        The tables behind it.
    caveats : iterable of str
        What has to be said wherever the data is used.
    report : iterable of str
        What was repaired, dropped or left out before.
    illustrative : bool
        Whether the data is made up.
    points : DataFrame or callable, optional
        ``easting`` and ``northing`` in metres of every neighbourhood, indexed by code, or what
        makes them when they are first needed; by default the centroids of the areas.
    travel_times : DataFrame, optional
        A long table of ``origin``, ``destination`` and ``minutes`` between neighbourhoods.
    moves : Flows or callable, optional
        Residential moves between zones, from where people lived a year before the census to where
        they live, or what reads them when they are first needed.
    crosswalk : DataFrame, optional
        The official lookup of LSOAs, ``lsoa11``, ``lsoa21`` and ``change``.

    Attributes
    ----------
    areas : GeoDataFrame
        The study area at `level`, in WGS84, indexed by code.
    study_codes : Index of str
        Codes of the study area's neighbourhoods.
    report : tuple of str
        What was repaired, dropped or left out on the way in.

    Raises
    ------
    InputError
        If a frame cannot be used; the error says which, where, and what was expected.

    Examples
    --------
    >>> import wmspatial as wm
    >>> sample = wm.load_sample()
    >>> own = wm.Dataset(
    ...     sample.areas[["geometry"]], sample.flows, sample.neighbourhoods,
    ...     ranked_areas={"England": 32844}, study_area="My area",
    ... )
    >>> len(own.areas)
    1680
    """

    def __init__(
        self,
        areas: gpd.GeoDataFrame,
        flows: Flows,
        neighbourhoods: pd.DataFrame | None = None,
        *,
        ranked_areas: Mapping[str, int] | None = None,
        vintage: int | None = None,
        study_area: str = "the study area",
        deprivation: str = "the deprivation ranks given",
        groups: Iterable[str] = (),
        wards: gpd.GeoDataFrame | None = None,
        level: str = "lsoa",
        provenance: Iterable[Source] = (),
        caveats: Iterable[str] = (),
        report: Iterable[str] = (),
        illustrative: bool = False,
        points: pd.DataFrame | Callable[[], pd.DataFrame] | None = None,
        travel_times: pd.DataFrame | None = None,
        moves: Flows | Callable[[], Flows] | None = None,
        crosswalk: pd.DataFrame | None = None,
    ) -> None:
        if level not in ("lsoa", "ward"):
            raise InputError(f"level={level!r}: expected 'lsoa' or 'ward'.")
        require(areas, "areas", "GeoDataFrame", "geopandas.read_file(...)")
        require(flows, "flows", "Flows", "wm.Flows.from_table(...)")
        shapes, notes = prepare_boundaries(areas, where="areas")
        if neighbourhoods is None:
            neighbourhoods = shapes.drop(columns="geometry")
        self.neighbourhoods, more = check_neighbourhoods(neighbourhoods, flows, groups)
        lost = shapes.index.difference(self.neighbourhoods.index)
        if len(lost):
            raise InputError(
                f"areas: {len(lost):,} of {len(shapes):,} are not among the neighbourhoods "
                f"({examples(lost)}). Every area of the study area needs a row there."
            )
        self.study_codes = shapes.index
        self._notes = dict(shapes.attrs)
        self.ranked_areas = settle_ranked_areas(self.neighbourhoods, ranked_areas)
        self.flows = flows
        self.vintage = vintage if vintage is not None else flows.vintage
        _check_vintage(self.neighbourhoods, self.vintage, flows)
        self.study_area = study_area
        self.deprivation = deprivation
        self.groups = tuple(groups)
        self.level = level
        self.provenance = tuple(provenance)
        self.caveats = tuple(caveats)
        self.illustrative = illustrative
        #: Whether ``labour_market`` holds official travel-to-work areas; the reader says so.
        self.official_markets = False
        self.wards: gpd.GeoDataFrame | None = None
        if wards is not None:
            self.wards, about_wards = prepare_boundaries(wards, where="wards")
            notes = (*notes, *about_wards)
        self.report = (*report, *notes, *more)
        neighbourhood_areas = self._with_attributes(shapes)
        self._neighbourhood_areas = neighbourhood_areas
        self._points = points
        self._moves = moves
        self.travel_times = travel_times
        self.crosswalk = crosswalk
        self.areas = self._wards_of_study_area() if level == "ward" else neighbourhood_areas

    def _with_attributes(self, shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        table = self.neighbourhoods.loc[shapes.index]
        extra = shapes.drop(columns=[c for c in table.columns if c in shapes.columns])
        frame = table.join(extra.drop(columns="geometry"))
        frame = shapes[["geometry"]].join(frame)
        frame = frame[[*(c for c in frame.columns if c != "geometry"), "geometry"]]
        return self._marked(frame)

    def _marked(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        frame.attrs.update(self._notes, vintage=self.vintage)
        if self.provenance:
            frame.attrs["sources"] = Sources(self.provenance)
        if self.illustrative:
            frame.columns.name = ILLUSTRATIVE
        return frame

    def _wards_of_study_area(self) -> gpd.GeoDataFrame:
        if self.wards is None or "ward_code" not in self.neighbourhoods.columns:
            raise InputError(
                "level='ward': results by ward need ward polygons (wards=) and the column "
                "'ward_code' in the neighbourhoods."
            )
        needed = self._neighbourhood_areas["ward_code"]
        if needed.isna().any():
            lost = needed.index[needed.isna()]
            raise InputError(f"level='ward': {len(lost):,} areas have no ward ({examples(lost)}).")
        codes = needed.drop_duplicates()
        gone = codes[~codes.isin(self.wards.index)]
        if len(gone):
            raise InputError(
                f"level='ward': {len(gone):,} of {len(codes):,} wards have no polygon "
                f"({examples(gone)}). The lookup and the ward boundaries are of different years."
            )
        wards = self.wards.loc[self.wards.index.isin(codes)]
        first = self._neighbourhood_areas.groupby("ward_code").first()
        frame = wards[["geometry"]].copy()
        for column in ("ward", "authority_code", "authority"):
            if column in first.columns:
                name = "name" if column == "ward" else column
                frame[name] = first[column].reindex(frame.index)
        sums = self._neighbourhood_areas.groupby("ward_code")[["residents", *self.groups]].sum()
        frame = frame.join(sums)
        return self._marked(frame[[*(c for c in frame.columns if c != "geometry"), "geometry"]])

    @cached_property
    def points(self) -> pd.DataFrame:
        """Where each neighbourhood is: ``easting`` and ``northing``, metres, indexed by code.

        The centroids of the polygons, unless the dataset was given others.
        """
        given = self._points() if callable(self._points) else self._points
        found = centroids(self._neighbourhood_areas) if given is None else given
        lost = self.neighbourhoods.index.difference(found.index)
        if len(lost):
            raise InputError(
                f"points: {len(lost):,} of {len(self.neighbourhoods):,} neighbourhoods have none "
                f"({examples(lost)}). Distances need one for each: give points= with easting and "
                "northing in metres."
            )
        return found.loc[self.neighbourhoods.index, ["easting", "northing"]].astype("float64")

    @cached_property
    def moves(self) -> Flows | None:
        """Residential moves in the year before the census, between zones, where at hand."""
        return self._moves() if callable(self._moves) else self._moves

    @property
    def neighbourhood_areas(self) -> gpd.GeoDataFrame:
        """The study area's neighbourhoods with their polygons, whatever :attr:`level` is."""
        return self._neighbourhood_areas

    def __repr__(self) -> str:
        """Tell the size, the vintage and what is left out."""
        mark = f"  {ILLUSTRATIVE}\n" if self.illustrative else ""
        kind = "wards" if self.level == "ward" else "neighbourhoods"
        elsewhere = len(self.neighbourhoods) - len(self.study_codes)
        return (
            f"<Dataset {self.study_area}, {self.vintage or 'vintage not given'}\n{mark}"
            f"  {len(self.areas):,} {kind}; {elsewhere:,} neighbourhoods beyond\n"
            f"  deprivation: {self.deprivation}; ranked areas: "
            f"{', '.join(f'{n} {c:,}' for n, c in self.ranked_areas.items())}\n"
            f"  flows: {len(self.flows):,} zones, {self.flows.people:,.0f} people>"
        )
