"""Each numbered rule of OIDCC-3.1.3.7 refuses the token that breaks it, and only that rule does."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import KeySet, RSAKey

from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.id_token import CLOCK_SKEW, OLDEST, Awaited
from oidc_lab.relying_party.ledger import Verdict

NUMBERED = [
    "1. encryption", "2. iss", "3. aud", "4. azp of an extension", "5. azp", "6. signature", "7. alg", "8. MAC key",
    "9. exp", "10. iat", "11. nonce", "12. acr", "13. auth_time", "sub", "at_hash",
]  # fmt: skip

# joserfc warns about the name that nearly every relying party knows; the package says so to Python at import,
# and pytest forgets it before each test.


def half(access_token, digest=hashlib.sha256):
    value = digest(access_token.encode()).digest()
    return base64.urlsafe_b64encode(value[: len(value) // 2]).decode().rstrip("=")


def refused(forge, token, **how):
    with pytest.raises(FlowRefused) as caught:
        forge.read(token, **how)
    assert caught.value.who is Party.RELYING_PARTY
    return caught.value.error


def test_a_right_token_is_believed_and_every_check_is_kept_in_the_order_of_the_numbers(forge):
    """OIDCC-3.1.3.7"""
    claims = forge.read(forge.sign())
    assert claims["sub"] == "anna"
    assert [check.what for check in forge.ledger.checks] == NUMBERED
    assert all(check.verdict is not Verdict.FAILED for check in forge.ledger.checks)
    assert {check.clause for check in forge.ledger.checks} == {"OIDCC-3.1.3.7", "OIDCC-2", "OIDCC-3.1.3.8"}


def test_each_check_says_what_it_saw_and_what_it_expected(forge):
    """OIDCC-3.1.3.7"""
    forge.read(
        forge.sign({"azp": "web-shop", "at_hash": half("the-access-token")}), Awaited(nonce="the-nonce", max_age=0)
    )
    skipped = {check.what for check in forge.ledger.checks if check.verdict is Verdict.NOT_NEEDED}
    assert skipped == {"4. azp of an extension", "8. MAC key", "12. acr"}
    for check in forge.ledger.checks:
        assert check.expected
        assert bool(check.seen) is (check.verdict is not Verdict.NOT_NEEDED)


NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # the moment at which the tests read
seconds = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("changes", "check", "error"),
    [
        ({"iss": "https://other.test"}, "2. iss", "id_token_iss"),
        ({"iss": "https://provider.test/"}, "2. iss", "id_token_iss"),
        ({"iss": None}, "2. iss", "id_token_iss"),
        ({"iss": ["https://provider.test"]}, "2. iss", "id_token_iss"),
        ({"aud": "photo-album"}, "3. aud", "id_token_aud"),
        ({"aud": ["web-shop", "a-stranger"]}, "3. aud", "id_token_aud"),
        ({"aud": []}, "3. aud", "id_token_aud"),
        ({"aud": None}, "3. aud", "id_token_aud"),
        ({"aud": {"web-shop": 1}}, "3. aud", "id_token_aud"),
        ({"azp": "photo-album"}, "5. azp", "id_token_azp"),
        ({"azp": ""}, "5. azp", "id_token_azp"),
        ({"exp": seconds}, "9. exp", "id_token_expired"),
        ({"exp": seconds - 3600}, "9. exp", "id_token_expired"),
        ({"exp": None}, "9. exp", "id_token_expired"),
        ({"exp": str(seconds + 60)}, "9. exp", "id_token_expired"),
        ({"exp": True}, "9. exp", "id_token_expired"),
        ({"exp": 10**30}, "9. exp", "id_token_expired"),
        ({"exp": -(10**30)}, "9. exp", "id_token_expired"),
        ({"exp": float("nan")}, "9. exp", "id_token_expired"),
        ({"exp": float("inf")}, "9. exp", "id_token_expired"),
        ({"iat": seconds - 601}, "10. iat", "id_token_iat"),
        ({"iat": seconds + 61}, "10. iat", "id_token_iat"),
        ({"iat": None}, "10. iat", "id_token_iat"),
        ({"iat": "now"}, "10. iat", "id_token_iat"),
        ({"nonce": "another"}, "11. nonce", "id_token_nonce"),
        ({"nonce": None}, "11. nonce", "id_token_nonce"),
        ({"nonce": ["the-nonce"]}, "11. nonce", "id_token_nonce"),
        ({"auth_time": seconds - 361}, "13. auth_time", "id_token_auth_time"),
        ({"auth_time": None}, "13. auth_time", "id_token_auth_time"),
        ({"auth_time": "today"}, "13. auth_time", "id_token_auth_time"),
        ({"sub": None}, "sub", "id_token_sub"),
        ({"sub": ""}, "sub", "id_token_sub"),
        ({"sub": 7}, "sub", "id_token_sub"),
        ({"at_hash": half("another-access-token")}, "at_hash", "id_token_at_hash"),
        ({"at_hash": 1}, "at_hash", "id_token_at_hash"),
    ],
)  # fmt: skip
def test_a_wrong_claim_is_refused_by_its_own_number(forge, changes, check, error):
    """OIDCC-3.1.3.7, numbers 2 to 5 and 9 to 13; OIDCC-2; OIDCC-3.1.3.8"""
    assert refused(forge, forge.sign(changes), awaited=Awaited(nonce="the-nonce", max_age=300)) == error
    assert (forge.last.what, forge.last.verdict) == (check, Verdict.FAILED)
    assert all(each.verdict is not Verdict.FAILED for each in forge.ledger.checks[:-1])


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["web-shop"]},
        {"azp": "web-shop"},
        {"exp": seconds + 1},
        {"exp": seconds + 0.5},
        {"iat": seconds - int(OLDEST.total_seconds())},
        {"iat": seconds + int(CLOCK_SKEW.total_seconds())},
        {"auth_time": seconds - 300 - int(CLOCK_SKEW.total_seconds())},
        {"at_hash": half("the-access-token")},
    ],
)
def test_what_just_passes_passes(forge, changes):
    """OIDCC-3.1.3.7: the last second on the good side of each boundary."""
    forge.read(forge.sign(changes), Awaited(nonce="the-nonce", max_age=300))


def test_an_encrypted_token_is_refused_because_none_was_agreed_on(forge):
    """OIDCC-3.1.3.7 number 1"""
    assert refused(forge, "a.b.c.d.e") == "id_token_encryption"
    assert (forge.last.what, forge.last.seen) == ("1. encryption", "encrypted")


@pytest.mark.parametrize("garbage", ["", "x", "a.b", "a.b.c.d", "." * 99])
def test_text_of_other_parts_is_refused_by_number_1(forge, garbage):
    """OIDCC-3.1.3.7 number 1"""
    assert refused(forge, garbage) == "id_token_encryption"


@pytest.mark.parametrize(
    "garbage", ["..", "a.b.c", "e30.e30.e30", "W10.e30.x", "bnVsbA.e30.x", "é.é.é", "\ud800..", "=.=.="]
)
def test_three_parts_that_are_no_token_are_unreadable(forge, garbage):
    """RFC7515-5.2"""
    assert refused(forge, garbage) in {"id_token_unreadable", "id_token_iss"}


@pytest.mark.parametrize("payload", ["[]", "7", "null", "{", "[" * 90_000, '{"iss": 1' + "0" * 9000 + "}"])
def test_a_payload_that_is_no_json_object_is_unreadable(forge, payload):
    """RFC7519-7.2"""
    assert refused(forge, forge.signed_text(payload)) == "id_token_unreadable"


def test_a_changed_payload_does_not_fit_its_signature(forge):
    """OIDCC-3.1.3.7 number 6"""
    header, _, signature = forge.sign().split(".")
    other = forge.sign({"sub": "ben"}).split(".")[1]
    assert refused(forge, f"{header}.{other}.{signature}") == "id_token_signature"
    assert forge.last.what == "6. signature"


def test_a_key_of_somebody_else_does_not_sign_for_the_issuer(forge):
    """OIDCC-3.1.3.7 number 6"""
    stranger = RSAKey.generate_key(2048, {"alg": "RS256", "kid": "lab-test-rs256"})
    forged = replace(forge, keys=type(forge.keys)([stranger]))
    assert refused(forge, forged.sign()) == "id_token_signature"


WORDS = {
    "content": "a signature that no key of the provider made, or content changed since it was signed",
    "kid": "the name of a key that the provider does not publish for this: nobody's",
    "no kid": "a signature that does not say by which of the provider's keys",
    "other key": "the name of a key that the provider does not publish for this: lab-test-eddsa",
    "use": "the name of a key that the provider publishes for something else",
    "header": "a header with something that nobody here understands",
}


@pytest.mark.parametrize("wrong", WORDS)
def test_what_is_wrong_with_a_signature_is_said_in_words(forge, unsigned, wrong):
    """OIDCC-3.1.3.7 number 6: no name of a class of some library, and no number."""
    header = {"alg": "RS256", "kid": "lab-test-rs256"}
    changed = {
        "kid": {"kid": "nobody's"}, "no kid": {"kid": None}, "other key": {"kid": "lab-test-eddsa"},
        "header": {"crit": ["exp"], "exp": 1},
    }  # fmt: skip
    public = KeySet.import_key_set(forge.keys.as_dict(private=False))
    if wrong == "use":
        only = {**next(key for key in public.as_dict()["keys"] if key["kty"] == "RSA"), "key_ops": ["encrypt"]}
        only.pop("use")
        public = KeySet.import_key_set({"keys": [only]})
    named = {**header, **changed.get(wrong, {})}
    token = unsigned({name: value for name, value in named.items() if value}, forge.claims, b"x" * 256)
    with pytest.raises(FlowRefused):
        forge.read(token, keys=public)
    assert forge.last.seen == WORDS[wrong]


def test_an_unknown_kid_is_refused(forge):
    """OIDCC-10.1"""
    assert refused(forge, forge.sign(kid="nobody's")) == "id_token_signature"
    assert "nobody's" in forge.last.seen


def test_a_token_without_kid_is_refused_when_there_are_several_keys(forge, unsigned):
    """OIDCC-10.1"""
    assert refused(forge, unsigned({"alg": "RS256"}, forge.claims, b"x")) == "id_token_signature"


@pytest.mark.parametrize("kid", ["lab-test-eddsa", 7, ["lab-test-rs256"], None, {}])
def test_a_kid_that_leads_to_no_fitting_key_is_refused(forge, unsigned, kid):
    """OIDCC-10.1"""
    token = unsigned({"alg": "RS256", "kid": kid}, forge.claims, b"x")
    assert refused(forge, token) in {"id_token_signature", "id_token_unreadable"}


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "ES256", "RS512", "", None, 7, ["RS256"]])
def test_the_algorithm_is_the_registered_one_whatever_the_token_says(forge, unsigned, algorithm):
    """OIDCC-3.1.3.7 number 7, RFC8725-3.1"""
    token = unsigned({"alg": algorithm, "kid": "lab-test-rs256"}, forge.claims)
    assert refused(forge, token) == "id_token_alg"
    assert [check.what for check in forge.ledger.checks[-2:]] == ["6. signature", "7. alg"]
    assert forge.ledger.checks[-2].verdict is Verdict.NOT_NEEDED


def test_the_public_key_is_no_secret_to_authenticate_with(forge):
    """OIDCC-3.1.3.7 number 7, RFC8725-2.1: HS256 with the public RSA key as the shared secret."""
    key = next(key for key in forge.keys.keys if key.alg == "RS256")
    parts = [{"alg": "HS256", "kid": key.kid}, forge.claims]
    text = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    for secret in (key.as_pem(private=False), key.as_pem(private=False).strip()):
        mac = hmac.new(secret, text.encode(), "sha256").digest()
        token = f"{text}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
        assert refused(forge, token) == "id_token_alg"


@pytest.mark.parametrize(("registered", "signed"), [("RS256", "EdDSA"), ("EdDSA", "RS256")])
def test_the_other_algorithm_of_the_same_provider_is_refused(forge, registered, signed):
    """OIDCC-3.1.3.7 number 7"""
    forge.registration = replace(forge.registration, id_token_signed_response_alg=registered)
    assert refused(forge, forge.sign(algorithm=signed)) == "id_token_alg"


def test_an_application_that_registered_eddsa_believes_eddsa_with_its_own_hash(forge):
    """OIDCC-3.1.3.8: the hash is that of the signature's algorithm, SHA-512 for Ed25519."""
    forge.registration = replace(forge.registration, id_token_signed_response_alg="EdDSA")
    forge.read(forge.sign({"at_hash": half("the-access-token", hashlib.sha512)}, algorithm="EdDSA"))
    assert refused(forge, forge.sign({"at_hash": half("the-access-token")}, algorithm="EdDSA")) == "id_token_at_hash"


def test_nobody_asks_when_the_user_signed_in_unless_the_request_did(forge):
    """OIDCC-3.1.3.7 number 13"""
    forge.read(forge.sign({"auth_time": None}))
    asked = Awaited(nonce="the-nonce", auth_time=True)
    assert refused(forge, forge.sign({"auth_time": None}), awaited=asked) == "id_token_auth_time"
    assert refused(forge, forge.sign({"auth_time": True}), awaited=asked) == "id_token_auth_time"
    forge.read(forge.sign({"auth_time": 0}), asked)


def test_a_max_age_beyond_the_calendar_accepts_every_sign_in(forge):
    """OIDCC-3.1.2.1: max_age has no upper bound."""
    forge.read(forge.sign({"auth_time": 0}), Awaited(nonce="the-nonce", max_age=10**20))


def test_a_token_is_dead_from_the_second_at_which_it_expires(forge):
    """OIDCC-3.1.3.7 number 9: the current time must be before exp; no skew is granted."""
    token = forge.sign({"exp": seconds + 120})
    forge.read(token, now=NOW + timedelta(seconds=119, microseconds=999_999))
    assert refused(forge, token, now=NOW + timedelta(seconds=120)) == "id_token_expired"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "azp", "at_hash", "alg", "kid"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.dictionaries(names, json_values, min_size=1, max_size=3))
def test_whatever_the_claims_are_the_answer_is_belief_or_a_refusal(forge, changes):
    """OIDCC-3.1.3.7: no claim of any type makes the relying party fall over."""
    try:
        claims = forge.read(forge.sign(changes), Awaited(nonce="the-nonce", max_age=300))
    except FlowRefused:
        return
    assert claims["iss"] == "https://provider.test"
    assert claims["aud"] in ("web-shop", ["web-shop"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(header=json_values | st.dictionaries(names | st.sampled_from(["crit", "b64", "jwk", "zip", "typ"]), json_values))
def test_whatever_the_header_is_a_token_nobody_signed_is_refused(forge, unsigned, header):
    """RFC7515-4.1: also with crit, b64 or a key of its own in it."""
    refused(forge, unsigned(header, forge.claims))
