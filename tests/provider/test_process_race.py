"""A refresh token, used at the same moment by several processes over one store, has one successor — RFC9700-4.14.2."""

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
ROUNDS = 8  # one race is soon over: each test runs several, with a token each

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


def races(processes: list[Process], store: str, profile: Profile, forms: list[dict[str, str]]) -> list[list[Answer]]:
    """For each form: what all of them are answered who send it, from every process at the same moment."""
    told = json.dumps({"store": store, "profile": profile, "forms": forms})
    for each in processes:
        tell(each, told)
    assert {each.stdout.readline() for each in processes} == {"ready\n"}
    return [race(processes) for _ in forms]


def race(processes: list[Process]) -> list[Answer]:
    """One of them."""
    for each in processes:
        tell(each, "now")
    return [tuple(json.loads(each.stdout.readline())) for each in processes]


def forms(lab: Lab, application: str) -> list[dict[str, str]]:
    """Token requests, each of a family of its own."""
    return [refreshing(lab, offline_tokens(lab, application)["refresh_token"], application) for _ in range(ROUNDS)]


@pytest.mark.parametrize("profile", [Profile.DOCUMENTED, Profile.STRICT])
def test_of_many_processes_exactly_one_gets_the_successor(
    processes: list[Process], store: str, profile: Profile
) -> None:
    """RFC9700-4.14.2: and the family ends, because the others had the token too."""
    with Lab(store=store) as lab:
        lab.provider.extensions["oidc_lab"].profile = profile
        for answers in races(processes, store, profile, forms(lab, SPA)):
            [won] = [body for status, body in answers if status == 200]
            refused = [(status, body["error"]) for status, body in answers if status != 200]
            assert refused == [(400, "invalid_grant")] * (PROCESSES - 1)
            assert userinfo(lab, won["access_token"]).status_code == 401
            assert send(lab, "/token", refreshing(lab, won["refresh_token"], SPA)).json["error"] == "invalid_grant"


def test_within_the_leeway_every_process_gets_a_token_of_its_own(processes: list[Process], store: str) -> None:
    """application-model 3.5: as the product does it; all of them are good."""
    with Lab(store=store) as lab:
        lab.provider.extensions["oidc_lab"].profile = Profile.LOGTO
        for answers in races(processes, store, Profile.LOGTO, forms(lab, SPA)):
            given = {body["refresh_token"] for _, body in answers}
            assert len(given) == PROCESSES
            assert {send(lab, "/token", refreshing(lab, each, SPA)).status_code for each in given} == {200}


def test_a_token_that_stays_serves_every_process(processes: list[Process], store: str) -> None:
    """The product's page: a web application's token is replaced when 70 % of its lifetime have passed, not before."""
    with Lab(store=store) as lab:
        sent = forms(lab, WEB)
        answers = races(processes, store, Profile.DOCUMENTED, sent)
        for form, answered in zip(sent, answers, strict=True):
            assert {(status, body["refresh_token"]) for status, body in answered} == {(200, form["refresh_token"])}
