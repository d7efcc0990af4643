"""Why a run failed: every refusal is explained, whoever refused, and nothing else is called one."""

import ast
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from oidc_lab import Lab
from oidc_lab.domain import spec
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.relying_party import remedies
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.ledger import Check, Verdict
from oidc_lab.relying_party.message import Request, Response
from oidc_lab.relying_party.remedies import REMEDIES
from oidc_lab.relying_party.trace import Exchange, Refusal, Trace
from oidc_lab.relying_party.why import explain

SOURCES = sorted(Path(remedies.__file__).parent.glob("*.py"))
# What the provider said is not the relying party's own word; a name in the middle stands for each of these.
FROM_THE_PROVIDER = {"sign_in_failed"}
NAMES = ("iss", "sub", "azp", "auth_time", "nonce")


@pytest.fixture
def lab():
    with Lab() as bench:
        yield bench


def until(run, title):
    while run.next_step is not None and run.next_step.title != title:
        run.advance()
    return run


def words(node):
    """The codes that an expression stands for; none where it is not written out."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.JoinedStr):
        return {f"{node.values[0].value}{name}" for name in NAMES} if len(node.values) == 2 else set()
    return set()


def codes():
    """Every code with which the relying party or the browser ends a flow, read from the source."""
    found = set()
    for call in (node for source in SOURCES for node in ast.walk(ast.parse(source.read_text()))):
        if not isinstance(call, ast.Call):
            continue
        if getattr(call.func, "id", "") == "FlowRefused":
            found |= words(call.args[1])
        found |= {code for each in call.keywords if each.arg == "error" for code in words(each.value)}
    return found - FROM_THE_PROVIDER


def test_every_way_to_end_a_flow_has_its_explanation_and_every_explanation_a_use():
    """RFC6749-5.2: an error says who refused and what to change."""
    assert len(codes()) > 40
    assert codes() == set(REMEDIES)


@pytest.mark.parametrize("code", sorted(REMEDIES))
def test_every_explanation_is_complete_and_its_clause_can_be_read(code):
    """RFC6749-5.2"""
    entry = REMEDIES[code]
    assert all((entry.truth, entry.blame, entry.remedy))
    assert entry.truth.endswith(".")
    assert entry.remedy.endswith(".")
    assert spec.link(entry.clause).startswith("https://")


def test_a_provider_refuses_with_one_word_and_is_explained_with_all_that_it_knows(lab):
    """RFC7636-4.6"""
    run = until(lab.sign_in("web-shop", "anna"), "Redeem the code")
    run.change(code_verifier="w" * 43)
    (cause,) = explain(run.finish()).causes
    entry = CATALOGUE["verifier_wrong"]
    assert (cause.who, cause.code, cause.step) == (Party.PROVIDER, "verifier_wrong", "Redeem the code")
    assert cause.number == len(run.trace.exchanges)
    assert (cause.truth, cause.blame, cause.remedy) == (entry.truth, entry.blame, entry.remedy)
    assert cause.clause == "RFC7636-4.6"
    assert dict(cause.saw) == {
        "status": "400 Bad Request", "error": "invalid_grant", "error_description": entry.description,
    }  # fmt: skip


def test_values_seen_and_expected_are_there_though_the_wire_did_not_carry_them(lab):
    """RFC9700-2.1"""
    run = lab.sign_in("web-shop", "anna", redirect_uri="https://evil.example/").finish()
    (cause,) = explain(run).causes
    details = dict(cause.details)
    assert (details["received"], details["registered"]) == ("https://evil.example/", "https://shop.example/callback")
    assert dict(cause.saw)["status"] == "400 Bad Request"


def test_a_failed_check_is_explained_with_what_was_seen_and_expected(lab):
    """RFC6749-10.12"""
    run = until(lab.sign_in("web-shop", "anna"), "The browser brings the answer back")
    expected = run.next_step.request.parameters["state"]
    run.change(state="forged")
    (cause,) = explain(run.finish()).causes
    assert (cause.who, cause.code, cause.clause) == (Party.RELYING_PARTY, "state_mismatch", "RFC6749-10.12")
    assert dict(cause.details) == {"checked": "state", "seen": "forged", "expected": expected}
    assert dict(cause.saw)["brought by the browser"] == "code, state, iss"


@pytest.mark.parametrize("response_mode", ["query", "fragment", "form_post"])
def test_what_the_browser_brings_is_told_once_wherever_it_stands(lab, response_mode):
    """RFC6749-4.1.2.1, OAMR-2.1, OAFP-2"""
    run = lab.sign_in("web-shop", "ben", agrees=False, prompt="consent", response_mode=response_mode).finish()
    (cause,) = explain(run).causes
    assert (cause.code, cause.who) == ("user_declined", Party.PROVIDER)
    assert dict(cause.saw)["error"] == "access_denied"


def test_a_page_that_says_no_is_what_the_client_saw(lab):
    """OIDCC-3.1.2.3: the page says less than the provider knows."""
    (cause,) = explain(lab.sign_in("web-shop", "anna", password="wrong").finish()).causes
    assert cause.code == "password_wrong"
    assert dict(cause.saw)["page"] == CATALOGUE["password_wrong"].description
    assert cause.step == "Anna Lindqvist types a password"
    assert "lab.passwords" in cause.remedy


def test_several_refusals_are_listed_in_their_order(lab):
    """OIDCC-3.1.2.3"""
    first = lab.sign_in("web-shop", "anna", password="wrong").finish().trace
    second = lab.sign_in("web-shop", "anna", agrees=False, prompt="consent").finish().trace
    both = Trace("Twice", first.exchanges + second.exchanges, second.refusal)
    why = explain(both)
    assert [each.code for each in why.causes] == ["password_wrong", "user_declined"]
    assert why.sentence == (
        "The provider refused: access_denied. 2 refusals in all, in the order in which they happened."
    )


@pytest.mark.parametrize(
    ("profile", "application", "settings", "begins", "ends"),
    [
        ("documented", "photo-album", {}, "when the first one would have, however often it was refreshed.",
         "Have the user sign in again; an application of this type has no longer TTL in this profile."),
        ("documented", "web-shop", {}, "no refresh came in time to give it the full one again.",
         "Have the user sign in again, and refresh earlier. With a longer TTL (refresh_token_ttl_in_days), the tokens"
         " of the next sign-in end later."),
        ("logto", "photo-album", {}, "when the first one would have, however often it was refreshed.",
         "Have the user sign in again. With a longer TTL (refresh_token_ttl_in_days), the tokens of the next sign-in"
         " end later."),
        ("logto", "web-shop", {}, "no refresh came in time to replace it by one with a full lifetime.",
         "Have the user sign in again, and refresh earlier. With a longer TTL (refresh_token_ttl_in_days), the tokens"
         " of the next sign-in end later."),
        ("strict", "web-shop", {"rotate_refresh_token": False}, "It is never replaced, and no refresh moves its end.",
         "Have the user sign in again. With a longer TTL (refresh_token_ttl_in_days), the tokens of the next sign-in"
         " end later."),
        ("documented", "web-shop", {"refresh_token_ttl_in_days": 180}, "give it the full one again.",
         "Have the user sign in again, and refresh earlier; its TTL is already the longest that can be set."),
    ],
)  # fmt: skip
def test_what_helps_against_the_end_of_a_lifetime_is_what_this_application_can_have(
    profile, application, settings, begins, ends
):
    """RFC9700-4.14.2: who has no such setting is not sent to look for it."""
    with Lab(profile=profile) as lab:
        lab.applications[application].update(**settings)
        signed_in = lab.sign_in(application, "anna", scopes="openid offline_access", prompt="consent").finish()
        lab.clock.advance(days=settings.get("refresh_token_ttl_in_days", 14))
        (cause,) = explain(lab.refresh(application, "anna", signed_in=signed_in).finish()).causes
        assert cause.code == "refresh_token_expired"
        assert cause.truth.startswith("The refresh token's lifetime is over")
        assert cause.truth.endswith(begins)
        assert cause.remedy == ends
        if application == "web-shop":  # who may ask is told the same by introspection
            inspected = lab.inspect(signed_in.result.tokens.refresh_token).tokens[0].introspection.cause
            assert (inspected.truth, inspected.remedy) == (cause.truth, cause.remedy)


def test_what_helps_is_up_to_the_policy_where_one_stands_in_place_of_the_settings(lab):
    """RFC9700-4.14.2"""
    signed_in = lab.sign_in("photo-album", "anna", scopes="openid offline_access", prompt="consent").finish()
    lab.provider.extensions["oidc_lab"].adopted["photo-album"] = RefreshPolicy(ttl=timedelta(days=14))
    lab.clock.advance(days=14)
    (cause,) = explain(lab.refresh("photo-album", "anna", signed_in=signed_in).finish()).causes
    assert cause.remedy.endswith("up to the policy that it follows in place of its settings.")


def test_a_refusal_that_ends_nothing_is_explained_too(lab):
    """OIDCRIL-3"""
    signed_in = lab.sign_in("web-shop", "anna").finish()
    out = lab.sign_out("web-shop", "anna", signed_in=signed_in)
    out.advance()
    out.change(post_logout_redirect_uri="https://evil.example/")
    why = explain(out.finish())
    assert out.refusal is None
    assert [each.code for each in why.causes] == ["logout_uri_unregistered"]
    assert why.sentence == "1 refusal in 2 messages."


def test_a_message_that_could_not_be_sent_is_explained(lab):
    """RFC9110-4.2"""
    run = lab.sign_in("web-shop", "anna")
    run.replace_request(Request("GET", "nowhere"))
    (cause,) = explain(run.finish()).causes
    assert (cause.who, cause.code, cause.saw) == (Party.RELYING_PARTY, "not_sent", (("answer", "none"),))
    (alone,) = explain(run.trace.exchanges[-1]).causes
    assert (alone.code, alone.number) == ("not_sent", 0)


def test_a_browser_that_was_sent_elsewhere_is_explained(lab):
    """RFC9700-4.11"""
    run = until(lab.sign_in("web-shop", "anna"), "Send the user to sign in")
    sent = run.next_step
    came = Response(303, (("Location", "https://evil.example/"),))
    trace = Trace("x", (Exchange(sent, came, lab.clock.now),), Refusal(Party.BROWSER, "sent_elsewhere", "to evil"))
    (cause,) = explain(trace).causes
    assert (cause.who, cause.code, dict(cause.details)) == (Party.BROWSER, "sent_elsewhere", {"said": "to evil"})


@pytest.mark.parametrize("title", ["Redeem the code", "Send the user to sign in"])
def test_a_provider_that_broke_is_told_from_one_that_refused(lab, title):
    """RFC9110-15.6"""
    sent = until(lab.sign_in("web-shop", "anna"), title).next_step
    broken = Exchange(sent, Response(502, (), "<html><title>Bad Gateway</title>"), lab.clock.now)
    for of in (broken, Trace("x", (broken,), Refusal(Party.PROVIDER, "status 502", ""))):
        (cause,) = explain(of).causes
        assert (cause.who, cause.code, cause.blame) == (Party.PROVIDER, "provider_broke", "provider")
        assert dict(cause.saw) == {"status": "502 Bad Gateway", "page": "Bad Gateway"}


def test_a_provider_that_is_only_heard_over_the_wire_is_explained_as_far_as_it_goes(lab):
    """RFC6749-5.2"""
    run = until(lab.sign_in("web-shop", "anna"), "Redeem the code")
    run.change(code_verifier="w" * 43)
    told = run.finish().trace
    silent = Trace(told.title, tuple(replace(each, refusals=()) for each in told.exchanges), told.refusal)
    (cause,) = explain(silent).causes
    assert (cause.who, cause.code) == (Party.PROVIDER, "invalid_grant")
    assert cause.truth == remedies.UNHEARD.truth
    assert dict(cause.saw)["error"] == "invalid_grant"


def test_a_refusal_that_had_no_check_is_explained(lab):
    """OIDCC-10.1.1"""
    run = until(lab.sign_in("web-shop", "anna"), "Fetch the provider's keys")
    run.replace_request(replace(run.next_step.request, url="https://provider.test/.well-known/openid-configuration"))
    (cause,) = explain(run.finish()).causes
    assert (cause.who, cause.code) == (Party.RELYING_PARTY, "keys_unreadable")
    assert cause.number == len(run.trace.exchanges)


@pytest.mark.parametrize("at", ["under way", "finished"])
def test_without_a_failure_there_is_a_sentence_and_no_cause(lab, at):
    """RFC6749-5.2"""
    run = lab.sign_in("web-shop", "anna")
    run.advance()
    if at == "finished":
        run.finish()
    why = explain(run)
    assert why.causes == ()
    assert why.sentence.startswith("Nothing was refused in")
    assert ("so far" in why.sentence) is (at == "under way")


def test_an_exchange_alone_is_explained_without_its_number(lab):
    """RFC7636-4.6"""
    run = until(lab.sign_in("web-shop", "anna"), "Redeem the code")
    run.change(code_verifier="w" * 43)
    run.finish()
    why = explain(run.trace.exchanges[-1])
    assert why.sentence == "The provider refused: invalid_grant."
    assert [(each.code, each.number) for each in why.causes] == [("verifier_wrong", 0)]
    assert explain(run.trace.exchanges[0]).causes == ()


def test_an_error_in_a_redirect_is_seen_without_the_message_that_follows_it(lab):
    """RFC6749-4.1.2.1"""
    run = lab.sign_in("web-shop", "ben", agrees=False, prompt="consent").finish()
    (refused,) = (each for each in run.trace.exchanges if each.refusals)
    (cause,) = explain(refused).causes
    assert dict(cause.saw)["error"] == "access_denied"


def test_a_flow_that_broke_off_after_a_refusal_is_explained_twice(lab):
    """OIDCC-3.1.2.5: what the provider reported is not how it ended."""
    told = lab.sign_in("web-shop", "anna", password="wrong").finish().trace
    broke = replace(told, refusal=Refusal(Party.PROVIDER, "no_answer", "the browser was never sent back"))
    assert [each.code for each in explain(broke).causes] == ["password_wrong", "no_answer"]


def test_a_check_of_an_unknown_kind_is_explained_by_itself(lab):
    """RFC6749-5.2"""
    sent = lab.sign_in("web-shop", "anna").advance()
    check = Check("moon phase", "OIDCC-2", "full", "new", Verdict.FAILED, "moon")
    (cause,) = explain(replace(sent, checks=(check,))).causes
    assert (cause.code, cause.blame, cause.clause) == ("moon", "moon phase", "OIDCC-2")


def test_a_trace_keeps_what_the_provider_refused_and_is_the_same_text_twice():
    """RFC6749-5.2: the code of the catalogue stands in the dump, beside the wire's one word."""

    def dumped():
        with Lab() as lab:
            run = until(lab.sign_in("web-shop", "anna"), "Redeem the code")
            run.change(code_verifier="w" * 43)
            return run.finish().trace.to_json()

    text = dumped()
    assert text == dumped()
    (refused,) = json.loads(text)["exchanges"][-1]["refusals"]
    assert refused["refusal"]["code"] == "verifier_wrong"
