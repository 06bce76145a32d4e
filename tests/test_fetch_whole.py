"""From the publishers' servers to classes on a map, with nothing by hand in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

import wmspatial as wm
from published import serve_2021
from servers import Server
from wmspatial.sources._outcomes import Tools
from wmspatial.sources._services import Services
from wmspatial.sources.fetching import fetch
from wmspatial.sources.http import Door
from wmspatial.sources.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.xdist_group("official")
def test_what_is_fetched_gives_the_classes_that_the_folder_gives(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_2021: wm.Dataset
) -> None:
    monkeypatch.setenv("WMSPATIAL_DATA", str(tmp_path / "store"))
    with Server() as server:
        entries = serve_2021(server, data_dir)
        door = Door(allow_http=True, sleep=lambda _: None, per_host=8)
        outcome = fetch("wmca", 2021, store=Store(), catalogue=entries, tools=Tools(Services(door)))
    assert {result.state for result in outcome.results} == {"fetched"}
    assert len(outcome.results) == 12

    # The server is gone; from here on there is the folder alone.
    fetched = wm.load("wmca", 2021)
    ours, theirs = fetched.neighbourhoods, real_2021.neighbourhoods
    pd.testing.assert_frame_equal(ours[theirs.columns], theirs)
    one, other = wm.classify(fetched), wm.classify(real_2021)
    pd.testing.assert_series_equal(
        one.neighbourhoods["labour_market_class"], other.neighbourhoods["labour_market_class"]
    )
    assert one.summary().loc["All", "Disconnected"] == 292
    assert fetched.flows.people == real_2021.flows.people
    for source in one.provenance:
        assert source.url.startswith("http://127.0.0.1:")
        assert source.fetched
        assert source.dataset
        assert source.sha256
    again = wm.fetch_data("wmca", 2021)
    assert set(again["state"]) == {"held"}
    assert again.loc["odwp01ew-msoa21", "rows"] > 1_800_000
