"""A learner gets copies, keeps them, and sees their pictures."""

import hashlib
import os

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from oidc_lab.serve import lessons


@pytest.fixture
def stored(tmp_path):
    """Two stored lessons, read-only as in an installed package."""
    folder = tmp_path / "stored lessons"
    folder.mkdir()
    for name in (lessons.FIRST, "01_sign_in.ipynb"):
        cell = nbformat.v4.new_code_cell("1 + 1", id="c000", execution_count=1)
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": "<svg></svg>"})]
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / name)
        (folder / name).chmod(0o444)
    return folder


def contents(folder):
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()}


def trusted(lesson, work):
    notary = NotebookNotary(data_dir=str(work / ".jupyter" / "data"))
    signed = notary.check_signature(nbformat.read(lesson, as_version=4))
    notary.store.close()
    return signed


def test_the_first_start_copies_every_lesson(stored, tmp_path):
    work = tmp_path / "my lessons"
    copies = lessons.prepare(stored, work)
    assert [copy.name for copy in copies] == [lessons.FIRST, "01_sign_in.ipynb"]
    assert all(os.access(copy, os.W_OK) and copy.stat().st_mode & 0o200 for copy in copies)


def test_a_changed_copy_is_kept_and_a_removed_one_comes_back(stored, tmp_path):
    first, second = lessons.prepare(stored, tmp_path / "mine")
    first.write_text("changed", encoding="utf-8")
    second.unlink()
    assert lessons.prepare(stored, tmp_path / "mine") == [second]
    assert first.read_text(encoding="utf-8") == "changed"


def test_the_stored_lessons_are_never_changed(stored, tmp_path):
    before = contents(stored)
    for copy in lessons.prepare(stored, tmp_path / "mine"):
        copy.write_text("changed", encoding="utf-8")
    lessons.prepare(stored, tmp_path / "mine")
    assert contents(stored) == before


def test_a_copy_is_trusted_and_a_foreign_notebook_is_not(stored, tmp_path):
    work = tmp_path / "mine"
    copies = lessons.prepare(stored, work)
    assert all(trusted(copy, work) for copy in copies)
    foreign = nbformat.read(copies[0], as_version=4)
    foreign.cells[0].source = "2 + 2"
    nbformat.write(foreign, copies[0])
    lessons.prepare(stored, work)
    assert not trusted(copies[0], work)


def test_the_learners_settings_are_kept(tmp_path, monkeypatch):
    for name in lessons.jupyter_folders(tmp_path):
        monkeypatch.setenv(name, "elsewhere")  # put back after the test
    lessons.settle(tmp_path)
    (settings,) = (tmp_path / ".jupyter").rglob("*.jupyterlab-settings")
    assert settings.read_text(encoding="utf-8") == lessons.QUIET
    settings.write_text("{}", encoding="utf-8")
    lessons.settle(tmp_path)
    assert settings.read_text(encoding="utf-8") == "{}"
    assert os.environ["JUPYTER_CONFIG_DIR"].startswith(str(tmp_path))


def test_the_lab_listens_on_this_machine_and_on_no_other_port(tmp_path):
    given = lessons.arguments(tmp_path, port=8889, browser=False)
    assert {"--ServerApp.ip=127.0.0.1", "--ServerApp.port=8889", "--ServerApp.port_retries=0"} <= set(given)
    assert not any("token" in each for each in given)


def test_the_first_lesson_is_opened(stored, tmp_path):
    lessons.prepare(stored, tmp_path)
    given = lessons.arguments(tmp_path, port=8888, browser=True)
    assert f"--LabApp.default_url=/lab/tree/{lessons.FIRST}" in given
