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
# # How sure is it?
#
# Two questions. How much hangs on the choices that the method leaves open, and how much on the accidents
# of one census week? The first has an answer by trying all choices, the second by drawing the flows and
# jobs anew. **Illustrative data, not statistics**: with official data write `wm.load("wmca", 2021)`.

# %%
import wmspatial as wm

typology = wm.classify(wm.load_sample())

# %% [markdown]
# ## What hangs on a choice
#
# 72 scenarios: jobs held against whom, which connection score, the cut taken among whom and where.

# %%
choices = typology.sensitivity()
print(choices.summary_text())

# %% picture="choices"
choices.chart()

# %% [markdown]
# The neighbourhoods that are disconnected whatever is chosen are the safest to name in public.

# %%
typology.frame.loc[choices.always_disconnected, ["name", "authority", "residents"]].head()

# %% [markdown]
# On a map: in how many scenarios each deprived neighbourhood is disconnected. The others have no value,
# and no value is a class of its own.

# %% picture="stability"
frame = typology.frame
shares = frame.assign(
    share_of_scenarios=choices.frame["share_disconnected"].where(frame["deprived"])
)
wm.map_figure(
    shares,
    "share_of_scenarios",
    breaks=[0, 0.25, 0.5, 0.75, 0.99],
    unit="share",
    higher="worse",
    label="Scenarios in which it is disconnected",
    title="Disconnected under which share of 72 scenarios",
    source="The sample of wmspatial.",
    size="16:9",
)

# %% [markdown]
# ## What hangs on one week
#
# Commuters are drawn anew among their destinations and jobs within their rounding; then everything is
# classified again.

# %%
drawn = typology.resample(200, seed=1)
print(drawn.summary_text())

# %%
drawn.summary()

# %%
unsure = drawn.probabilities.assign(kept=drawn.kept, name=typology.frame["name"])
unsure[typology.frame["deprived"]].sort_values("kept").head()

# %% [markdown]
# ## The map with both
#
# Choose a neighbourhood, and the page says in how many scenarios it has the same class; the map can be
# coloured by that.

# %%
wm.disconnection_map(typology, sensitivity=choices)
