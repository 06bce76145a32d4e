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
# # A briefing with a section of your own
#
# One HTML file for those who decide, which opens with no network: the headline, the map, who, where, how
# sure, the method, the sources. Its sentences are written from the numbers; what only you know you add in
# Markdown, or as a chart. **Illustrative data, not statistics.**

# %%
from IPython.display import IFrame

import wmspatial as wm

typology = wm.classify(wm.load_sample())

# %% [markdown]
# ## Your words
#
# Markdown under any name is added before the sources. HTML in it shows as text.

# %%
ask = """
We ask the board for two things:

1. a bus **every ten minutes** from the largest disconnected place to the nearest jobs;
2. a look at this page again when the next census tables are out.

| When | Who |
|---|---|
| spring | transport |
| autumn | employment and skills |
"""

# %% [markdown]
# ## Your chart
#
# Any `Chart` can be a section: it brings its words for those who cannot see it.

# %%
people = typology.summary(weight="residents").drop(index="All")
chart = wm.authority_chart(
    people["Disconnected"] / 1000,
    title="Residents in disconnected neighbourhoods, thousands",
    unit="thousand",
    decimals=0,
    source="The sample of wmspatial.",
    illustrative=typology.illustrative,
)

# %% [markdown]
# A name of the page's own (`"who"`, `"where"`, `"method"`, ...) takes that section's place, and `False`
# leaves it out.

# %% picture="briefing_section"
sections = {"How many, where": chart, "What we ask for": ask, "labour markets": False}
sections["How many, where"]

# %% [markdown]
# ## The files

# %%
files = wm.briefing(
    typology,
    "briefing",
    title="Who is cut off from work?",
    sections=sections,
)
for path in files:
    print(path, f"{path.stat().st_size / 1000:,.0f} kB")

# %%
IFrame(str(files.briefing), width="100%", height=700)
