"""From which origins a page may call the provider."""

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oidc_lab.domain import origin as origins
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.origin import REFUSAL, Endpoint, problem
from oidc_lab.domain.profile import RULES, Profile

D, L, X = Profile.DOCUMENTED, Profile.LOGTO, Profile.STRICT
OWN = "https://provider.test"
LISTED, REDIRECT, OTHER = "https://pages.example", "https://shop.example", "https://evil.example"

hosts = st.lists(st.text("ab1-", min_size=1, max_size=3), min_size=1, max_size=4).map(".".join)


def shop(**changes):
    given = {"redirect_uris": (f"{REDIRECT}/callback",), "cors_allowed_origins": (LISTED,), **changes}
    return Application(client_id="shop", type=ApplicationType.SPA, name="Shop", **given)


def decide(origin, application, profile, endpoint=Endpoint.REQUEST, all_listed=(LISTED,)):
    return origins.decide(
        origin, application, endpoint=endpoint, rules=RULES[profile], issuer_origin=OWN, all_listed=lambda: all_listed
    )


@pytest.mark.parametrize(
    "origin",
    [
        "https://shop.example", "http://shop.example", "https://shop.example:8443", "http://localhost:3000",
        "http://127.0.0.1:8080", "http://[::1]:8080", "https://xn--mnchen-3ya.example", "http://shop.example:443",
        "https://my_shop.example",
    ],
)  # fmt: skip
def test_an_origin_as_a_browser_sends_it_can_be_listed(origin):
    """RFC6454-6.2"""
    assert problem(origin) is None


@pytest.mark.parametrize(
    ("origin", "says"),
    [
        ("null", "strangers"),
        ("*", "by itself"),
        ("https://*.example", "by itself"),
        ("", "https://shop.example"),
        ("shop.example", "scheme"),
        ("https://", "no host"),
        ("https://shop.example/", "write https://shop.example"),
        ("https://shop.example/callback?x#y", "fragment"),
        ("https://shop.example/callback?x", "write https://shop.example"),
        ("https://shop.example:443", "write https://shop.example"),
        ("http://shop.example:80", "write http://shop.example"),
        ("https://shop.example:", "write https://shop.example"),
        ("https://shop.example:08443", "write https://shop.example:8443"),
        ("HTTPS://shop.example", "write https://shop.example"),
        ("https://Shop.Example", "write https://shop.example"),
        ("https://me@shop.example", "user name"),
        ("https://shop.example:99999", "not a URI"),
        ("https://münchen.example", "percent-encoded"),
        ("https://sh%6Fp.example", "host"),
        ("https://sh(p.example", "host"),
        ("http://127.1", "host"),
        ("http://127.0.0.01", "host"),
        ("http://[0::1]", "write http://[::1]"),
        ("gopher://shop.example", "http and https"),
        ("example.app:/x", "http and https"),
        (" https://shop.example", "space"),
    ],
)
def test_another_text_is_refused_with_what_to_write_instead(origin, says):
    """RFC6454-6.2"""
    assert says in (problem(origin) or "")


@given(st.text(max_size=20) | st.text("htps:/.@#?[]*\\ \n127", max_size=20))
def test_any_text_has_an_answer(text):
    """RFC6454-7: a request brings any header, and a trainer types anything."""
    assert problem(text) is None or isinstance(problem(text), str)
    for profile, endpoint in product(Profile, Endpoint):
        decision = decide(text, shop(redirect_uris=("https://*.shop.example/c",)), profile, endpoint)
        assert decision.reason


@given(st.sampled_from(["http", "https"]), hosts, st.none() | st.integers(0, 65535))
def test_what_is_proposed_can_be_listed(scheme, host, port):
    """RFC6454-6.2"""
    written = f"{scheme.upper()}://{host}{'' if port is None else f':{port}'}/path"
    said = problem(written) or ""
    assume("write http" in said)
    assert problem(said.rpartition("write ")[2]) is None


@pytest.mark.parametrize("profile", Profile)
def test_requests_without_an_origin_and_from_the_providers_own_are_not_affected(profile):
    """RFC6454-7: only browsers send the header."""
    for endpoint in Endpoint:
        assert decide(None, shop(), profile, endpoint).allowed
        assert decide(OWN, shop(), profile, endpoint).allowed
        assert decide(None, None, profile, endpoint).allowed


@pytest.mark.parametrize(
    ("profile", "origin", "allowed"),
    [
        (D, LISTED, True), (D, REDIRECT, False), (D, OTHER, False), (D, "null", False), (D, LISTED + "/", False),
        (X, LISTED, True), (X, REDIRECT, False), (X, OTHER, False), (X, "null", False), (X, LISTED.upper(), False),
        (L, LISTED, True), (L, REDIRECT, True), (L, OTHER, False), (L, "null", False), (L, REDIRECT + ":444", False),
    ],
)  # fmt: skip
def test_who_may_call_for_an_application(profile, origin, allowed):
    """RFC6454-7, application-model.md 3.7"""
    decision = decide(origin, shop(), profile, all_listed=(LISTED, OTHER))
    assert decision.allowed is allowed
    assert decision.refusal == (None if allowed else REFUSAL)


@pytest.mark.parametrize(("profile", "endpoint"), list(product(Profile, (Endpoint.METADATA, Endpoint.PREFLIGHT))))
def test_metadata_and_preflights_answer_what_any_application_lists_or_everyone(profile, endpoint):
    """RFC6454-7, application-model.md 3.7: in a preflight the application is not known."""
    assert decide(LISTED, None, profile, endpoint).allowed
    for stranger in (OTHER, "null"):
        for application in (None, shop()):
            decision = decide(stranger, application, profile, endpoint)
            assert decision.allowed is (profile is L)
            assert decision.refusal is None


@pytest.mark.parametrize("profile", Profile)
def test_before_the_application_is_known_only_the_permission_differs(profile):
    """application-model.md 3.7: the answer that says so goes out all the same."""
    assert decide(LISTED, None, profile).allowed
    assert decide(OTHER, None, profile).allowed is (profile is L)
    assert decide(OTHER, None, profile).refusal is None


def test_the_lists_of_all_applications_are_asked_for_only_when_they_matter():
    """A list of thousands of applications is not read for a request of one."""

    def never():
        raise AssertionError("asked")

    for profile in Profile:
        origins.decide(
            OTHER, shop(), endpoint=Endpoint.REQUEST, rules=RULES[profile], issuer_origin=OWN, all_listed=never
        )


def test_a_private_use_scheme_admits_null_as_coded_and_nowhere_else():
    """application-model.md 3.7: such a URI has the origin null."""
    guide = shop(redirect_uris=("example.guide:/callback",))
    assert {profile for profile in Profile if decide("null", guide, profile).allowed} == {L}


@pytest.mark.parametrize(
    ("registered", "origin", "allowed"),
    [
        ("https://*.shop.example/cb", "https://a.shop.example", True),
        ("https://*.shop.example/cb", "https://a.b.shop.example", False),
        ("https://*.shop.example/cb", "https://shop.example", False),
        ("https://*.shop.example/cb", "http://a.shop.example", False),
        ("https://*.shop.example/cb", "https://a.shop.example:444", False),
        ("https://*.shop.example/cb", "null", False),
        ("https://*.shop.example/cb", "https://*.shop.example", False),
        ("https://*.shop.example:444/cb", "https://a.shop.example:444", True),
        ("https://*.com/cb", "https://stranger.com", True),
        ("https://shop.example/*", "https://shop.example", True),
        ("https://SHOP.example:443/cb", "https://shop.example", True),
        ("http://127.0.0.1/cb", "http://127.0.0.1:8080", False),
    ],
)
def test_the_origins_that_redirect_uris_add_as_coded(registered, origin, allowed):
    """application-model.md 3.7: a * may stand in any label here, which no redirect may."""
    assert decide(origin, shop(redirect_uris=(registered,)), L).allowed is allowed


@given(st.lists(st.text("ab", min_size=1, max_size=2), min_size=1, max_size=4))
def test_a_wildcard_stands_for_one_label(labels):
    """application-model.md 3.7"""
    origin = f"https://{'.'.join(labels)}.example.org"
    decision = decide(origin, shop(redirect_uris=("https://*.example.org/cb",)), L)
    assert decision.allowed is (len(labels) == 1)
