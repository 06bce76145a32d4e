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
# # Bring your own data
#
# A spreadsheet with area codes is all it takes: read it, join it, map it, bring it to another census, and
# write it for others. **Illustrative data, not statistics**: the table here is made up on the spot.

# %%
from pathlib import Path

import pandas as pd

import wmspatial as wm

typology = wm.classify(wm.load_sample())

# %% [markdown]
# A file as a colleague might send it: a heading that is none, thousands separators, per cent signs, a
# count left out, a total at the end.

# %%
areas = typology.frame
waiting = 35 - 30 * areas["deprivation_rank"] / areas["deprivation_rank"].max()
made = pd.DataFrame(
    {
        "LSOA11CD": areas.index,
        "Patients": [f"{10 * residents:,.0f}" for residents in areas["residents"]],
        "Waiting": [f"{share:.1f}%" for share in waiting],
    }
)
made.loc[2, "Waiting"] = "*"
total = 'Total,"27,364,600",\n'
Path("surgeries.csv").write_text("Patients by LSOA\n\n" + made.to_csv(index=False) + total)
made.head()

# %%
patients = wm.read_table("surgeries.csv")
print(*patients.attrs["report"], sep="\n")

# %% [markdown]
# ## Join
#
# Every area is kept; what did not match is reported, not dropped in silence.

# %%
joined, report = wm.join(areas, patients)
print(report)

# %% picture="own_data"
wm.map_figure(
    joined,
    "Waiting",
    breaks=[10, 20, 30],
    unit="%",
    higher="worse",
    label="Patients who waited",
    title="A column of your own: West Midlands (sample)",
    source="A made-up table.",
    size="16:9",
)

# %% [markdown]
# ## To another census
#
# Nothing about a column is guessed: counts add up, rates are averaged. The lookup here is two made-up
# pairs; the official one comes with `wm.load(...).crosswalk`, or by `wm.read_official(path)`.

# %%
lookup = pd.DataFrame(
    {
        "lsoa11": ["E01008881", "E01008881", "E01008882"],
        "lsoa21": ["E01034001", "E01034002", "E01008882"],
        "change": ["S", "S", "U"],
    }
)
weights = pd.Series({"E01034001": 900, "E01034002": 600, "E01008882": 1500})
two = patients.loc[["E01008881", "E01008882"]]
wm.convert(
    two, lookup, to=2021, counts=["Patients"], rates={"Waiting": "Patients"}, weights=weights
)

# %% [markdown]
# ## Write it for others
#
# A CSV that a spreadsheet opens without trouble, in which no text becomes a formula, with a note of where
# the numbers come from beside it.

# %%
columns = ["name", "authority", "labour_market_class", "Patients", "Waiting"]
for path in wm.write_table(joined[columns], "patients.csv", illustrative=True, digits=4):
    print(path, f"{path.stat().st_size:,} bytes")
