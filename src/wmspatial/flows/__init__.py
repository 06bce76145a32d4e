"""Commuting flows: a sparse matrix with its labels; a graph is a view of it."""

from wmspatial.flows._flows import Flows

__all__ = ["Flows"]
