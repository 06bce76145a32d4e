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
# # A map of any column
#
# One question decides the scheme: what is the reader to compare? **Illustrative data, not statistics.**

# %%
import pandas as pd

import wmspatial as wm

typology = wm.classify(wm.load_sample())
areas = typology.frame

# %% [markdown]
# ## Quantiles: who is high and who is low
#
# As many neighbourhoods in each class; the usual choice, and the default. The deprivation rank knows its
# own direction (rank 1 is the most deprived), so darker is worse without saying so. `choropleth_map` makes
# a page that answers, `map_figure` the same map for print, with the same arguments.

# %%
wm.choropleth_map(typology, "deprivation_rank", k=5, also=["connection_score"])

# %% [markdown]
# ## Natural breaks: groups that are there
#
# Breaks where the values leave gaps (Fisher and Jenks): for skewed values, where quantiles would part
# neighbours that are alike. `per` divides one column by another, and a share of nobody is missing.

# %% picture="natural_breaks"
wm.map_figure(
    typology,
    "asian",
    per="residents",
    scheme="natural breaks",
    k=5,
    unit="share",
    label="Asian residents, share of all",
    size="16:9",
)

# %% [markdown]
# ## Equal interval and manual breaks: numbers people know
#
# Round steps can be remembered, and are the same in every map of a series.

# %%
wm.map_figure(typology, "connection_score", scheme="equal interval", k=5, unit="share")

# %% picture="manual_breaks"
density = areas["jobs"] / areas["employed_residents"]
wm.map_figure(
    areas.assign(jobs_for_each_worker=density.where(areas["employed_residents"] > 0)),
    "jobs_for_each_worker",
    breaks=[0.25, 0.5, 1, 2],
    label="Jobs for each employed resident",
    title="Jobs for each employed resident: West Midlands (sample)",
    source="The sample of wmspatial.",
    size="16:9",
)

# %% [markdown]
# ## Diverging: above and below something
#
# As many classes on each side of a centre: nought for a change, 1 for a ratio. Here the distance of a
# deprived neighbourhood's score to the cut that decides its class; the others have none, and are marked
# as missing rather than left white.

# %% picture="diverging"
distance = areas["distance_to_cut"].where(areas["deprived"])
wm.map_figure(
    areas.assign(distance=100 * distance),
    "distance",
    centre=0,
    k=6,
    unit="points",
    higher="better",
    label="Connection score above or below the cut",
    title="How far deprived neighbourhoods are from the cut: West Midlands (sample)",
    source="The sample of wmspatial.",
    size="16:9",
)

# %% [markdown]
# ## Categories, in an order
#
# Text is a category by itself; an ordered categorical keeps its order and gets a ramp, not a rainbow.

# %% picture="categories"
levels = ["Fewer than 500", "500 to 999", "1,000 and more"]
bands = pd.cut(areas["jobs"], [-1, 499, 999, float("inf")], labels=levels, ordered=True)
wm.map_figure(
    areas.assign(jobs_band=bands.where(areas["deprived"])),
    "jobs_band",
    label="Jobs in deprived neighbourhoods",
    title="Jobs in deprived neighbourhoods: West Midlands (sample)",
    source="The sample of wmspatial.",
    size="16:9",
)

# %% [markdown]
# ## One set of classes for several maps
#
# `classify_column` makes the classes once; a map takes them as its column. `patterns=True` adds hatching,
# for a printer without colour.

# %%
classes = wm.classify_column(areas["connection_score"], breaks=[0.3, 0.4, 0.5], unit="share")
print([category.name for category in classes.categories])
wm.map_figure(typology, classes, patterns=True, size="16:9")
