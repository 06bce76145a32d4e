"""Rules and parameters in, classes and their evidence out."""

from wmspatial.typology._typology import Typology
from wmspatial.typology.change import compare
from wmspatial.typology.classifying import classify
from wmspatial.typology.composing import Composition, composition
from wmspatial.typology.parameters import CLASSES, Parameters
from wmspatial.typology.residential import (
    ResidentialTypology,
    classify_residential,
    double_disconnection,
    summarise_double_disconnection,
)
from wmspatial.typology.rules import Rule

__all__ = [
    "CLASSES",
    "Composition",
    "Parameters",
    "ResidentialTypology",
    "Rule",
    "Typology",
    "classify",
    "classify_residential",
    "compare",
    "composition",
    "double_disconnection",
    "summarise_double_disconnection",
]
