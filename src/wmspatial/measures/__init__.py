"""Pure functions: frames and flows in, index-aligned results out."""

from wmspatial.measures.accessibility import cumulative_opportunities, hansen, shen
from wmspatial.measures.bridging import (
    apportion_employed_residents,
    apportion_jobs_rich_share,
)
from wmspatial.measures.communities import flow_communities
from wmspatial.measures.connection import share_to_jobs_rich
from wmspatial.measures.decay import Decay, Threshold
from wmspatial.measures.given_markets import measure_labour_markets
from wmspatial.measures.impedance import Distances, Impedance
from wmspatial.measures.jobs import jobs_ratio
from wmspatial.measures.labour_markets import (
    LabourMarkets,
    adjusted_rand_index,
    travel_to_work_areas,
)
from wmspatial.measures.segregation_indices import (
    Segregation,
    location_quotient,
    segregation,
    spatial_mismatch,
)
from wmspatial.measures.travel_times import TravelTimes

__all__ = [
    "Decay",
    "Distances",
    "Impedance",
    "LabourMarkets",
    "Segregation",
    "Threshold",
    "TravelTimes",
    "adjusted_rand_index",
    "apportion_employed_residents",
    "apportion_jobs_rich_share",
    "cumulative_opportunities",
    "flow_communities",
    "hansen",
    "jobs_ratio",
    "location_quotient",
    "measure_labour_markets",
    "segregation",
    "share_to_jobs_rich",
    "shen",
    "spatial_mismatch",
    "travel_to_work_areas",
]
