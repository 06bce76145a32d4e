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
# # Who lives in the disconnected places?
#
# Residents of each group by class of neighbourhood, and whether it is worse for some; then how unevenly
# groups live. **Illustrative data, not statistics**: nothing here tells of a real group.

# %%
import wmspatial as wm

typology = wm.classify(wm.load_sample())
groups = ["white", "mixed", "asian", "black", "other"]

# %% [markdown]
# ## Composition
#
# Every resident is counted once. The interval says how much a share hangs on a few neighbourhoods; the
# scenarios say how much it hangs on the open choices of the method.

# %%
who = wm.composition(typology)
print(who.summary_text())

# %%
who.counts.round()

# %%
columns = ["share_disconnected", "share_low", "share_high", "ratio", "ratio_low", "ratio_high"]
who.shares[columns].round(3)

# %% [markdown]
# "Lives in a deprived place" and "lives in a disconnected one" are two things. Beside the share among all
# of a group stands the share among those of it who live in deprived neighbourhoods.

# %% picture="who"
shares = 100 * who.shares[["share_disconnected", "share_within_deprived"]]
shares.columns = ["Of all residents", "Of those in deprived neighbourhoods"]
wm.authority_chart(
    shares.drop(index="All").rename(str.capitalize),
    title="Share in disconnected neighbourhoods, by ethnic group",
    unit="%",
    national=dict(shares.loc["All"]),
    national_name="Everybody",
    source="The sample of wmspatial. Areas are not people.",
    illustrative=typology.illustrative,
)

# %% [markdown]
# Any counts by neighbourhood will do, from a table of your own: `wm.composition(typology, table)`.
#
# ## Segregation
#
# Dissimilarity: which share of a group would have to move for it to be spread as everybody else is.

# %%
apart = wm.segregation(typology.frame, groups, by="authority")
apart.groups["dissimilarity"].unstack().round(2)

# %% picture="segregation"
isolation = apart.groups["isolation"].unstack().loc[:, ["white", "asian", "black"]]
wm.authority_chart(
    100 * isolation.drop(index="All").rename(columns=str.capitalize),
    title="Share of one's own group in the neighbourhood of its average member",
    unit="%",
    decimals=0,
    source="The sample of wmspatial.",
    illustrative=typology.illustrative,
)

# %% [markdown]
# ## Where a group's share is above its average
#
# The location quotient is 1 where a group's share is that of the whole area.

# %%
quotient = wm.location_quotient(typology.frame, groups)
wm.map_figure(
    typology.frame.assign(quotient=quotient["asian"]),
    "quotient",
    centre=1,
    breaks=[0.25, 0.5, 1, 2, 4],
    label="Location quotient of Asian residents",
    title="Asian residents against the average: West Midlands (sample)",
    source="The sample of wmspatial.",
    size="16:9",
)

# %% [markdown]
# ## How far homes lie from jobs
#
# The share of each group that would have to move to live as jobs are spread, 0 to 1.

# %%
wm.spatial_mismatch(typology.frame, groups, "jobs", by="authority").round(2)
