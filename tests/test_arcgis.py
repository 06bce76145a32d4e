"""A layer comes whole, each feature once and in order, or one clear error says what is wrong."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import lsoas, squares
from servers import Answer, ArcGIS, Server
from wmspatial.errors import FetchError, InputError
from wmspatial.sources.arcgis import FeatureServer, download_layer, where_in, where_starts
from wmspatial.sources.http import Door

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATH = "/portal/rest/services/LSOA_2021/FeatureServer/0"
SIZE = 450
Page = list[dict[str, Any]]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def door(**options: Any) -> Door:
    return Door(**({"allow_http": True, "timeout": 5, "retries": 1, "sleep": float} | options))


def layer(size: int = SIZE) -> gpd.GeoDataFrame:
    """Draw a layer as the portal has them."""
    drawn = squares(lsoas(size)).reset_index(names="LSOA21CD")
    names = [f"{'Birmingham' if i % 3 else 'Dudley'} {i:03d}A" for i in range(size)]
    return drawn.assign(LSOA21NM=names, Area=[float(i) for i in range(size)])


def lookup() -> pd.DataFrame:
    """Lay out a lookup, one name of which is missing."""
    names = ["King's Lynn", "Birmingham", None]
    return pd.DataFrame({"LAD24CD": ["E07", "E08", "W06"], "LAD24NM": names, "N": [1, 2, 3]})


def codes(found: dict[str, Any]) -> list[str]:
    return [feature["properties"]["LSOA21CD"] for feature in found["features"]]


def refusal(server: Server, player: Any, **how: Any) -> str:
    """Get the one message."""
    url = server.on(PATH, player)
    with pytest.raises(FetchError) as caught:
        FeatureServer(url, door()).features(**how)
    assert PATH in str(caught.value)
    assert len(str(caught.value)) < 700
    return str(caught.value)


# --- what comes right -----------------------------------------------------------------------------


@pytest.mark.parametrize("page", [1, 7, 149, 2000])
def test_every_feature_comes_whatever_the_server_allows_at_once(server: Server, page: int) -> None:
    size = 40 if page == 1 else SIZE
    found = FeatureServer(server.on(PATH, ArcGIS(layer(size), page=page)), door()).features()
    assert codes(found) == lsoas(size)
    assert found["notes"] == []
    drawn = gpd.GeoDataFrame.from_features(found["features"])
    expected = layer(size).geometry.normalize()
    assert drawn.set_crs(expected.crs).normalize().geom_equals_exact(expected, 1e-6).all()


def test_precision_and_generalisation_are_chosen(server: Server) -> None:
    url = server.on(PATH, ArcGIS(layer(3)))
    FeatureServer(url, door()).features(precision=4, max_offset=0.0001)
    FeatureServer(url, door()).features(precision=None)
    chosen, exact = [r.query for r in server.seen() if "objectIds" in r.query]
    assert (chosen["geometryPrecision"], chosen["maxAllowableOffset"]) == ("4", "0.0001000000")
    assert (chosen["outSR"], chosen["f"]) == ("4326", "geojson")
    assert "geometryPrecision" not in exact
    assert "maxAllowableOffset" not in exact


def test_only_the_fields_asked_for_come(server: Server) -> None:
    found = FeatureServer(server.on(PATH, ArcGIS(layer(3))), door()).features(fields=["LSOA21CD"])
    assert [f["properties"] for f in found["features"]] == [{"LSOA21CD": c} for c in lsoas(3)]
    assert all(f["geometry"] for f in found["features"])


def test_an_authority_is_asked_for_by_code_or_by_the_beginning_of_a_name(server: Server) -> None:
    source = FeatureServer(server.on(PATH, ArcGIS(layer())), door())
    some = lsoas(SIZE)[10:300]
    clauses = where_in("LSOA21CD", reversed(some))
    assert len(clauses) == 2
    assert codes(source.features(clauses)) == some
    assert source.count(clauses) == len(some)
    dudley = source.features(where_starts("LSOA21NM", "Dudley "))
    assert len(dudley["features"]) == source.count("LSOA21NM LIKE 'Dudley%'") == SIZE / 3
    assert source.features("LSOA21NM LIKE 'Nowhere%'")["features"] == []


def test_a_long_question_is_sent_as_a_form(server: Server) -> None:
    FeatureServer(server.on(PATH, ArcGIS(layer())), door()).count(where_in("LSOA21CD", lsoas(150)))
    assert [r.method for r in server.seen()] == ["POST"]


def test_a_lookup_comes_as_a_table(server: Server) -> None:
    url = server.on(PATH, ArcGIS(lookup(), id_field="ObjectId"))
    source = FeatureServer(url, door())
    table = source.table(fields=["LAD24NM", "N"])
    assert list(table) == ["LAD24NM", "N"]
    assert table["LAD24NM"].tolist()[:2] == ["King's Lynn", "Birmingham"]
    assert table["LAD24NM"].isna().tolist() == [False, False, True]
    assert (table["LAD24NM"].dtype, table["N"].sum()) == ("str", 6)
    assert list(source.table()) == ["ObjectId", "LAD24CD", "LAD24NM", "N"]
    assert source.table(where_in("LAD24NM", ["King's Lynn"]))["N"].tolist() == [1]


def test_a_layer_is_written_whole_or_not_at_all(server: Server, tmp_path: Path) -> None:
    url, steps = server.on(PATH, ArcGIS(layer())), []
    to = tmp_path / "lsoa"
    got = download_layer(url, to, door(), progress=lambda *step: steps.append(step))
    assert gpd.read_file(to)["LSOA21CD"].tolist() == lsoas(SIZE)
    assert got.sha256 == hashlib.sha256(to.read_bytes()).hexdigest()
    assert (got.url, got.bytes) == (url, to.stat().st_size)
    assert steps == [(200, SIZE), (400, SIZE), (SIZE, SIZE)]

    server.on(PATH, ArcGIS(lookup()))
    table = download_layer(url, tmp_path / "lookup", door(), geometry=False)
    assert table.content_type == "text/csv"
    again = pd.read_csv(tmp_path / "lookup")
    assert again["LAD24NM"].isna().tolist() == [False, False, True]
    assert again["N"].tolist() == [1, 2, 3]

    server.on(PATH, ArcGIS(layer(), tamper=lambda rows, _: rows[1:]))
    with pytest.raises(FetchError):
        download_layer(url, to, door())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["lookup", "lsoa"]
    assert len(json.loads(to.read_text())["features"]) == SIZE


# --- faults that can be mended --------------------------------------------------------------------


def on_page(number: int, change: Callable[[Page], Page]) -> Callable[[Page, int], Page]:
    """Spoil one page."""
    return lambda rows, page: change(rows) if page == number else rows


RIGHT = {
    "rows out of order": lambda rows, _: rows[::-1],
    "a page cut short once": on_page(1, lambda rows: rows[:-30]),
    "an empty page once": on_page(0, lambda _: []),
    "every first page cut short": lambda rows, n: rows[:150] if n < 3 else rows,
    "fifty at once whatever it says": lambda rows, _: rows[:50],
    "a row twice on a page": on_page(1, lambda rows: [*rows, rows[0]]),
}


@pytest.mark.parametrize("fault", RIGHT)
def test_a_fault_that_can_be_mended_gives_the_right_layer(server: Server, fault: str) -> None:
    url = server.on(PATH, ArcGIS(layer(), tamper=RIGHT[fault]))
    found = FeatureServer(url, door()).features()
    assert codes(found) == lsoas(SIZE)
    twice = "twice" in fault
    assert found["notes"] == ["1 features came twice, the same, and count once"] * twice


def test_rows_of_another_page_that_are_the_same_count_once(server: Server) -> None:
    again = ArcGIS(layer())._features
    form = {"f": "geojson", "geometryPrecision": "6"}
    tamper = on_page(2, lambda rows: [*rows, *again([3, 4], form)])
    found = FeatureServer(server.on(PATH, ArcGIS(layer(), tamper=tamper)), door()).features()
    assert codes(found) == lsoas(SIZE)
    assert found["notes"] == ["2 features came twice, the same, and count once"]


def test_pages_that_come_in_another_order_give_the_same_layer() -> None:
    delays = iter([0.3, 0.15, 0.0])
    with Server() as server:
        player = ArcGIS(layer())

        def late(seen: Any) -> Answer:
            wait = next(delays, 0.0) if "objectIds" in seen.query else 0.0
            return Answer(player(seen), delay=wait)

        found = FeatureServer(server.on(PATH, late), door()).features()
    assert codes(found) == lsoas(SIZE)


def test_a_count_that_is_wrong_for_a_moment_is_asked_again(server: Server) -> None:
    player, off = ArcGIS(layer(5)), iter([1])

    def counting(seen: Any) -> Any:
        answer = player(seen)
        return {"count": answer["count"] + next(off, 0)} if "count" in answer else answer

    assert len(FeatureServer(server.on(PATH, counting), door()).features()["features"]) == 5


@pytest.mark.parametrize("code", [429, 500, 503, 504])
def test_an_error_inside_a_good_answer_is_tried_again(server: Server, code: int) -> None:
    url = server.on(PATH, Answer({"error": {"code": code, "message": "Busy"}}), ArcGIS(layer(5)))
    assert len(FeatureServer(url, door()).features()["features"]) == 5


# --- faults that cannot ---------------------------------------------------------------------------

WRONG = {
    "every page cut short": (lambda rows, _: rows[:-1] if len(rows) > 1 else [], "never came"),
    "a row of another page that differs": (
        on_page(0, lambda rows: [*rows, rows[0] | {"geometry": None}]),
        "different values (geometry)",
    ),
    "a value that differs": (
        on_page(
            0,
            lambda rows: [*rows, rows[0] | {"properties": rows[0]["properties"] | {"Area": -1}}],
        ),
        "different values (Area)",
    ),
    "a row nobody asked for": (
        on_page(
            0,
            lambda rows: [*rows, rows[0] | {"properties": rows[0]["properties"] | {"FID": 9999}}],
        ),
        "FID 9999 came and was not asked for",
    ),
    "rows without a number": (
        lambda rows, _: [{"type": "Feature", "properties": {}} for _ in rows],
        "a whole number as FID",
    ),
    "rows that are none": (lambda rows, _: ["x" for _ in rows], "a whole number as FID"),
    "metres": (
        lambda rows, _: [
            row | {"geometry": {"type": "Point", "coordinates": [407000, 287000]}} for row in rows
        ],
        "does not reproject",
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_fault_that_cannot_be_mended_is_one_error(server: Server, fault: str) -> None:
    tamper, words = WRONG[fault]
    assert words in refusal(server, ArcGIS(layer(), tamper=tamper))


@pytest.mark.parametrize("off", [-1, 1])
def test_a_count_that_does_not_match_is_one_error(server: Server, off: int) -> None:
    said = refusal(server, ArcGIS(layer(), counted=off))
    assert f"{SIZE + off} features were counted, 450 are listed" in said


ANSWERS = {
    "html": ("<html><h1>Down</h1></html>", "found a web page. It said: 'Down'"),
    "half of it": ('{"fields": [', "expected JSON"),
    "a list": ("[]", "expected an object"),
    "no layer": ("{}", "expected a layer with fields"),
    "an error": ('{"error": {"code": 400, "message": "Invalid URL"}}', "It said: 'Invalid URL'"),
    "a login": ('{"error": {"code": 499, "message": "Token Required"}}', "found 499"),
    "an odd error": ('{"error": "no"}', "It said: 'no'"),
}


@pytest.mark.parametrize("fault", ANSWERS)
def test_what_is_no_layer_is_said(server: Server, fault: str) -> None:
    body, words = ANSWERS[fault]
    assert words in refusal(server, Answer(body))


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("returnCountOnly", {"count": "many"}, "expected a count"),
        ("returnIdsOnly", {"objectIds": ["a"]}, "expected a list of object ids"),
        ("returnIdsOnly", {"objectIds": [1, 1, 2, 3, 4]}, "4 of them different"),
        ("objectIds", {"features": None}, "expected a list of features"),
    ],
)
def test_an_answer_of_another_form_is_said(
    server: Server, question: str, answer: Any, words: str
) -> None:
    player = ArcGIS(layer(5))
    assert words in refusal(server, lambda seen: answer if question in seen.query else player(seen))


def test_features_without_a_shape_are_counted(server: Server) -> None:
    drawn = layer(5)
    drawn.loc[2, "geometry"] = None
    found = FeatureServer(server.on(PATH, ArcGIS(drawn)), door()).features()
    assert found["notes"] == ["1 features have no shape"]


# --- arguments ------------------------------------------------------------------------------------


def test_a_field_that_is_not_there_is_said_with_those_that_are(server: Server) -> None:
    source = FeatureServer(server.on(PATH, ArcGIS(layer(3))), door())
    with pytest.raises(InputError, match=r"no field LSOA11CD; the layer has FID, LSOA21CD"):
        source.features(fields=["LSOA11CD"])
    assert server.count(PATH + "/query") == 0
    for wrong in ({"precision": -1}, {"max_offset": 20.0}, {"where": ""}, {"where": []}):
        with pytest.raises(InputError):
            source.features(**wrong)


def test_the_address_has_to_name_a_layer() -> None:
    with pytest.raises(InputError, match="FeatureServer/0"):
        FeatureServer("https://a.org/FeatureServer", Door())


@given(st.lists(st.text(min_size=1, max_size=8).filter(str.isprintable), min_size=1, max_size=9))
def test_no_value_breaks_out_of_its_quotes(values: list[str]) -> None:
    clauses = where_in("NM", values, at_most=4)
    inside = "".join(clauses).replace("''", "")
    assert inside.count("'") % 2 == 0
    assert sum(clause.count("NM IN (") for clause in clauses) >= -(-len(set(values)) // 4)


@pytest.mark.parametrize("field", ["", "a b", "a;", "1a", "a'", "a)--"])
def test_what_is_no_field_is_refused(field: str) -> None:
    for build in (lambda: where_in(field, ["x"]), lambda: where_starts(field, "x")):
        with pytest.raises(InputError):
            build()


def test_senseless_filters_are_refused() -> None:
    for wrong in ("", "a%", "_"):
        with pytest.raises(InputError, match="without % and _"):
            where_starts("NM", wrong)
    with pytest.raises(InputError, match="found none"):
        where_in("NM", [])
    with pytest.raises(InputError):
        where_in("NM", ["a\nb"])
