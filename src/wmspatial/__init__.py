"""Which poor neighbourhoods are disconnected from the labour market.

The public face is this module: everything an analyst needs is a name in it. Names load when they
are first used, so that the import itself costs next to nothing.

Examples
--------
>>> import wmspatial as wm
>>> typology = wm.classify(wm.load_sample())
>>> typology.summary().loc["All", "All"]
np.int64(1680)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wmspatial.briefings import briefing
    from wmspatial.charts import AuthorityIndicator, Chart, authority_chart, authority_indicator
    from wmspatial.dataset import Dataset
    from wmspatial.errors import (
        AreaNotFoundError,
        FetchError,
        InputError,
        MissingFileError,
        MissingLibraryError,
        OutputError,
        VintageError,
        WmspatialError,
    )
    from wmspatial.export import write_table
    from wmspatial.flows import Flows
    from wmspatial.geography.conversion import convert
    from wmspatial.geography.interpolation import interpolate
    from wmspatial.joining import JoinReport, join
    from wmspatial.maps import disconnection_map, save_html
    from wmspatial.maps.choropleth import ColumnSpec, classify_column
    from wmspatial.maps.column_map import choropleth_map
    from wmspatial.maps.figure import map_figure
    from wmspatial.maps.multiples import small_multiples
    from wmspatial.maps.multiples_page import MultiplesPage, multiples_map
    from wmspatial.measures import (
        Decay,
        LabourMarkets,
        Segregation,
        TravelTimes,
        adjusted_rand_index,
        apportion_employed_residents,
        apportion_jobs_rich_share,
        cumulative_opportunities,
        flow_communities,
        hansen,
        location_quotient,
        measure_labour_markets,
        segregation,
        share_to_jobs_rich,
        shen,
        spatial_mismatch,
        travel_to_work_areas,
    )
    from wmspatial.patterns import (
        Autocorrelation,
        ClassFlows,
        Clusters,
        Dependence,
        JoinCounts,
        MarketComparison,
        Relationship,
        WardProfiles,
        autocorrelation,
        class_flows,
        clusters,
        compare_labour_markets,
        dependence,
        join_counts,
        relationship,
        ward_profiles,
    )
    from wmspatial.provenance import Source
    from wmspatial.sources import load, load_sample
    from wmspatial.sources.data_folder import fetch_data
    from wmspatial.sources.nations import four_nations
    from wmspatial.sources.own import read_table
    from wmspatial.sources.reading import read_official
    from wmspatial.typology import (
        Composition,
        Parameters,
        ResidentialTypology,
        Rule,
        Typology,
        classify,
        classify_residential,
        compare,
        composition,
        double_disconnection,
        summarise_double_disconnection,
    )

_HOMES = {
    "AreaNotFoundError": "errors",
    "AuthorityIndicator": "charts",
    "Autocorrelation": "patterns",
    "Chart": "charts",
    "ClassFlows": "patterns",
    "Clusters": "patterns",
    "ColumnSpec": "maps.choropleth",
    "Composition": "typology",
    "Dataset": "dataset",
    "Decay": "measures",
    "Dependence": "patterns",
    "FetchError": "errors",
    "Flows": "flows",
    "InputError": "errors",
    "JoinCounts": "patterns",
    "JoinReport": "joining",
    "LabourMarkets": "measures",
    "MarketComparison": "patterns",
    "MissingFileError": "errors",
    "MissingLibraryError": "errors",
    "MultiplesPage": "maps.multiples_page",
    "OutputError": "errors",
    "Parameters": "typology",
    "Relationship": "patterns",
    "ResidentialTypology": "typology",
    "Rule": "typology",
    "Segregation": "measures",
    "Source": "provenance",
    "TravelTimes": "measures",
    "Typology": "typology",
    "VintageError": "errors",
    "WardProfiles": "patterns",
    "WmspatialError": "errors",
    "adjusted_rand_index": "measures",
    "apportion_employed_residents": "measures",
    "apportion_jobs_rich_share": "measures",
    "authority_chart": "charts",
    "authority_indicator": "charts",
    "autocorrelation": "patterns",
    "briefing": "briefings",
    "choropleth_map": "maps.column_map",
    "class_flows": "patterns",
    "classify": "typology",
    "classify_column": "maps.choropleth",
    "classify_residential": "typology",
    "clusters": "patterns",
    "compare": "typology",
    "compare_labour_markets": "patterns",
    "composition": "typology",
    "convert": "geography.conversion",
    "cumulative_opportunities": "measures",
    "dependence": "patterns",
    "disconnection_map": "maps",
    "double_disconnection": "typology",
    "fetch_data": "sources.data_folder",
    "flow_communities": "measures",
    "four_nations": "sources.nations",
    "hansen": "measures",
    "interpolate": "geography.interpolation",
    "join": "joining",
    "join_counts": "patterns",
    "load": "sources",
    "load_sample": "sources",
    "location_quotient": "measures",
    "map_figure": "maps.figure",
    "measure_labour_markets": "measures",
    "multiples_map": "maps.multiples_page",
    "read_official": "sources.reading",
    "read_table": "sources.own",
    "relationship": "patterns",
    "save_html": "maps",
    "segregation": "measures",
    "share_to_jobs_rich": "measures",
    "shen": "measures",
    "small_multiples": "maps.multiples",
    "spatial_mismatch": "measures",
    "summarise_double_disconnection": "typology",
    "travel_to_work_areas": "measures",
    "ward_profiles": "patterns",
    "write_table": "export",
}

__all__ = [
    "AreaNotFoundError",
    "AuthorityIndicator",
    "Autocorrelation",
    "Chart",
    "ClassFlows",
    "Clusters",
    "ColumnSpec",
    "Composition",
    "Dataset",
    "Decay",
    "Dependence",
    "FetchError",
    "Flows",
    "InputError",
    "JoinCounts",
    "JoinReport",
    "LabourMarkets",
    "MarketComparison",
    "MissingFileError",
    "MissingLibraryError",
    "MultiplesPage",
    "OutputError",
    "Parameters",
    "Relationship",
    "ResidentialTypology",
    "Rule",
    "Segregation",
    "Source",
    "TravelTimes",
    "Typology",
    "VintageError",
    "WardProfiles",
    "WmspatialError",
    "__version__",
    "adjusted_rand_index",
    "apportion_employed_residents",
    "apportion_jobs_rich_share",
    "authority_chart",
    "authority_indicator",
    "autocorrelation",
    "briefing",
    "choropleth_map",
    "class_flows",
    "classify",
    "classify_column",
    "classify_residential",
    "clusters",
    "compare",
    "compare_labour_markets",
    "composition",
    "convert",
    "cumulative_opportunities",
    "dependence",
    "disconnection_map",
    "double_disconnection",
    "fetch_data",
    "flow_communities",
    "four_nations",
    "hansen",
    "interpolate",
    "join",
    "join_counts",
    "load",
    "load_sample",
    "location_quotient",
    "map_figure",
    "measure_labour_markets",
    "multiples_map",
    "read_official",
    "read_table",
    "relationship",
    "save_html",
    "segregation",
    "share_to_jobs_rich",
    "shen",
    "small_multiples",
    "spatial_mismatch",
    "summarise_double_disconnection",
    "travel_to_work_areas",
    "ward_profiles",
    "write_table",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("wmspatial")
    if name not in _HOMES:
        raise AttributeError(f"module 'wmspatial' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"wmspatial.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
