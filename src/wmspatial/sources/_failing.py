"""Say in one short error what did not come, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wmspatial.errors import examples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wmspatial.sources._outcomes import Outcome, Result

_HOSTS_SHOWN = 3


def told(outcome: Outcome, waiting: Sequence[str]) -> str:
    """Say what did not come.

    Data sets whose servers cannot be reached are named together, with one reason: without a
    network all have the same one.

    Parameters
    ----------
    outcome : Outcome
        What became of all that was tried.
    waiting : sequence of str
        Data sets that were not tried, because what they wait for did not come.

    Returns
    -------
    str
        One paragraph.
    """
    failed = [result for result in outcome.results if result.fault]
    came = len(outcome.results) - len(failed)
    unreached = [result for result in failed if result.unreached]
    together = {f"{result.wanted.key}: {result.fault}" for result in unreached}
    faults = [fault for fault in outcome.faults if fault not in together]
    if len(faults) > 1:
        faults = [f"({at}) {fault}" for at, fault in enumerate(faults, start=1)]
    if unreached:
        names = [result.wanted.key for result in unreached]
        faults.append(_no_way(names + list(waiting), unreached))
    count = len(outcome.results) + len(waiting)
    kept = "What did come is in the store; the" if came else "The"
    return (
        f"{count - came} of {count} data sets did not come. {' '.join(faults)} {kept} same command "
        "again goes on with the rest."
    )


def _no_way(names: Sequence[str], unreached: Sequence[Result]) -> str:
    """Name what failed for want of a connection, and say what can be done."""
    hosts = list(dict.fromkeys(result.unreached[0] for result in unreached))
    why = unreached[0].unreached[1]
    proxy = (
        "Check its address; where there is none, take HTTPS_PROXY away"
        if "HTTPS_PROXY" in why
        else "Behind an organisation's proxy HTTPS_PROXY has to name it"
    )
    return (
        f"No connection to {examples(hosts, _HOSTS_SHOWN)} for {', '.join(names)}: {why} {proxy}; "
        "without a network 'wmspatial data adopt DIR' takes files that were downloaded elsewhere."
    )
