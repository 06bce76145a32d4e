"""The briefing as a page: one module a section, and a template around them."""

from wmspatial.briefing_page.page import SECTIONS, check_request, make_page

__all__ = ["SECTIONS", "check_request", "make_page"]
