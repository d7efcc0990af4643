"""What a learner changes on the way is found out, by whom it should be, and nothing falls over."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oidc_lab import Lab
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.message import Request

TOKEN, AUTHORIZE, CALLBACK = "Redeem the code", "Send the user to sign in", "The browser brings the answer back"


def until(run, title):
    """Go on until the message with this title is the next one."""
    while run.next_step.title != title:
        run.advance()
    return run


def test_the_next_request_can_be_looked_at_before_it_goes(lab):
    """RFC6749-4.1.3"""
    run = until(lab.sign_in("web-shop", "anna"), TOKEN)
    assert run.next_step.request.parameters["grant_type"] == "authorization_code"
    assert run.next_step.clause == "OIDCC-3.1.3.1"
    assert (run.next_step.sender, run.next_step.receiver) == (Party.RELYING_PARTY, Party.PROVIDER)


@pytest.mark.parametrize(
    ("at", "change", "who", "error", "truth"),
    [
        (TOKEN, {"code_verifier": "x" * 43}, Party.PROVIDER, "invalid_grant", "verifier_wrong"),
        (TOKEN, {"code_verifier": None}, Party.PROVIDER, "invalid_grant", "verifier_missing"),
        (TOKEN, {"code_verifier": "short"}, Party.PROVIDER, "invalid_grant", "verifier_malformed"),
        (TOKEN, {"code": "x"}, Party.PROVIDER, "invalid_grant", "code_unknown"),
        (TOKEN, {"code": None}, Party.PROVIDER, "invalid_request", "code_missing"),
        (TOKEN, {"redirect_uri": None}, Party.PROVIDER, "invalid_grant", "code_redirect_uri_differs"),
        (TOKEN, {"grant_type": "password"}, Party.PROVIDER, "unsupported_grant_type", "grant_type_unsupported"),
        (AUTHORIZE, {"redirect_uri": "https://evil.example/"}, Party.PROVIDER, "invalid_request", "redirect_uri_unreg"),
        (AUTHORIZE, {"client_id": "no-such"}, Party.PROVIDER, "invalid_client", "client_unknown"),
        (AUTHORIZE, {"response_type": "token"}, Party.PROVIDER, "unsupported_response_type", "response_type_unsup"),
        (AUTHORIZE, {"scope": None}, Party.PROVIDER, "invalid_scope", "scope_missing"),
        (AUTHORIZE, {"code_challenge_method": "plain"}, Party.PROVIDER, "invalid_request", "challenge_method_refused"),
        (AUTHORIZE, {"state": None}, Party.RELYING_PARTY, "state_mismatch", None),
        (AUTHORIZE, {"state": "x"}, Party.RELYING_PARTY, "state_mismatch", None),
        (AUTHORIZE, {"nonce": None}, Party.RELYING_PARTY, "id_token_nonce", None),
        (AUTHORIZE, {"nonce": "x"}, Party.RELYING_PARTY, "id_token_nonce", None),
        (AUTHORIZE, {"scope": "email"}, Party.RELYING_PARTY, "id_token_missing", None),
        (CALLBACK, {"state": None}, Party.RELYING_PARTY, "state_mismatch", None),
        (CALLBACK, {"iss": None}, Party.RELYING_PARTY, "iss_mismatch", None),
        (CALLBACK, {"iss": "https://evil.test"}, Party.RELYING_PARTY, "iss_mismatch", None),
        (CALLBACK, {"code": None}, Party.RELYING_PARTY, "code_missing", None),
        (CALLBACK, {"error": "server_error"}, Party.PROVIDER, "server_error", None),
    ],
)  # fmt: skip
def test_a_changed_parameter_is_refused_by_the_party_that_watches_over_it(lab, at, change, who, error, truth):
    """RFC6749-4.1.2.1, RFC6749-10.12, RFC7636-4.6, RFC9207-2.4, OIDCC-3.1.3.7"""
    run = until(lab.sign_in("web-shop", "anna"), at)
    run.change(**change)
    run.finish()
    assert (run.refusal.who, run.refusal.error) == (who, error)
    assert run.trace.refusal == run.refusal
    assert run.next_step is None
    if truth:
        said = [truth for each in run.trace.exchanges for truth in each.truth]
        assert said
        assert said[-1].startswith(truth)


def test_another_registered_address_is_followed_and_found_out_when_the_code_is_redeemed(lab):
    """RFC6749-4.1.3: the answer arrives, and the code is bound to the address it was sent to."""
    run = until(lab.sign_in("city-guide", "anna"), AUTHORIZE)
    run.change(redirect_uri="http://127.0.0.1:4711/callback")
    run.finish()
    assert (run.refusal.who, run.refusal.error) == (Party.PROVIDER, "invalid_grant")
    assert run.trace.exchanges[-1].truth[0].startswith("code_redirect_uri_differs")


def test_a_code_that_was_redeemed_before_ends_what_it_gave(lab):
    """RFC6749-4.1.2"""
    run = until(lab.sign_in("web-shop", "anna"), TOKEN)
    stolen = run.next_step.request
    run.advance()
    other = until(lab.sign_in("web-shop", "anna"), TOKEN)
    other.replace_request(stolen)
    assert other.advance().truth[0].startswith("code_used")
    run.finish()
    assert (run.refusal.who, run.refusal.error) == (Party.PROVIDER, "invalid_token")
    assert run.trace.exchanges[-1].truth[0].startswith("bearer_revoked")


def test_a_code_lives_for_sixty_seconds(lab):
    """RFC6749-4.1.2: one clock moves provider and relying party."""
    for wait, error in ((59, None), (60, "invalid_grant")):
        run = until(lab.sign_in("web-shop", "anna"), TOKEN)
        lab.clock.advance(seconds=wait)
        run.finish()
        assert (run.refusal and run.refusal.error) == error
        assert run.trace.exchanges[-1].at == lab.clock.now
    assert run.trace.exchanges[-1].truth[0].startswith("code_expired")


def test_an_id_token_that_waited_is_refused_by_the_relying_party(lab):
    """OIDCC-3.1.3.7 numbers 9 and 10"""
    for wait, error in ((600, None), (601, "id_token_iat"), (3600, "id_token_expired")):
        run = until(lab.sign_in("web-shop", "anna"), "Fetch the provider's keys")
        lab.clock.advance(seconds=wait)
        run.finish()
        assert (run.refusal and run.refusal.error) == error


def test_a_refused_run_has_ended_and_says_how(lab):
    """RFC6749-5.2"""
    run = until(lab.sign_in("web-shop", "anna"), TOKEN)
    run.change(code="x")
    assert run.finish() is run
    assert not run.finished
    for act in (run.advance, lambda: run.change(code="y"), lambda: run.replace_request(Request("GET", "https://x/"))):
        with pytest.raises(RuntimeError, match="Anna Lindqvist signs in to Web Shop has ended: the provider refused"):
            act()
    with pytest.raises(FlowRefused) as caught:
        _ = run.result
    assert (caught.value.who, caught.value.error) == (Party.PROVIDER, "invalid_grant")
    assert "the provider refused: invalid_grant" in repr(run)


def test_a_finished_run_has_ended_too(lab):
    """RFC6749-5.1"""
    run = lab.sign_in("web-shop", "anna").finish()
    assert run.finished
    assert run.next_step is None
    assert run.finish() is run
    with pytest.raises(RuntimeError, match="has ended: every step is done"):
        run.advance()
    with pytest.raises(RuntimeError, match="has ended: every step is done"):
        run.change(state="x")


def test_a_result_is_there_at_the_end_and_not_before(lab):
    """RFC6749-5.1"""
    run = lab.sign_in("web-shop", "anna")
    for _ in range(3):
        with pytest.raises(RuntimeError, match=r"has steps left: call finish\(\) first"):
            _ = run.result
        run.advance()
    assert "3 messages, next: " in repr(run)


@pytest.mark.parametrize(
    "url", ["", "x", "https://[", "example.city-guide:/x", "https://a\nb/", "ftp://x/", "https://\ud800/"]
)
def test_what_cannot_be_sent_ends_the_run_and_stays_in_its_trace(lab, url):
    """RFC9110-4.2"""
    run = until(lab.sign_in("web-shop", "anna"), TOKEN)
    run.replace_request(Request("POST", url))
    run.finish()
    assert (run.refusal.who, run.refusal.error) == (Party.RELYING_PARTY, "not_sent")
    assert run.trace.exchanges[-1].request.url == url
    assert run.trace.exchanges[-1].response is None


def test_an_address_that_is_sent_twice_is_answered_by_a_page(lab):
    """RFC6749-3.1: it is not clear whom an answer would reach."""
    run = until(lab.sign_in("city-guide", "anna"), AUTHORIZE)
    run.replace_request(Request("GET", run.next_step.request.url + "&redirect_uri=https%3A%2F%2Fevil.example"))
    run.finish()
    assert (run.refusal.who, run.refusal.error) == (Party.PROVIDER, "invalid_request")


names = st.sampled_from(
    ["client_id", "redirect_uri", "state", "nonce", "scope", "response_type", "response_mode", "prompt", "max_age",
     "claims", "code", "code_verifier", "code_challenge", "code_challenge_method", "grant_type", "interaction", "csrf",
     "action", "demo_user", "iss", "error", "request", "id_token_hint", "client_secret", "username"]
)  # fmt: skip
values = st.none() | st.text(max_size=8) | st.sampled_from(
    ["none", "login", "consent", "select_account", "0", "-1", "9" * 30, "query", "fragment", "form_post", "openid",
     "photo-album", "city-guide", "https://photos.example/callback", "http://127.0.0.1:1/callback", "null", "{}",
     "[[]]", '{"id_token": 1}', '{"id_token": {"sub": {"value": "ben"}}}', "code", "token", "\r\nX: y", "\x00",
     "allow", "cancel"]
)  # fmt: skip
edits = st.lists(st.tuples(st.integers(0, 9), names, values), max_size=3)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(edits=edits, application=st.sampled_from(["web-shop", "photo-album", "city-guide"]))
def test_whatever_is_changed_a_run_ends_with_a_result_or_a_refusal(shared, edits, application):
    """RFC6749-5.2: the provider never answers with an error of its own making, and no run falls over."""
    run = shared.sign_in(application, "anna", prompt="login consent")
    number = 0
    while run.next_step is not None:
        for at, name, value in edits:
            if at == number:
                run.change(**{name: value})
        sent = run.advance()
        assert sent.response is None or sent.response.status < 500
        number += 1
    assert run.finished is (run.refusal is None)
    assert run.trace.to_json()


@pytest.fixture(scope="module")
def shared():
    with Lab() as bench:
        yield bench
