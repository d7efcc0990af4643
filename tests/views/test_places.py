"""A name means what it means where it stands, in a request and in an answer."""

from itertools import pairwise

import pytest

from oidc_lab import Lab
from oidc_lab.domain import spec
from oidc_lab.relying_party.message import Response
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.relying_party.trace import Exchange
from oidc_lab.views import body, exchange, places, stepper, stepper_past
from tests.views.reading import HOSTILE, Page


@pytest.fixture
def signed_in_by_steps(lab: Lab) -> Stepping:
    stepping = lab.step("web-shop", user="anna", prompt="consent", scopes="openid profile email offline_access")
    stepping.finish()
    return stepping


def step(lab: Lab, flow: str, title: str) -> Stepping:
    application = "night-report" if flow == "client-credentials" else "web-shop"
    return lab.step(application, user="anna", flow=flow).until(title)


def clauses(source: str) -> dict[str, str]:
    """The last cell that goes with each name in the tables of some HTML."""
    cells = Page(source).cells
    return dict(pairwise(cells))


def meaning(source: str, name: str) -> str:
    """What stands in the row of a parameter as its meaning."""
    cells = Page(source).cells
    return cells[cells.index(name) + 2]


def answer(stepping: Stepping, title: str) -> str:
    (found,) = (each for each in stepping.trace.exchanges if each.step.title == title)
    assert found.response is not None
    return exchange.response(found.response, found.step.clause)


def test_in_the_token_request_redirect_uri_must_equal_the_first_one(lab: Lab) -> None:
    """RFC6749-4.1.3"""
    stepping = lab.step("web-shop", user="anna").until("Send the user to sign in")
    assert meaning(stepper.show_request(stepping, live=False), "redirect_uri").endswith("OIDCC-3.1.2.1")
    stepping.until("Redeem the code")
    said = meaning(stepper.show_request(stepping, live=False), "redirect_uri")
    assert "must equal that of the authorization request" in said
    assert said.endswith("RFC6749-4.1.3")
    sent = stepping.next()
    assert meaning(exchange.show(sent), "redirect_uri") == said, "so it is when it has gone, too"


def test_each_grant_is_explained_by_its_own_clause(lab: Lab, signed_in_by_steps: Stepping) -> None:
    """RFC6749-4.4.2, RFC6749-6"""
    own = step(lab, "client-credentials", "Ask for a token of its own")
    assert meaning(stepper.show_request(own, live=False), "grant_type").endswith("RFC6749-4.4.2")
    again = step(lab, "refresh", "Refresh the tokens")
    again.change(scope="openid")
    shown = stepper.show_request(again, live=False)
    assert meaning(shown, "grant_type").endswith("RFC6749-6")
    assert "asks for fewer" in meaning(shown, "scope")
    assert meaning(shown, "scope").endswith("RFC6749-6")


def test_the_token_that_is_asked_about_is_explained_by_the_clause_of_who_asks(
    lab: Lab, signed_in_by_steps: Stepping
) -> None:
    """RFC7662-2.1, RFC7009-2.1"""
    about = step(lab, "introspection", "Ask what the token is worth")
    assert meaning(stepper.show_request(about, live=False), "token").endswith("RFC7662-2.1")
    back = step(lab, "revocation", "Give the token back")
    assert meaning(stepper.show_request(back, live=False), "token").endswith("RFC7009-2.1")


def test_in_the_token_answer_scope_is_what_was_granted(signed_in_by_steps: Stepping) -> None:
    """RFC6749-5.1"""
    said = clauses(answer(signed_in_by_steps, "Redeem the code"))["scope"]
    assert "what was granted" in said
    assert said.endswith("RFC6749-5.1")


def test_a_refusal_at_userinfo_is_one_of_bearer_tokens(lab: Lab) -> None:
    """RFC6750-3.1"""
    stepping = lab.step("web-shop", user="anna").until("Ask who the user is")
    stepping.change_header("Authorization", "Bearer abc")
    stepping.next()
    assert clauses(stepper_past.show_answer(stepping))["error"].endswith("RFC6750-3.1")


def test_a_refusal_that_the_browser_brings_is_one_of_sign_in(lab: Lab) -> None:
    """OIDCC-3.1.2.6"""
    stepping = lab.step("web-shop", user="anna", prompt="none")
    stepping.finish()
    assert meaning(exchange.show(stepping.trace.exchanges[-1]), "error").endswith("OIDCC-3.1.2.6")
    before: Exchange = stepping.trace.exchanges[-2]
    assert before.response is not None
    assert meaning(exchange.response(before.response, before.step.clause), "error").endswith("OIDCC-3.1.2.6")


def test_every_value_of_the_configuration_has_a_meaning_folded_away(signed_in_by_steps: Stepping) -> None:
    """OIDCD-3, RFC8414-2"""
    shown = answer(signed_in_by_steps, "Discover the provider")
    received = signed_in_by_steps.trace.exchanges[0].response
    assert received is not None
    said = clauses(shown)
    assert [name for name in received.json() if not said.get(name)] == []
    assert said["issuer"].endswith("OIDCD-3")
    assert said["introspection_endpoint"].endswith("RFC8414-2")
    assert f"What these {len(received.json())} values mean" in Page(shown).summaries


def test_every_claim_of_userinfo_has_a_meaning(signed_in_by_steps: Stepping) -> None:
    """OIDCC-5.1, OIDCC-5.3.2"""
    received = signed_in_by_steps.trace.exchanges[-1].response
    assert received is not None
    said = clauses(answer(signed_in_by_steps, "Ask who the user is"))
    assert [name for name in received.json() if not said.get(name)] == []
    assert said["sub"].endswith("OIDCC-5.3.2")
    assert "2026-01-01 00:00:00 UTC" in said["updated_at"]


def test_a_short_answer_is_not_folded(lab: Lab) -> None:
    stepping = lab.step("web-shop", user="anna", scopes="openid email")
    stepping.finish()
    shown = answer(stepping, "Ask who the user is")
    assert clauses(shown)["email"].endswith("OIDCC-5.1")
    assert not [each for each in Page(shown).summaries if each.startswith("What these")]


def test_every_value_of_every_key_has_a_meaning(signed_in_by_steps: Stepping) -> None:
    """RFC7517-4, RFC7518-6.3.1, RFC8037-2: what x is hangs on the family of the key."""
    shown = answer(signed_in_by_steps, "Fetch the provider's keys")
    page = Page(shown)
    assert "What the values of the key lab-test-rs256 mean" in page.summaries
    said = clauses(shown)
    wanted = {"kty": "RFC7517-4.1", "kid": "RFC7517-4.5", "n": "RFC7518-6.3.1.1", "e": "RFC7518-6.3.1.2",
              "x": "RFC8037-2", "crv": "RFC8037-2"}  # fmt: skip
    assert {name: said[name][-len(clause) :] for name, clause in wanted.items()} == wanted


def test_the_answer_stays_open_when_what_its_names_mean_is_folded(signed_in_by_steps: Stepping) -> None:
    shown = stepper_past.show_answer(signed_in_by_steps)
    assert not [each for each in Page(shown).summaries if each.endswith("taken apart")]


@pytest.mark.parametrize(
    "said", ['{"keys": [7, {"kty": ["RSA"], "kid": {"a": 1}}, {}]}', '{"keys": 7}', '{"issuer": null}', '{"sub": []}']
)
def test_an_answer_in_which_nothing_is_as_it_should_be_is_shown_all_the_same(said: str) -> None:
    assert said.split('"')[1] in Page(exchange.response(Response(200, (), said))).text


def test_the_name_of_a_key_is_escaped() -> None:
    shown = body.show_json('{"keys": [{"kty": "RSA", "kid": ' + '"<img src=x onerror=alert(1)>"' + "}]}")
    assert "<img" not in shown
    assert HOSTILE[:10] in Page(shown).text


def test_every_clause_that_is_named_can_be_followed() -> None:
    tables = [*places._ASKED.values(), places._TOKENS, places._USERINFO, places._METADATA, places._KEY]
    named = {clause for table in (*tables, *places._KEY_OF.values()) for _, clause in table.values() if clause}
    for clause in named | set(places._REFUSED.values()):
        assert spec.link(clause)
