# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # For print and for slides
#
# One line gives a sheet with title, sentence, map, legend, key, scale bar, north arrow and sources, drawn
# without a browser: PNG for a slide, SVG for a page, PDF for a printer. **Illustrative data, not
# statistics**: the banner stays on every copy.

# %%
from pathlib import Path

import wmspatial as wm

typology = wm.classify(wm.load_sample())

# %% [markdown]
# ## A4

# %% picture="sheet_a4"
wm.map_figure(typology)

# %% [markdown]
# ## A slide, for a projector or a grey printer
#
# Patterns tell the classes apart where colours do not.

# %% picture="slide"
wm.map_figure(typology, size="16:9", patterns=True, title="Cut off from work")

# %% [markdown]
# ## The files
#
# PDF keeps text as text and lines as lines; PNG and SVG carry the words of the map as text alternative.

# %%
Path("print").mkdir(exist_ok=True)
sheet = wm.map_figure(typology, size="a4 portrait")
sheet.save("print/map.pdf")
sheet.save("print/map.svg")
sheet.save("print/map.png", dpi=150)
for path in sorted(Path("print").iterdir()):
    print(path, f"{path.stat().st_size / 1000:,.0f} kB")

# %% [markdown]
# What a reader who cannot see the map is told:

# %%
print(sheet.text)
