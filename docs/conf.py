"""How the documentation site is made. The command that makes it is ``python docs/build.py``."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path

from numpydoc.xref import DEFAULT_LINKS

import wmspatial

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "wmspatial"
author = "The wmspatial developers"
# No year: the same sources make the same pages.
project_copyright = "the wmspatial developers, under the MIT Licence"
release = version = installed("wmspatial")
language = "en-GB"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_copybutton",
    "command_line",
    "formulas",
]

# Pages are Markdown that reads well as it is; headings are anchors, as in a repository's view.
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 4
exclude_patterns = ["_build", "_ext", "_static", "_templates", "requirements*"]
suppress_warnings = ["config.cache"]

# The reference is written from the docstrings.
autosummary_generate = True
autosummary_ignore_module_all = False
# On a disk where Composition and composition are one name, each still has its file.
autosummary_filename_map = {
    f"wmspatial.{name}": f"wmspatial.{name}-result"
    for name in wmspatial.__all__
    if name != name.lower() and name.lower() in wmspatial.__all__
}
autodoc_typehints = "none"  # the docstrings say it in words
autodoc_default_options = {"member-order": "bysource"}
numpydoc_show_class_members = False  # the template of a class does that
numpydoc_class_members_toctree = False
# A type that has a page here is a link to it; to find those of others would need the network.
numpydoc_xref_param_type = True
numpydoc_xref_ignore = "all"
numpydoc_xref_aliases = {word: word for word in DEFAULT_LINKS} | {
    name: f"wmspatial.{name}" for name in wmspatial.__all__ if name[0].isupper()
}
default_role = "py:obj"
python_maximum_signature_line_length = 88

# Furo: no font, style or script from anywhere else, dark mode, and a page without scripts is whole.
html_theme = "furo"
html_title = f"wmspatial {release}"
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_math_renderer = "mathml"
html_use_index = True
html_domain_indices = False
html_theme_options = {
    "navigation_with_keys": True,
    "light_css_variables": {
        "color-brand-primary": "#1d4e89",
        "color-brand-content": "#1d4e89",
        "color-brand-visited": "#5b3a82",
    },
    "dark_css_variables": {
        "color-brand-primary": "#8ab8f0",
        "color-brand-content": "#8ab8f0",
        "color-brand-visited": "#c3a3ea",
    },
}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
