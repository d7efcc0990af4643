"""What keeps the lab from starting is said in one plain sentence."""

import shutil
import socket
import subprocess
import sys

import bootstrap
import environment
import pytest
from environment import CannotStart, Environment

from oidc_lab.serve import lessons


def is_one_sentence(text):
    return text.endswith("\n") and text.count("\n") == 1 and "Traceback" not in text


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13, "final", 0)])
def test_a_python_that_is_too_old_is_told_which_one_is_needed(version):
    sentence = bootstrap.too_old(version)
    assert "needs Python 3.11 or newer" in sentence
    assert ".".join(map(str, version[:3])) in sentence


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_a_python_that_is_new_enough_is_told_nothing(version):
    assert bootstrap.too_old(version) is None


def works(python):
    """Whether a name on the path is a Python, and not a shim for one that was never installed."""
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


def test_every_old_python_at_hand_says_one_sentence_and_fails(run, root):
    names = [shutil.which(name) for name in ("python2.7", "python3.6", "python3.8", "python3.10")]
    for python in (name for name in names if name and works(name)):
        said = run(python, root / ".ci" / "bootstrap.py", "lab")
        assert said.returncode == 1
        assert is_one_sentence(said.stderr), said.stderr


def test_the_first_file_says_nothing_that_an_old_python_cannot_read(root):
    source = (root / ".ci" / "bootstrap.py").read_text(encoding="ascii")  # Python 2 reads no other
    code = source.split('"""', 2)[2]
    # what the oldest stumble over: formatted strings, annotations, := and arguments after *
    for novelty in ('f"', "->", ": str", ":=", "*,"):
        assert novelty not in code


def test_a_missing_venv_module_names_the_debian_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(CannotStart, match="apt install python3-venv"):
        environment.check_venv_module()


def test_a_port_in_use_is_named_with_another_to_try(run, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = run(sys.executable, "-m", "oidc_lab", "lessons", "--port", port, "--folder", tmp_path / "mine")
    assert said.returncode == 1
    assert said.stderr == (f"the port {port} is in use: try  make lab PORT={port + 1}  or add --port {port + 1}\n")
    assert not (tmp_path / "mine").exists()


def test_a_number_that_is_no_port_is_refused():
    with pytest.raises(lessons.CannotOpen, match="99999 is not a port"):
        lessons.check_port(99999)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Failed to establish a new connection", "needs a network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "could not be installed"),
    ],
)
def test_a_failed_installation_is_one_sentence_that_names_the_log(tmp_path, said, sentence):
    env = Environment(tmp_path)
    env.log.write_text(said, encoding="utf-8")
    assert sentence in env.why_not()
    assert "install.log" in env.why_not()


def test_an_unknown_argument_is_named(run, root):
    said = run(sys.executable, root / ".ci" / "bootstrap.py", "setup", "--fast")
    assert said.returncode == 2
    assert is_one_sentence(said.stderr)
    assert "--fast" in said.stderr
