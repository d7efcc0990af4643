"""Single page applications from the first message to the last, as a browser lets their pages call."""

import pytest

from oidc_lab.domain.profile import Profile
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Verdict
from oidc_lab.relying_party.why import explain

PAGE, STRANGE, OF_REDIRECT = "https://photos.example", "https://fans.example", "https://shop.example"
PREFLIGHT = "The browser asks whether the page may send this"


def sent(run, name):
    """What each message of the relying party says under the name of a header."""
    asked = (each for each in run.trace.exchanges if each.step.sender is Party.RELYING_PARTY)
    return [dict(each.request.headers).get(name) for each in asked]


def cause(run):
    (only,) = explain(run).causes
    return only


@pytest.mark.parametrize("profile", Profile)
def test_a_page_of_a_listed_origin_signs_in_refreshes_and_asks(lab, titles, profile):
    """FETCH-cors-preflight-fetch: only userinfo has a header that has to be asked about."""
    lab.profile = profile
    run = lab.sign_in("photo-album", "anna", scopes="openid offline_access", prompt="consent", origin=PAGE).finish()
    assert titles(run)[-3:] == ["Fetch the provider's keys", PREFLIGHT, "Ask who the user is"]
    assert titles(run).count(PREFLIGHT) == 1
    assert set(sent(run, "Origin")) == {PAGE}
    refreshed = lab.refresh("photo-album", "anna", signed_in=run, origin=PAGE).finish()
    assert PREFLIGHT not in titles(refreshed)
    token = refreshed.result.tokens.access_token
    asked = lab.userinfo("photo-album", "anna", signed_in=refreshed, origin=PAGE).finish()
    assert titles(asked)[1:] == [PREFLIGHT, "Ask who the user is"]
    assert lab.introspect("photo-album", token, origin=PAGE).finish().result.active
    assert lab.revoke("photo-album", token, origin=PAGE).finish().finished
    assert not lab.introspect("photo-album", token, origin=PAGE).finish().result.active
    assert {each.result.sub for each in (run, refreshed, asked)} == {"anna"}


def test_the_browsers_checks_stand_with_the_answer_that_they_are_about(lab):
    """FETCH-cors-check"""
    run = lab.sign_in("photo-album", "anna", origin=PAGE).finish()
    for exchange in run.trace.exchanges:
        made = [each for each in exchange.checks if each.who is Party.BROWSER]
        assert bool(made) is (exchange.step.sender is Party.RELYING_PARTY)
        assert {each.verdict for each in made} <= {Verdict.PASSED}
    (preflight,) = (each for each in run.trace.exchanges if each.step.title == PREFLIGHT)
    assert [each.what for each in preflight.checks] == [
        "Access-Control-Allow-Origin", "status", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
    ]  # fmt: skip


def test_no_cookie_goes_along_with_what_a_page_asks(lab):
    """FETCH-http-cors-protocol: without credentials, though the browser has them."""
    lab.sign_in("photo-album", "anna", origin=PAGE).finish()
    run = lab.sign_in("photo-album", "anna", origin=PAGE).finish()
    assert any("Cookie" in dict(each.request.headers) for each in run.trace.exchanges)
    assert set(sent(run, "Cookie")) == {None}


def test_a_program_names_no_origin(lab, titles):
    """RFC6454-7"""
    run = lab.sign_in("photo-album", "anna").finish()
    assert set(sent(run, "Origin")) == {None}
    assert PREFLIGHT not in titles(run)
    assert {each.who for each in run.trace.checks} == {Party.RELYING_PARTY}


@pytest.mark.parametrize("profile", [Profile.DOCUMENTED, Profile.STRICT])
@pytest.mark.parametrize("origin", [STRANGE, "null"])
def test_a_page_of_an_unlisted_origin_reads_nothing_though_the_provider_answers(lab, profile, origin):
    """FETCH-cors-check: the answer is in the trace, and the page learns no more than that the call failed."""
    lab.profile = profile
    run = lab.sign_in("photo-album", "anna", origin=origin).finish()
    assert (run.refusal.who, run.refusal.error) == (Party.BROWSER, "blocked_by_cors")
    (exchange,) = run.trace.exchanges
    assert (exchange.response.status, exchange.response.json()["issuer"]) == (200, lab.issuer)
    only = cause(run)
    assert (only.who, only.code, only.saw) == (
        Party.BROWSER, "blocked_by_cors", (("the page's script", "Failed to fetch"),),
    )  # fmt: skip
    assert dict(only.details)["the provider's reason"] == "origin_unlisted"
    assert dict(only.details)["received"] == origin
    assert only.blame == "cors_allowed_origins"
    with pytest.raises(FlowRefused, match="the browser refused: blocked_by_cors"):
        _ = run.result


def test_null_cannot_be_listed_so_the_remedy_is_another_one(lab):
    """RFC6454-7.3"""
    remedies = {
        each: cause(lab.sign_in("photo-album", "anna", origin=each).finish()).remedy for each in (STRANGE, "null")
    }
    assert remedies[STRANGE].startswith("Add the origin")
    assert remedies["null"].startswith("null stands for no origin at all")


def test_an_origin_that_another_application_lists_gets_as_far_as_the_token_endpoint(lab, titles):
    """FETCH-cors-check: the provider refuses with an error that the page cannot read, and nothing was done."""
    run = lab.sign_in("web-shop", "anna", origin=PAGE).finish()
    assert titles(run)[-2:] == [PREFLIGHT, "Redeem the code"]
    last = run.trace.exchanges[-1]
    assert (last.response.status, last.response.json()["error"]) == (400, "invalid_request")
    only = cause(run)
    assert (only.number, only.step, only.saw) == (9, "Redeem the code", (("the page's script", "Failed to fetch"),))
    assert dict(only.details) == {
        "the provider's reason": "origin_not_allowed", "because": "the application does not list it", "received": PAGE,
    }  # fmt: skip
    assert explain(last).sentence == "The browser refused: blocked_by_cors."
    (alone,) = explain(last).causes
    assert (alone.code, alone.number, alone.saw) == ("blocked_by_cors", 0, only.saw)


def test_a_preflight_that_permits_nothing_ends_the_run_before_the_token_leaves(lab, titles):
    """FETCH-cors-preflight-fetch"""
    signed_in = lab.sign_in("photo-album", "anna").finish()
    run = lab.userinfo("photo-album", "anna", signed_in=signed_in, origin=PAGE)
    run.advance()
    lab.applications["photo-album"].update(cors_allowed_origins=[])
    run.finish()
    assert titles(run) == ["Discover the provider", PREFLIGHT]
    assert signed_in.result.tokens.access_token not in run.trace.to_json()
    assert dict(cause(run).details)["the provider's reason"] == "origin_unlisted"


def test_an_error_that_the_page_may_read_is_the_providers(lab):
    """RFC6749-5.2: no browser is in the way of a page that is listed."""
    run = lab.sign_in("photo-album", "anna", origin=PAGE)
    while run.next_step.title != "Redeem the code":
        run.advance()
    run.change(code="x")
    run.finish()
    assert (run.refusal.who, run.refusal.error) == (Party.PROVIDER, "invalid_grant")
    assert cause(run).code == "code_unknown"


def test_an_error_behind_a_blocked_answer_is_told_besides(lab):
    """FETCH-cors-check: the provider did not know yet whose list counts, so its reason is another one."""
    run = lab.sign_in("photo-album", "anna", origin=PAGE)
    while run.next_step.title != "Redeem the code":
        run.advance()
    run.change(client_id="nobody")
    lab.applications["photo-album"].update(cors_allowed_origins=[])
    why = explain(run.finish())
    assert [(each.who, each.code) for each in why.causes] == [
        (Party.PROVIDER, "client_not_recognised"), (Party.BROWSER, "blocked_by_cors"),
    ]  # fmt: skip
    assert {each.saw for each in why.causes} == {(("the page's script", "Failed to fetch"),)}
    assert why.causes[1].clause == "FETCH-http-cors-protocol"


def test_an_origin_that_is_added_may_call_at_once(lab):
    """RFC6454-7"""
    assert lab.sign_in("photo-album", "anna", origin=STRANGE).finish().refusal
    lab.applications["photo-album"].update(cors_allowed_origins=[PAGE, STRANGE])
    assert lab.sign_in("photo-album", "anna", origin=STRANGE).finish().finished


def test_the_origin_of_a_redirect_uri_may_call_in_logto_alone(lab):
    """Application-model 3.7"""
    for profile, may in [(Profile.DOCUMENTED, False), (Profile.STRICT, False), (Profile.LOGTO, True)]:
        lab.profile = profile
        assert lab.sign_in("web-shop", "anna", origin=OF_REDIRECT).finish().finished is may


def test_in_logto_any_page_reads_the_metadata_and_asks_and_no_more(lab):
    """Application-model 3.7"""
    lab.profile = Profile.LOGTO
    run = lab.sign_in("photo-album", "anna", origin=STRANGE).finish()
    assert run.trace.exchanges[-1].step.title == "Redeem the code"
    assert dict(cause(run).details)["the provider's reason"] == "origin_not_allowed"


def test_a_page_of_the_providers_own_needs_no_permission(lab, titles):
    """RFC6454-5"""
    run = lab.sign_in("photo-album", "anna", origin="https://provider.test").finish()
    assert run.finished
    assert PREFLIGHT not in titles(run)


def test_a_machine_does_not_call_from_a_page(lab):
    """RFC6749-2.1: what a page knows is no secret."""
    assert lab.client_credentials("night-report").finish().finished
    run = lab.client_credentials("night-report", origin=PAGE).finish()
    assert run.refusal.error == "blocked_by_cors"
    assert dict(cause(run).details)["the provider's reason"] == "origin_not_allowed"


def test_an_origin_that_no_browser_sends_is_refused_before_anything_is_sent(lab):
    """RFC6454-6.2"""
    with pytest.raises(ValueError, match=r"write https://photos\.example"):
        lab.sign_in("photo-album", "anna", origin=f"{PAGE}/")
