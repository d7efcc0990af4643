"""oidc-lab serve says what a client needs, does what it says, and gives up in one plain sentence."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from oidc_lab.lab import data as demo
from oidc_lab.serve.command import TOKEN, main

# A shell that starts a program in the background has it ignore Ctrl-C; this one listens whoever starts it.
PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from oidc_lab.serve.command import main
main(sys.argv[1:], prog_name="oidc-lab")
"""


@pytest.fixture
def oidc_lab() -> Callable[..., Result]:
    """Run the program in this process."""
    return lambda *arguments: CliRunner().invoke(main, [str(each) for each in arguments])


def test_it_serves_what_it_says_until_it_is_interrupted() -> None:
    """Issuer, discovery, applications and passwords are printed; Ctrl-C ends it well."""
    arguments = ["serve", "--port", "0", "--redirect-uri", "web-shop=http://localhost:3000/callback"]
    command = [sys.executable, "-c", PROGRAM, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        said: list[str] = []
        while "Ctrl-C stops it." not in said:
            said.append(served.stdout.readline().rstrip("\n"))
            assert served.poll() is None
        discovery = next(line.split()[-1] for line in said if line.startswith("Discovery"))
        metadata = requests.get(discovery, timeout=10).json()
        keys = requests.get(metadata["jwks_uri"], timeout=10).json()["keys"]
        served.send_signal(2)
        rest, problems = served.communicate(timeout=10)
    assert (served.returncode, problems, rest.strip()) == (0, "", "Stopped.")
    text = "\n".join(said)
    assert f"Issuer     {metadata['issuer']}" in text
    assert {key["alg"] for key in keys} == {"RS256", "EdDSA"}
    assert not any(key["kid"].startswith("lab-test") for key in keys)
    assert "to learn with" in said[0]
    assert "http://localhost:3000/callback" in text
    for user in demo.read_users(demo.folder()):
        assert user.password in text
    for application in demo.read_applications(demo.folder()):
        assert application.client_id in text


def welcomed(*arguments: object, **environment: str) -> str:
    """What the program says until it is told to stop."""
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", "0", *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != TOKEN} | environment
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as served:
        assert served.stdout is not None
        said = ""
        while "Ctrl-C stops it." not in said:
            said += served.stdout.readline()
            assert served.poll() is None
        served.send_signal(2)
        served.communicate(timeout=10)
    return said


def told(said: str) -> str:
    """The management token that the program says."""
    return next(line.split()[-1] for line in said.splitlines() if line.startswith("  token "))


def test_the_line_for_python_connects(tmp_path: Path) -> None:
    """What a learner copies works as it stands."""
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", "0", "--profile", "logto"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        line = next(line for line in served.stdout if line.startswith("  from Python  "))
        code = line.removeprefix("  from Python  ").strip() + "; print(lab.profile, len(lab.users)); lab.close()"
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
        served.send_signal(2)
        served.communicate(timeout=10)
    assert said.stdout == "logto 6\n"


def test_a_management_token_is_drawn_or_chosen() -> None:
    """With a seed the same again, without one never; an option comes before the environment."""
    drawn = [told(welcomed()) for _ in range(2)]
    assert drawn[0] != drawn[1]
    assert all(len(each) == 43 for each in drawn)
    seeded = [told(welcomed("--seed", 5)) for _ in range(2)]
    assert seeded[0] == seeded[1]
    chosen = {TOKEN: "from-the-environment"}
    assert told(welcomed(**chosen)) == "from-the-environment"
    assert told(welcomed("--management-token", "an-option", **chosen)) == "an-option"


def test_a_profile_is_one_of_three(oidc_lab: Callable[..., Result]) -> None:
    """The others are named."""
    said = oidc_lab("serve", "--profile", "loose")
    assert said.exit_code == 2
    assert "'documented', 'logto', 'strict'" in said.stderr
    assert "Profile    strict" in welcomed("--profile", "strict")


def test_a_port_in_use_is_named_with_another_to_try(oidc_lab: Callable[..., Result]) -> None:
    """One sentence, exit status 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = oidc_lab("serve", "--port", port)
    assert (said.exit_code, said.stderr) == (1, f"the port {port} is in use: add  --port {port % 65535 + 1}\n")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--port", "99999"), "99999 is not a port"),
        (("--issuer", "http://lab.example"), "must begin with https://"),
        (("--store", "sqlite:////nowhere/at/all.db"), "does not open"),
        (("--store", "no-such-database://x"), "does not open"),
        (("--store", "nonsense"), "does not open"),
        (("--data", "/nowhere/at/all"), "applications.toml"),
        (("--management-token", "two words"), "without blanks"),
        (("--management-token", ""), "1 to 255"),
        (("--redirect-uri", "shop=http://localhost:3000/"), "there is no application 'shop'"),
        (("--redirect-uri", "web-shop=localhost"), "it has no scheme"),
        (("--redirect-uri", "night-report=http://localhost:3000/"), "signs nobody in"),
    ],
)
def test_what_cannot_be_served_gets_one_sentence(
    oidc_lab: Callable[..., Result], given: tuple[str, str], sentence: str
) -> None:
    """No traceback, exit status 1."""
    said = oidc_lab("serve", *given)
    assert said.exit_code == 1
    assert sentence in said.stderr
    assert said.stderr.count("\n") == 1


def test_the_data_is_copied_for_editing_and_never_overwritten(oidc_lab: Callable[..., Result], tmp_path: Path) -> None:
    """What a trainer has edited stays."""
    mine = tmp_path / "my data"
    assert oidc_lab("data", mine).exit_code == 0
    assert {each.name for each in mine.iterdir()} == {"applications.toml", "users.toml"}
    (mine / "users.toml").write_text("edited", encoding="utf-8")
    again = oidc_lab("data", mine)
    assert again.exit_code == 1
    assert "stays as it is" in again.stderr
    assert (mine / "users.toml").read_text(encoding="utf-8") == "edited"
    mistaken = oidc_lab("serve", "--data", mine, "--port", 0)
    assert mistaken.exit_code == 1
    assert "users.toml" in mistaken.stderr


def test_a_folder_that_cannot_be_made_gets_one_sentence(oidc_lab: Callable[..., Result], tmp_path: Path) -> None:
    """No traceback, exit status 1, for the lessons as for the data."""
    (tmp_path / "file").write_text("in the way")
    for said in (oidc_lab("data", tmp_path / "file" / "x"), oidc_lab("lessons", "--folder", tmp_path / "file" / "x")):
        assert (said.exit_code, said.stderr.count("\n")) == (1, 1)
        assert "cannot be written to" in said.stderr
