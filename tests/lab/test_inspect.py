"""Looking into tokens: what they are, whether they are good, where each value comes from, what is absent and why."""

import base64
import json
from dataclasses import replace

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from oidc_lab import Lab
from oidc_lab.domain.claims import CLAIMS_OF_SCOPE, USER_CLAIMS
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.relying_party.ledger import Verdict
from oidc_lab.relying_party.looking import Kind
from oidc_lab.serve import provider as served

OFFLINE = {"scopes": "openid profile offline_access", "prompt": "consent"}


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


@pytest.fixture
def run(lab):
    return lab.sign_in("web-shop", "anna", **OFFLINE).finish()


def value(token, name):
    everything = (*token.header, *token.about_token, *token.about_user)
    return next(each for each in everything if each.name == name)


def codes(absent, name):
    return tuple(reason.code for each in absent if each.name == name for reason in each.reasons)


def forged(token, *, key=None, header=None, **changed):
    """The token with other claims, signed by a key of somebody else's."""
    old_header, claims = (json.loads(base64.urlsafe_b64decode(f"{part}==")) for part in token.split(".")[:2])
    return jwt.encode(header or old_header, claims | changed, key or RSAKey.generate_key(2048))


def unsigned(token):
    parts = ({"alg": "none"}, json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "==")))
    return ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts) + "."


# -- what can be looked into


def test_a_run_its_result_and_its_tokens_show_the_same_tokens(lab, run):
    kinds = [Kind.ID_TOKEN, Kind.ACCESS_TOKEN, Kind.REFRESH_TOKEN]
    for each in (run, run.result, run.result.tokens):
        assert [token.kind for token in lab.inspect(each).tokens] == kinds
    for text, kind in zip((run.result.tokens.id_token, run.result.tokens.access_token), kinds, strict=False):
        assert [token.kind for token in lab.inspect(f"  Bearer {text}\n").tokens] == [kind]
    assert lab.inspect(run).of("ID Token").token == run.result.tokens.id_token
    with pytest.raises(LookupError, match="there are: ID Token"):
        lab.inspect(run.result.tokens.id_token).of(Kind.REFRESH_TOKEN)


@pytest.mark.parametrize(
    ("what", "called"),
    [(None, "None"), (7, "7"), (b"token", "a bytes"), (["token"], "a list"), ({"id_token": "x"}, "a dict")],
)
def test_what_is_no_text_and_no_run_is_a_mistake(lab, what, called):
    with pytest.raises(TypeError, match=f"^{called} is no token: give its text"):
        lab.inspect(what)


def test_a_token_that_a_mail_or_a_terminal_wrapped_is_put_together_and_that_is_said(lab, run):
    """RFC7515-3.1, RFC6750-2.1: no token has whitespace in it."""
    for text, kind in (
        (run.result.tokens.id_token, Kind.ID_TOKEN),
        (run.result.tokens.access_token, Kind.ACCESS_TOKEN),
    ):
        for wrapped in (
            "\r\n".join(text[at : at + 16] for at in range(0, len(text), 16)),
            f"Bearer {text[:9]} {text[9:]}",
        ):
            inspection = lab.inspect(wrapped)
            assert [each.kind for each in inspection.tokens] == [kind]
            assert inspection.tokens[0].token == text
            assert "spaces inside the text were taken out" in inspection.note
        assert lab.inspect(f"  Bearer {text}\n").note == ""


def test_a_run_without_tokens_says_so(lab):
    run = lab.sign_in("web-shop", "anna")
    assert lab.inspect(run).problem == "This run has no token yet: its steps are not done."
    assert lab.inspect(lab.sign_out("web-shop", "anna").finish()).problem == "This run has no token."
    refused = lab.sign_in("web-shop", "anna", prompt="none").finish()
    assert lab.inspect(refused).tokens == ()


def test_every_other_text_gets_a_clear_sentence(lab, run):
    code, nonce = (
        next(each.request.parameters[name] for each in run.trace.exchanges if name in each.request.parameters)
        for name in ("code", "nonce")
    )
    open_code = lab.sign_in("web-shop", "ben")
    while open_code.next_step.title != "Redeem the code":
        open_code.advance()
    said = {
        "": "There is nothing to look into: the text is empty.",
        " \n": "There is nothing to look into: the text is empty.",
        "garbage": "No token that this provider knows",
        "a.b.c": "No token that this provider knows",
        "héllo ☃": "No token that this provider knows",
        "a.b.c.d.e": "No token that this provider knows",
        f"{run.result.tokens.access_token}x": "No token that this provider knows",
        code: "It was redeemed at 09:00:00 UTC in “Anna Lindqvist signs in to Web Shop”",
        open_code.next_step.request.parameters["code"]: "Nobody has redeemed it in “Benjamin Okafor signs in",
        nonce: "No token: it passed as nonce in “Anna Lindqvist signs in to Web Shop”",
    }
    for text, sentence in said.items():
        (looked,) = lab.inspect(text).tokens
        assert sentence in looked.sentence, text
        assert looked.kind in (Kind.UNKNOWN, Kind.NOTHING)


def test_looking_is_no_part_of_what_happened(lab, run):
    """Two benches go on alike, though on one of them somebody looked."""
    with Lab() as other:
        other.sign_in("web-shop", "anna", **OFFLINE).finish()
        lab.inspect(run)
        assert list(lab.history) == [run]
        again = lab.sign_in("photo-album", "ben").finish(), other.sign_in("photo-album", "ben").finish()
        assert again[0].trace.to_json() == again[1].trace.to_json()


# -- signed tokens


def test_each_value_of_an_id_token_says_where_it_comes_from(lab, run):
    """OIDCC-2: the settings with their values, the request, the session, the user."""
    token = lab.inspect(run).of(Kind.ID_TOKEN)
    assert {each.name for each in (*token.about_token, *token.about_user)} == set(run.result.claims)
    said = {
        "iss": "the provider", "aud": "Web Shop", "exp": "ID token time to live (TTL) of Web Shop: 1 hour by default",
        "nonce": "the request", "at_hash": "the access token", "auth_time": "the session", "sub": "Anna Lindqvist",
        "alg": "ID token signing algorithm of Web Shop", "kid": "jwks_uri",
    }  # fmt: skip
    for name, source in said.items():
        assert source in value(token, name).source, name
    assert token.given.title == "Anna Lindqvist signs in to Web Shop"
    assert value(token, "exp").at == token.ends_at


def test_a_setting_that_was_changed_since_is_told(lab, run):
    """OIDCC-2: exp of this token stays what it was."""
    lab.applications["web-shop"].update(id_token_ttl=300, id_token_signed_response_alg="EdDSA")
    token = lab.inspect(run).of(Kind.ID_TOKEN)
    assert "which was 1 hour" in value(token, "exp").source
    assert value(token, "exp").since == "the setting is 5 minutes now"
    assert value(token, "alg").since == "the setting is EdDSA"
    new = lab.inspect(lab.sign_in("web-shop", "anna").finish()).of(Kind.ID_TOKEN)
    assert value(new, "exp").source.endswith("5 minutes")
    assert new.judged.believed


def test_a_session_in_a_token_is_followed(lab):
    """OIDCBCL-2.1"""
    lab.applications["web-shop"].update(backchannel_logout_session_required=True)
    run = lab.sign_in("web-shop", "anna").finish()
    sid = value(lab.inspect(run).of(Kind.ID_TOKEN), "sid")
    assert "Back-channel logout: session required of Web Shop" in sid.source
    assert sid.since == "the session lives"
    lab.sign_out("web-shop", "anna", signed_in=run).finish()
    assert value(lab.inspect(run).of(Kind.ID_TOKEN), "sid").since == "the session is over"


def test_what_asked_for_auth_time_is_named(lab):
    """OIDCC-3.1.2.1, OIDCC-5.5.1"""
    ways = {"max_age=60": {"max_age": 60}, "the claims parameter": {"claims": {"id_token": {"auth_time": None}}}}
    for words, asked in ways.items():
        token = lab.inspect(lab.sign_in("web-shop", "anna", **asked).finish()).of(Kind.ID_TOKEN)
        assert words in value(token, "auth_time").source
    plain = lab.inspect(lab.sign_in("web-shop", "anna").finish()).of(Kind.ID_TOKEN)
    assert "which this provider always says" in value(plain, "auth_time").source


def test_a_user_who_changed_since_is_told(lab):
    """OIDCC-5.1"""
    claims = {"id_token": {"email": None, "nickname": None}, "userinfo": {"nickname": None}}
    run = lab.sign_in("web-shop", "anna", scopes="openid email", claims=claims).finish()
    token = lab.inspect(run).of(Kind.ID_TOKEN)
    assert value(token, "email").since == "the user's email, still the same"
    assert "the claims parameter" in value(token, "email").source
    told = {**lab.users["anna"].claims, "email": "other@mail.example"}
    del told["nickname"]
    lab.users["anna"].update(claims=told)
    token = lab.inspect(run).of(Kind.ID_TOKEN)
    assert value(token, "email").since == "the user's email, which is now other@mail.example"
    assert value(token, "nickname").since == "the user has none now"
    lab.users.delete("anna")
    token = lab.inspect(run).of(Kind.ID_TOKEN)
    assert value(token, "email").since == "there is no such user here now"
    assert value(token, "sub").since == "there is no user anna here now"


def test_the_checks_are_those_of_the_application_itself(lab, run):
    """OIDCC-3.1.3.7: at the same moment they are those that it made, value for value."""
    judged = lab.inspect(run).of(Kind.ID_TOKEN).judged
    at_arrival = [each.checks for each in run.trace.exchanges if each.step.title == "Fetch the provider's keys"]
    assert [judged.checks] == at_arrival
    assert judged.application.client_id == "web-shop"
    assert judged.believed


def failing(token):
    return [each.what for each in token.judged.checks if each.verdict is Verdict.FAILED]


def test_a_token_of_another_application_an_old_a_forged_and_an_unsigned_one_fail_for_their_reason(lab, run):
    """OIDCC-3.1.3.7: 3, 6, 7, 9 and 10; RFC8725-3.1"""
    text = run.result.tokens.id_token
    hmac = forged(text, key=OctKey.import_key("s" * 32), header={"alg": "HS256"})
    for made, application, check, code in (
        (text, "photo-album", "3. aud", "id_token_aud"),
        (forged(text), None, "6. signature", "id_token_signature"),
        (forged(text, sub="ben"), None, "6. signature", "id_token_signature"),
        (text[:-8] + "AAAAAAAA", None, "6. signature", "id_token_signature"),
        (hmac, None, "7. alg", "id_token_alg"),
        (unsigned(text), None, "7. alg", "id_token_alg"),
        (forged(text, iss="https://elsewhere.example"), None, "2. iss", "id_token_iss"),
    ):
        (token,) = lab.inspect(made, application).tokens
        assert failing(token) == [check]
        assert token.judged.cause.code == code
    lab.clock.advance(minutes=11)
    assert failing(lab.inspect(text).tokens[0]) == ["10. iat"]
    lab.clock.advance(minutes=49)
    (old,) = lab.inspect(text).tokens
    assert failing(old) == ["9. exp"]
    assert old.believed_when_it_came


def test_of_a_token_that_no_key_of_the_provider_signed_nothing_is_told_as_a_fact(lab, run):
    """RFC8725-2.1, OIDCC-3.1.3.7 number 6: whose check failed first makes no difference."""
    text = run.result.tokens.id_token
    hmac = forged(text, key=OctKey.import_key("s" * 32), header={"alg": "HS256"})
    for made, signer in (
        (forged(text, sub="ben"), "no key of this provider signed it"),
        (forged(text, sub="ben", aud="nobody", exp=0), "no key of this provider signed it"),
        (text[:-8] + "AAAAAAAA", "no key of this provider signed it"),
        (hmac, "no key of this provider signed it"),
        (unsigned(text), "nobody signed it"),
    ):
        (token,) = lab.inspect(made).tokens
        assert not token.vouched
        assert token.sentence.startswith("A token that claims to tell ")
        assert signer in token.sentence
        everything = (*token.header, *token.about_token, *token.about_user)
        assert {(each.source, each.clause, each.since) for each in everything} == {
            ("whoever made this token; nothing here knows", "", "")
        }
        assert token.absent == ()
    assert (
        "claims to tell Web Shop that Benjamin Okafor signed in"
        in lab.inspect(forged(text, sub="ben")).tokens[0].sentence
    )


def test_what_the_provider_signed_is_its_word_though_nobody_would_believe_it_now(lab, run):
    """OIDCC-3.1.3.7: an old one, and one of another application."""
    text = run.result.tokens.id_token
    lab.clock.advance(hours=2)
    for token in (lab.inspect(text).tokens[0], lab.inspect(text, "photo-album").tokens[0]):
        assert not token.judged.believed
        assert token.vouched
        assert "it tells Web Shop that Anna Lindqvist signed in" in token.sentence
        assert value(token, "sub").source == "the user Anna Lindqvist, username anna"


def test_a_jwt_of_somebody_else_says_whose_it_is_and_no_more(lab):
    (token,) = lab.inspect(
        jwt.encode({"alg": "HS256"}, {"iss": "them", "sub": "x"}, OctKey.import_key("k" * 32))
    ).tokens
    assert token.kind is Kind.SIGNED
    assert "names them as its issuer" in token.sentence
    assert token.absent == ()
    assert value(token, "sub").source == "whoever made this token; nothing here knows"


@pytest.mark.parametrize("claims", [{}, {"iss": 7, "sub": [], "aud": {}, "exp": "soon"}, {"iss": None, "aud": [[]]}])
@pytest.mark.parametrize("ours", [True, False])
def test_a_token_with_strange_claims_is_shown_all_the_same(lab, claims, ours):
    made = {**claims, "iss": lab.issuer} if ours else claims
    (token,) = lab.inspect(jwt.encode({"alg": "HS256"}, made, OctKey.import_key("k" * 32))).tokens
    assert not token.judged.believed
    assert {each.name for each in (*token.about_token, *token.about_user)} == set(made)


def test_a_nonce_that_was_changed_on_the_way_fails_as_it_did(lab):
    """OIDCC-3.1.3.7 number 11: the application compares with what it meant to send."""
    run = lab.sign_in("web-shop", "anna")
    while "response_type" not in run.next_step.request.parameters:
        run.advance()
    run.change(nonce="other")
    run.finish()
    token = lab.inspect(run).of(Kind.ID_TOKEN)
    assert run.refusal.error == token.judged.cause.code == "id_token_nonce"
    assert token.believed_when_it_came is False


def test_a_lab_that_did_not_send_the_request_says_what_it_leaves_out(lab, run):
    """OIDCC-3.1.3.7 number 11, OIDCC-3.1.3.8"""
    tokens = run.result.tokens
    with Lab() as other:
        (token,) = other.inspect(tokens.id_token).tokens
        assert token.given is None
        assert token.believed_when_it_came is None
        assert token.judged.believed
        not_needed = {each.what for each in token.judged.checks if each.verdict is Verdict.NOT_NEEDED}
        assert {"11. nonce", "at_hash"} <= not_needed
        unknown = {each.name for each in token.judged.needed if not each.value}
        assert unknown == {"nonce", "the access token"}
        assert "did not send" in value(token, "nonce").source
    known = {each.name: each.value for each in lab.inspect(tokens.id_token).tokens[0].judged.needed}
    assert known["nonce"] == run.result.claims["nonce"]


def test_a_refreshed_id_token_is_compared_with_that_of_the_sign_in(lab, run):
    """OIDCC-12.2"""
    again = lab.refresh("web-shop", "anna", signed_in=run).finish()
    token = lab.inspect(again).of(Kind.ID_TOKEN)
    assert "same sub" in {each.what for each in token.judged.checks}
    assert token.judged.believed
    assert codes(token.absent, "nonce") == ("nonce_after_refresh",)
    assert token.given.first.title == "Anna Lindqvist signs in to Web Shop"


# -- absent claims: each reason is tried out


def sign_in(lab, scopes, claims):
    return lab.sign_in("web-shop", "anna", scopes=" ".join(scopes), claims=claims).finish()


def named(claims, where, name):
    return {**(claims or {}), where: {**(claims or {}).get(where, {}), name: None}}


def mend(lab, code, name, where, scopes, claims):
    """Change what a reason names, and nothing else; gives the scopes and the claims parameter to ask with."""
    scope = next(scope for scope, members in CLAIMS_OF_SCOPE.items() if name in members)
    if code == "no_attribute":
        lab.users["anna"].update(claims={**lab.users["anna"].claims, name: True})
        return scopes, claims
    by_scope = where == "userinfo" or lab.profile is Profile.LOGTO
    if code == "scope_not_granted" and by_scope:
        return (*scopes, scope), claims
    assert code in ("scope_not_granted", "served_at_userinfo", "asked_in_userinfo", "asked_in_id_token")
    return scopes, named(claims, where, name)


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("has", [True, False])
@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("asked", [None, "id_token", "userinfo"])
def test_what_is_absent_comes_when_all_its_reasons_are_gone_and_not_before(profile, has, granted, asked):
    """OIDCC-5.4, OIDCC-5.5: against the real provider, whatever was asked for and whatever the user has."""
    name = "email"
    with Lab(profile=profile) as lab:
        if not has:
            told = {key: each for key, each in lab.users["anna"].claims.items() if key != name}
            lab.users["anna"].update(claims=told)
        scopes = ("openid", "email") if granted else ("openid",)
        claims = named(None, asked, name) if asked else None
        for where, kind in (("id_token", Kind.ID_TOKEN), ("userinfo", Kind.ACCESS_TOKEN)):
            image = lab.moment()
            run = sign_in(lab, scopes, claims)
            there = run.result.claims if where == "id_token" else run.result.userinfo
            absent = lab.inspect(run).of(kind).absent
            assert {each.name for each in absent} >= {each for each in USER_CLAIMS if each not in there}
            reasons = codes(absent, name)
            assert (name in there) is (reasons == ())
            asking = scopes, claims
            for left, code in reversed(list(enumerate(reasons))):
                asking = mend(lab, code, name, where, *asking)
                run = sign_in(lab, *asking)
                there = run.result.claims if where == "id_token" else run.result.userinfo
                assert (name in there) is (left == 0), reasons
            lab.return_to(image)


def test_a_refresh_for_fewer_scopes_is_the_reason(lab):
    """OIDCC-12.1: userinfo tells what the new access token's scopes stand for."""
    run = lab.sign_in("web-shop", "anna", scopes="openid email offline_access", prompt="consent").finish()
    fewer = lab.refresh("web-shop", "anna", signed_in=run, scopes="openid").finish()
    absent = lab.inspect(fewer).of(Kind.ACCESS_TOKEN).absent
    assert codes(absent, "email") == ("scope_left_out",)
    assert codes(absent, "address") == ("scope_not_granted",)
    full = lab.refresh("web-shop", "anna", signed_in=run).finish()
    assert codes(lab.inspect(full).of(Kind.ACCESS_TOKEN).absent, "email") == ()


def test_a_claim_that_would_be_there_by_now_was_changed_since(lab):
    claims = {"id_token": {"email": None}}
    told = {key: each for key, each in lab.users["anna"].claims.items() if key != "email"}
    lab.users["anna"].update(claims=told)
    run = sign_in(lab, ("openid",), claims)
    lab.users["anna"].update(claims={**told, "email": "anna@mail.example"})
    assert codes(lab.inspect(run).of(Kind.ID_TOKEN).absent, "email") == ("changed_since",)
    assert "email" in sign_in(lab, ("openid",), claims).result.claims


def test_claims_of_the_protocol_are_absent_for_their_reason(lab):
    run = lab.sign_in("web-shop", "anna")
    while "response_type" not in run.next_step.request.parameters:
        run.advance()
    run.change(nonce=None)
    run.finish()
    absent = lab.inspect(run).of(Kind.ID_TOKEN).absent
    assert codes(absent, "nonce") == ("no_nonce",)
    assert codes(absent, "sid") == ("sid_off",)
    lab.applications["web-shop"].update(backchannel_logout_session_required=True)
    token = lab.inspect(lab.sign_in("web-shop", "anna").finish()).of(Kind.ID_TOKEN)
    present = {each.name for each in token.about_token}
    assert {"nonce", "sid"} <= present
    never = {each.name for each in token.absent if each.never}
    assert never == {"azp", "acr", "amr", "c_hash", "jti", "nbf"}
    assert codes(lab.inspect(run).of(Kind.ID_TOKEN).absent, "sid") == ("changed_since",)


@pytest.mark.parametrize(
    ("profile", "code"), [(Profile.DOCUMENTED, "served_at_userinfo"), (Profile.LOGTO, "not_asked")]
)
def test_without_the_request_only_what_is_certain_is_said(profile, code):
    with Lab(profile=profile) as lab, Lab(profile=profile) as other:
        other.users["anna"].update(
            claims={key: each for key, each in lab.users["anna"].claims.items() if key != "email"}
        )
        run = sign_in(lab, ("openid",), None)
        (token,) = other.inspect(run.result.tokens.id_token).tokens
        assert codes(token.absent, "address") == (code,)
        assert codes(token.absent, "email") == ("no_attribute",)


# -- absent tokens


def missing(lab, run):
    return {each.name: each for each in lab.inspect(run).missing}


@pytest.mark.parametrize("profile", Profile)
def test_why_there_is_no_refresh_token_is_tried_out(profile):
    """OIDCC-11: offline_access with prompt=consent, or the setting."""
    with Lab(profile=profile) as lab:
        cases = {
            ("openid", None): ("no_offline_access", "no_prompt_consent"),
            ("openid", "consent"): ("no_offline_access",),
            ("openid offline_access", None): ("no_prompt_consent",),
            ("openid offline_access", "consent"): (),
        }
        for (scopes, prompt), reasons in cases.items():
            run = lab.sign_in("photo-album", "anna", scopes=scopes, prompt=prompt).finish()
            absent = missing(lab, run)
            assert (run.result.tokens.refresh_token is None) is ("refresh_token" in absent)
            assert (
                tuple(each.code for each in absent["refresh_token"].reasons if absent) == reasons if reasons else True
            )
            assert not reasons or absent["refresh_token"].instead.code == "not_always"
        lab.applications["photo-album"].update(always_issue_refresh_token=True)
        assert missing(lab, lab.sign_in("photo-album", "anna", scopes="openid").finish()) == {}


def test_what_the_type_decides_is_told(lab):
    """RFC6749-4.4.3: a machine never gets one; a native application does not have the setting."""
    machine = missing(lab, lab.client_credentials("night-report").finish())
    assert [each.code for each in machine["refresh_token"].reasons] == ["type_has_none"]
    assert [each.code for each in machine["id_token"].reasons] == ["nobody_signed_in"]
    assert machine["refresh_token"].instead is None
    native = missing(lab, lab.sign_in("city-guide", "anna").finish())
    assert native["refresh_token"].instead is None


def test_without_openid_there_is_no_id_token(lab):
    """OIDCC-3.1.2.1"""
    run = lab.sign_in("web-shop", "anna", scopes="email").finish()
    assert [each.code for each in missing(lab, run)["id_token"].reasons] == ["no_openid"]
    token = lab.inspect(run).of(Kind.ACCESS_TOKEN)
    assert token.userinfo_cause.code == "scope_insufficient"
    offline = lab.sign_in("web-shop", "anna", **OFFLINE).finish()
    fewer = lab.refresh("web-shop", "anna", signed_in=offline, scopes="profile").finish()
    assert [each.code for each in missing(lab, fewer)["id_token"].reasons] == ["scope_left_out"]


# -- tokens that only the provider can read


def test_an_opaque_token_shows_what_introspection_says_and_who_asked(lab, run):
    """RFC7662-2"""
    for client_id, token, kind in (
        ("web-shop", run.result.tokens.access_token, Kind.ACCESS_TOKEN),
        ("web-shop", run.result.tokens.refresh_token, Kind.REFRESH_TOKEN),
        ("photo-album", lab.sign_in("photo-album", "ben").finish().result.tokens.access_token, Kind.ACCESS_TOKEN),
        ("night-report", lab.client_credentials("night-report").finish().result.access_token, Kind.ACCESS_TOKEN),
    ):
        (looked,) = lab.inspect(token).tokens
        assert looked.kind is kind
        assert looked.introspection.active
        assert looked.introspection.asker.client_id == client_id == looked.introspection.answer["client_id"]


def test_a_token_of_an_application_whose_secret_is_not_known_is_asked_about_by_another_one(lab):
    """RFC7662-4: a confidential application may ask about every token, a public one about its own."""
    settings = {"name": "Theirs", "type": "Traditional", "redirect_uris": ["https://theirs.example/callback"]}
    said = lab._management.ask("POST", "applications", body=settings)  # by somebody else, not by this bench
    theirs = replace(lab.applications[said["client_id"]], client_secret=said["client_secret"])
    run = lab.sign_in(theirs, "anna").finish()
    token = lab.inspect(run).of(Kind.ACCESS_TOKEN)
    assert token.introspection.asker.client_id == "web-shop"
    assert token.introspection.active
    assert token.userinfo
    for asker, gone in (("night-report", "web-shop"), ("photo-album", "night-report"), ("city-guide", "photo-album")):
        lab.applications.delete(gone)
        (looked,) = lab.inspect("x").tokens
        assert looked.introspection.asker.client_id == asker
    lab.applications.delete("city-guide")
    token = lab.inspect(run).of(Kind.ACCESS_TOKEN)
    assert "the secret of no application is known" in token.introspection.problem
    assert token.kind is Kind.ACCESS_TOKEN


def test_a_token_that_is_no_longer_good_says_why(lab, run):
    """RFC7662-2.2: the wire says only that it is not active; the lab's own channel says more."""
    access, refresh = run.result.tokens.access_token, run.result.tokens.refresh_token
    lab.clock.advance(hours=1)
    (looked,) = lab.inspect(access).tokens
    assert looked.introspection.answer == {"active": False}
    assert looked.introspection.cause.code == "bearer_expired"
    lab.revoke("web-shop", refresh).finish()
    (looked,) = lab.inspect(refresh).tokens
    assert looked.introspection.cause.code == "family_revoked"
    with Lab() as other:  # which did not give it in a run, yet knows that it is over
        other.sign_in("web-shop", "anna", **OFFLINE).finish()
        other.history.restore(())
        other.clock.advance(hours=1)
        assert other.inspect(access).tokens[0].kind is Kind.ACCESS_TOKEN


def facts(token):
    return {each.name: each for each in token.facts}


@pytest.mark.parametrize(
    ("profile", "asked", "why"),
    [
        (Profile.DOCUMENTED, OFFLINE, "its own TTL"),
        (Profile.STRICT, {}, "its session ends, to which it is bound without offline_access"),
        (Profile.LOGTO, OFFLINE, "its grant ends, which no refresh extends"),
    ],
)
def test_what_ends_a_refresh_token_and_when_is_true(profile, asked, why):
    """RFC6749-6: at that moment, and not before, it is refused for that reason."""
    with Lab(profile=profile) as lab:
        ttl = 180 if profile is Profile.LOGTO else 60 if profile is Profile.STRICT else 14
        lab.applications["web-shop"].update(always_issue_refresh_token=True, refresh_token_ttl_in_days=ttl)
        if profile is Profile.LOGTO:
            lab.sign_in("web-shop", "anna", **OFFLINE).finish()
            lab.clock.advance(days=1)
        run = lab.sign_in("web-shop", "anna", **asked).finish()
        token = lab.inspect(run).of(Kind.REFRESH_TOKEN)
        ends = facts(token)["Ends"]
        assert ends.sentence == f"then: {why}"
        assert ends.at == token.ends_at
        lab.clock.move_to(ends.at)
        refused = lab.inspect(run).of(Kind.REFRESH_TOKEN).introspection.cause.code
        words = {"refresh_token_expired": "TTL", "session_over": "session", "grant_expired": "grant"}
        assert words[refused] in why


def test_what_the_lab_knows_of_a_refresh_token(lab, run):
    lab.clock.advance(days=12)
    again = lab.refresh("web-shop", "anna", signed_in=run).finish()
    old, new = (lab.inspect(each.result.tokens.refresh_token).tokens[0] for each in (run, again))
    assert facts(old)["Given"].sentence == "in “Anna Lindqvist signs in to Web Shop”"
    assert "and was replaced" in facts(old)["Used"].sentence
    assert "refreshed once since" in facts(new)["Family"].sentence
    assert facts(new)["Asked for"].sentence == "scope=openid profile offline_access, prompt=consent"
    assert "offline_access openid profile" in facts(new)["Grant"].sentence
    assert [each.setting for each in new.settings] == [
        "always_issue_refresh_token", "rotate_refresh_token", "refresh_token_ttl_in_days",
    ]  # fmt: skip
    assert {each.label for each in new.settings} <= {each.label for each in SETTINGS.values()}


def test_a_refresh_token_that_stays_in_use_was_given_by_the_sign_in(lab, run):
    """RFC6749-6: it comes back with each answer, and does not begin anew with it."""
    lab.clock.advance(days=1)
    again = lab.refresh("web-shop", "anna", signed_in=run).finish()
    assert again.result.tokens.refresh_token == run.result.tokens.refresh_token
    known = facts(lab.inspect(again).of(Kind.REFRESH_TOKEN))
    assert known["Given"].sentence == "in “Anna Lindqvist signs in to Web Shop”"
    assert "and stayed in use" in known["Used"].sentence


def test_an_access_token_shows_what_it_opens_now(lab, run):
    """OIDCC-5.3: asked over HTTP, so a changed user is told as changed."""
    token = lab.inspect(run).of(Kind.ACCESS_TOKEN)
    assert {each.name: each.value for each in token.userinfo} == {
        name: each for name, each in run.result.userinfo.items() if name != "sub"
    }
    assert {each.source for each in token.userinfo} == {"the scope profile"}
    lab.users["anna"].update(claims={"name": "Anna Berg"})
    token = lab.inspect(run).of(Kind.ACCESS_TOKEN)
    assert [(each.name, each.value) for each in token.userinfo] == [("name", "Anna Berg")]


# -- over time, and elsewhere


def test_it_can_look_again_and_as_another_application(lab, run):
    inspection, heard = lab.inspect(run), []
    stop = inspection.watch(lambda: heard.append(inspection.now))
    lab.clock.advance(hours=2)
    assert heard == [lab.clock.now]
    assert inspection.looked_at < inspection.now
    assert inspection.of(Kind.ID_TOKEN).judged.believed
    inspection.look_again()
    assert not inspection.of(Kind.ID_TOKEN).judged.believed
    assert not inspection.of(Kind.ACCESS_TOKEN).introspection.active
    assert inspection.viewer == "web-shop"
    inspection.look_as("photo-album")
    assert inspection.of(Kind.ID_TOKEN).judged.cause.code == "id_token_aud"
    assert inspection.viewer == "photo-album"
    assert len(heard) == 3
    stop()
    lab.clock.advance(hours=1)
    assert len(heard) == 3
    with pytest.raises(LookupError, match="night-report"):
        inspection.look_as("night-report")


def test_a_chain_of_many_refreshes_is_looked_into_at_once(lab):
    """Each refresh is found through the one before it; that must not be done anew for each."""
    lab.applications["photo-album"].update(always_issue_refresh_token=True)
    run = lab.sign_in("photo-album", "anna").finish()
    for _ in range(40):
        run = lab.refresh("photo-album", "anna", signed_in=run).finish()
    token = lab.inspect(run.result.tokens.refresh_token).tokens[0]
    assert "refreshed 40 times since" in facts(token)["Family"].sentence


def test_a_run_that_is_no_longer_remembered_still_tells_of_its_tokens(lab, run):
    lab.history.restore(())
    token = lab.inspect(run).of(Kind.ID_TOKEN)
    assert token.given.title == "Anna Lindqvist signs in to Web Shop"
    alone = lab.inspect(run.result.tokens.access_token).tokens[0]
    assert facts(alone)["Given"].sentence.startswith("by no run that this lab remembers")


def test_at_a_provider_that_is_served_it_says_what_it_can():
    """RFC7662-2.2: which token another bench was given is not known, nor why a value is not active."""
    offer = served.read_offer(seed=7)
    with (
        served.serve(offer, 0) as server,
        Lab.connect(server.url, offer.token) as one,
        Lab.connect(server.url, offer.token) as other,
    ):
        run = one.sign_in("web-shop", "anna", **OFFLINE).finish()
        own, foreign = one.inspect(run), other.inspect(run.result.tokens)
        own.watch(lambda: None)  # a clock that nobody moves calls nobody
        assert own.of(Kind.ID_TOKEN).judged.believed
        assert own.of(Kind.ACCESS_TOKEN).introspection.active
        assert foreign.of(Kind.ID_TOKEN).given is None
        assert foreign.of(Kind.ACCESS_TOKEN).introspection.active
        one.revoke("web-shop", run.result.tokens.refresh_token).finish()
        (looked,) = other.inspect(run.result.tokens.refresh_token).tokens
        assert looked.kind is Kind.UNKNOWN
        assert "introspection does not say" in looked.sentence


def test_a_closed_lab_says_so(lab, run):
    lab.close()
    with pytest.raises(RuntimeError, match="this lab is closed"):
        lab.inspect(run)
