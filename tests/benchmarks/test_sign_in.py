"""How long a complete sign-in takes in process, against a provider that validates nothing."""

import sys
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from oidc_lab import Lab

MOCK = "oidc-provider-mock"
LAB = "oidc-lab"
ROUNDS = 100

pytestmark = pytest.mark.benchmark(group="sign-in")


def remark() -> str:
    """Which mock this is: the last one for Python 3.11 is twenty times as slow as the one after it."""
    note = f"(mock {version(MOCK)}, Python {sys.version_info[0]}.{sys.version_info[1]}"
    return note + ("; 0.3.4 is no yardstick: measure on 3.12 or newer)" if sys.version_info < (3, 12) else ")")


def test_a_complete_sign_in(benchmark: Any, medians: dict[str, float], ratio: list[tuple[str, str, str]]) -> None:
    """Nine requests: discovery, authorize, sign-in page and form, consent page and form, token, keys, userinfo.

    Everything is validated and recorded. The application asks anew for sign-in and consent, so that one lab shows
    every page each time, as the mock's one application does.
    """
    with Lab() as lab:
        run = benchmark.pedantic(
            lambda: lab.sign_in("web-shop", "anna", prompt="login consent").finish(), rounds=ROUNDS, warmup_rounds=5
        )
    assert run.result.sub == "anna"
    assert [each.step.request.method for each in run.trace.exchanges].count("POST") == 3
    assert len(run.trace.exchanges) == 10  # nine requests and what the browser brings to the application
    medians[LAB] = benchmark.stats["median"]
    ratio.append((LAB, MOCK, remark()))


def test_the_first_sign_in_of_a_lab(
    benchmark: Any, medians: dict[str, float], ratio: list[tuple[str, str, str]]
) -> None:
    """The same in a lab that was just made: what a learner waits for in the first cell."""
    labs: list[Lab] = []

    def fresh() -> tuple[tuple[Lab], dict[str, Any]]:
        while labs:
            labs.pop().close()
        labs.append(Lab())
        return (labs[0],), {}

    def sign_in(lab: Lab) -> Any:
        return lab.sign_in("web-shop", "anna").finish().result

    result = benchmark.pedantic(sign_in, setup=fresh, rounds=30, warmup_rounds=2)
    labs.pop().close()
    assert result.sub == "anna"
    medians["the first of a lab"] = benchmark.stats["median"]
    ratio.append(("the first of a lab", MOCK, ""))


@pytest.mark.filterwarnings("ignore")  # the mock still uses what Authlib gives up
def test_the_mock_in_process(benchmark: Any, medians: dict[str, float], ratio: list[tuple[str, str, str]]) -> None:
    """Three requests: authorize, token, userinfo; nobody validates anything."""
    import httpx2
    import oidc_provider_mock

    client = httpx2.Client(transport=httpx2.WSGITransport(app=oidc_provider_mock.app()), base_url="https://mock.test")
    asked = {
        "client_id": "shop",
        "redirect_uri": "https://shop.example/callback",
        "response_type": "code",
        "scope": "openid profile email",
        "nonce": "n",
        "state": "s",
    }

    def sign_in() -> Any:
        sent_back = client.post("/oauth2/authorize", params=asked, data={"sub": "anna@mail.example"})
        code = parse_qs(urlsplit(sent_back.headers["location"]).query)["code"][0]
        redeem = {"grant_type": "authorization_code", "code": code, "redirect_uri": asked["redirect_uri"]}
        tokens = client.post("/oauth2/token", data=redeem, auth=("shop", "secret")).json()
        return client.get("/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()

    said = benchmark.pedantic(sign_in, rounds=ROUNDS, warmup_rounds=3)
    client.close()
    assert said["sub"] == "anna@mail.example"
    benchmark.extra_info["version"] = remark()
    medians[MOCK] = benchmark.stats["median"]
