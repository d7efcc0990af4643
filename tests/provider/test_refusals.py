"""Every refusal of the catalogue can be provoked: what the wire says, where, and what the lab hears."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

import oidc_lab.provider
from oidc_lab import Application, ApplicationType, Lab
from oidc_lab.domain.checked import Checked
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import Anchor, RefreshPolicy, Rotate
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.spec import link
from oidc_lab.provider.context import Context
from tests.provider.bench import (
    CHALLENGE,
    MACHINE,
    SPA,
    VERIFIER,
    WEB,
    Browser,
    Page,
    answered,
    asking,
    offline_tokens,
    redeeming,
    refreshing,
    send,
    tokens,
    userinfo,
)

PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}

DAY = timedelta(days=1)

Provoke = Callable[[Lab], TestResponse]


def authorize(application: str = WEB, **changes: str | None) -> Provoke:
    """An authentication request of a browser in which anna is signed in."""

    def provoke(lab: Lab) -> TestResponse:
        browser = Browser(lab)
        browser.sign_in()
        return browser.open("/authorize", query_string=asking(lab, application) | changes)

    return provoke


def authorize_twice(parameter: str) -> Provoke:
    return lambda lab: Browser(lab).open("/authorize", query_string=asking(lab) | {parameter: ["a", "b"]})


def redeem(application: str = WEB, asked: dict[str, str] = PKCE, later: float = 0, **changes: str | None) -> Provoke:
    """A token request for a fresh code that was asked for with PKCE."""

    def provoke(lab: Lab) -> TestResponse:
        code = answered(Browser(lab).sign_in(WEB, **asked))["code"]
        lab.clock.advance(seconds=later)
        verifier = {"code_verifier": VERIFIER} if asked else {}
        return send(lab, "/token", redeeming(lab, code, application, **(verifier | changes)))

    return provoke


def token(form: dict[str, object] | None = None, header: str | None = None) -> Provoke:
    return lambda lab: send(lab, "/token", form or {}, headers={"Authorization": header} if header else {})


def refresh(application: str = WEB, days: int = 0, **changes: str | None) -> Provoke:
    def provoke(lab: Lab) -> TestResponse:
        kept = offline_tokens(lab)
        lab.clock.advance(days=days)
        return send(lab, "/token", refreshing(lab, kept["refresh_token"], application, **changes))

    return provoke


def read(header: str | None, later: float = 0, **form: object) -> Provoke:
    """A request to userinfo; TOKEN stands for a fresh access token."""

    def provoke(lab: Lab) -> TestResponse:
        access_token = tokens(lab)["access_token"]
        lab.clock.advance(seconds=later)
        headers = {"Authorization": header.replace("TOKEN", access_token)} if header else {}
        return send(lab, "/userinfo", form, headers=headers)

    return provoke


def sign_out(**asked: object) -> Provoke:
    """A logout request of a browser in which anna is signed in; HINT stands for her ID Token."""

    def provoke(lab: Lab) -> TestResponse:
        browser = Browser(lab)
        code = answered(browser.sign_in())["code"]
        hint = send(lab, "/token", redeeming(lab, code)).json["id_token"]
        query = {name: hint if value == "HINT" else value for name, value in asked.items()}
        return browser.open("/end-session", query_string=query)

    return provoke


def declined(lab: Lab) -> TestResponse:
    browser = Browser(lab)
    return browser.press(browser.authorize(), "cancel")


def from_elsewhere(lab: Lab) -> TestResponse:
    browser = Browser(lab)
    return browser.press(browser.authorize(), "demo-user-anna", csrf="guess")


def hinted(application: str, user: str) -> Provoke:
    return lambda lab: authorize(prompt="none", id_token_hint=tokens(lab, application, user)["id_token"])(lab)


def too_old(lab: Lab) -> TestResponse:
    browser = Browser(lab)
    browser.sign_in()
    lab.clock.advance(seconds=2)
    return browser.open("/authorize", query_string=asking(lab, prompt="none", max_age="1"))


def signed_out_before_redeeming(lab: Lab) -> TestResponse:
    browser = Browser(lab)
    code = answered(browser.sign_in())["code"]
    browser.press(browser.sign_out(), "sign-out")
    return send(lab, "/token", redeeming(lab, code))


def code_twice(lab: Lab) -> TestResponse:
    code = answered(Browser(lab).sign_in())["code"]
    send(lab, "/token", redeeming(lab, code))
    return send(lab, "/token", redeeming(lab, code))


def refresh_again(times: int) -> Provoke:
    def provoke(lab: Lab) -> TestResponse:
        kept = offline_tokens(lab, SPA)["refresh_token"]
        return [send(lab, "/token", refreshing(lab, kept, SPA)) for _ in range(times)][-1]

    return provoke


def under(profile: Profile, provoke: Provoke) -> Provoke:
    """The same in another profile."""

    def provoke_there(lab: Lab) -> TestResponse:
        provider(lab).profile = profile
        return provoke(lab)

    return provoke_there


def adopting(policy: RefreshPolicy, provoke: Provoke) -> Provoke:
    """The same by a policy that no profile has."""

    def provoke_so(lab: Lab) -> TestResponse:
        provider(lab).adopted[WEB] = policy
        return provoke(lab)

    return provoke_so


def provider(lab: Lab) -> Context:
    return lab.provider.extensions["oidc_lab"]


def with_expired_secret(lab: Lab) -> TestResponse:
    old = Secret(name="old", created_at=lab.clock.now - DAY, expires_at=lab.clock.now)
    provider(lab).store.applications.add_secret(WEB, old, "test-secret-of-old")
    return redeem(client_secret="test-secret-of-old")(lab)


def replaced_twice(lab: Lab) -> TestResponse:
    kept = offline_tokens(lab)["refresh_token"]
    return [send(lab, "/token", refreshing(lab, kept)) for _ in range(2)][-1]


def bound_to_a_session_that_is_over(lab: Lab) -> TestResponse:
    always = Application(
        client_id="always", type=ApplicationType.SPA, name="Always", redirect_uris=("https://always.example/cb",),
        always_issue_refresh_token=True,
    )  # fmt: skip
    lab.register(always)
    kept = tokens(lab, "always")
    lab.clock.advance(days=13, hours=23, minutes=59)
    kept = send(lab, "/token", refreshing(lab, kept["refresh_token"], "always")).json
    lab.clock.advance(minutes=1)
    return userinfo(lab, kept["access_token"])


GRANT_BUT_HALF_A_MINUTE = timedelta(days=180, seconds=-30)


def at_the_end_of_the_grant(lab: Lab) -> Browser:
    """A browser whose session lives on, half a minute before the end of what its user agreed to."""
    provider(lab).profile = Profile.LOGTO
    browser = Browser(lab)
    browser.sign_in()
    for days in (13,) * 13:
        lab.clock.advance(days=days)
        browser.authorize()
    lab.clock.advance(seconds=(GRANT_BUT_HALF_A_MINUTE - timedelta(days=169)).total_seconds())
    return browser


def code_after_the_grant(lab: Lab) -> TestResponse:
    code = answered(at_the_end_of_the_grant(lab).authorize())["code"]
    lab.clock.advance(seconds=30)
    return send(lab, "/token", redeeming(lab, code))


def read_after_the_grant(lab: Lab) -> TestResponse:
    code = answered(at_the_end_of_the_grant(lab).authorize())["code"]
    given = send(lab, "/token", redeeming(lab, code)).json
    assert userinfo(lab, given["access_token"]).status_code == 200
    lab.clock.advance(seconds=30)
    return userinfo(lab, given["access_token"])


def not_proven(lab: Lab) -> TestResponse:
    browser = Browser(lab)
    browser.sign_in()
    page = browser.sign_out(client_id=WEB, post_logout_redirect_uri="https://shop.example/goodbye")
    return browser.press(page, "sign-out")


def user_deleted(lab: Lab) -> TestResponse:
    """With a tool of the database's own, which asks nobody."""
    kept = offline_tokens(lab)
    connection = sqlite3.connect(lab.file)
    connection.execute("delete from users where sub = 'anna'")
    connection.commit()
    connection.close()
    assert userinfo(lab, kept["access_token"]).status_code == 401
    return send(lab, "/token", refreshing(lab, kept["refresh_token"]))


def revoked(lab: Lab) -> TestResponse:
    kept = offline_tokens(lab, SPA)
    for _ in range(2):
        send(lab, "/token", refreshing(lab, kept["refresh_token"], SPA))
    return userinfo(lab, kept["access_token"])


def typed(username: str) -> Provoke:
    """A sign-in with a guessed password."""

    def provoke(lab: Lab) -> TestResponse:
        browser = Browser(lab)
        return browser.press(browser.authorize(), "sign-in", username=username, password="guess")

    return provoke


def about(path: str, application: str = MACHINE, **form: str | None) -> Provoke:
    """A request about a token; ACCESS and ID stand for tokens of the web shop."""

    def provoke(lab: Lab) -> TestResponse:
        given = tokens(lab)
        kept = {"ACCESS": given["access_token"], "ID": given["id_token"]}
        asked = {"client_id": application, "client_secret": lab.applications[application].client_secret}
        asked |= {name: kept.get(value or "", value) for name, value in form.items()}
        return send(lab, path, {name: value for name, value in asked.items() if value is not None})

    return provoke


def machine(scope: str | None = None, origin: str | None = None) -> Provoke:
    """A machine's request for a token of its own."""

    def provoke(lab: Lab) -> TestResponse:
        form = {"grant_type": "client_credentials", "client_id": MACHINE}
        form |= {"client_secret": lab.applications[MACHINE].client_secret} | ({"scope": scope} if scope else {})
        return send(lab, "/token", form, headers={"Origin": origin} if origin else {})

    return provoke


def metadata_for_a_page(lab: Lab) -> TestResponse:
    return send(lab, "/.well-known/openid-configuration", method="GET", headers={"Origin": "https://evil.example"})


def take_away_of_another(lab: Lab) -> TestResponse:
    """Anna's page, with the name of what ben let the same application have."""
    bens = Browser(lab)
    bens.sign_in(user="ben")
    [grant] = Page(bens.open("/your-applications")).forms[1:]
    browser = Browser(lab)
    browser.sign_in()
    page = browser.open("/your-applications")
    [button] = [name for name in Page(page).buttons if name.startswith("take-away")]
    return browser.press(page, button, grant=grant.values["grant"])


def at_the_door(lab: Lab) -> TestResponse:
    browser = Browser(lab)
    return browser.press(browser.open("/applications"), "enter", token="guess")


@dataclass(frozen=True)
class Case:
    """Where the refusal is answered, and what provokes it."""

    where: str
    provoke: Provoke


def on_page(provoke: Provoke) -> Case:
    return Case("page", provoke)


def at_the_application(provoke: Provoke) -> Case:
    return Case("application", provoke)


def in_json(provoke: Provoke) -> Case:
    return Case("json", provoke)


CASES = {
    "client_id_missing": on_page(authorize(client_id=None)),
    "client_unknown": on_page(authorize(client_id="unheard-of")),
    "redirect_uri_missing": on_page(authorize(redirect_uri=None)),
    "redirect_uri_unregistered": on_page(authorize(redirect_uri="https://evil.example/")),
    "redirect_parameter_repeated": on_page(authorize_twice("redirect_uri")),
    "application_signs_nobody_in": on_page(authorize(client_id=MACHINE)),
    "parameter_repeated": at_the_application(authorize_twice("scope")),
    "response_type_missing": at_the_application(authorize(response_type=None)),
    "response_type_unsupported": at_the_application(authorize(response_type="token")),
    "response_mode_unsupported": at_the_application(authorize(response_mode="jwt")),
    "form_post_needs_web": at_the_application(authorize("city-guide", response_mode="form_post")),
    "scope_missing": at_the_application(authorize(scope=None)),
    "scope_malformed": at_the_application(authorize(scope='"openid"')),
    "challenge_missing": at_the_application(authorize(SPA, code_challenge=None)),
    "challenge_missing_in_profile": at_the_application(under(Profile.STRICT, authorize(code_challenge=None))),
    "challenge_method_alone": at_the_application(authorize(code_challenge_method="S256")),
    "challenge_malformed": at_the_application(authorize(SPA, code_challenge="short")),
    "challenge_method_refused": at_the_application(authorize(SPA, code_challenge_method="plain")),
    "prompt_unknown": at_the_application(authorize(prompt="create")),
    "prompt_none_with_others": at_the_application(authorize(prompt="none login")),
    "max_age_malformed": at_the_application(authorize(max_age="soon")),
    "claims_malformed": at_the_application(authorize(claims="{")),
    "acr_essential": at_the_application(authorize(claims='{"id_token": {"acr": {"essential": true}}}')),
    "authorization_hint_untrusted": at_the_application(authorize(id_token_hint="x")),
    "authorization_hint_of_another_application": at_the_application(hinted(SPA, "anna")),
    "request_not_supported": at_the_application(authorize(request="x")),
    "request_uri_not_supported": at_the_application(authorize(request_uri="https://shop.example/r")),
    "registration_not_supported": at_the_application(authorize(registration="{}")),
    "login_required": at_the_application(lambda lab: Browser(lab).authorize(prompt="none")),
    "authentication_too_old": at_the_application(too_old),
    "other_user_expected": at_the_application(hinted(WEB, "ben")),
    "consent_required": at_the_application(authorize(prompt="none", scope="openid phone")),
    "native_needs_interaction": at_the_application(under(Profile.LOGTO, authorize("city-guide", prompt="none"))),
    "user_declined": at_the_application(declined),
    "interaction_unknown": on_page(lambda lab: Browser(lab).open("/consent?interaction=x")),
    "form_untrusted": on_page(from_elsewhere),
    "token_parameter_repeated": in_json(token({"grant_type": ["a", "b"]})),
    "grant_type_missing": in_json(token()),
    "grant_type_unsupported": in_json(token({"grant_type": "password"})),
    "grant_type_not_allowed": in_json(
        lambda lab: send(
            lab, "/token", refreshing(lab, "x", MACHINE, client_secret=lab.applications[MACHINE].client_secret)
        )
    ),
    "credentials_missing": in_json(redeem(client_secret=None)),
    "credentials_malformed": in_json(token({"grant_type": "refresh_token"}, "Basic x")),
    "credentials_in_two_places": in_json(
        token({"grant_type": "refresh_token", "client_secret": "x"}, "Basic d2ViLXNob3A6eA==")
    ),
    "client_not_recognised": in_json(redeem(client_id="unheard-of")),
    "secret_wrong": in_json(redeem(client_secret="guess")),
    "secret_expired": in_json(with_expired_secret),
    "secret_unexpected": in_json(redeem(SPA, client_secret="guess")),
    "code_missing": in_json(token({"grant_type": "authorization_code"})),
    "code_unknown": in_json(lambda lab: send(lab, "/token", redeeming(lab, "unheard-of"))),
    "code_of_another_application": in_json(redeem(SPA)),
    "code_expired": in_json(redeem(later=60)),
    "code_revoked": in_json(signed_out_before_redeeming),
    "code_grant_expired": in_json(code_after_the_grant),
    "code_used": in_json(code_twice),
    "code_redirect_uri_differs": in_json(redeem(redirect_uri="https://shop.example/")),
    "verifier_missing": in_json(redeem(code_verifier=None)),
    "verifier_malformed": in_json(redeem(code_verifier="short")),
    "verifier_wrong": in_json(redeem(code_verifier="x" * 43)),
    "verifier_unexpected": in_json(redeem(asked={}, code_verifier=VERIFIER)),
    "refresh_token_missing": in_json(refresh(refresh_token=None)),
    "refresh_token_unknown": in_json(refresh(refresh_token="unheard-of")),
    "refresh_token_of_another_application": in_json(refresh(SPA)),
    "refresh_token_expired": in_json(refresh(days=14)),
    "refresh_token_idle": in_json(adopting(RefreshPolicy(idle=DAY), refresh(days=1))),
    "family_too_old": in_json(adopting(RefreshPolicy(absolute=DAY), refresh(days=1))),
    "grant_expired": in_json(adopting(RefreshPolicy(absolute=DAY, absolute_anchor=Anchor.GRANT), refresh(days=1))),
    "session_over": in_json(adopting(RefreshPolicy(absolute=DAY, absolute_anchor=Anchor.SSO_SESSION), refresh(days=1))),
    "refresh_token_spent": in_json(adopting(RefreshPolicy(rotate=Rotate.ALWAYS), replaced_twice)),
    "refresh_token_reused": in_json(refresh_again(2)),
    "family_revoked": in_json(refresh_again(3)),
    "scope_widened": in_json(refresh(scope="openid phone")),
    "user_gone": in_json(user_deleted),
    "scope_not_for_machines": in_json(machine(scope="openid")),
    "bearer_missing": in_json(read(None)),
    "bearer_malformed": in_json(read("Bearer")),
    "bearer_in_two_places": in_json(read("Bearer TOKEN", access_token="x")),
    "bearer_unknown": in_json(read("Bearer unheard-of")),
    "bearer_expired": in_json(read("Bearer TOKEN", later=3600)),
    "bearer_grant_expired": in_json(read_after_the_grant),
    "bearer_session_over": in_json(under(Profile.STRICT, bound_to_a_session_that_is_over)),
    "bearer_revoked": in_json(revoked),
    "scope_insufficient": in_json(lambda lab: userinfo(lab, tokens(lab, scope="email")["access_token"])),
    "introspection_token_missing": in_json(about("/introspection")),
    "introspected_unknown": Case("inactive", about("/introspection", token="unheard-of")),
    "introspected_jwt": Case("inactive", about("/introspection", token="ID")),
    "introspected_of_another_application": Case("inactive", about("/introspection", SPA, token="ACCESS")),
    "revocation_token_missing": in_json(about("/revocation")),
    "revocation_of_jwt": in_json(about("/revocation", WEB, token="ID")),
    "revocation_of_another_application": in_json(about("/revocation", token="ACCESS")),
    "revocation_of_another_application_invalid": in_json(under(Profile.LOGTO, about("/revocation", token="ACCESS"))),
    "revocation_of_another_application_ignored": in_json(
        under(Profile.LOGTO, about("/revocation", SPA, token="ACCESS"))
    ),
    "origin_not_allowed": in_json(machine(origin="https://evil.example")),
    "origin_unlisted": Case("kept from the page", metadata_for_a_page),
    "logout_parameter_repeated": on_page(sign_out(state=["a", "b"])),
    "logout_hint_untrusted": on_page(sign_out(id_token_hint="x")),
    "logout_client_differs": on_page(sign_out(id_token_hint="HINT", client_id=SPA)),
    "logout_client_unknown": on_page(sign_out(client_id="unheard-of")),
    "grant_unknown": on_page(take_away_of_another),
    "management_token_wrong": Case("sign-in page", at_the_door),
    "user_unknown": Case("sign-in page", typed("nobody")),
    "password_wrong": Case("sign-in page", typed("anna")),
    "logout_uri_refused": on_page(
        under(Profile.LOGTO, sign_out(id_token_hint="HINT", post_logout_redirect_uri="https://evil.example/"))
    ),
    "logout_redirect_unproven": Case("signed out", under(Profile.STRICT, not_proven)),
    "logout_uri_unregistered": Case(
        "signed out", sign_out(id_token_hint="HINT", post_logout_redirect_uri="https://evil.example/")
    ),
}


@pytest.fixture
def lab(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A bench; the one entry that needs a database others can reach gets a file."""
    in_file = getattr(request.node, "callspec", None) and request.node.callspec.params.get("code") == "user_gone"
    with Lab(store=f"sqlite:///{tmp_path / 'store'}" if in_file else "sqlite://") as bench:
        bench.file = tmp_path / "store"
        yield bench


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_refusal_says_little_on_the_wire_and_the_truth_to_the_lab(lab: Lab, code: str) -> None:
    """RFC6749-4.1.2.1, RFC6749-5.2, RFC6750-3.1, OIDCC-3.1.2.6, OIDCRIL-4."""
    refusal, case = CATALOGUE[code], CASES[code]
    response = case.provoke(lab)
    assert lab.refusals[-1].refusal == refusal
    assert lab.refusals[-1].at == lab.clock.now
    assert refusal.truth not in response.text or case.where == "page"
    _CHECKS[case.where](response, refusal)


def _shown(response: TestResponse, refusal) -> None:
    assert (response.status_code, response.location) == (refusal.status, None)
    texts = Page(response).texts
    assert (texts["error"], texts["what"]) == (refusal.error, refusal.truth)


def _sent(response: TestResponse, refusal) -> None:
    answer = answered(response)
    assert (answer["error"], answer["error_description"]) == (refusal.error, refusal.description)
    assert answer["state"] == "a state"
    assert answer["iss"] == "https://provider.test"


def _told(response: TestResponse, refusal) -> None:
    assert response.status_code == refusal.status
    expected = {"error": refusal.error, "error_description": refusal.description} if refusal.error else {}
    assert response.json == expected
    assert response.headers["Cache-Control"] == "no-store"


def _signed_out(response: TestResponse, refusal) -> None:
    assert (response.status_code, response.location) == (200, None)


def _asked_again(response: TestResponse, refusal) -> None:
    assert response.status_code == refusal.status == 200
    assert Page(response).texts["problem"] == refusal.description


def _inactive(response: TestResponse, refusal) -> None:
    assert (response.status_code, response.json) == (refusal.status, {"active": False}) == (200, {"active": False})
    assert response.headers["Cache-Control"] == "no-store"


def _kept_from_the_page(response: TestResponse, refusal) -> None:
    assert response.status_code == refusal.status == 200
    assert "Access-Control-Allow-Origin" not in response.headers


_CHECKS = {
    "sign-in page": _asked_again,
    "page": _shown,
    "application": _sent,
    "json": _told,
    "signed out": _signed_out,
    "inactive": _inactive,
    "kept from the page": _kept_from_the_page,
}


def test_every_case_is_in_the_catalogue() -> None:
    """RFC6749-5.2: and every entry has a case, or the test above fails for it."""
    assert CASES.keys() == CATALOGUE.keys()


def test_the_catalogue_and_the_code_name_the_same_refusals() -> None:
    """RFC6749-5.2: none is misspelt, and none is left over."""
    root = Path(oidc_lab.provider.__file__).parents[1]
    sources = [file.read_text() for part in ("provider", "domain") for file in (root / part).rglob("*.py")]
    written = {code for source in sources for code in re.findall(r'refuse\(\s*"(\w+)"', source)}
    written |= {code for source in sources for code in re.findall(r'refuse\("(\w+)" if .* else', source)}
    decided = {code for code in CATALOGUE for source in sources if f'"{code}"' in source and "refusal.py" not in source}
    assert written <= CATALOGUE.keys()
    assert decided >= CATALOGUE.keys() - {
        f"{name}_not_supported" for name in ("request", "request_uri", "registration")
    }


@pytest.mark.parametrize("code", CATALOGUE)
def test_an_entry_explains_itself(code: str) -> None:
    """RFC6749-5.2: the description has the allowed characters, and the clause can be looked up."""
    refusal = CATALOGUE[code]
    assert re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]*", refusal.description)
    assert all((refusal.truth, refusal.blame, refusal.remedy))
    assert link(refusal.clause).startswith("https://")
    assert refusal.status == 200 or 400 <= refusal.status < 500


@pytest.mark.parametrize(
    "code",
    [
        "secret_wrong",
        "bearer_unknown",
        "code_unknown",
        "refresh_token_unknown",
        "verifier_wrong",
        "introspected_unknown",
        "management_token_wrong",
    ],
)
def test_what_the_lab_hears_contains_no_secret(lab: Lab, code: str) -> None:
    """RFC9700-2: neither guesses nor the right value."""
    CASES[code].provoke(lab)
    heard = repr(lab.refusals[-1])
    assert not [each for each in ("guess", "unheard-of", "x" * 43, VERIFIER, "test-secret") if each in heard]


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_refusal_is_the_last_check_told_and_has_its_clause(lab: Lab, code: str) -> None:
    """RFC9700-2.6: with what was seen and expected, never twice, and never with a secret."""
    told: list[Checked] = []
    provider(lab).on_check = told.append
    before = len(lab.refusals)
    CASES[code].provoke(lab)
    failed = [each for each in told if each.holds is False]
    assert told[-1] is failed[-1]
    assert told[-1].clause == CATALOGUE[code].clause
    assert all((told[-1].what, told[-1].seen, told[-1].expected))
    assert len(failed) <= len(lab.refusals) - before
    assert not [each for each in ("guess", "x" * 43, VERIFIER, "test-secret") if each in repr(told)]
