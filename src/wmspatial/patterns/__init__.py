"""Patterns over space: what goes together, what clusters, and whether it could be chance."""

from wmspatial.patterns._quadrants import QUADRANTS
from wmspatial.patterns.autocorrelating import Autocorrelation, autocorrelation
from wmspatial.patterns.clustering import Clusters, clusters
from wmspatial.patterns.join_counting import JoinCounts, join_counts
from wmspatial.patterns.relating import Relationship, relationship

__all__ = [
    "QUADRANTS",
    "Autocorrelation",
    "Clusters",
    "JoinCounts",
    "Relationship",
    "autocorrelation",
    "clusters",
    "join_counts",
    "relationship",
]
