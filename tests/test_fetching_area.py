"""Boundaries come for the area only: lookups first, then the codes that they name, all of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from fetch_fakes import address, catalogue_of, entry, no_wait
from servers import ArcGIS, Server
from wmspatial.cli import main
from wmspatial.errors import AreaNotFoundError, InputError
from wmspatial.sources import _contents, catalogue
from wmspatial.sources._contents import Contents
from wmspatial.sources._outcomes import How, Outcome, Tools
from wmspatial.sources._planning import localise, plan
from wmspatial.sources._services import Services
from wmspatial.sources.fetching import Incomplete, fetch
from wmspatial.sources.http import Door
from wmspatial.sources.store import Record, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Four authorities, the first three of them the combined authority; three areas and a ward each.
AUTHORITIES = {
    "E08000025": "Birmingham", "E08000026": "Coventry", "E08000027": "Dudley",
    "E08000035": "Leeds",
}  # fmt: skip
LOOKUP = pd.DataFrame(
    [
        (f"E01{a}0000{i}", f"E02{a}00000", code, name, f"E05{a}00000")
        for a, (code, name) in enumerate(AUTHORITIES.items())
        for i in range(3)
    ],
    columns=["code", "zone", "authority_code", "authority", "ward_code"],
)
COMBINED = pd.DataFrame(
    {
        "authority_code": list(AUTHORITIES)[:3],
        "combined_code": "E47000007",
        "combined": "West Midlands",
    }
)
TABLES = {"lsoa21-msoa21-lad": LOOKUP, "lsoa21-ward24": LOOKUP, "lad23-cauth23": COMBINED}


def examine(path: Path, dataset: str = "") -> Contents:
    """Find out what a made-up lookup or GeoJSON holds; GeoJSON of an area is a part."""
    if path.suffix != ".geojson":
        table = pd.read_csv(path)
        for name in [dataset, *TABLES]:
            if name in TABLES and set(table.columns) == set(TABLES[name].columns):
                return Contents(name, len(table), tuple(table.columns))
        raise InputError(f"{path.name}: no known layout.")
    features = json.loads(path.read_text("utf-8"))["features"]
    return Contents(
        dataset,
        len(features),
        ("code", "geometry"),
        whole=None if len(features) in (4, 12) else False,
    )


def read(path: Path, _dataset: str) -> pd.DataFrame:
    """Read either."""
    if path.suffix != ".geojson":
        return pd.read_csv(path, dtype="str")
    features = json.loads(path.read_text("utf-8"))["features"]
    names = [next(v for k, v in f["properties"].items() if k.endswith("CD")) for f in features]
    return pd.DataFrame({"code": pd.Series(names, dtype="str")})


@pytest.fixture
def server() -> Iterator[Server]:
    """Play a portal with lookups and boundaries."""
    with Server() as running:
        for name, table in TABLES.items():
            running.on(f"/{name}.csv", table.to_csv(index=False))
        for heading, column in (("LSOA21CD", "code"), ("WD24CD", "ward_code")):
            codes = LOOKUP[column].drop_duplicates()
            shapes = [box(i, 52, i + 1, 53) for i in range(len(codes))]
            frame = gpd.GeoDataFrame(
                {heading: codes.to_numpy(), "Shape__Area": 1.0}, geometry=shapes
            )
            running.on(f"/{heading}/FeatureServer/0", ArcGIS(frame, page=2))
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Name a folder for a store; nothing is there yet."""
    return Store(tmp_path / "store")


def entries_of(server: Server) -> dict[str, Any]:
    """Make up a catalogue of lookups and boundaries."""
    found = [
        entry(name, address(server.url(f"/{name}.csv")), rows=len(table))
        for name, table in TABLES.items()
    ]
    for name, heading in (("lsoa21-boundaries", "LSOA21CD"), ("ward24-boundaries", "WD24CD")):
        place = address(
            server.url(f"/{heading}/FeatureServer/0"), "arcgis", parameters={"code_field": heading}
        )
        level, rows = ("LSOA 2021", 12) if heading == "LSOA21CD" else ("ward 2024", 4)
        found.append(entry(name, place, rows=rows, columns=(heading,), geography=level))
    return catalogue_of(*found)


def get(store: Store, server: Server, area: Any = "wmca", **more: Any) -> Outcome:
    """Fetch for an area."""
    tools = Tools(Services(Door(allow_http=True, sleep=no_wait)), examine, read)
    options: dict[str, Any] = {"catalogue": entries_of(server)} | more
    return fetch(area, 2021, store=store, tools=tools, **options)


def codes_in(store: Store, dataset: str) -> set[str]:
    """List the codes of the one file of a data set."""
    (record,) = store.find(dataset)
    return set(read(store.file(record), dataset)["code"])


def test_boundaries_come_for_the_area_and_for_nowhere_else(server: Server, store: Store) -> None:
    outcome = get(store, server)
    assert [result.state for result in outcome.results] == ["fetched"] * 5
    assert codes_in(store, "lsoa21-boundaries") == set(LOOKUP["code"][:9])
    assert codes_in(store, "ward24-boundaries") == set(LOOKUP["ward_code"][:9])
    (record,) = store.find("lsoa21-boundaries")
    assert record.part == "West Midlands Combined Authority"
    assert record.areas == tuple(AUTHORITIES)[:3]
    assert record.key == "lsoa21-boundaries: West Midlands Combined Authority"
    assert record.rows == 9


def test_only_the_columns_that_are_needed_are_asked_for(server: Server, store: Store) -> None:
    get(store, server)
    (record,) = store.find("lsoa21-boundaries")
    feature = json.loads(store.file(record).read_text("utf-8"))["features"][0]
    assert list(feature["properties"]) == ["LSOA21CD"]


def test_an_area_inside_one_that_is_there_needs_nothing(server: Server, store: Store) -> None:
    get(store, server)
    asked = server.count()
    outcome = get(store, server, ["Coventry", "E08000027"])
    assert {result.state for result in outcome.results} == {"held"}
    assert server.count() == asked


def test_an_area_beyond_it_comes_beside_it(server: Server, store: Store) -> None:
    get(store, server)
    get(store, server, "Leeds", datasets=["lsoa21-boundaries"])
    assert [record.part for record in store.find("lsoa21-boundaries")] == [
        "Leeds", "West Midlands Combined Authority",
    ]  # fmt: skip


def test_everywhere_is_the_whole_layer(server: Server, store: Store) -> None:
    get(store, server, "england and wales")
    (record,) = store.find("lsoa21-boundaries")
    assert (record.part, record.areas, record.rows) == ("", (), 12)
    assert {result.state for result in get(store, server).results} == {"held"}


def test_a_place_that_does_not_exist_is_told_with_the_nearest_and_the_tables_stay(
    server: Server, store: Store
) -> None:
    with pytest.raises(Incomplete) as caught:
        get(store, server, "Coventri")
    assert "'Coventri'. Nearest: Coventry" in str(caught.value)
    assert "lsoa21-boundaries, ward24-boundaries" in str(caught.value)
    assert str(caught.value).startswith("2 of 5 data sets did not come")
    assert sorted(store.records()) == sorted(TABLES)


def test_a_dry_run_sees_a_misspelt_area_once_the_lookups_are_here(
    server: Server, store: Store, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(catalogue, "catalogue", lambda: entries_of(server))
    monkeypatch.setattr(_contents, "read", read)
    command = ["data", "fetch", "--dry-run", "--data", str(store.folder), "--area"]
    assert main([*command, "Coventri"]) == 0
    assert "area 'Coventri' is not known before the lookups are here" in capsys.readouterr().out
    get(store, server, "Dudley")
    asked = server.count()
    assert main([*command, "Coventri"]) == 2
    assert "is called 'Coventri'. Nearest: Coventry." in capsys.readouterr().err
    assert main([*command, "Coventry"]) == 0
    assert "lsoa21-boundaries: Coventry fetch arcgis" in capsys.readouterr().out
    assert server.count() == asked


def test_a_misspelt_area_is_refused_before_anything_comes_where_the_lookups_are_here(
    server: Server, store: Store
) -> None:
    get(store, server, "Dudley")
    asked = server.count()
    more = entries_of(server) | catalogue_of(entry("imd2004", address(server.url("/imd2004.csv"))))
    with pytest.raises(AreaNotFoundError, match="Nearest: Coventry"):
        get(store, server, "Coventri", catalogue=more)
    assert server.count() == asked


def test_without_a_network_one_short_sentence_names_all_and_says_what_to_do(store: Store) -> None:
    with Server() as gone:
        entries = entries_of(gone)
    with pytest.raises(Incomplete) as caught:
        get(store, gone, catalogue=entries)
    said = str(caught.value)
    assert said.startswith("5 of 5 data sets did not come. No connection to 127.0.0.1 for ")
    assert all(said.count(name) == 1 for name in entries)
    assert said.count("does not take connections") == 1
    assert "HTTPS_PROXY" in said
    assert "data adopt DIR" in said
    assert len(said) < 600


def test_without_its_lookups_an_area_is_not_guessed(server: Server, store: Store) -> None:
    server.on("/lad23-cauth23.csv", "nonsense,here\n1,2\n")
    with pytest.raises(Incomplete) as caught:
        get(store, server)
    said = str(caught.value)
    assert "no known layout" in said
    assert "the area 'wmca' cannot be found without its lookups" in said
    assert server.count("/LSOA21CD") == 0


def without(server: Server, heading: str, *lost: str) -> None:
    """Let the portal lose some areas."""
    column = "code" if heading == "LSOA21CD" else "ward_code"
    codes = LOOKUP[column].drop_duplicates()
    codes = codes[~codes.isin(lost)]
    shapes = [box(i, 52, i + 1, 53) for i in range(len(codes))]
    frame = gpd.GeoDataFrame({heading: codes.to_numpy()}, geometry=shapes)
    server.on(f"/{heading}/FeatureServer/0", ArcGIS(frame))


def test_a_neighbourhood_that_does_not_come_is_an_error(server: Server, store: Store) -> None:
    without(server, "LSOA21CD", "E01000001", "E01100002")
    with pytest.raises(Incomplete, match="2 of 9 areas asked for are not there"):
        get(store, server)
    assert store.find("lsoa21-boundaries") == []
    assert store.find("ward24-boundaries") != []


def test_a_ward_that_is_no_more_is_said(server: Server, store: Store) -> None:
    without(server, "WD24CD", "E05000000")
    result = get(store, server).results[-1]
    assert result.remarks == ("1 of 3 areas asked for are not there",)
    assert result.record is not None
    assert "1 of 3 areas asked for are not there" in result.record.notes


def test_boundaries_that_were_adopted_count_where_they_hold_the_area(
    server: Server, store: Store, tmp_path: Path
) -> None:
    get(store, server)
    (record,) = store.find("lsoa21-boundaries")
    mine = tmp_path / "mine.geojson"
    mine.write_bytes(store.file(record).read_bytes())
    store.forget(record.key)
    adopted = replace(record, part="mine", path=str(mine), areas=())
    store.enter(adopted)
    outcome = get(store, server, "Dudley", datasets=["lsoa21-boundaries"])
    assert outcome.results[-1].state == "held"
    outcome = get(store, server, "Leeds", datasets=["lsoa21-boundaries"])
    assert outcome.results[-1].state == "fetched"


def test_asking_for_boundaries_brings_the_lookups_that_find_the_area(
    server: Server, store: Store
) -> None:
    found = get(store, server, datasets=["ward24-boundaries"])
    assert {result.wanted.entry.id for result in found.results} == {*TABLES, "ward24-boundaries"}


def test_many_places_are_told_apart_by_more_than_their_number(server: Server, store: Store) -> None:
    get(store, server)
    catalogue = entries_of(server)
    wide = replace(catalogue["lsoa21-boundaries"])
    more = pd.concat(
        [LOOKUP, LOOKUP.replace(dict(zip(AUTHORITIES, ["E1", "E2", "E3", "E4"], strict=True)))]
    )

    def big(path: Path, dataset: str) -> pd.DataFrame:
        return more if dataset == "lsoa21-msoa21-lad" else read(path, dataset)

    parts = set()
    for places in (["E1", "E2", "E3", "E4", "E08000035"], ["E08000025", "E2", "E3", "E4", "E1"]):
        needed = plan(places, 2021, catalogue, store, datasets=[wide.id])
        parts.add(localise(needed, store, big)[0].part)
    assert len(parts) == 2


def test_a_vintage_that_is_no_census_is_refused(server: Server, store: Store) -> None:
    with pytest.raises(InputError, match="vintage=2016: expected 2011 or 2021"):
        plan("wmca", 2016, entries_of(server), store)


def test_asked_again_for_a_smaller_area_the_larger_stays(server: Server, store: Store) -> None:
    get(store, server)
    before: dict[str, Record] = store.records()
    get(store, server, "Dudley", how=How(again=True))
    after = store.records()
    assert {key: after[key] for key in before} == before
