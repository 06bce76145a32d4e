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
# # Birmingham on two censuses
#
# Deprivation against the share of ethnic minorities, and wards side by side, as the board paper of
# January 2018 had them: here for the Censuses of 2011 and of 2021. **This notebook needs official data**:
# `wmspatial data fetch --area wmca --vintage 2021` and the same for 2011, or a folder of official tables
# named in the environment variable `WMSPATIAL_DATA`.

# %%
import os

import wmspatial as wm

folder = os.environ.get("WMSPATIAL_DATA")  # without it, the platform's data folder
typologies = {year: wm.classify(wm.load("wmca", year, data_dir=folder)) for year in (2011, 2021)}

# %% [markdown]
# ## Deprivation and ethnic minorities
#
# By neighbourhood (LSOA). Everybody who is not in the group "white" is counted. That two things go
# together over areas does not say that they do for persons. The percentile is a neighbourhood's place among
# all of England. The indices of deprivation are of two years and cover other things; each census is held
# against its own.


# %%
def birmingham(year):
    """Return Birmingham's neighbourhoods with the two columns of the chart."""
    frame = typologies[year].frame
    frame = frame[frame["authority"] == "Birmingham"]
    return frame.assign(
        minorities=100 * (1 - frame["white"] / frame["residents"]),
        position=100 * frame["deprivation_share"],
    )


# %%
labels = {
    "minorities": "percentage of ethnic minorities",
    "position": "deprivation percentile (0 = most deprived)",
}
found = {
    year: wm.relationship(birmingham(year), "position", "minorities", labels=labels)
    for year in typologies
}
for year, one in found.items():
    print(f"{year}: {one.summary_text()}")

# %%
source = "ONS, Census; MHCLG, Indices of Deprivation."
found[2011].chart(title="Birmingham, 2011", source=source)

# %%
found[2021].chart(title="Birmingham, 2021", source=source)

# %% [markdown]
# The neighbourhoods farthest from the line in 2021:

# %%
found[2021].extremes.round(1)

# %% [markdown]
# ## The paper's four wards
#
# Kingstanding, Soho, Small Heath and Sparkbrook. Birmingham's wards were redrawn in 2018; of the old names
# two are gone. Asked for "Soho", the library names the wards that could be meant; the choice is yours. Both
# censuses are counted on today's ground, and the notes say what was apportioned.

# %%
wards = [
    "Kingstanding",
    "Soho & Jewellery Quarter",
    "Small Heath",
    "Sparkbrook & Balsall Heath East",
]
profiles = wm.ward_profiles(typologies[2021], wards, earlier=typologies[2011])
print(profiles.summary_text())
print(*profiles.notes, sep="\n")

# %%
profiles.chart(source="ONS, Censuses 2011 and 2021")

# %%
(100 * profiles.changes()).round(1)

# %% [markdown]
# ## The two maps side by side
#
# The census of 2021 was taken in a lockdown: commuting then was not what it is. What changed, and what each
# change comes from, tells `wm.compare(typologies[2011], typologies[2021])`.

# %%
wm.small_multiples(list(typologies.values()), size="16:9")
