"""What the provider checked stands with the message it is about, as it told over the lab's own channel."""

import threading

import pytest

from oidc_lab import Lab, checks
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.ledger import Verdict
from oidc_lab.serve import provider as served
from tests.flows.test_sign_in import ORDINARY


def told(run, title):
    return next(each.told for each in run.trace.exchanges if each.step.title == title)


def test_the_providers_checks_stand_with_the_message_and_before_the_others(lab):
    """RFC6749-4.1.3"""
    run = lab.sign_in("photo-album", "anna").finish()
    redeemed = next(each for each in run.trace.exchanges if each.step.title == "Redeem the code")
    assert [each.what for each in redeemed.told] == [
        "client_id",
        "client authentication",
        "grant_type",
        "code",
        "code's application",
        "code's use",
        "code in time",
        "redirect_uri",
        "SHA-256 of the code_verifier",
    ]
    assert {(each.who, each.verdict) for each in redeemed.told} == {(Party.PROVIDER, Verdict.PASSED)}
    assert redeemed.checks == redeemed.told + redeemed.own_checks
    assert redeemed.own_checks


def test_a_page_that_reads_its_request_twice_tells_it_once(lab):
    """OIDCC-3.1.2.4"""
    run = lab.sign_in("web-shop", "ben", prompt="consent").finish()
    for exchange in run.trace.exchanges:
        assert len(set(exchange.told)) == len(exchange.told)
    assert told(run, "Benjamin Okafor agrees")[-1].what == "session"


def test_a_page_that_is_due_is_noted_and_the_flow_goes_on(lab):
    """OIDCC-3.1.2.3"""
    run = lab.sign_in("web-shop", "anna").finish()
    assert told(run, "Send the user to sign in")[-1].verdict is Verdict.NOTED


def test_a_refusal_is_the_providers_last_check(lab):
    """RFC7636-4.6: it agrees with what is told of the refusal, and is no second cause of why the run ended."""
    run = lab.sign_in("web-shop", "anna")
    while run.next_step.title != "Redeem the code":
        run.advance()
    run.change(code_verifier="w" * 43)
    run.finish()
    last = run.trace.exchanges[-1]
    assert last.told[-1].verdict is Verdict.FAILED
    assert last.told[-1].clause == last.refusals[-1].refusal.clause == "RFC7636-4.6"
    assert [each.code for each in lab.why(run).causes] == ["verifier_wrong"]


def test_the_checks_of_a_run_are_its_own_sides_unless_the_provider_is_asked_for(lab):
    """OIDCC-3.1.3.7"""
    run = lab.sign_in("web-shop", "anna").finish()
    assert list(checks(run)["what"]) == ORDINARY
    assert list(checks(run, who="relying party")["what"]) == ORDINARY
    assert list(checks(run, who="browser")["what"]) == []
    theirs = [check.what for each in run.trace.exchanges for check in each.told]
    assert theirs
    assert list(checks(run, who="provider")["what"]) == theirs
    assert list(checks(run.trace.exchanges[-1], who="provider")["what"]) == [
        "access_token",
        "access_token in time",
        "scope",
    ]


def test_a_run_that_is_played_again_keeps_what_the_provider_told(lab):
    """OIDCC-3.1.1: nothing is sent, so nothing is told anew."""
    stepping = lab.step("web-shop", user="anna")
    stepping.finish()
    before = stepping.trace.to_json()
    stepping.back()
    assert [each.told for each in stepping.trace.exchanges if each.told]
    stepping.next()
    assert stepping.trace.to_json() == before


def test_equal_labs_tell_the_same(lab):
    """RFC9700-2.6"""
    with Lab() as other:
        one, two = (each.sign_in("web-shop", "anna").finish().trace.to_json() for each in (lab, other))
    assert one == two
    assert "SHA-256 of the code_verifier" in one


def test_a_run_hears_no_other_runs_checks(lab):
    """RFC9700-2.6: it listens in its thread, while it sends."""
    address = f"{lab.issuer}/authorize?client_id=photo-album"
    elsewhere = threading.Thread(target=lambda: lab.provider.test_client().get(address))
    with lab._told() as heard:
        elsewhere.start()
        elsewhere.join()
        assert heard == []
        lab.provider.test_client().get(address)
        assert [each.what for each in heard] == ["client_id", "redirect_uri"]
    mine = lab.sign_in("web-shop", "anna").finish()
    assert "photo-album" not in mine.trace.to_json()


def test_a_served_provider_tells_nothing():
    """RFC9700-2.6"""
    offer = served.read_offer(seed=7)
    with served.serve(offer, 0) as server, Lab.connect(server.url, offer.token) as connected:
        run = connected.sign_in("web-shop", "anna").finish()
        assert run.finished
        assert [each.what for each in run.trace.checks] == ORDINARY
        assert not [each for exchange in run.trace.exchanges for each in exchange.told]


@pytest.mark.parametrize("application", ["web-shop", "photo-album"])
def test_no_secret_code_or_token_is_told(lab, application):
    """RFC9700-2"""
    run = lab.sign_in(application, "anna").finish()
    told_in_all = repr([each.told for each in run.trace.exchanges])
    tokens = run.result.tokens
    redeemed = next(each for each in run.trace.exchanges if each.step.title == "Redeem the code").request.parameters
    secrets = [tokens.access_token, tokens.id_token, redeemed["code"], redeemed["code_verifier"]]
    assert not [each for each in secrets if each in told_in_all]
    assert "test-secret" not in told_in_all
