"""Charts in one style, each with its words: for a page, for print and for those who cannot see."""

from wmspatial.charts.authorities import authority_chart
from wmspatial.charts.chart import Chart
from wmspatial.charts.indicators import AuthorityIndicator, authority_indicator

__all__ = ["AuthorityIndicator", "Chart", "authority_chart", "authority_indicator"]
