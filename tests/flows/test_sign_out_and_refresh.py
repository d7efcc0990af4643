"""Sign-outs, and tokens that are renewed while the user is away."""

import threading

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Verdict
from oidc_lab.relying_party.message import Request, Response

OFFLINE = {"scopes": "openid email offline_access", "prompt": "consent"}


def test_a_sign_out_with_a_hint_returns_to_the_application_with_its_state(lab, titles):
    """OIDCRIL-2, OIDCRIL-3"""
    signed_in = lab.sign_in("web-shop", "anna").finish()
    out = lab.sign_out("web-shop", "anna", signed_in=signed_in).finish()
    assert out.result.returned
    assert titles(out) == ["Discover the provider", "Send the user to sign out", "The browser brings the answer back"]
    assert out.trace.checks[-1].what == "state"
    assert out.trace.checks[-1].verdict is Verdict.PASSED


def test_a_result_serves_as_a_hint_as_well_as_its_run(lab):
    """OIDCRIL-2"""
    result = lab.sign_in("web-shop", "anna").finish().result
    assert lab.sign_out("web-shop", "anna", signed_in=result).finish().result.returned


def test_without_a_hint_the_user_is_asked(lab, titles):
    """OIDCRIL-6"""
    lab.sign_in("web-shop", "anna").finish()
    out = lab.sign_out("web-shop", "anna").finish()
    assert "Anna Lindqvist confirms the sign-out" in titles(out)
    assert out.result.returned


def test_without_an_address_to_return_to_the_user_stays_on_the_page(lab, plain_shop):
    """OIDCRIL-3"""
    signed_in = lab.sign_in(plain_shop, "anna").finish()
    out = lab.sign_out("plain-shop", "anna", signed_in=signed_in).finish()
    assert not out.result.returned
    assert out.trace.checks[-1].verdict is Verdict.NOT_NEEDED
    assert lab.sign_in("plain-shop", "anna", prompt="none").finish().refusal.error == "login_required"


def test_an_address_that_is_not_registered_is_not_gone_to(lab):
    """OIDCRIL-3"""
    signed_in = lab.sign_in("web-shop", "anna").finish()
    out = lab.sign_out("web-shop", "anna", signed_in=signed_in)
    out.advance()
    out.change(post_logout_redirect_uri="https://evil.example/")
    assert not out.finish().result.returned
    assert out.trace.exchanges[-1].truth[0].startswith("logout_uri_unregistered")


def test_a_changed_state_comes_back_changed_and_is_refused(lab):
    """OIDCRIL-3"""
    signed_in = lab.sign_in("web-shop", "anna").finish()
    out = lab.sign_out("web-shop", "anna", signed_in=signed_in)
    out.advance()
    out.change(state="another")
    out.finish()
    assert (out.refusal.who, out.refusal.error) == (Party.RELYING_PARTY, "state_mismatch")


def test_after_a_sign_out_the_provider_asks_for_a_sign_in_again(lab, titles):
    """OIDCRIL-2"""
    signed_in = lab.sign_in("web-shop", "anna").finish()
    lab.sign_out("web-shop", "anna", signed_in=signed_in).finish()
    assert lab.sign_in("web-shop", "anna", prompt="none").finish().refusal.error == "login_required"
    assert "Anna Lindqvist signs in with one click" in titles(lab.sign_in("web-shop", "anna").finish())


@pytest.mark.parametrize("application", ["web-shop", "photo-album", "city-guide"])
def test_a_refresh_gives_new_tokens_for_the_same_sign_in(lab, titles, application):
    """RFC6749-6, OIDCC-12.1, OIDCC-12.2"""
    signed_in = lab.sign_in(application, "anna", **OFFLINE).finish()
    before = signed_in.result
    lab.clock.advance(days=1)
    run = lab.refresh(application, "anna", signed_in=signed_in).finish()
    after = run.result
    assert titles(run) == ["Discover the provider", "Refresh the tokens", "Fetch the provider's keys"]
    for name in ("access_token", "refresh_token", "id_token"):
        replaced = getattr(after.tokens, name) not in (None, getattr(before.tokens, name))
        # A web application's refresh token stays until 70 % of its lifetime have passed: the product's page.
        assert replaced is ((application, name) != ("web-shop", "refresh_token"))
    assert after.claims["iat"] == before.claims["iat"] + 86_400
    assert after.claims["auth_time"] == before.claims["auth_time"]
    assert [check.what for check in run.trace.checks if check.clause == "OIDCC-12.2"] == [
        "same iss", "same sub", "same azp", "iat moves on", "same aud", "same auth_time", "same nonce",
    ]  # fmt: skip
    assert all(check.verdict is not Verdict.FAILED for check in run.trace.checks)


def test_a_refreshed_sign_in_can_be_refreshed_again_and_for_fewer_scopes(lab):
    """RFC6749-6"""
    run = lab.sign_in("web-shop", "anna", **OFFLINE).finish()
    run = lab.refresh("web-shop", "anna", signed_in=run).finish()
    fewer = lab.refresh("web-shop", "anna", signed_in=run.result, scopes="openid").finish()
    assert fewer.result.tokens.scopes == {"openid"}
    whole = lab.refresh("web-shop", "anna", signed_in=fewer).finish()
    assert whole.result.tokens.scopes == {"openid", "email", "offline_access"}
    assert whole.result.first_claims == run.result.first_claims


def test_a_refresh_token_that_comes_back_ends_the_family(lab):
    """RFC9700-4.14.2"""
    signed_in = lab.sign_in("photo-album", "anna", **OFFLINE).finish()
    renewed = lab.refresh("photo-album", "anna", signed_in=signed_in).finish()
    again = lab.refresh("photo-album", "anna", signed_in=signed_in).finish()
    assert (again.refusal.who, again.refusal.error) == (Party.PROVIDER, "invalid_grant")
    assert again.trace.exchanges[-1].truth[0].startswith("refresh_token_reused")
    after = lab.refresh("photo-album", "anna", signed_in=renewed).finish()
    assert after.trace.exchanges[-1].truth[0].startswith("family_revoked")


def test_offline_access_outlives_a_sign_out(lab):
    """OIDCC-11"""
    signed_in = lab.sign_in("web-shop", "anna", **OFFLINE).finish()
    lab.sign_out("web-shop", "anna", signed_in=signed_in).finish()
    assert lab.refresh("web-shop", "anna", signed_in=signed_in).finish().result.sub == "anna"


def test_without_a_refresh_token_the_application_knows_what_it_should_have_asked_for(lab):
    """OIDCC-11"""
    run = lab.refresh("web-shop", "anna", signed_in=lab.sign_in("web-shop", "anna").finish()).finish()
    assert (run.refusal.who, run.refusal.error) == (Party.RELYING_PARTY, "refresh_token_missing")
    assert "offline_access" in run.refusal.description


def test_what_was_refused_cannot_be_refreshed_or_be_a_hint(lab):
    """RFC6749-6"""
    declined = lab.sign_in("web-shop", "anna", agrees=False).finish()
    for use in (lab.refresh, lab.sign_out):
        with pytest.raises(FlowRefused, match="access_denied"):
            use("web-shop", "anna", signed_in=declined)


def test_a_refresh_works_for_eddsa_as_well(lab):
    """OIDCC-12.2"""
    modern = Application(
        client_id="modern",
        type=ApplicationType.NATIVE,
        name="Modern",
        redirect_uris=("modern.example:/callback",),
        id_token_signed_response_alg="EdDSA",
    )
    run = lab.sign_in(lab.register(modern), "anna", **OFFLINE).finish()
    assert lab.refresh(modern, "anna", signed_in=run).finish().result.claims["aud"] == "modern"


def test_a_provider_that_breaks_is_not_said_to_refuse(lab: Lab) -> None:
    """A status of 500 is no refusal of OIDCC-3.1.2.6: it says that something is broken, and where to look."""
    run = lab.sign_in("web-shop", "anna")
    lab.provider.logger.disabled = True
    lab.provider.view_functions["authorization.authorize"] = lambda: 1 / 0
    assert run.finish().refusal.error == "provider_broke"
    assert "500" in run.refusal.description


def test_a_closed_lab_says_so() -> None:
    """What to do stands in the sentence."""
    lab = Lab()
    lab.close()
    with pytest.raises(RuntimeError, match="make a new Lab"):
        lab.sign_in("web-shop", "anna")


def test_a_run_hears_its_own_refusals_alone(lab: Lab) -> None:
    """Others may run in other threads at the same time."""
    run = lab.sign_in("web-shop", "anna")
    run.advance()
    other = threading.Thread(target=lambda: lab.sign_in("web-shop", "ben", prompt="none").finish())
    sending = run._wire.browser.send

    def send_while_another_is_refused(request: Request) -> tuple[Request, Response]:
        other.start()
        other.join()
        return sending(request)

    run._wire.browser.send = send_while_another_is_refused  # type: ignore[method-assign]
    assert run.advance().truth == ()
    assert [refused.refusal.code for refused in lab.refusals] == ["login_required"]
