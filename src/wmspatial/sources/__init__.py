"""The only rooms that know a file format: official tables and the embedded sample."""

from wmspatial.sources.official import load
from wmspatial.sources.sample import load_sample

__all__ = ["load", "load_sample"]
