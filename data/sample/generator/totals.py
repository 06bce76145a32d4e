"""Published totals of whole authorities: the only statistics the sample is tied to.

Everything below the authority is drawn. Sources, all under the Open Government Licence v3.0
(Contains National Statistics data © Crown copyright and database right):

- residents and ethnic groups: 2011 Census, table KS201EW;
- deprived: number of LSOAs with an Index of Multiple Deprivation 2015 rank among the 20 % most
  deprived of England's 32,844;
- jobs: BRES 2021, sum of the rounded LSOA estimates (Business Register and Employment Survey,
  open access, employment);
- employed residents and their destinations that are not a place in England or Wales: 2011 Census,
  table WU01EW.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NOTE: Final = "Illustrative data, not statistics"
NATION: Final = "England"
RANKED_AREAS: Final = 32_844
"""LSOAs of England in 2011: ranks run from 1 (most deprived) to this number."""

DEPRIVED_SHARE: Final = 0.2
GROUPS: Final = ("white", "mixed", "asian", "black", "other")
SPECIAL_DESTINATIONS: Final = (
    "OD0000001",  # mainly at or from home
    "OD0000002",  # offshore installation
    "OD0000003",  # no fixed place
    "OD0000004",  # outside the United Kingdom
    "S92000003",  # Scotland
    "N92000002",  # Northern Ireland
)


@dataclass(frozen=True)
class Totals:
    """What is published for one authority; counts of people, jobs or LSOAs.

    Attributes
    ----------
    code, name : str
        ONS code and name of the authority.
    lsoas : int
        Number of 2011 LSOAs.
    deprived : int
        Number of them among the 20 % most deprived of England (IMD 2015).
    groups : tuple of int
        Residents who are white, mixed, Asian, black, other (2011 Census, KS201EW); people.
    jobs : int
        BRES 2021, sum of the rounded LSOA estimates; jobs.
    employed : int
        Employed residents (2011 Census, WU01EW); people.
    special : tuple of int
        Employed residents by `SPECIAL_DESTINATIONS`, part of `employed`; people.
    wards : int
        Number of illustrative wards: as many as the authority had real ones.
    labour_market : str
        Illustrative labour market.
    """

    code: str
    name: str
    lsoas: int
    deprived: int
    groups: tuple[int, int, int, int, int]
    jobs: int
    employed: int
    special: tuple[int, int, int, int, int, int]
    wards: int
    labour_market: str

    @property
    def residents(self) -> int:
        """All residents: the sum of the five groups."""
        return sum(self.groups)


AUTHORITIES: Final = (
    Totals(
        code="E08000025",
        name="Birmingham",
        lsoas=639,
        deprived=350,
        groups=(621_636, 47_605, 285_640, 96_360, 21_804),
        jobs=540_265,
        employed=425_748,
        special=(33_231, 424, 34_239, 421, 336, 63),
        wards=69,
        labour_market="X30000001",
    ),
    Totals(
        code="E08000026",
        name="Coventry",
        lsoas=195,
        deprived=61,
        groups=(234_029, 8_230, 51_598, 17_764, 5_339),
        jobs=165_080,
        employed=138_142,
        special=(10_157, 114, 9_367, 137, 99, 8),
        wards=18,
        labour_market="X30000002",
    ),
    Totals(
        code="E08000027",
        name="Dudley",
        lsoas=201,
        deprived=43,
        groups=(281_607, 5_758, 18_942, 4_671, 1_947),
        jobs=117_960,
        employed=142_669,
        special=(11_139, 73, 10_172, 98, 236, 15),
        wards=24,
        labour_market="X30000003",
    ),
    Totals(
        code="E08000028",
        name="Sandwell",
        lsoas=186,
        deprived=102,
        groups=(215_471, 10_199, 59_258, 18_357, 4_778),
        jobs=124_770,
        employed=129_039,
        special=(7_902, 77, 9_050, 64, 192, 9),
        wards=24,
        labour_market="X30000003",
    ),
    Totals(
        code="E08000029",
        name="Solihull",
        lsoas=134,
        deprived=22,
        groups=(184_244, 4_404, 13_561, 3_239, 1_226),
        jobs=143_770,
        employed=98_539,
        special=(10_163, 66, 6_847, 147, 74, 8),
        wards=17,
        labour_market="X30000001",
    ),
    Totals(
        code="E08000030",
        name="Walsall",
        lsoas=167,
        deprived=77,
        groups=(212_469, 7_224, 41_022, 6_369, 2_239),
        jobs=101_190,
        employed=112_780,
        special=(8_251, 58, 8_253, 76, 160, 11),
        wards=20,
        labour_market="X30000004",
    ),
    Totals(
        code="E08000031",
        name="Wolverhampton",
        lsoas=158,
        deprived=81,
        groups=(169_682, 12_784, 44_960, 17_309, 4_735),
        jobs=107_255,
        employed=104_765,
        special=(7_343, 82, 7_354, 68, 424, 12),
        wards=20,
        labour_market="X30000004",
    ),
)

LABOUR_MARKETS: Final = {
    "X30000001": "Birmingham and Solihull (sample)",
    "X30000002": "Coventry (sample)",
    "X30000003": "Dudley and Sandwell (sample)",
    "X30000004": "Wolverhampton and Walsall (sample)",
}
