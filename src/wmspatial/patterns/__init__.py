"""Patterns over space: what goes together, what clusters, and whether it could be chance."""

from wmspatial.patterns.clustering import Clusters, clusters
from wmspatial.patterns.relating import Relationship, relationship

__all__ = ["Clusters", "Relationship", "clusters", "relationship"]
