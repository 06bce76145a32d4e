"""Charts in one style, each with its words: for a page, for print and for those who cannot see."""

from wmspatial.charts.authorities import authority_chart
from wmspatial.charts.chart import Chart

__all__ = ["Chart", "authority_chart"]
