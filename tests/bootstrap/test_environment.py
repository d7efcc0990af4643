"""The environment is made once, and again only when what decides it has changed."""

import json
import re
import shutil
import sys

import pytest
from environment import LOCKS, Environment


@pytest.fixture
def installed(root, tmp_path):
    """An environment in a folder with a space in its name that looks installed, made without a network."""
    copy = tmp_path / "a copy of the lab"
    copy.mkdir()
    shutil.copy(root / "pyproject.toml", copy)
    env = Environment(copy / ".venv", copy)
    env.programs.mkdir(parents=True)
    env.python.touch()
    env.stamp.write_text(json.dumps({"lab": env.wanted("lab")}), encoding="utf-8")
    return env


@pytest.fixture
def attempts(monkeypatch):
    """What would have been run, instead of running it."""
    made = []
    monkeypatch.setattr(Environment, "attempt", lambda self, command: made.append(command) or True)
    monkeypatch.setattr(Environment, "create", lambda self: made.append("create"))
    return made


def test_a_second_start_runs_nothing(installed, attempts):
    installed.ensure("lab")
    assert attempts == []


def test_checks_add_to_what_lessons_need(installed, attempts):
    installed.ensure("test")
    assert "create" not in attempts
    assert any(LOCKS["test"] in command for command in attempts)
    assert installed.has("test")
    assert installed.has("lab")


def test_a_changed_dependency_makes_it_anew(installed, attempts):
    pyproject = installed.root / "pyproject.toml"
    pyproject.write_text(pyproject.read_text(encoding="utf-8").replace('"flask>=3.1"', '"flask>=3.2"'))
    installed.ensure("lab")
    assert attempts[0] == "create"


def test_a_changed_linter_rule_does_not(installed, attempts):
    pyproject = installed.root / "pyproject.toml"
    changed = pyproject.read_text(encoding="utf-8").replace("line-length = 110", "line-length = 111")
    pyproject.write_text(changed, encoding="utf-8")
    installed.ensure("lab")
    assert attempts == []


def test_a_moved_folder_makes_it_anew(installed):
    moved = installed.root.rename(installed.root.with_name("moved"))
    assert not Environment(moved / ".venv", moved).has("lab")


def test_an_interrupted_installation_is_not_taken_for_a_whole_one(installed):
    installed.stamp.unlink()
    assert not installed.has("lab")


def test_without_uv_pip_installs_the_same_lock(installed, attempts, monkeypatch):
    monkeypatch.setattr(Environment, "get_uv", lambda self: False)
    installed.install("lab")
    dependencies, itself = attempts
    assert dependencies[1:4] == ["-m", "pip", "install"]
    assert {"--require-hashes", "--no-deps", LOCKS["lab"]} <= set(dependencies)
    assert itself[-2:] == ["--editable", installed.root]


def documented(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE))
    tasks = set(re.findall(r"bootstrap\.py ([a-z]+)", text))
    return targets, tasks


def test_every_command_in_the_readme_exists(run, root):
    targets, tasks = documented(root)
    assert {"lab", "test"} <= targets
    assert tasks >= targets
    for target in targets:
        said = run("make", "-n", target, "PYTHON=python3")
        assert said.returncode == 0, said.stderr
    for task in tasks:
        assert run(sys.executable, root / ".ci" / "bootstrap.py", task, "--help").returncode == 0


def test_every_task_is_in_the_readme(run, root):
    listed = run(sys.executable, root / ".ci" / "bootstrap.py", "--help").stdout
    assert set(re.findall(r"^    ([a-z]+)(?: |$)", listed, re.MULTILINE)) == documented(root)[1]


def test_a_folder_with_a_space_in_its_name_works(run, root, tmp_path):
    copy = tmp_path / "a copy of the lab"
    shutil.copytree(root / ".ci", copy / ".ci")
    shutil.copy(root / "Makefile", copy)
    shutil.copy(root / "pyproject.toml", copy)
    said = run("make", "clean", f"PYTHON={sys.executable}", cwd=copy)
    assert (said.returncode, said.stderr) == (0, "")
