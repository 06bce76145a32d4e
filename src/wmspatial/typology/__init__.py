"""Rules and parameters in, classes and their evidence out."""

from wmspatial.typology._typology import Typology, classify
from wmspatial.typology.parameters import CLASSES, Parameters

__all__ = ["CLASSES", "Parameters", "Typology", "classify"]
