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
# # Wards
#
# Councillors think in wards. A ward holds neighbourhoods of several classes, so it has no class of its own:
# it has the share of its residents who live in disconnected neighbourhoods. **Illustrative data, not
# statistics**: the wards of the sample are made up too.

# %%
import wmspatial as wm

dataset = wm.load_sample()
typology = wm.classify(dataset)

# %%
wards = typology.by_ward().sort_values("share_disconnected", ascending=False)
wards[["name", "authority", "residents", "residents_disconnected", "share_disconnected"]].head()

# %% [markdown]
# ## A map of wards
#
# With official data the borders of wards come along: `wm.load("wmca", 2021, level="ward")`. The sample has
# none, so they are made of its neighbourhoods here.

# %%
borders = dataset.areas[["ward_code", "geometry"]].dissolve("ward_code").rename_axis("code")
by_ward = wm.classify(
    wm.Dataset(
        dataset.areas,
        dataset.flows,
        dataset.neighbourhoods,
        vintage=dataset.vintage,
        ranked_areas=dataset.ranked_areas,
        study_area=dataset.study_area,
        illustrative=dataset.illustrative,
        provenance=dataset.provenance,
        wards=borders,
        level="ward",
    )
)
wm.disconnection_map(by_ward)

# %% picture="wards"
wm.map_figure(by_ward, size="16:9")

# %% [markdown]
# ## Wards side by side
#
# The groups of residents of chosen wards, against their authority. Names may be written with small
# letters, or with "and" for "&"; one that does not exist is answered with the nearest that do.

# %%
chosen = ["Birmingham sample ward 39", "Birmingham sample ward 01", "Walsall sample ward 03"]
profiles = wm.ward_profiles(dataset, chosen)
print(profiles.summary_text())

# %% picture="ward_profiles"
profiles.chart()

# %%
profiles.shares.round(3)
