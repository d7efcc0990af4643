"""One refresh token, used at the same moment by several processes over one store: one successor — RFC9700-4.14.2."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oidc_lab import Lab
from oidc_lab.domain.profile import Profile
from tests.provider.bench import SPA, WEB, offline_tokens, refreshing, send, userinfo

ROOT = Path(__file__).parents[2]
PROCESSES = 3
EACH = 4  # requests of one process, one after the other

Process = subprocess.Popen[str]
Answer = tuple[int, dict[str, Any]]


@pytest.fixture(scope="module")
def processes() -> Iterator[list[Process]]:
    """Started once: it takes longer than all that they do."""
    command = [sys.executable, "-m", "tests.provider.another_process"]
    started = [
        subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for number in range(PROCESSES)
    ]
    yield started
    for each in started:
        each.communicate(timeout=30)
    assert {each.returncode for each in started} == {0}


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store'}"


def tell(process: Process, line: str) -> None:
    process.stdin.write(line + "\n")
    process.stdin.flush()


def at_once(processes: list[Process], store: str, profile: Profile, form: dict[str, str]) -> list[Answer]:
    """What all of them are answered who send the same form, as soon as every one is ready to."""
    told = json.dumps({"store": store, "profile": profile, "forms": [form] * EACH})
    for each in processes:
        tell(each, told)
    assert {each.stdout.readline() for each in processes} == {"ready\n"}
    for each in processes:
        tell(each, "now")
    return [(status, body) for each in processes for status, body in json.loads(each.stdout.readline())]


@pytest.mark.parametrize("profile", [Profile.DOCUMENTED, Profile.STRICT])
def test_of_many_processes_exactly_one_gets_the_successor(
    processes: list[Process], store: str, profile: Profile
) -> None:
    """RFC9700-4.14.2: and the family ends, because the others had the token too."""
    with Lab(store=store) as lab:
        lab.provider.extensions["oidc_lab"].profile = profile
        sent = offline_tokens(lab, SPA)["refresh_token"]
        answers = at_once(processes, store, profile, refreshing(lab, sent, SPA))
        [won] = [body for status, body in answers if status == 200]
        refused = {(status, body["error"]) for status, body in answers if status != 200}
        assert (len(answers), refused) == (PROCESSES * EACH, {(400, "invalid_grant")})
        assert won["refresh_token"] != sent
        assert userinfo(lab, won["access_token"]).status_code == 401
        assert send(lab, "/token", refreshing(lab, won["refresh_token"], SPA)).json["error"] == "invalid_grant"


def test_within_the_leeway_every_process_gets_a_token_of_its_own(processes: list[Process], store: str) -> None:
    """application-model 3.5: as the product does it; all of them are good."""
    with Lab(store=store) as lab:
        lab.provider.extensions["oidc_lab"].profile = Profile.LOGTO
        form = refreshing(lab, offline_tokens(lab, SPA)["refresh_token"], SPA)
        answers = at_once(processes, store, Profile.LOGTO, form)
        given = {body["refresh_token"] for status, body in answers if status == 200}
        assert len(given) == PROCESSES * EACH
        assert {send(lab, "/token", refreshing(lab, each, SPA)).status_code for each in given} == {200}


def test_a_token_that_stays_serves_every_process(processes: list[Process], store: str) -> None:
    """The product's page: a web application's token is replaced when 70 % of its lifetime have passed, not before."""
    with Lab(store=store) as lab:
        form = refreshing(lab, offline_tokens(lab, WEB)["refresh_token"], WEB)
        answers = at_once(processes, store, Profile.DOCUMENTED, form)
        assert {(status, body["refresh_token"]) for status, body in answers} == {(200, form["refresh_token"])}
