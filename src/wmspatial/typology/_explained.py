"""The sentences of a typology: for neighbourhoods, wards, authorities and the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from wmspatial.errors import AreaNotFoundError, examples
from wmspatial.geography.lookup import nearest
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology.explain import (
    Setting,
    explain_area,
    explain_neighbourhood,
    explain_ward,
    given_sentence,
)
from wmspatial.typology.wards import residents_by_class

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.dataset import Dataset
    from wmspatial.typology.agreement import Agreement
    from wmspatial.typology.parameters import Parameters


class Explained:
    """What a :class:`~wmspatial.Typology` can say of its areas."""

    neighbourhoods: gpd.GeoDataFrame
    parameters: Parameters
    dataset: Dataset
    agreement: Agreement | None

    if TYPE_CHECKING:

        @property
        def level(self) -> str: ...

        @property
        def study_area(self) -> str: ...

        @property
        def illustrative(self) -> bool: ...

        def by_ward(self) -> gpd.GeoDataFrame: ...

    def explain(self, code: str) -> str:
        """Say in plain English why an area has its class, with the numbers that decided.

        Parameters
        ----------
        code : str
            Code or name of a neighbourhood or of a ward, or the name of an authority or of the
            study area.

        Returns
        -------
        str
            One sentence.

        Raises
        ------
        AreaNotFoundError
            If there is no such area; the nearest names are given.

        Examples
        --------
        >>> import wmspatial as wm
        >>> typology = wm.classify(wm.load_sample())
        >>> typology.explain("E01008881").startswith("Birmingham 067A (E01008881)")
        True
        """
        frame = self.neighbourhoods
        for column in (None, "name"):
            keys = frame.index if column is None else frame.get(column)
            if keys is not None and (keys == code).any():
                return str(self._sentences(frame.loc[keys == code]).iloc[0])
        for column in ("ward_code", "ward"):
            if column in frame.columns and (frame[column] == code).any():
                wards = frame.loc[frame[column] == code, "ward_code"].unique()
                if len(wards) > 1:
                    raise AreaNotFoundError(
                        f"{len(wards)} wards are called {code!r}: {examples(wards)}. Give a code."
                    )
                ward = wards[0]
                return self._said(explain_ward(ward, self.by_ward().loc[ward].to_dict()))
        areas = self.explain_areas()
        if code in areas.index:
            return str(areas[code])
        names = [*frame.index, *frame.get("name", []), *frame.get("ward", []), *areas.index]
        raise AreaNotFoundError(f"No area {code!r} in {self.study_area}. {nearest(code, names)}")

    def explanations(self) -> pd.Series[str]:
        """Explain every area of :attr:`frame`, as :meth:`explain` does for one.

        Returns
        -------
        Series of str
            One sentence an area, indexed by code.

        Examples
        --------
        >>> import wmspatial as wm
        >>> len(wm.classify(wm.load_sample()).explanations())
        1680
        """
        if self.level != "ward":
            return self._sentences(self.neighbourhoods)
        wards = self.by_ward()
        rows = wards.drop(columns="geometry", errors="ignore").to_dict("records")
        texts = [self._said(explain_ward(c, r)) for c, r in zip(wards.index, rows, strict=True)]
        return pd.Series(texts, index=wards.index, name="explanation", dtype="str")

    def explain_areas(self) -> pd.Series[str]:
        """Explain every authority, and the study area as a whole.

        Returns
        -------
        Series of str
            Two or three sentences each, indexed by name; the study area last.

        Examples
        --------
        >>> import wmspatial as wm
        >>> wm.classify(wm.load_sample()).explain_areas()["Solihull"].split(" and ")[0]
        'Solihull: 22 of its 134 neighbourhoods are among the 20 % most deprived,'
        """
        frame = self.neighbourhoods.assign(_all=self.study_area)
        sums = []
        if "authority" in frame.columns:
            sums.append(_sums(frame, "authority"))
        if not sums or list(sums[0].index) != [self.study_area]:
            sums.append(_sums(frame, "_all"))
        table = pd.concat(sums)
        share = self.parameters.deprived_share
        source = self.agreement.source if self.agreement is not None else ""
        texts = [
            self._said(explain_area(str(name), row, share, source))
            for name, row in zip(table.index, table.to_dict("records"), strict=True)
        ]
        return pd.Series(texts, index=table.index.rename(None), name="explanation", dtype="str")

    def _sentences(self, frame: pd.DataFrame) -> pd.Series[str]:
        setting = Setting(
            self.parameters,
            self.dataset.ranked_areas,
            self.dataset.deprivation,
            self.study_area,
            bool(self.neighbourhoods["zone"].dropna().duplicated().any()),
            official_markets=self.dataset.official_markets,
        )
        table = frame.drop(columns="geometry")
        # What hangs on a frame is copied with every column that is taken from it.
        table.attrs = {}
        rows = table.to_dict("records")
        texts = [
            self._said(explain_neighbourhood(code, row, setting) + given_sentence(row))
            for code, row in zip(frame.index, rows, strict=True)
        ]
        return pd.Series(texts, index=frame.index, name="explanation", dtype="str")

    def _said(self, text: str) -> str:
        return f"{text} ({ILLUSTRATIVE}.)" if self.illustrative else text


def _sums(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sum classes, and the deprived whatever their class, to larger areas."""
    sums = residents_by_class(frame, by)
    deprived = frame[frame["deprived"]].groupby(by)["residents"]
    sums["neighbourhoods_deprived"] = deprived.size().reindex(sums.index, fill_value=0)
    sums["residents_deprived"] = deprived.sum().reindex(sums.index, fill_value=0.0)
    return sums
