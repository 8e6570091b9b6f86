"""Settings of the site: `sphinx-build -q -W --keep-going -b html docs docs/_build/html`."""

from __future__ import annotations

import sys
from pathlib import Path

import rupturecode

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "extensions")]

project = "rupturecode"
author = "The rupturecode developers"
copyright = "2026, the rupturecode developers"
release = version = rupturecode.__version__
language = "en"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "generated_pages",
    "gallery_page",
    "mathml",
    "accessible",
]
exclude_patterns = ["_build", "tools", "**.ipynb_checkpoints", "formats/traps.md"]

html_theme = "furo"
html_title = "rupturecode"
html_math_renderer = "mathml"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_timeout = 300
nb_execution_raise_on_error = True

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_default_options = {
    "exclude-members": "set_fit_request, set_transform_request"  # written by scikit-learn
}
napoleon_google_docstring = False
napoleon_custom_sections = ["Returns"]  # prose, where napoleon would see names and types
napoleon_preprocess_types = False
