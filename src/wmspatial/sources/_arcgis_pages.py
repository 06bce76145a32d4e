"""The pages of a FeatureServer, put together: nothing missing, nothing twice, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from wmspatial.errors import FetchError, examples

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Feature = dict[str, Any]

_NO_ARCGIS_CODE: Final = 400
_LONGITUDE: Final = 180.0
_LATITUDE: Final = 90.0


def error_in(answer: Any) -> tuple[int, str] | None:
    """Find the error in an answer, which ArcGIS sends with status 200.

    Parameters
    ----------
    answer : object
        What the JSON says.

    Returns
    -------
    tuple of int and str, or None
        A status and its words.

    Examples
    --------
    >>> error_in({"error": {"code": 400, "message": "Invalid query", "details": ["field"]}})
    (400, 'Invalid query field')
    >>> error_in({"count": 3})
    """
    if not isinstance(answer, dict) or "error" not in answer:
        return None
    error = answer["error"] if isinstance(answer["error"], dict) else {"message": answer["error"]}
    code, details = error.get("code"), error.get("details")
    words = [error.get("message"), *(details if isinstance(details, list) else [details])]
    return (
        code if isinstance(code, int) and code >= _NO_ARCGIS_CODE else _NO_ARCGIS_CODE,
        " ".join(str(word) for word in words if word),
    )


@dataclass
class Pages:
    """Collects features by object id.

    Attributes
    ----------
    url : str
        The layer, for messages.
    id_field : str
        The field of the object ids.
    wanted : frozenset of int
        All object ids that belong to the answer.
    repeated : int
        Features that came again, the same as before, and were left out.
    """

    url: str
    id_field: str
    wanted: frozenset[int]
    repeated: int = 0
    _found: dict[int, Feature] = field(default_factory=dict)

    def add(self, features: Iterable[Feature], asked: Iterable[int]) -> list[int]:
        """Take a page, and say which object ids it should have had and has not.

        Parameters
        ----------
        features : iterable of dict
            The features of the page, each with `id_field` among its properties or attributes.
        asked : iterable of int
            The object ids that were asked for.

        Returns
        -------
        list of int
            Those that are missing, in order.

        Raises
        ------
        FetchError
            If a feature has no object id, or one that was not asked for, or came before with other
            values.
        """
        here = set()
        for feature in features:
            number = self._number(feature)
            here.add(number)
            before = self._found.setdefault(number, feature)
            if before is feature:
                continue
            if before != feature:
                raise FetchError(
                    f"{self.url}: feature {self.id_field} {number} came twice, with different "
                    f"values ({_difference(before, feature)}). The layer may be changing at this "
                    "moment: try again later."
                )
            self.repeated += 1
        return sorted(set(asked) - here)

    def in_order(self) -> list[Feature]:
        """Give all features in the order of their object ids.

        Raises
        ------
        FetchError
            If one is missing.
        """
        if missing := sorted(self.wanted - set(self._found)):
            raise FetchError(
                f"{self.url}: expected {len(self.wanted):,} features, found {len(self._found):,}; "
                f"{self.id_field} {examples(missing)} never came. Try again later."
            )
        return [self._found[number] for number in sorted(self._found)]

    def _number(self, feature: Feature) -> int:
        """Find the object id of a feature."""
        values = properties_of(feature)
        number = None if values is None else values.get(self.id_field, feature.get("id"))
        if not isinstance(number, int) or isinstance(number, bool):
            raise FetchError(
                f"{self.url}: expected features with a whole number as {self.id_field}, found "
                f"{str(feature)[:120]!r}. The service's answers may have changed."
            )
        if number not in self.wanted:
            raise FetchError(
                f"{self.url}: {self.id_field} {number} came and was not asked for. The layer may "
                "be changing at this moment: try again later."
            )
        return number


def properties_of(feature: Any) -> dict[str, Any] | None:
    """Find the values of a feature, which GeoJSON and Esri's own JSON name differently."""
    if not isinstance(feature, dict):
        return None
    values = feature.get("properties", feature.get("attributes"))
    return values if isinstance(values, dict) else None


def is_on_earth(feature: Mapping[str, Any]) -> bool:
    """Say whether the first position of a feature can be a longitude and a latitude.

    A service that does not reproject answers in metres of the National Grid.

    Examples
    --------
    >>> is_on_earth({"geometry": {"type": "Point", "coordinates": [407000.0, 287000.0]}})
    False
    """
    place: Any = (feature.get("geometry") or {}).get("coordinates")
    while isinstance(place, list) and place and isinstance(place[0], list):
        place = place[0]
    try:
        x, y = float(place[0]), float(place[1])
    except (TypeError, ValueError, IndexError, KeyError):
        return False
    return abs(x) <= _LONGITUDE and abs(y) <= _LATITUDE


def _difference(one: Feature, other: Feature) -> str:
    """Name what differs between two features of one object id."""
    first, second = properties_of(one) or {}, properties_of(other) or {}
    names = [name for name in first | second if first.get(name) != second.get(name)]
    return examples(names) if names else "geometry"
