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
# # Small multiples
#
# The same map several times over, so that the eye can compare: one legend, one scale, classes made from
# the values of all maps together. **Illustrative data, not statistics.** Two censuses side by side are in
# [two_censuses.ipynb](two_censuses.ipynb), which needs official data.

# %%
import wmspatial as wm

typology = wm.classify(wm.load_sample())

# %% [markdown]
# ## By ethnic group
#
# Where does each group live? Each map divides its group by all residents.

# %% picture="by_group"
groups = ["white", "asian", "black", "mixed"]
wm.small_multiples(
    typology,
    groups,
    per="residents",
    breaks=[0.05, 0.1, 0.25, 0.5, 0.75],
    unit="share",
    size="16:9",
)

# %% [markdown]
# The same as a page that answers: maps move together, and a place pointed at on one is marked on all.

# %%
wm.multiples_map(
    typology,
    groups,
    per="residents",
    breaks=[0.05, 0.1, 0.25, 0.5, 0.75],
    unit="share",
)

# %% [markdown]
# ## By authority
#
# Without a column the classes are mapped; `by` splits them.

# %% picture="by_authority"
wm.small_multiples(typology, by="authority")

# %% [markdown]
# ## Variants of the method
#
# A mapping of names to results gives a map each: here two places for the cut.

# %%
variants = {
    "Cut at the median": typology,
    "Cut at the lowest third": wm.classify(typology.dataset, cut=1 / 3),
}
wm.small_multiples(variants, size="16:9", title="What the cut decides")
