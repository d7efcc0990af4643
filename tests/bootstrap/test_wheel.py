"""A wheel carries the lessons and the data, and works in an empty environment without the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SIGN_IN = """
import oidc_lab
from oidc_lab import Lab
with Lab() as lab:
    result = lab.sign_in("web-shop", "anna").finish().result
    print(oidc_lab.__file__)
    print(result.sub, len(lab.users), len(lab.applications))
"""
LESSONS = """
from pathlib import Path
from oidc_lab.serve import lessons
print(*(each.name for each in lessons.prepare(lessons.stored_lessons(), Path("mine"))))
"""


def names(folder: Path) -> set[str]:
    """The files directly in a folder."""
    return {each.name for each in folder.iterdir() if each.is_file()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built from a copy of what it is made of, in a folder with a space in its name."""
    source = tmp_path_factory.mktemp("source") / "oidc lab"
    for name in ("src", "data", "notebooks"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (built,) = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the wheel and its dependencies, and not the checkout.

    The dependencies are lent by this environment, so that no network is needed. A path in a .pth file is not
    searched for .pth files itself, so the editable installation of the checkout stays behind.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / "environment"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    there = programs / ("python.exe" if os.name == "nt" else "python")
    install: list[str | Path] = ["-m", "pip", "--python", there, "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run([sys.executable, *install], check=True, capture_output=True)
    ask: list[str | Path] = [there, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return there


def said(python: Path, program: str, folder: Path) -> str:
    """What a program prints there."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [python, "-c", program], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_lessons_and_the_data_are_inside_the_package(wheel: Path) -> None:
    """Every file of both, and nothing beside the package."""
    with zipfile.ZipFile(wheel) as archive:
        inside = {Path(name) for name in archive.namelist()}
    for stored, packed in (("notebooks", "_notebooks"), ("data", "_data")):
        assert {each.name for each in inside if each.parent == Path("oidc_lab", packed)} == names(ROOT / stored)
    assert {each.parts[0] for each in inside} == {"oidc_lab", "oidc_lab-0.1.0.dist-info"}
    assert Path("oidc_lab/pages/templates/sign_in.html") in inside


def test_it_signs_a_user_in_without_the_checkout(python: Path, tmp_path: Path) -> None:
    """What a lesson's first cell does."""
    module, result = said(python, SIGN_IN, tmp_path).splitlines()
    assert not Path(module).is_relative_to(ROOT)
    assert Path(module).is_relative_to(python.parents[1])
    assert result == "anna 6 4"


def test_it_opens_its_own_lessons(python: Path, tmp_path: Path) -> None:
    """A learner's copies are made from those inside the package."""
    assert set(said(python, LESSONS, tmp_path).split()) == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_its_program_is_installed(python: Path, tmp_path: Path) -> None:
    """oidc-lab is there, and knows its commands."""
    program = next(python.parent.glob("oidc-lab*"))
    told = subprocess.run([program, "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert {"lessons", "serve", "data"} <= set(told.stdout.split())
