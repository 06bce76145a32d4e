"""Draw a sensitivity table as a chart that reads in greyscale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wmspatial.charts import Chart
    from wmspatial.typology.sensitivity import Sensitivity

_DARK: Final = "#7a1033"
_QUIET: Final = "#6f7580"
#: What the choices of the default grid are called where a reader meets them.
CHOICES: Final = {
    "pez_denominator": "jobs held against",
    "connection": "connection score",
    "reference": "cut taken among",
    "cut": "cut",
}


def draw(result: Sensitivity, text: str) -> Chart:
    """Draw the range over the scenarios for each alternative of each choice."""
    from wmspatial.charts.chart import Chart, new_figure

    place_of = result.typology
    title = (
        f"What the number hangs on: {place_of.study_area}, {place_of.vintage}, "
        f"{len(result.scenarios):,} scenarios"
    )
    table = result.table()
    rows: list[tuple[str, str]] = []
    for key in table.index:
        name, option = str(key[0]), str(key[1])
        if (name, "") not in rows:
            rows.append((name, ""))
        rows.append((name, option))
    figure, axes = new_figure(
        title, size=(8.2, 0.9 + 0.3 * len(rows)), illustrative=place_of.illustrative
    )
    base = int((result.frame["labour_market_class"] == "Disconnected").sum())
    axes.axvline(base, color=_QUIET, linewidth=1, linestyle="--", zorder=0)
    axes.annotate(
        f"with the parameters given: {base:,}",
        (base, 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, 3),
        textcoords="offset points",
        fontsize=8,
        color=_QUIET,
    )
    labels = []
    spans = {
        (str(c), str(a)): row for (c, a), row in zip(table.index, table.to_numpy(), strict=True)
    }
    for place, (choice, alternative) in enumerate(rows):
        if not alternative:
            labels.append(CHOICES.get(choice, choice.replace("_", " ")))
            continue
        labels.append(alternative)
        _, least, median, most = spans[choice, alternative]
        axes.plot([least, most], [place, place], color=_DARK, linewidth=2.5, solid_capstyle="butt")
        axes.plot([median], [place], "o", color="white", markeredgecolor=_DARK, markersize=7)
    axes.set_yticks(range(len(rows)), labels)
    for label, (_, alternative) in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("normal" if alternative else "bold")
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="#e2e2e2")
    axes.set_axisbelow(True)
    axes.set_xlim(left=0)
    axes.set_xlabel("Neighbourhoods disconnected: least, median (ring) and most")
    return Chart(figure, title, text, illustrative=place_of.illustrative)
