"""The sample is found from a wheel, from an editable install and from a clone."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOAD = "import wmspatial as wm; print(wm.__file__); print(len(wm.load_sample().areas))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def loaded_from(package: Path, work: Path) -> list[str]:
    code = f"import sys; sys.path.insert(0, {str(package)!r}); {LOAD}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=work, check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()


def test_a_wheel_brings_the_sample(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    place, areas = loaded_from(tmp_path / "site", tmp_path)
    assert Path(place).is_relative_to(tmp_path)
    assert areas == "1680"


def test_a_clone_has_the_sample_beside_the_source(tmp_path: Path) -> None:
    place, areas = loaded_from(ROOT / "src", tmp_path)
    assert Path(place) == ROOT / "src" / "wmspatial" / "__init__.py"
    assert areas == "1680"


def test_the_wheel_is_typed_licensed_and_attributed_and_holds_no_script(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "wmspatial/py.typed" in names
    assert "wmspatial/_data/boundaries/ATTRIBUTION.md" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith("wmspatial/_data/") and ".py" in name]
