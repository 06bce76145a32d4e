"""The briefing as a page: one module a section, and a template around them."""

from wmspatial.briefing_page.asking import SECTIONS, check_request
from wmspatial.briefing_page.page import gather_for, make_page, nothing_classed, write_page

__all__ = ["SECTIONS", "check_request", "gather_for", "make_page", "nothing_classed", "write_page"]
