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
# # One place or many?
#
# Disconnected neighbourhoods that touch make one place with a name. Whether they lie together more than
# chance would have it is another question, with an answer of its own. **Illustrative data, not
# statistics.**

# %%
from dataclasses import replace

import pandas as pd

import wmspatial as wm

typology = wm.classify(wm.load_sample())

# %% [markdown]
# ## The list a mayor reads

# %%
places = wm.clusters(typology)
print(places.summary_text())

# %%
print(places.describe(places.table.index[0]))

# %%
places.table[["name", "neighbourhoods", "residents", "connection_score"]].head()

# %% [markdown]
# The largest five on a map. Kinds get colours that colour-blind readers can tell apart; one of them can be
# made quiet.

# %% picture="clusters"
largest = places.table["name"].head(5).str.split(",").str[0]
place = places.members.map(largest)
place = place.reindex(typology.frame.index).fillna("Elsewhere")
frame = typology.frame.assign(place=pd.Categorical(place, [*largest, "Elsewhere"]))

spec = wm.classify_column(frame["place"], label="The five largest places, by their first ward")
*loud, last = spec.categories
quiet = replace(last, colour="#f1f0ec", line="#c9c7bf", symbol="○", loud=False)
wm.map_figure(
    frame,
    replace(spec, categories=(*loud, quiet)),
    title="The five largest disconnected places: West Midlands (sample)",
    source="The sample of wmspatial.",
    size="16:9",
)

# %% [markdown]
# ## Are neighbours alike?
#
# Moran's I for the whole map; the local I for each neighbourhood, with control of false discoveries.

# %%
alike = wm.autocorrelation(typology)
print(alike.summary_text())
print(*alike.notes, sep="\n")

# %% picture="moran"
alike.chart(source="The sample of wmspatial.")

# %% picture="local_moran"
wm.map_figure(
    typology.frame.assign(pattern=alike.local["pattern"]),
    "pattern",
    label="A neighbourhood and those around it",
    title="Where low and high connection scores gather: West Midlands (sample)",
    source="The sample of wmspatial.",
    size="16:9",
)

# %% [markdown]
# ## Does like lie beside like?

# %%
joins = wm.join_counts(typology)
print(joins.summary_text())

# %% picture="join_counts"
joins.chart(source="The sample of wmspatial.")

# %% [markdown]
# ## Do two things go together?
#
# The p-value allows for neighbours being alike; the usual one does not, and is far too small. Here for
# one authority of the sample; [two_censuses.ipynb](two_censuses.ipynb) does it for Birmingham.

# %% picture="relationship"
coventry = typology.frame[typology.frame["authority"] == "Coventry"]
together = wm.relationship(
    coventry,
    "deprivation_rank",
    "connection_score",
    labels={"deprivation_rank": "deprivation rank (1 = most deprived)"},
)
print(together.summary_text())
together.chart(source="The sample of wmspatial.")
