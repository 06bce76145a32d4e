"""What the tests share: small made-up towns, and the folder of official tables where it is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from shapely.geometry import box

import wmspatial as wm
from browser import browser
from wmspatial.sources import official as loading
from wmspatial.sources.national import National, neighbourhoods_of

if TYPE_CHECKING:
    from wmspatial.provenance import Source
    from wmspatial.sources.shelf import Shelf
    from wmspatial.typology.sensitivity import Sensitivity

REPOSITORY = Path(__file__).resolve().parents[1]
NOTE = "Illustrative data, not statistics"

# The same examples on every run, and no folder of them left behind.
settings.register_profile(
    "wmspatial", max_examples=40, deadline=None, derandomize=True, database=None
)
settings.load_profile("wmspatial")

Damage = Callable[[str, bytes | None], Path]
Official = Callable[..., wm.Dataset]


def lsoas(count: int, first: int = 1) -> list[str]:
    """Name some LSOAs that are the same in 2011 and in 2021."""
    return [f"E01{number:06d}" for number in range(first, first + count)]


def msoas(count: int, first: int = 1) -> list[str]:
    """Name some MSOAs."""
    return [f"E02{number:06d}" for number in range(first, first + count)]


def squares(codes: Iterable[str], crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    """Draw one square an area, side by side."""
    index = pd.Index(list(codes), name="code")
    shapes = [box(-2 + 0.01 * i, 52, -1.99 + 0.01 * i, 52.01) for i in range(len(index))]
    return gpd.GeoDataFrame(geometry=shapes, index=index, crs=crs)


def flows_of(
    pairs: Iterable[tuple[str, str, float]], zones: Sequence[str] | None = None, **options: Any
) -> wm.Flows:
    """Build flows from pairs, of 2011 unless said otherwise."""
    table = pd.DataFrame(list(pairs), columns=["origin", "destination", "people"])
    index = None if zones is None else pd.Index(zones)
    return wm.Flows.from_table(table, zones=index, **({"vintage": 2011} | options))


def town(size: int = 12, **columns: Any) -> pd.DataFrame:
    """Lay out a deprived town: the first place is full of jobs, the others have few."""
    table = pd.DataFrame(
        {
            "deprivation_rank": np.arange(1.0, size + 1),
            "residents": 1000.0,
            "jobs": [10_000.0, *[10.0] * (size - 1)],
            "labour_market": "X",
        },
        index=pd.Index(lsoas(size), name="code"),
    )
    return table.assign(**columns)


def to_centre(codes: Sequence[str], shares: Sequence[int], total: int = 100) -> wm.Flows:
    """Send `shares` of each place's `total` commuters to the first place; the others stay."""
    pairs: list[tuple[str, str, float]] = [(codes[0], codes[0], total)]
    for code, share in zip(codes[1:], shares[1:], strict=True):
        pairs += [(code, codes[0], share), (code, code, total - share)]
    return flows_of(pairs, codes)


def own_dataset(table: pd.DataFrame, flows: wm.Flows | None = None, **options: Any) -> wm.Dataset:
    """Make a dataset of a town; every fifth of its nation's areas is in it, so all are deprived."""
    codes = list(table.index)
    if flows is None:
        flows = to_centre(codes, [(10 + 5 * i) % 90 for i in range(len(codes))])
    ranked = {"ranked_areas": {"England": 5 * len(table)}}
    return wm.Dataset(squares(codes), flows, table, **(ranked | options))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Find the folder of official tables, or skip and say why."""
    default = REPOSITORY.parent / "shared" / "data"
    folder = Path(os.environ.get("WMSPATIAL_TEST_DATA", default))
    if not (folder / "official").is_dir():
        pytest.skip(
            "no official tables: WMSPATIAL_TEST_DATA has to name the folder that holds official/, "
            "england_wales_2011/ and england_wales_2021/"
        )
    return folder


class Kept:
    """What a folder holds of the whole country, read once for all tests.

    The two functions that read it take no study area, so that it cannot hang on one.
    """

    def __init__(self) -> None:
        self.tables: dict[tuple[Path, int, str], National] = {}
        self.flows: dict[tuple[Path, int], tuple[wm.Flows, Source]] = {}

    def one_table(self, shelf: Shelf, vintage: int, index: str) -> National:
        """Give the table of neighbourhoods, with lists of its own to be added to."""
        key = (shelf.folder, vintage, index)
        if key not in self.tables:
            self.tables[key] = neighbourhoods_of(shelf, vintage, index)
        found = self.tables[key]
        return found._replace(sources=[*found.sources], report=[*found.report])

    def one_matrix(self, shelf: Shelf, vintage: int) -> tuple[wm.Flows, Source]:
        """Give the flows and their source."""
        key = (shelf.folder, vintage)
        if key not in self.flows:
            self.flows[key] = _read_flows(shelf, vintage)
        return self.flows[key]

    def use(self, patch: pytest.MonkeyPatch) -> None:
        """Let `wm.load` take what is kept."""
        patch.setattr(loading, "neighbourhoods_of", self.one_table)
        patch.setattr(loading, "_flows", self.one_matrix)


_read_flows = loading._flows


@pytest.fixture(scope="session")
def kept() -> Kept:
    """Keep what is national."""
    return Kept()


@pytest.fixture
def read_once(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test read what is national once with all the others, however it comes to load."""
    kept.use(monkeypatch)


@pytest.fixture(scope="session")
def official(data_dir: Path, kept: Kept) -> Official:
    """Load official data: a place once, and what is national once for all places."""

    @cache
    def load(area: str | tuple[str, ...], vintage: int, **options: Any) -> wm.Dataset:
        wanted = list(area) if isinstance(area, tuple) else area
        with pytest.MonkeyPatch.context() as patch:
            kept.use(patch)
            return wm.load(wanted, vintage, data_dir=data_dir, **options)

    return load


@pytest.fixture(scope="session")
def real_2011(official: Official) -> wm.Dataset:
    """Load the West Midlands in 2011."""
    return official("wmca", 2011)


@pytest.fixture(scope="session")
def real_2021(official: Official) -> wm.Dataset:
    """Load the West Midlands in 2021."""
    return official("wmca", 2021)


@pytest.fixture(scope="session")
def sample() -> wm.Dataset:
    """Load the embedded sample."""
    return wm.load_sample()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Start the browser, or skip."""
    with browser() as running:
        yield running


@pytest.fixture(scope="session")
def region() -> wm.Typology:
    """Classify the embedded sample."""
    return wm.classify(wm.load_sample())


@pytest.fixture(scope="session")
def region_file(region: wm.Typology, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the sample's page."""
    path = tmp_path_factory.mktemp("region") / "sample.html"
    return wm.save_html(wm.disconnection_map(region), path)


@pytest.fixture(scope="session")
def sensitivity(region: wm.Typology) -> Sensitivity:
    """Try four scenarios with the sample."""
    return region.sensitivity({"cut": [0.5, 1 / 3], "reference": ["deprived", "all"]})


@pytest.fixture(scope="session")
def scenario_file(
    region: wm.Typology, sensitivity: Sensitivity, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Write the sample's page with how sure the classes are."""
    path = tmp_path_factory.mktemp("scenarios") / "sample.html"
    return wm.save_html(wm.disconnection_map(region, sensitivity=sensitivity), path)


@pytest.fixture
def damaged(data_dir: Path, tmp_path: Path) -> Damage:
    """Copy the data folder by links, with one file of other content (``None``: without it)."""

    def build(path: str, content: bytes | None) -> Path:
        folder = tmp_path / "data"
        for file in data_dir.rglob("*"):
            if file.is_file():
                link = folder / file.relative_to(data_dir)
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(file)
        (folder / path).unlink()
        if content is not None:
            (folder / path).write_bytes(content)
        return folder

    return build


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Give an empty folder for made-up files."""
    folder = tmp_path / "made"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder
