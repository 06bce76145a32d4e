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
# # Authorities side by side
#
# Any indicator by authority, in the manner of the board paper of January 2018. The table is yours:
# authorities as rows, measures as columns. The chart's words give every number, and how far the highest
# is above the lowest.

# %%
import pandas as pd

import wmspatial as wm

paper = "West Midlands Combined Authority, board papers of 12 January 2018."

# %% [markdown]
# ## The paper's own four figures
#
# Workplace pay is what jobs in a place pay, resident pay what the people who live there earn.

# %%
at_work = {"Coventry": 13.08, "Dudley": 10.50}
at_home = {"Solihull": 14.11, "Wolverhampton": 10.23}

# %% picture="pay_workplace"
wm.authority_chart(
    at_work,
    title="What jobs pay, by where they are: pay an hour, 2016",
    unit="£",
    source=paper,
)

# %% picture="pay_resident"
wm.authority_chart(
    at_home,
    title="What residents earn, wherever they work: pay an hour, 2016",
    unit="£",
    source=paper,
)

# %% [markdown]
# The percentages of the paper are worked out:

# %%
for title, pay in {"Pay of jobs": at_work, "Pay of residents": at_home}.items():
    print(wm.authority_chart(pay, title=title, unit="£").text)

# %% [markdown]
# ## Sorted bars against a line
#
# From here on the numbers are the sample's: **illustrative data, not statistics.**

# %%
typology = wm.classify(wm.load_sample())
source = "The sample of wmspatial."

# %% picture="bars"
summary = typology.summary(weight="residents")
share = 100 * summary["Disconnected"] / summary["All"]
wm.authority_chart(
    share.drop("All"),
    title="Residents in disconnected neighbourhoods, per cent",
    unit="%",
    national=share["All"],
    national_name="All seven",
    highlight=["Birmingham"],
    source=source,
    illustrative=True,
)

# %% [markdown]
# ## Two measures of one thing
#
# A dumbbell: how many live in deprived neighbourhoods, and how many of these in disconnected ones.

# %% picture="dumbbell"
deprived = summary[["Disconnected", "Connected", "Large number of jobs"]].sum(axis=1)
two = pd.DataFrame({"Disconnected": share, "Deprived": 100 * deprived / summary["All"]})
wm.authority_chart(
    two.drop("All"),
    title="Residents in disconnected and in all deprived neighbourhoods",
    unit="%",
    decimals=0,
    national=dict(two.loc["All"]),
    national_name="All seven",
    source=source,
    illustrative=True,
)

# %% [markdown]
# ## An index
#
# 100 is the base: an authority, the national figure, or any number.

# %% picture="index"
sums = typology.frame.groupby("authority")[["employed_residents", "jobs"]].sum()
wm.authority_chart(
    sums["jobs"] / sums["employed_residents"],
    title="Jobs for each employed resident, Birmingham = 100",
    kind="index",
    base="Birmingham",
    source=source,
    illustrative=True,
)

# %% [markdown]
# ## Groups side by side
#
# What is not published stays empty, and is drawn and said as that.

# %% picture="groups"
counts = pd.DataFrame(
    {name: typology.frame.groupby("authority")[name].sum() for name in ("asian", "black", "mixed")}
)
people = typology.frame.groupby("authority")["residents"].sum()
table = 100 * counts.div(people, axis=0).rename(columns=str.capitalize)
table.loc["Solihull", "Black"] = None
wm.authority_chart(
    table,
    title="Share of residents by group, per cent",
    unit="%",
    decimals=0,
    source=source + " One number left out to show what that looks like.",
    illustrative=True,
)
