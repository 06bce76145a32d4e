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
# # Who works where?
#
# The flows behind the classes: who fills the jobs in deprived places, which places a disconnected cluster
# depends on, and where labour markets begin and end. **Illustrative data, not statistics.**

# %%
import wmspatial as wm

typology = wm.classify(wm.load_sample())

# %% [markdown]
# ## Local jobs, local workers?

# %%
crossed = wm.class_flows(typology)
print(crossed.summary_text())

# %% picture="who_fills"
crossed.chart(source="The sample of wmspatial.")

# %% picture="class_flows"
crossed.chart("matrix", source="The sample of wmspatial.")

# %% [markdown]
# ## On which places does it hang?

# %%
hangs = wm.dependence(typology)
print(hangs.summary_text())

# %%
hangs.chart(source="The sample of wmspatial.")

# %%
hangs.places.head()

# %% [markdown]
# ## Labour markets from the flows
#
# Found by the published criteria of the travel-to-work areas, and held against the ones given. Either can
# be handed to `classify`.

# %%
markets = wm.travel_to_work_areas(typology.dataset.flows)
found = markets.to_neighbourhoods(typology.neighbourhoods["zone"])
agreement = wm.adjusted_rand_index(found, typology.neighbourhoods["labour_market"])
print(f"{len(markets.markets)} labour markets; agreement with the given ones {agreement:.2f} of 1")

# %%
markets.markets.sort_values("workers", ascending=False).round(2).head()

# %% [markdown]
# Communities of the flow graph are another way to see them: zones that commute among themselves, with
# nothing asked of how self-contained they are. Each is named after its zone with most jobs.

# %%
communities = wm.flow_communities(typology.dataset.flows, seed=1)
print(communities.summary_text())

# %% picture="communities"
names = communities.name_by(typology.neighbourhoods["ward"])
community = communities.to_neighbourhoods(typology.neighbourhoods["zone"]).map(names)
wm.map_figure(
    typology.frame.assign(community=community),
    "community",
    label="Named after the ward with most jobs",
    title="Communities of commuters: West Midlands (sample)",
    source="The sample of wmspatial.",
    size="16:9",
)
