"""The live services, as fetching asks for them: files, layers of a map server, Nomis queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wmspatial.sources.arcgis import download_layer, where_in
from wmspatial.sources.http import a_zip, not_a_page
from wmspatial.sources.nomis_api import Nomis

if TYPE_CHECKING:
    from pathlib import Path

    from wmspatial.sources._arriving import Moved, Notes
    from wmspatial.sources._planning import Wanted
    from wmspatial.sources.catalogue import Address
    from wmspatial.sources.http import Door


class Services:
    """Everything fetching asks of the network, through one door.

    Parameters
    ----------
    door : Door
        The door.
    """

    def __init__(self, door: Door) -> None:
        self.door = door

    def file(self, address: Address, to: Path, moved: Moved) -> Notes:
        """Download a file; one that is partly there is gone on with."""
        check = a_zip if address.kind == "zip" else not_a_page
        return self.door.download(address.url, to, progress=moved, check=check).notes

    def layer(self, wanted: Wanted, address: Address, to: Path, moved: Moved) -> Notes:
        """Ask a map server for features, all of them or those of some codes."""
        columns = wanted.entry.columns
        field = address.parameters.get("code_field") or (columns[0] if columns else "")
        return download_layer(
            address.url,
            to,
            self.door,
            where=where_in(field, wanted.codes) if wanted.codes else "1=1",
            fields=columns or ("*",),
            geometry=wanted.shapes,
            progress=moved,
        ).notes

    def query(self, address: Address, to: Path, moved: Moved) -> Notes:
        """Ask Nomis for a table."""
        return Nomis(self.door).download(address.url, address.parameters, to, progress=moved).notes
