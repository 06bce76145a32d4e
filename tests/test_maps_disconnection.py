"""The page says what the frame says: counts, words, numbers, and nothing that it was not given."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

import wmspatial as wm
from wmspatial.maps.payload import share_bins
from wmspatial.maps.unpacking import read_page
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology import CLASSES

if TYPE_CHECKING:
    import folium

NASTY = "</script><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} \"quoted\" 'too' | Ynys Môn 🌳"


def small_typology(
    *,
    columns: tuple[str, ...] = ("name", "authority_code", "authority", "ward_code", "ward"),
    nasty: bool = False,
    level: str = "lsoa",
    **changes: Any,
) -> wm.Typology:
    """Classify twelve squares in two authorities; the first has no rank, four are not deprived."""
    codes = [f"E010000{i:02d}" for i in range(12)]
    table = pd.DataFrame(
        {
            "deprivation_rank": [np.nan, 1, 2, 3, 4, 5, 6, 7, 90, 91, 92, 93],
            "residents": [100.0 + i for i in range(12)],
            "jobs": [10.0, 500, 500, 10, 10, 10, 10, 10, 900, 10, 10, 10],
            "name": [NASTY if nasty else f"Town {i:03d}A" for i in range(12)],
            "authority_code": ["E08000035"] * 6 + ["E08000025"] * 6,
            "authority": ["Leeds"] * 6 + ["Birmingham"] * 6,
            "ward_code": [f"E0500000{i // 3}" for i in range(12)],
            "ward": [f"{NASTY if nasty else 'Place'} {i // 3}" for i in range(12)],
        },
        index=pd.Index(codes, name="code"),
    )
    pairs = pd.DataFrame(
        [
            (a, b, 60 + 7 * i if b == codes[1] else 30)
            for i, a in enumerate(codes)
            for b in (codes[1], codes[5])
        ],
        columns=["origin", "destination", "people"],
    )
    squares = gpd.GeoDataFrame(
        geometry=[
            box(-1.9 + 0.01 * x, 52.4 + 0.01 * y, -1.89 + 0.01 * x, 52.41 + 0.01 * y)
            for y in range(3)
            for x in range(4)
        ],
        index=table.index,
        crs="EPSG:4326",
    )
    kept = ["deprivation_rank", "residents", "jobs", *columns]
    wards = squares.dissolve(table["ward_code"].to_numpy())
    dataset = wm.Dataset(
        squares,
        wm.Flows.from_table(pairs, vintage=2021),
        table[kept],
        ranked_areas={"England": 100},
        study_area=NASTY if nasty else "Two towns",
        wards=wards.rename_axis("ward_code"),
        level=level,
    )
    return wm.classify(dataset, labour_market="study area", **{"deprived_share": 0.1} | changes)


class Reader(HTMLParser):
    """Collects the tags and the visible text of a page, and reads its data."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.data = read_page(html)
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's signature
        """Leave the tag."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees."""
        if self._inside not in ("script", "style"):
            self.text.append(data)

    @property
    def words(self) -> str:
        """Return all that a reader sees, as one line."""
        return " ".join(" ".join(self.text).split())


def rendered(page: folium.Map) -> tuple[str, Reader]:
    html = page.get_root().render()
    return html, Reader(html)


@pytest.fixture(scope="module")
def sample() -> wm.Typology:
    return wm.classify(wm.load_sample())


@pytest.fixture(scope="module")
def sample_page(sample: wm.Typology) -> Reader:
    return rendered(wm.disconnection_map(sample))[1]


def test_classes_drawn_are_those_of_the_frame(sample: wm.Typology, sample_page: Reader) -> None:
    data = sample_page.data
    drawn = pd.Series(data["category"], index=data["codes"]).map(dict(enumerate(CLASSES)))
    expected = sample.frame["labour_market_class"].astype("str")
    pd.testing.assert_series_equal(drawn, expected, check_names=False, check_index_type=False)
    assert len(data["polygons"]) == len(sample.frame)


def test_legend_counts_neighbourhoods_and_residents(
    sample: wm.Typology, sample_page: Reader
) -> None:
    areas = sample.summary().loc["All"]
    people = sample.summary(weight="residents").loc["All"]
    for name in CLASSES:
        if areas[name]:
            said = f"{areas[name]:,} neighbourhoods, {people[name]:,} residents"
            assert said in sample_page.words


def test_tables_agree_with_the_summary(sample: wm.Typology, sample_page: Reader) -> None:
    for weight in ("neighbourhoods", "residents"):
        for place, row in sample.summary(weight=weight).iterrows():
            assert " ".join([str(place), *(f"{v:,}" for v in row)]) in sample_page.words


def test_lead_adds_up(sample: wm.Typology, sample_page: Reader) -> None:
    counts = sample.frame["labour_market_class"].value_counts()
    deprived = int(sample.frame["deprived"].sum())
    assert (
        f"{deprived:,} are among the 20 % most deprived: {counts['Disconnected']:,} of these are "
        f"disconnected from the labour market, {counts['Connected']:,} are connected to it and "
        f"{counts['Large number of jobs']:,} have a large number of jobs."
    ) in sample_page.words


def test_reasons_are_the_explanations(sample: wm.Typology, sample_page: Reader) -> None:
    codes, reasons = sample_page.data["codes"], sample_page.data["reasons"]
    for code, reason in list(zip(codes, reasons, strict=True))[::300]:
        assert reason[1:] in sample.explain(code)


def test_fields_give_the_numbers_behind_the_class(sample: wm.Typology, sample_page: Reader) -> None:
    fields = {f["label"]: f["values"] for f in sample_page.data["fields"]}
    row = sample.frame.iloc[7]
    assert f"rank {row['deprivation_rank']:,.0f} of 32,844 in England" in fields["Deprivation"][7]
    assert fields["Jobs"][7] == (
        f"{row['jobs']:,.0f} for {row['employed_residents']:,.0f} employed residents"
    )
    assert fields["Residents"][7] == f"{row['residents']:,.0f}"
    score, cut = re.findall(r"[\d.]+", fields["Connection"][7])
    assert float(score) == pytest.approx(100 * row["connection_score"], abs=0.06)
    assert (float(score) < float(cut)) == (row["connection_score"] < row["cut"])


def test_authorities_are_numbered_as_in_the_jrf_figure(sample_page: Reader) -> None:
    lines = sample_page.data["outlines"]
    numbers = dict(zip(lines["names"], lines["numbers"], strict=True))
    assert numbers == {
        "Wolverhampton": 1,
        "Dudley": 2,
        "Sandwell": 3,
        "Walsall": 4,
        "Birmingham": 5,
        "Solihull": 6,
        "Coventry": 7,
    }
    assert "1 Wolverhampton 2 Dudley 3 Sandwell 4 Walsall 5 Birmingham" in sample_page.words


def test_illustrative_data_says_so_everywhere(sample_page: Reader) -> None:
    assert ("p", {"class": "wm-banner", "role": "note"}) in sample_page.tags
    assert sample_page.data["banner"] == ILLUSTRATIVE
    assert sample_page.words.count(ILLUSTRATIVE) >= 4
    assert ILLUSTRATIVE not in rendered(wm.disconnection_map(small_typology()))[0]


def test_page_carries_caveats_parameters_sources_and_version(
    sample: wm.Typology, sample_page: Reader
) -> None:
    for caveat in sample.caveats:
        assert caveat in sample_page.words
    for source in sample.provenance:
        assert source.title in sample_page.words
    assert "Parameters: the defaults of the method." in sample_page.words
    assert f"wmspatial {wm.__version__}" in sample_page.words


def test_changed_parameters_are_named() -> None:
    _, page = rendered(wm.disconnection_map(small_typology(pez_ratio=1.5)))
    assert "Not the default method:" in page.words
    assert "(pez_ratio): 1.5" in page.words
    assert "(deprived_share): 0.1" in page.words


def test_page_is_accessible_in_its_bones(sample_page: Reader) -> None:
    tags = sample_page.tags
    assert ("html", {"lang": "en-GB"}) in tags
    assert sum(tag == "h1" for tag, _ in tags) == 1
    assert sum(tag == "main" for tag, _ in tags) == 1
    viewport = next(a["content"] for t, a in tags if t == "meta" and a.get("name") == "viewport")
    assert "maximum-scale" not in str(viewport)
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    ids = [a["id"] for _, a in tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_names_are_text_and_nothing_else() -> None:
    typology = small_typology(nasty=True)
    html, page = rendered(wm.disconnection_map(typology, title=NASTY))
    assert not any(tag == "img" for tag, _ in page.tags)
    assert "onerror" not in {name for _, attributes in page.tags for name in attributes}
    assert set(page.data["names"]) == {NASTY}
    assert html.count("<script") == html.count("</script>")
    assert " ".join(NASTY.split()) in page.words
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", html)[0]


def test_few_columns_are_enough() -> None:
    _, page = rendered(wm.disconnection_map(small_typology(columns=())))
    assert page.data["outlines"]["numbers"] == [None]
    assert set(page.data["places"]) == {""}
    assert page.data["names"][0] == "E01000000"
    assert "Authorities" not in page.words
    assert "The study area" in page.words


def test_missing_evidence_is_said_to_be_missing() -> None:
    typology = small_typology()
    _, page = rendered(wm.disconnection_map(typology))
    fields = {f["label"]: f["values"] for f in page.data["fields"]}
    assert fields["Deprivation"][0] == "not known"
    assert page.data["category"][0] == CLASSES.index("Insufficient data")


def test_one_class_for_all() -> None:
    _, page = rendered(wm.disconnection_map(small_typology(min_flow=10_000)))
    assert set(page.data["category"]) == {CLASSES.index("Insufficient data")}
    assert "none here" in page.words


def test_authorities_without_a_name_here_and_there() -> None:
    typology = small_typology()
    frame = typology.neighbourhoods
    frame.loc[frame.index[0], ["authority", "authority_code"]] = None
    _, page = rendered(wm.disconnection_map(typology))
    assert "Authority not known" in page.words


def test_wards_show_the_share_of_people() -> None:
    typology = small_typology(level="ward")
    _, page = rendered(wm.disconnection_map(typology))
    expected = share_bins(typology.frame["share_disconnected"])
    assert page.data["category"].tolist() == expected.tolist()
    assert {c["name"] for c in page.data["categories"]} >= {"0 %", "Over 50 %"}
    fields = {f["label"]: f["values"] for f in page.data["fields"]}
    row = typology.frame.iloc[1]
    assert fields["Disconnected"][1].startswith(f"{row['residents_disconnected']:,.0f} (")
    assert "Residents in disconnected neighbourhoods by ward" in page.words


def test_title_must_be_text() -> None:
    with pytest.raises(wm.InputError, match="title=''"):
        wm.disconnection_map(small_typology(), title="")


def test_frame_is_not_changed() -> None:
    typology = small_typology()
    before = typology.neighbourhoods.copy()
    rendered(wm.disconnection_map(typology))
    pd.testing.assert_frame_equal(pd.DataFrame(typology.neighbourhoods), pd.DataFrame(before))


def test_page_of_the_sample_is_small(sample: wm.Typology) -> None:
    assert len(rendered(wm.disconnection_map(sample))[0].encode()) < 350_000
