"""Patterns over space: what goes together, what clusters, and whether it could be chance."""

from wmspatial.patterns._quadrants import QUADRANTS
from wmspatial.patterns.autocorrelating import Autocorrelation, autocorrelation
from wmspatial.patterns.class_flowing import ClassFlows, class_flows
from wmspatial.patterns.clustering import Clusters, clusters
from wmspatial.patterns.depending import Dependence, dependence
from wmspatial.patterns.join_counting import JoinCounts, join_counts
from wmspatial.patterns.market_comparing import MarketComparison, compare_labour_markets
from wmspatial.patterns.relating import Relationship, relationship
from wmspatial.patterns.ward_profiling import WardProfiles, ward_profiles

__all__ = [
    "QUADRANTS",
    "Autocorrelation",
    "ClassFlows",
    "Clusters",
    "Dependence",
    "JoinCounts",
    "MarketComparison",
    "Relationship",
    "WardProfiles",
    "autocorrelation",
    "class_flows",
    "clusters",
    "compare_labour_markets",
    "dependence",
    "join_counts",
    "relationship",
    "ward_profiles",
]
