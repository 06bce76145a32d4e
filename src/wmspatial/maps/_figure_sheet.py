"""What a printed map shows and says, before anything is drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError
from wmspatial.geography.lookup import nearest
from wmspatial.maps import words
from wmspatial.maps._figure_shapes import check_shapes
from wmspatial.maps.choropleth import ColumnSpec, classify_column
from wmspatial.maps.payload import authority_keys, authority_names, share_bins
from wmspatial.maps.spec import (
    Authority,
    Category,
    class_categories,
    connection_words,
    number_authorities,
    share_categories,
)
from wmspatial.provenance import ATTRIBUTION, ILLUSTRATIVE, OGL, Source, carried_sources

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.typology import Typology

#: More tables than this are named by their publishers alone.
_FEW: Final = 3
_OFFICE: Final = "Office for National Statistics"
#: What the licence asks to be said, wherever the numbers go.
_LICENSED: Final = f"{ATTRIBUTION}, under the Open Government Licence v3.0."


@dataclass(frozen=True)
class Sheet:
    """A map ready for any renderer: which area is in which class, and all the words.

    Attributes
    ----------
    frame : GeoDataFrame
        The areas.
    unit : str
        What one area is called.
    categories : tuple of Category
        In the order of the legend.
    category : ndarray of int
        Which one each area is in.
    title, lead : str
        Heading, and the sentence on what the map shows.
    legend_title, legend_note : str
        Above and below the legend.
    authorities : tuple of Authority
        In the order of the key; empty where areas have none.
    keys : Series
        The authority of each area.
    notice, source : str
        The caveat that stands beside the headline, and where the numbers come from.
    illustrative : bool
        Whether they are made up.
    differ : ndarray of bool
        Areas with a given class that the reconstruction does not agree with.
    spec : ColumnSpec or None
        How the column is classed, where the map is of a column.
    """

    frame: gpd.GeoDataFrame
    unit: str
    categories: tuple[Category, ...]
    category: Any
    title: str
    lead: str
    legend_title: str
    legend_note: str
    authorities: tuple[Authority, ...]
    keys: pd.Series[Any]
    notice: str
    source: str
    illustrative: bool
    differ: Any
    spec: ColumnSpec | None = None

    @property
    def people(self) -> pd.Series[float] | None:
        """Residents of each area, where they are known."""
        return self.frame["residents"] if "residents" in self.frame.columns else None

    def rows(self) -> list[tuple[Category, str]]:
        """Return the classes of the legend with their counts."""
        size = len(self.categories)
        areas = np.bincount(self.category, minlength=size)
        people = self.people
        weight = None
        if people is not None:
            known = people.fillna(0.0).to_numpy("float64")
            weight = np.bincount(self.category, weights=known, minlength=size)
        found = []
        for i, category in enumerate(self.categories):
            if not areas[i] and category.pattern == "hatch":
                continue
            text = many(int(areas[i]), self.unit) if areas[i] else "none here"
            if areas[i] and weight is not None:
                text += f", {weight[i]:,.0f} residents"
            found.append((category, text))
        return found

    @property
    def text(self) -> str:
        """Everything that can be read off the map, in words."""
        classes = "; ".join(f"{c.name}: {count}" for c, count in self.rows())
        numbered = [f"{a.number} {a.name}" for a in self.authorities if a.number is not None]
        key = f" Authorities on the map: {', '.join(numbered)}." if numbered else ""
        parts = [f"{self.title}.", self.lead, f"{self.legend_title}: {classes}.{key}", self.notice]
        return " ".join(part for part in parts if part)


def many(count: int, what: str) -> str:
    """Count things in words."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def make_sheet(
    data: Typology | gpd.GeoDataFrame,
    column: str | ColumnSpec | None,
    *,
    title: str | None,
    source: str | None,
    per: str | None,
    how: dict[str, Any],
) -> Sheet:
    """Put together what a map of classes or of a column shows.

    Parameters
    ----------
    data : Typology or GeoDataFrame
        What is mapped.
    column : str or ColumnSpec, optional
        The column; for a typology by default its classes.
    title, source : str, optional
        In place of the usual ones.
    per : str, optional
        A column that the values are divided by.
    how : dict
        For :func:`~wmspatial.maps.choropleth.classify_column`.

    Returns
    -------
    Sheet
        For a renderer.
    """
    if title is not None and not (isinstance(title, str) and title.strip()):
        raise InputError(f"title={title!r}: expected text, or nothing for the usual title.")
    frame = frame_of(data)
    check_shapes(frame)
    typology = data if is_typology(data) else None
    table = plain(frame)
    keys, authorities = _authorities(table)
    common = {
        "frame": frame,
        "unit": unit_of(typology),
        "authorities": authorities,
        "keys": keys,
        "notice": typology.notice if typology is not None else "",
        "source": source_line(data, source),
        "illustrative": is_illustrative(data),
        "differ": np.zeros(len(frame), dtype=bool),
    }
    _check_people(table)
    if column is not None:
        made = _of_column(table, column, typology, title, per, how)
        if typology is not None and made["spec"].column in typology.dataset.neighbourhoods.columns:
            # What came in with the data says nothing of the method.
            common["notice"] = ""
        return Sheet(**common, **made)
    if typology is None:
        raise InputError(
            "column: which column is to be mapped? Only a typology has classes of its own; the "
            f"frame has {', '.join(map(str, table.columns[:8]))}."
        )
    if how or per is not None:
        asked = ", ".join(sorted({*how, *(["per"] if per else [])}))
        raise InputError(f"{asked}: goes with a column only; the classes have their own colours.")
    if "classes_agree" in table.columns:
        common["differ"] = ~table["classes_agree"].to_numpy(dtype=bool)
    return Sheet(**common, **_of_classes(table, typology, title))


def _check_people(table: pd.DataFrame) -> None:
    """Refuse residents that cannot be counted."""
    if "residents" in table.columns and not pd.api.types.is_numeric_dtype(table["residents"]):
        raise InputError(
            f"residents: expected numbers, to count people in each class; found "
            f"{table['residents'].iloc[0]!r} for {table.index[0]}. Make them numbers, or rename "
            "the column."
        )


def is_typology(data: object) -> bool:
    """Say whether it is a typology, without importing it."""
    return any(kind.__name__ == "Typology" for kind in type(data).__mro__)


def frame_of(data: Any) -> gpd.GeoDataFrame:
    """Return the areas of a typology, or the frame itself."""
    if is_typology(data):
        return data.frame
    if not isinstance(data, pd.DataFrame):
        raise InputError(
            "data: expected a Typology, as wm.classify gives, or a GeoDataFrame of areas; found "
            f"{type(data).__name__}."
        )
    return data


def plain(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the frame without its polygons and without what hangs on it."""
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    table.attrs.clear()
    return table


def unit_of(typology: Typology | None) -> str:
    """Say what one area is called."""
    if typology is None:
        return "area"
    return "ward" if typology.level == "ward" else "neighbourhood"


def is_illustrative(data: Any) -> bool:
    """Say whether the numbers are made up."""
    if is_typology(data):
        return bool(data.illustrative)
    return bool(data.columns.name == ILLUSTRATIVE or data.attrs.get("illustrative", False))


def source_line(data: Any, given: str | None) -> str:
    """Name the publishers behind a map, in a line."""
    if given is not None:
        return given
    made = f"Made with wmspatial {version('wmspatial')}."
    sources = sources_of(data)
    # "Office for National Statistics, through Nomis" and the like say the way, not the source.
    named = [re.split(", (?:through|from) ", source.publisher)[0] for source in sources]
    publishers = list(dict.fromkeys(name for name in named if name))
    if not is_typology(data):
        whole = len(sources) <= _FEW or not all(named)
        known = "; ".join(map(str, sources)) if whole else "; ".join(publishers)
        owed = any(s.licence == OGL and s.publisher.startswith(_OFFICE) for s in sources)
        thanks = f"{_LICENSED} " if owed else ""
        return f"Source{'s' if '; ' in known else ''}: {known}. {thanks}{made}" if known else made
    changed = words.changed_parameters(data)
    with_ = f"Parameters: {'; '.join(changed)}. " if changed else ""
    deprivation = f"Deprivation: {data.dataset.deprivation}."
    if not publishers:
        return f"{with_}{deprivation} Sources: the tables given. {made}"
    return f"{with_}{deprivation} Sources: {'; '.join(publishers)}. {_LICENSED} {made}"


def sources_of(data: Any) -> tuple[Source, ...]:
    """Return the tables behind a map: a typology's, or those that hang on a frame.

    Parameters
    ----------
    data : Typology or DataFrame
        What is mapped; a frame names its tables in ``attrs["sources"]`` or ``attrs["source"]``.

    Returns
    -------
    tuple of Source
        A source that was given as text has only its title.

    Examples
    --------
    >>> frame = pd.DataFrame()
    >>> frame.attrs["source"] = "Council tax register, 2024"
    >>> sources_of(frame)[0].title
    'Council tax register, 2024'
    """
    return tuple(data.provenance) if is_typology(data) else tuple(carried_sources(data))


def _authorities(table: pd.DataFrame) -> tuple[pd.Series[Any], tuple[Authority, ...]]:
    keys = authority_keys(table)
    known = keys.notna()
    if not known.any():
        return keys, ()
    named = authority_names(table).astype(str)
    text = keys.astype(str)
    names = dict(zip(text[known], named[known], strict=True))
    return text.where(known), number_authorities(names)


def _of_classes(table: pd.DataFrame, typology: Typology, title: str | None) -> dict[str, Any]:
    heading = title or words.title_of(typology)
    if typology.level == "ward":
        return {
            "categories": share_categories(),
            "category": share_bins(table["share_disconnected"]),
            "title": heading,
            "lead": words.ward_lead(table),
            "legend_title": "Residents in disconnected neighbourhoods",
            "legend_note": "The share of each ward’s residents who live in neighbourhoods that "
            "are deprived and disconnected.",
        }
    note = connection_words(typology.parameters)
    agreement = typology.agreement
    if agreement is not None and agreement.differing:
        note += (
            f" Lines are broken round the {len(agreement.differing):,} where the reconstruction "
            f"gives another class than {agreement.source}."
        )
    return {
        "categories": class_categories(typology.parameters),
        "category": table["labour_market_class"].cat.codes.to_numpy(),
        "title": heading,
        "lead": words.neighbourhood_lead(table, typology),
        "legend_title": "Neighbourhoods",
        "legend_note": note,
    }


def values_of(table: pd.DataFrame, column: str, per: str | None) -> pd.Series[Any]:
    """Return a column, divided by another where that is asked for.

    Raises
    ------
    InputError
        If there is no such column; the nearest names are given.
    """
    for name in (column, per):
        if name is not None and name not in table.columns:
            near = nearest(str(name), map(str, table.columns))
            raise InputError(f"There is no column {name!r} to map. {near}".strip())
    values = table[column]
    if per is None:
        return values
    for name in (column, per):
        if not pd.api.types.is_numeric_dtype(table[name]):
            raise InputError(f"per={per!r}: {name!r} holds no numbers ({table[name].dtype}).")
    return (values / table[per].where(table[per] > 0)).rename(column)


def label_of(column: str, per: str | None, label: str | None) -> str:
    """Say what a column is called."""
    if label:
        return label
    named = column.replace("_", " ")
    named = named if per is None else f"{named} as a share of {per.replace('_', ' ')}"
    return named[:1].upper() + named[1:]


def _of_column(
    table: pd.DataFrame,
    column: str | ColumnSpec,
    typology: Typology | None,
    title: str | None,
    per: str | None,
    how: dict[str, Any],
) -> dict[str, Any]:
    if not isinstance(column, str | ColumnSpec):
        raise InputError(
            f"column: expected a column's name, as text, or a ColumnSpec; found {column!r}."
        )
    if isinstance(column, ColumnSpec):
        if how:
            raise InputError(f"{', '.join(sorted(how))}: the spec given says that already.")
        values, spec = values_of(table, column.column, per), column
    else:
        values = values_of(table, column, per)
        options = {**how, "label": label_of(column, per, how.get("label"))}
        if per is not None:
            options.setdefault("unit", "share")
        spec = classify_column(values, **options)
    return {
        "categories": spec.categories,
        "category": spec.assign(values),
        "title": title or _title(spec, typology),
        "lead": words.column_lead(values, spec, words.names(table), unit_of(typology)),
        "legend_title": spec.label,
        "legend_note": " ".join([spec.direction, *spec.notes]).strip(),
        "spec": spec,
    }


def _title(spec: ColumnSpec, typology: Typology | None) -> str:
    if typology is None:
        return spec.label
    year = f", {typology.vintage}" if typology.vintage else ""
    return f"{spec.label}: {typology.study_area}{year}"
