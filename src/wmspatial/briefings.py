"""Write a result out: the pages, the tables and what they rest on, all or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from wmspatial._export_cells import prepare
from wmspatial.errors import OutputError, require
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import geopandas as gpd

    from wmspatial.charts import Chart
    from wmspatial.charts.indicators import AuthorityIndicator
    from wmspatial.measures import LabourMarkets
    from wmspatial.provenance import Source
    from wmspatial.typology import Typology


class Briefing(NamedTuple):
    """The files of a briefing.

    Attributes
    ----------
    briefing : Path
        The briefing for those who decide, one HTML file with no script that needs no network.
    page : Path
        The interactive map, one HTML file that needs no network.
    areas : Path
        Every area with its class and evidence, CSV.
    authorities : Path
        Neighbourhoods in each class by authority, CSV.
    geopackage : Path
        The areas with their polygons.
    parameters : Path
        The parameters, to classify again with (``Parameters.from_toml``).
    about : Path
        Sources, parameters and caveats, text.
    """

    briefing: Path
    page: Path
    areas: Path
    authorities: Path
    geopackage: Path
    parameters: Path
    about: Path


def briefing(
    typology: Typology,
    folder: str | Path,
    *,
    earlier: Typology | None = None,
    sections: Mapping[str, str | bool | Chart] | None = None,
    sensitivity: bool = True,
    resamples: int = 0,
    labour_markets: bool | LabourMarkets = True,
    pay: Any = None,
    indicators: Iterable[AuthorityIndicator] = (),
    title: str | None = None,
) -> Briefing:
    """Write the briefing, the map, the tables and the GeoPackage of a result to a folder.

    The briefing is one page for those who decide: the headline in numbers, the map, classes by
    authority, who lives in the disconnected neighbourhoods, where these lie together, those that
    are disconnected under every assumption, the borders their commuters cross, what changed, how
    sure it is, the method, the sources. Its sentences are written from the numbers.

    All files are made in a temporary folder first and moved into place when every one is
    complete; files of the same names are replaced.

    Parameters
    ----------
    typology : Typology
        The result.
    folder : str or Path
        Where to write; made if it is not there.
    earlier : Typology, optional
        The same of the earlier census: adds what changed, by :func:`~wmspatial.compare`.
    sections : mapping of str to str, Chart or False, optional
        By name: Markdown or a :class:`~wmspatial.Chart` that takes the place of a section or,
        under another name, is added before the sources; False leaves a section out. The sections
        are ``"headline"``, ``"map"``, ``"classes"``, ``"who"``, ``"where"``, ``"always"``,
        ``"labour markets"``, ``"pay"``, ``"changed"``, ``"sure"``, ``"method"`` and
        ``"sources"``; the last always stays. HTML in Markdown shows as text, and pictures have to
        be data: URIs.
    sensitivity : bool, default True
        Whether to run the scenarios of the method (:meth:`Typology.sensitivity`), a few seconds
        for a combined authority.
    resamples : int, default 0
        How often to draw flows and jobs anew (:meth:`Typology.resample`); 0 for not at all.
    labour_markets : bool or LabourMarkets, default True
        Whether to find labour markets from the flows and hold them against those of the map, some
        seconds for England and Wales; or those that :func:`~wmspatial.travel_to_work_areas` found.
    pay : AuthorityIndicator, DataFrame, Series, mapping, or a list of two of these, optional
        Pay of residents, or of jobs, or both, by authority: your own table or what
        :func:`~wmspatial.read_official` gives for tables 7 and 8 of the Annual Survey of Hours and
        Earnings. Two tables of different years or bases stand in charts of their own. Without it
        there is no section on pay.
    indicators : iterable of AuthorityIndicator
        Further indicators by authority, a section each.
    title : str, optional
        The heading of the briefing.

    Returns
    -------
    Briefing
        The paths of the files.

    Raises
    ------
    InputError
        If a section or the title is not what it has to be, or the two results cannot be compared.
    OutputError
        If the folder cannot be made or written to; nothing is left half-written.

    Examples
    --------
    >>> import tempfile
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = wm.briefing(
    ...         typology, folder, sensitivity=False,
    ...         sections={"who": False, "What we ask for": "A bus *every ten minutes*."},
    ...     )
    ...     sorted(path.name for path in files)
    ['about.txt', 'authorities.csv', 'briefing.html', 'map.html', 'neighbourhoods.csv',
     'neighbourhoods.gpkg', 'parameters.toml']
    """
    from wmspatial.briefing_page import check_request, gather_for, write_page
    from wmspatial.maps import disconnection_map, save_html

    require(typology, "typology", "Typology", "wm.classify(...)")
    request = check_request(
        typology,
        earlier=earlier,
        sections=sections,
        sensitivity=sensitivity,
        resamples=resamples,
        title=title,
        labour_markets=labour_markets,
        pay=pay,
        indicators=indicators,
    )
    target = Path(folder)
    refuse_unwritable(target)
    kind = "wards" if typology.level == "ward" else "neighbourhoods"
    frame = _for_export(typology)
    facts = gather_for(typology, request)

    def write_map(path: Path) -> None:
        # What was worked out for the briefing can be seen on the map as well; not by ward, whose
        # map shows shares and no class of a neighbourhood.
        further: dict[str, Any] = {
            "sensitivity": facts.sensitivity,
            "residential": facts.residential,
            "change": facts.change,
        }
        page = disconnection_map(typology, **({} if kind == "wards" else further))
        save_html(page, path)

    writers: dict[str, Callable[[Path], object]] = {
        "briefing.html": lambda path: path.write_text(
            write_page(facts, request), encoding="utf-8", newline="\n"
        ),
        "map.html": write_map,
        f"{kind}.csv": lambda path: _write_csv(frame.drop(columns="geometry"), path),
        "authorities.csv": lambda path: _write_csv(_by_authority(typology), path),
        f"{kind}.gpkg": lambda path: _write_geopackage(frame, path, kind),
        "parameters.toml": lambda path: path.write_text(_parameters(typology), encoding="utf-8"),
        "about.txt": lambda path: path.write_text(
            about(typology, earlier, facts.given_sources), encoding="utf-8"
        ),
    }
    _write_all(target, writers)
    return Briefing(*(target / name for name in writers))


def refuse_unwritable(folder: str | Path) -> None:
    """Refuse a folder that cannot be written to, before any work goes into it.

    Parameters
    ----------
    folder : str or Path
        Where results are to go; it need not be there yet.

    Raises
    ------
    OutputError
        If it cannot be made or written to.

    Examples
    --------
    >>> refuse_unwritable(".")
    """
    target = Path(folder).absolute()
    existing = next(p for p in (target, *target.parents) if p.exists())
    if not existing.is_dir():
        raise _unwritable(target, f"{existing} is a file")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise _unwritable(target, f"no permission to write to {existing}")


def _unwritable(target: Path, why: object) -> OutputError:
    return OutputError(
        f"{target}: cannot be written to ({why}). Choose another folder, or check its permissions."
    )


def _write_all(target: Path, writers: dict[str, Callable[[Path], object]]) -> None:
    """Make every file aside, then move them into place together."""
    work: Path | None = None
    try:
        target.mkdir(parents=True, exist_ok=True)
        blocked = [name for name in writers if (target / name).is_dir()]
        if blocked:
            raise IsADirectoryError(f"{blocked[0]} is a folder there")
        work = Path(tempfile.mkdtemp(prefix=".wmspatial-", dir=target))
        for name, write in writers.items():
            write(work / name)
        for name in writers:
            (work / name).replace(target / name)
    except OSError as error:
        raise _unwritable(target, error.strerror or error) from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def _for_export(typology: Typology) -> gpd.GeoDataFrame:
    """Add the explanation, and the mark of illustrative data, to every row."""
    frame = typology.frame.copy()
    frame.insert(len(frame.columns) - 1, "explanation", typology.explanations())
    if typology.illustrative:
        frame.insert(0, "note", ILLUSTRATIVE)
    frame.columns.name = None
    return frame


def _parameters(typology: Typology) -> str:
    mark = f"# {ILLUSTRATIVE}\n" if typology.illustrative else ""
    return mark + typology.parameters.to_toml()


def _by_authority(typology: Typology) -> pd.DataFrame:
    table = typology.summary()
    people = typology.summary(weight="residents").add_prefix("Residents: ")
    table = table.join(people)
    if typology.illustrative:
        table.insert(0, "note", ILLUSTRATIVE)
    table.columns.name = None
    return table


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a CSV that opens in a spreadsheet with its accents right and no formula in it."""
    safe = prepare(table, guard=True, illustrative=False, digits=None).frame
    # Ten digits keep every count whole and leave out the noise of the last bits.
    safe.to_csv(path, index=False, encoding="utf-8-sig", float_format="%.10g")


def _write_geopackage(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    import pyogrio

    plain = frame.copy()
    for column in plain.columns[plain.dtypes == "category"]:
        plain[column] = plain[column].astype("str")
    try:
        plain.reset_index().to_file(path, layer=layer, driver="GPKG", engine="pyogrio")
    except pyogrio.errors.DataSourceError as error:
        # GDAL's own error for a full disk and the like; the caller knows what to say of an OSError.
        raise OSError(str(error)) from error


def about(
    typology: Typology, earlier: Typology | None = None, further: Iterable[Source] = ()
) -> str:
    """Write down what a result rests on: parameters, caveats, sources, repairs.

    Parameters
    ----------
    typology : Typology
        The result.
    earlier : Typology, optional
        What it is compared with: its tables are listed too.
    further : iterable of Source
        Other tables that are shown beside it.

    Returns
    -------
    str
        Plain text.

    Examples
    --------
    >>> import wmspatial as wm
    >>> about(wm.classify(wm.load_sample())).splitlines()[0]
    'Illustrative data, not statistics'
    """
    from wmspatial import __version__

    dataset = typology.dataset
    lines = [ILLUSTRATIVE, ""] if typology.illustrative else []
    place = f"{typology.study_area}, {typology.vintage or 'vintage not given'}"
    lines += [
        f"Labour market disconnection among deprived neighbourhoods: {place}",
        f"Made with wmspatial {__version__} on {pd.Timestamp.now().date().isoformat()}.",
        "",
        "Parameters",
        *(f"  {name} = {value!r}" for name, value in typology.parameters.to_dict().items()),
        f"  deprivation = {dataset.deprivation!r}",
        "",
        "What to know",
        *(f"  - {text}" for text in typology.caveats),
        "",
        "Commuting flows",
        *(f"  {line}" for line in repr(dataset.flows).strip("<>").splitlines()),
        "",
        "Repairs and gaps",
        *([f"  - {text}" for text in dataset.report] or ["  none"]),
        "",
        "Sources",
    ]
    before = earlier.provenance if earlier is not None else ()
    sources = [*typology.provenance, *before, *further]
    for source in dict.fromkeys(sources):
        lines.append(f"  - {source}. {source.licence or 'Licence not stated'}.")
        if source.file:
            lines.append(f"    {source.file}, {source.rows:,} rows, sha256 {source.sha256}")
        lines.extend(f"    {text}" for text in (source.origin, source.attribution) if text)
        lines.extend(f"    {note}" for note in source.notes)
    return "\n".join(lines) + "\n"
