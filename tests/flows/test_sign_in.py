"""Sign-ins of every type of application and of every way to ask, over the real provider."""

import base64

import pytest

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Verdict

ORDINARY = [
    "issuer of the configuration", "PKCE is supported", "state", "iss of the answer", "code", "token_type",
    "Cache-Control", "1. encryption", "2. iss", "3. aud", "4. azp of an extension", "5. azp", "6. signature", "7. alg",
    "8. MAC key", "9. exp", "10. iat", "11. nonce", "12. acr", "13. auth_time", "sub", "at_hash", "sub of userinfo",
]  # fmt: skip


@pytest.mark.parametrize(
    ("application", "redirect_uri"),
    [
        ("web-shop", None),
        ("photo-album", None),
        ("city-guide", None),
        ("city-guide", "example.city-guide:/callback"),
        ("city-guide", "http://127.0.0.1/callback"),
        ("city-guide", "http://127.0.0.1:49152/callback"),
    ],
)
def test_a_demo_user_signs_in_to_every_type_of_application(lab, application, redirect_uri):
    """OIDCC-3.1, RFC8252-7.1, RFC8252-7.3"""
    run = lab.sign_in(application, "anna", redirect_uri=redirect_uri).finish()
    assert run.result.sub == "anna"
    assert run.result.userinfo["email"] == "anna@mail.example"
    delivered = next(each for each in run.trace.exchanges if each.step.receiver is Party.RELYING_PARTY)
    wanted = redirect_uri or lab.applications[application].redirect_uris[0]
    assert delivered.request.url.startswith(f"{wanted}?code=")
    assert delivered.response is None


def test_every_check_of_an_ordinary_run_is_kept_with_its_verdict(lab):
    """OIDCC-3.1.3.7, RFC9207-2.4, OIDCC-5.3.2"""
    run = lab.sign_in("web-shop", "anna").finish()
    assert [check.what for check in run.trace.checks] == ORDINARY
    assert all(check.verdict is not Verdict.FAILED for check in run.trace.checks)
    assert all(check.clause and check.expected for check in run.trace.checks)


def test_checks_stand_with_the_message_that_they_are_about(lab):
    """OIDCC-3.1.3.7"""
    run = lab.sign_in("web-shop", "anna").finish()
    found = {each.step.title: [check.what for check in each.own_checks] for each in run.trace.exchanges}
    assert found["Discover the provider"] == ORDINARY[:2]
    assert found["The browser brings the answer back"] == ORDINARY[2:5]
    assert found["Redeem the code"] == ORDINARY[5:7]
    assert found["Fetch the provider's keys"] == ORDINARY[7:-1]
    assert found["Ask who the user is"] == ORDINARY[-1:]


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
@pytest.mark.parametrize("agrees", [True, False])
def test_every_response_mode_carries_success_and_error(lab, mode, agrees):
    """OAMR-2.1, OAFP-2, OIDCC-3.1.2.6"""
    run = lab.sign_in("web-shop", "anna", response_mode=mode, agrees=agrees).finish()
    brought = next(each.request for each in run.trace.exchanges if each.step.receiver is Party.RELYING_PARTY)
    assert brought.method == ("POST" if mode == "form_post" else "GET")
    if agrees:
        assert run.result.sub == "anna"
    else:
        assert (run.refusal.who, run.refusal.error) == (Party.PROVIDER, "access_denied")


def test_form_post_needs_an_address_that_a_browser_can_post_to(lab):
    """OAFP-2"""
    run = lab.sign_in("city-guide", "anna", response_mode="form_post").finish()
    assert (run.refusal.who, run.finished) == (Party.RELYING_PARTY, False)  # the error comes in the query


def test_the_second_sign_in_finds_the_session_and_the_agreement_of_the_first(lab, titles):
    """OIDCC-3.1.2.3, OIDCC-3.1.2.4"""
    first, second = (lab.sign_in("web-shop", "anna").finish() for _ in range(2))
    assert second.result.sub == "anna"
    assert len(second.trace.exchanges) == len(first.trace.exchanges) - 4
    assert not [title for title in titles(second) if "signs in" in title or "agrees" in title]
    other = lab.sign_in("photo-album", "anna").finish()
    assert [title for title in titles(other) if title.startswith("Anna")] == ["Anna Lindqvist agrees"]


def test_each_user_sits_at_a_browser_of_their_own(lab):
    """OIDCC-3.1.2.3"""
    lab.sign_in("web-shop", "anna").finish()
    assert lab.sign_in("web-shop", "ben").finish().result.sub == "ben"
    assert lab.sign_in("web-shop", "anna", prompt="none").finish().result.sub == "anna"


def test_prompt_none_needs_a_session_and_an_agreement(lab):
    """OIDCC-3.1.2.1, OIDCC-3.1.2.6"""
    silent = lab.sign_in("web-shop", "anna", prompt="none").finish()
    assert (silent.refusal.who, silent.refusal.error) == (Party.PROVIDER, "login_required")
    lab.sign_in("web-shop", "anna").finish()
    unasked = lab.sign_in("photo-album", "anna", prompt="none").finish()
    assert unasked.refusal.error == "consent_required"
    assert lab.sign_in("web-shop", "anna", prompt="none").finish().result.sub == "anna"


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("login", ["Anna Lindqvist signs in with one click"]),
        ("consent", ["Anna Lindqvist agrees"]),
        ("select_account", ["Anna Lindqvist goes on"]),
        ("login consent", ["Anna Lindqvist signs in with one click", "Anna Lindqvist agrees"]),
        ("select_account consent", ["Anna Lindqvist goes on", "Anna Lindqvist agrees"]),
        ("login select_account", ["Anna Lindqvist signs in with one click"]),
    ],
)
def test_prompt_asks_again_for_what_was_done_before(lab, titles, prompt, asked):
    """OIDCC-3.1.2.1"""
    lab.sign_in("web-shop", "anna").finish()
    again = lab.sign_in("web-shop", "anna", prompt=prompt).finish()
    assert again.result.sub == "anna"
    assert [title for title in titles(again) if title.startswith("Anna")] == asked


def test_max_age_asks_for_a_fresh_sign_in_and_its_moment_is_checked(lab, titles):
    """OIDCC-3.1.2.1, OIDCC-3.1.3.7 number 13"""
    lab.sign_in("web-shop", "anna").finish()
    lab.clock.advance(seconds=300)
    young = lab.sign_in("web-shop", "anna", max_age=300).finish()
    assert young.result.claims["auth_time"] == young.result.claims["iat"] - 300
    lab.clock.advance(seconds=1)
    old = lab.sign_in("web-shop", "anna", max_age=300).finish()
    assert "Anna Lindqvist signs in with one click" in titles(old)
    assert old.result.claims["auth_time"] == old.result.claims["iat"]
    check = next(check for check in old.trace.checks if check.what == "13. auth_time")
    assert check.verdict is Verdict.PASSED


def test_single_claims_are_delivered_where_they_were_asked_for(lab):
    """OIDCC-5.5"""
    claims = {"id_token": {"email": None, "auth_time": {"essential": True}}, "userinfo": {"birthdate": None}}
    result = lab.sign_in("web-shop", "anna", scopes="openid", claims=claims).finish().result
    assert result.claims["email"] == "anna@mail.example"
    assert dict(result.userinfo) == {"sub": "anna", "birthdate": "1988-04-12"}


def test_every_standard_claim_of_every_scope_is_served(lab):
    """OIDCC-5.1, OIDCC-5.4"""
    for user in lab.users.values():
        run = lab.sign_in("photo-album", user.sub, scopes="openid profile email address phone").finish()
        assert dict(run.result.userinfo) == {"sub": user.sub, **user.claims}


def test_a_password_can_be_typed(lab, titles):
    """OIDCC-3.1.2.3"""
    run = lab.sign_in("web-shop", "anna", password=lab.passwords["anna"]).finish()
    assert run.result.sub == "anna"
    assert "Anna Lindqvist types a password" in titles(run)


def test_a_wrong_password_ends_the_run(lab):
    """OIDCC-3.1.2.3"""
    run = lab.sign_in("web-shop", "anna", password="wrong").finish()
    assert (run.refusal.who, run.refusal.error) == (Party.PROVIDER, "sign_in_failed")
    assert run.refusal.description == "The user name or the password is not right."


def test_a_user_without_a_shortcut_needs_a_password(lab):
    """OIDCC-3.1.2.3"""
    from oidc_lab.domain.user import User

    run = lab.sign_in("web-shop", User(sub="nobody", username="nobody")).finish()
    assert (run.refusal.who, run.refusal.error) == (Party.BROWSER, "no_shortcut")
    assert "give a password" in run.refusal.description


def test_an_application_may_register_eddsa(lab):
    """OIDCR-2, OIDCC-3.1.3.8"""
    lab.register(
        Application(
            client_id="modern",
            type=ApplicationType.SPA,
            name="Modern",
            redirect_uris=("https://modern.example/callback",),
            id_token_signed_response_alg="EdDSA",
        )
    )
    run = lab.sign_in("modern", "anna").finish()
    assert run.result.sub == "anna"
    seen = {check.what: check for check in run.trace.checks}
    assert (seen["7. alg"].seen, seen["at_hash"].verdict) == ("EdDSA", Verdict.PASSED)


def test_the_secret_travels_in_the_header_or_in_the_body(lab):
    """OIDCC-9"""
    for method in ("client_secret_basic", "client_secret_post"):
        run = lab.sign_in("web-shop", "anna", token_endpoint_auth_method=method).finish()
        redeem = next(each.request for each in run.trace.exchanges if each.step.title == "Redeem the code")
        assert run.result.sub == "anna"
        assert ("client_secret" in redeem.parameters) is (method == "client_secret_post")
    without = lab.sign_in("web-shop", "anna", token_endpoint_auth_method="none").finish()
    assert (without.refusal.who, without.refusal.error) == (Party.PROVIDER, "invalid_client")
    assert without.trace.exchanges[-1].truth[0].startswith("credentials_missing")


def test_a_public_application_sends_its_name_and_no_secret(lab):
    """RFC6749-3.2.1"""
    run = lab.sign_in("photo-album", "anna").finish()
    redeem = next(each.request for each in run.trace.exchanges if each.step.title == "Redeem the code")
    assert redeem.parameters["client_id"] == "photo-album"
    assert "Authorization" not in dict(redeem.headers)


def test_the_header_holds_name_and_secret(lab):
    """RFC6749-2.3.1"""
    run = lab.sign_in("web-shop", "anna").finish()
    redeem = next(each.request for each in run.trace.exchanges if each.step.title == "Redeem the code")
    encoded = dict(redeem.headers)["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(encoded) == b"web-shop:test-secret-of-the-web-shop"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"application": "night-report"}, "nobody signs in to Night Report, a machine-to-machine application"),
        ({"application": "no-such"}, "no application 'no-such'; there are web-shop, photo-album"),
        ({"user": "zoe"}, "no user 'zoe'; there are anna, ben"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "client_secret_post, none, not 'private_key_jwt'"),
    ],
)
def test_what_cannot_begin_is_said_at_once_and_helpfully(lab, arguments, says):
    """RFC6749-4.4: and a machine-to-machine application signs nobody in."""
    given = {"application": "web-shop", "user": "anna", **arguments}
    with pytest.raises((ValueError, KeyError)) as caught:
        lab.sign_in(**given)
    assert says in str(caught.value)


def test_an_application_without_a_redirect_uri_can_sign_nobody_in(lab):
    """RFC6749-3.1.2.2"""
    bare = Application(client_id="bare", type=ApplicationType.SPA, name="Bare")
    with pytest.raises(ValueError, match="no redirect URI"):
        lab.sign_in(lab.register(bare), "anna")


def test_a_result_that_was_refused_says_who_refused(lab):
    """RFC6749-4.1.2.1"""
    run = lab.sign_in("web-shop", "anna", agrees=False).finish()
    with pytest.raises(FlowRefused, match="the provider refused: access_denied"):
        _ = run.result
