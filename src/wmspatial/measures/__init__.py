"""Pure functions: frames and flows in, index-aligned results out."""

from wmspatial.measures.bridging import (
    apportion_employed_residents,
    apportion_jobs_rich_share,
)
from wmspatial.measures.connection import share_to_jobs_rich
from wmspatial.measures.jobs import jobs_ratio

__all__ = [
    "apportion_employed_residents",
    "apportion_jobs_rich_share",
    "jobs_ratio",
    "share_to_jobs_rich",
]
