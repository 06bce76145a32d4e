"""Readers of official tables, each recognised by its content and never by its name.

``recognise`` says what a file holds, ``read_official`` reads it into a tidy frame.
"""

from wmspatial.sources.reading._model import Recognised
from wmspatial.sources.reading._reading import read_official, recognise

__all__ = ["Recognised", "read_official", "recognise"]
