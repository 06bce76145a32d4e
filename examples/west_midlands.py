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
# # Which poor neighbourhoods are cut off from work?
#
# In 2017 the Joseph Rowntree Foundation printed a map of the West Midlands that sorted its poorest
# neighbourhoods into three: *connected* to the labour market, *disconnected* from it, and those with a
# *large number of jobs* on their doorstep that others fill. This notebook makes such a map, from load to
# page, on the sample that comes with `wmspatial`.
#
# **Illustrative data, not statistics.** The boundaries of the sample are real; its deprivation,
# ethnicity, jobs and commuting are made up. With official data the first line changes and nothing else:
#
# ```python
# dataset = wm.load("wmca", vintage=2021, data_dir="DIR")
# ```

# %%
import builtins

import wmspatial as wm

show = getattr(builtins, "display", print)  # in a notebook a table looks like one

dataset = wm.load_sample()
show(dataset)

# %% [markdown]
# A dataset holds what the method needs: the neighbourhoods of the study area with their polygons, and
# the commuting flows between them. Flows keep everybody in the table, also those who work at home,
# offshore or abroad, under the name the table has for it.

# %%
show(dataset.flows)

# %%
show(dataset.areas[["name", "deprivation_rank", "residents", "jobs"]].head())

# %% [markdown]
# ## Classify
#
# A neighbourhood is *deprived* when it is among the 20 % most deprived of its nation, and *jobs-rich*
# when it has more jobs than employed residents. Its *connection score* is the share of its commuters
# who work in jobs-rich places. A deprived neighbourhood that is not jobs-rich is disconnected when its
# score is below the median of its kind in its labour market.

# %%
typology = wm.classify(dataset)
show(typology.summary())

# %% [markdown]
# Every neighbourhood carries the numbers that decided, and says them in plain English.

# %%
disconnected = typology.frame[typology.frame["labour_market_class"] == "Disconnected"]
lowest = disconnected.sort_values("distance_to_cut").index[0]
print(typology.explain(lowest))

# %%
evidence = ["name", "jobs", "employed_residents", "connection_score", "cut", "distance_to_cut"]
show(disconnected.sort_values("distance_to_cut")[evidence].head())

# %% [markdown]
# ## How much hangs on a choice?
#
# The cut was never published by JRF. Each choice of the method has a name and can be changed; see how
# many neighbourhoods keep their class when it is.

# %%
for change in ({"cut": 1 / 3}, {"pez_denominator": "commuters"}, {"reference": "deprived"}):
    other = wm.classify(dataset, **change)
    same = typology.frame["labour_market_class"] == other.frame["labour_market_class"]
    deprived = typology.frame["deprived"]
    print(f"{change}: {same[deprived].mean():.0%} of deprived neighbourhoods keep their class")

# %% [markdown]
# All 72 combinations of the open choices at once: how often each neighbourhood keeps its class, what the
# number hangs on, and the neighbourhoods that are disconnected whatever is chosen.

# %%
result = typology.sensitivity()
print(result.summary_text())
show(result.table())

# %% [markdown]
# ## Wards
#
# Classes are summed to wards by people, not by area.

# %%
wards = typology.by_ward().sort_values("share_disconnected", ascending=False)
columns = ["name", "authority", "residents", "residents_disconnected", "share_disconnected"]
show(wards[columns].head())

# %% [markdown]
# ## The map
#
# A `folium.Map`, to which any folium layer can be added. As the last line of a cell it stands in the notebook
# as it stands in a page of its own, and needs no network there either.

# %%
wm.disconnection_map(typology)

# %% [markdown]
# ## The briefing
#
# The page as one file that can be mailed, the tables, a GeoPackage, and a note of the sources and
# parameters.

# %%
for path in wm.briefing(typology, "west-midlands-sample"):
    print(path, f"{path.stat().st_size / 1000:,.0f} kB")
