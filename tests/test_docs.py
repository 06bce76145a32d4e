"""What the documents say is what the code does."""

import re
import sys
from pathlib import Path

import pytest

import wmspatial as wm
from wmspatial.sources import layouts
from wmspatial.sources.tables import Layout

ROOT = Path(__file__).resolve().parents[1]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.usefixtures("read_once")
def test_the_figures_of_the_method_page_are_what_the_command_prints(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from fill_method import fill
    from method_figures import figures

    document = read("docs/method.md")
    assert fill(document, figures(data_dir)) == document
    for module in ("fill_method", "method_figures"):
        sys.modules.pop(module, None)


def _layouts() -> list[Layout]:
    found: list[Layout] = []
    for value in vars(layouts).values():
        parts = value.values() if isinstance(value, dict) else [value]
        found += [part for part in parts if isinstance(part, Layout)]
    return found


@pytest.mark.parametrize("layout", _layouts(), ids=lambda layout: layout.path.split("/")[-1][:40])
def test_the_data_page_names_every_file_and_column(layout: Layout) -> None:
    row = next(line for line in read("docs/data.md").splitlines() if f"`{layout.path}`" in line)
    columns = ["Employment"] if layout is layouts.JOBS else list(layout.columns)
    assert all(f"`{column}`" in row for column in columns)


def test_the_data_page_names_every_boundary_file() -> None:
    page = read("docs/data.md")
    files = [part[0] for pair in layouts.BOUNDARIES.values() for part in pair]
    files += [part[0] for part in layouts.WARD_BOUNDARIES.values()]
    assert all(f"`{file}`" in page for file in files)


def test_links_between_the_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_ci_runs_the_test_command_of_the_readme() -> None:
    command = next(line for line in read("README.md").splitlines() if line.endswith("-m pytest"))
    assert command in read(".ci/run").splitlines()


def test_every_dependency_has_its_reason() -> None:
    project = read("pyproject.toml").split("dependencies = [", 1)[1].split("]\n", 1)[0]
    names = re.findall(r'"([a-z0-9-]+)[>=<]', project)
    reasons = read("docs/architecture.md")
    assert [name for name in names if not re.search(rf"\b{name}\b", reasons)] == []


def test_every_column_of_a_result_is_explained() -> None:
    page = read("docs/columns.md")
    typology = wm.classify(wm.load_sample())
    wards = typology.by_ward()
    columns = {*typology.frame.columns, *wards.columns} - {"geometry", "planted"}
    by_class = {c for c in columns if c.startswith(("residents_", "neighbourhoods_"))}
    assert [c for c in sorted(columns - by_class) if f"`{c}`" not in page] == []
