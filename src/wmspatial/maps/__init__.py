"""Interactive maps: one file each, no network, colours and words from one spec."""

from wmspatial.maps.disconnection import disconnection_map
from wmspatial.maps.offline import save_html

__all__ = ["disconnection_map", "save_html"]
