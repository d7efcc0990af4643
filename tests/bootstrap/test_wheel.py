"""A wheel carries the lessons and the data, and needs no checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PRINT_LESSONS = """
from oidc_lab.serve import lessons
print(lessons.__file__)
print(*(each.name for each in lessons.stored_lessons().iterdir()))
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """What a wheel of this package holds, built from a copy with one lesson and one file of data."""
    root = Path(__file__).resolve().parents[2]
    source = tmp_path_factory.mktemp("source") / "oidc lab"
    shutil.copytree(root / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(root / name, source)
    for name in ("notebooks/00_start_here.ipynb", "data/applications.json"):
        (source / name).parent.mkdir()
        (source / name).write_text("{}", encoding="utf-8")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = (source / "dist").glob("*.whl")
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def test_the_lessons_and_the_data_are_inside_the_package(unpacked):
    assert (unpacked / "oidc_lab" / "_notebooks" / "00_start_here.ipynb").exists()
    assert (unpacked / "oidc_lab" / "_data" / "applications.json").exists()
    assert {each.name for each in unpacked.iterdir()} == {"oidc_lab", "oidc_lab-0.1.0.dist-info"}


def test_an_installed_package_opens_its_own_lessons(unpacked, tmp_path):
    said = subprocess.run(
        [sys.executable, "-c", PRINT_LESSONS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    )
    module, names = said.stdout.splitlines()
    assert Path(module).is_relative_to(unpacked)
    assert names == "00_start_here.ipynb"
