"""Which redirect URIs may be registered, and which of a request's match them."""

import re
from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oidc_lab.domain.application_type import ApplicationType
from oidc_lab.domain.profile import RULES, Profile
from oidc_lab.domain.redirect_uri import matches, problem, problem_in

D, L, X = Profile.DOCUMENTED, Profile.LOGTO, Profile.STRICT
NATIVE, WEB = ApplicationType.NATIVE, (ApplicationType.SPA, ApplicationType.TRADITIONAL)
LOGTO = RULES[L]

ports = st.integers(0, 65535)
paths = st.sampled_from(["", "/", "/callback", "/callback/", "/a%20b", "/callback?x=1", "/callback?x=1&y=2"])
loopback = st.sampled_from(["127.0.0.1", "localhost", "[::1]"])


@pytest.mark.parametrize(
    "uri",
    [
        "https://shop.example/callback",
        "https://shop.example:8443/callback?tenant=7",
        "http://127.0.0.1/callback",
        "http://[::1]:8080/callback",
        "http://localhost:3000/callback",
        "example.city-guide:/callback",
        "com.example.app:/oauth2redirect/here",
        "https://xn--mnchen-3ya.example/callback",
    ],
)
def test_a_usable_uri_has_no_problem(uri):
    """RFC6749-3.1.2, RFC8252-7.1"""
    assert problem(uri) is None


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("", "scheme"),
        ("/callback", "scheme"),
        ("shop.example/callback", "scheme"),
        ("https://", "host"),
        ("https:///callback", "host"),
        ("https:callback", "host"),
        ("https://shop.example/callback#top", "fragment"),
        ("https://shop.example/callback#", "fragment"),
        ("https://shop.example/call back", "space"),
        ("https://shop.example/call\nback", "control"),
        ("\thttps://shop.example/callback", "control"),
        ("https://shop.example/\x7f", "control"),
        ("https://user@shop.example/callback", "user name"),
        ("https://user:word@shop.example/callback", "user name"),
        ("https://shop.example:99999/callback", "not a URI"),
        ("https://shop.example:port/callback", "not a URI"),
        ("https://[::1/callback", "not a URI"),
        ("https://shop.example\\@evil.example/callback", "percent-encoded"),
        ("https://münchen.example/callback", "percent-encoded"),
        ("https://shop.example/<script>", "percent-encoded"),
        ("javascript:alert(1)", "browser"),
        ("JavaScript:alert(1)", "browser"),
        ("data:text/html,x", "browser"),
        ("file:///etc/passwd", "browser"),
    ],
)
def test_an_unusable_uri_is_refused_with_its_reason(uri, says):
    """RFC6749-3.1.2, RFC3986-2"""
    assert says in (problem(uri) or "")


@given(st.text(max_size=30) | st.text("htps:/.@#?[]\\ \n127", max_size=20))
def test_any_text_has_an_answer(text):
    """RFC6749-3.1.2: what a trainer types never makes the rule fall over, nor does what a request brings."""
    assert problem(text) is None or isinstance(problem(text), str)
    for profile in Profile:
        assert problem(text) is None or problem_in(profile, text, NATIVE)
        registered = ("http://127.0.0.1/callback", "https://*.a.b/*", *([] if problem(text) else [text]))
        assert matches(text, registered, any_loopback_port=True, rules=RULES[profile]) in (True, False)


@given(loopback, paths, st.text(max_size=6))
def test_without_the_loopback_rule_only_the_same_characters_match(host, path, more):
    """RFC9700-2.1"""
    uri = f"http://{host}{path}"
    assert matches(uri, (uri,), any_loopback_port=False)
    assume(more)
    assert not matches(uri + more, (uri,), any_loopback_port=False)
    assert not matches(uri[:-1], (uri,), any_loopback_port=False)


@given(loopback, paths, ports, ports)
def test_a_native_application_may_take_any_loopback_port(host, path, registered, requested):
    """RFC8252-7.3"""
    with_port, without = f"http://{host}:{requested}{path}", f"http://{host}{path}"
    for known in (without, f"http://{host}:{registered}{path}"):
        assert matches(with_port, (known,), any_loopback_port=True)
        assert matches(without, (known,), any_loopback_port=True)
        assert matches(with_port, (known,), any_loopback_port=False) is (with_port == known)


@given(loopback, loopback, ports)
def test_the_names_of_the_loopback_are_not_interchangeable(one, other, port):
    """RFC8252-7.3: only the port varies."""
    assume(one != other)
    assert not matches(f"http://{one}:{port}/callback", (f"http://{other}/callback",), any_loopback_port=True)


@given(paths, paths, ports)
def test_only_the_port_varies(one, other, port):
    """RFC8252-7.3"""
    assume(one != other)
    assert not matches(f"http://127.0.0.1:{port}{one}", (f"http://127.0.0.1{other}",), any_loopback_port=True)


@pytest.mark.parametrize(
    "uri",
    [
        "https://127.0.0.1:8080/callback",
        "http://127.0.0.2:8080/callback",
        "http://127.0.0.1:8080/call\nback",
        "http://127.0.0.1:8080/callback#",
        " http://127.0.0.1:8080/callback",
        "http://me@127.0.0.1:8080/callback",
        "http://127.0.0.1:8080\\.evil.example/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1:99999/callback",
    ],
)
def test_what_only_looks_like_the_loopback_does_not_match(uri):
    """RFC8252-7.3"""
    assert not matches(uri, ("http://127.0.0.1/callback",), any_loopback_port=True)


def test_the_port_of_another_host_does_not_vary():
    """RFC8252-7.3: a remote host with another port is another host."""
    assert not matches("http://shop.example:81/c", ("http://shop.example/c",), any_loopback_port=True)


def test_only_plain_http_on_the_loopback_may_vary_its_port():
    """RFC8252-7.3: whoever has a certificate for the loopback has a fixed port."""
    for rules in RULES.values():
        assert not matches("https://127.0.0.1:81/c", ("https://127.0.0.1/c",), any_loopback_port=True, rules=rules)
        assert not matches("http://shop.example:81/c", ("http://shop.example/c",), any_loopback_port=True, rules=rules)


def test_normalised_comparison_alone_has_no_wildcards():
    """RFC9700-2.1: the two are rules of their own."""
    rules = replace(LOGTO, wildcards=False)
    assert matches("https://shop.example:443/x", ("https://shop.example/x",), any_loopback_port=False, rules=rules)
    assert not matches("https://shop.example/x", ("https://shop.example/*",), any_loopback_port=False, rules=rules)


@pytest.mark.parametrize(
    ("uri", "native", "web"),
    [
        ("https://shop.example/cb", {D, L, X}, {D, L, X}),
        ("https://shop.example/cb?tenant=1", {D, L, X}, {D, L, X}),
        ("http://127.0.0.1/cb", {D, L, X}, {D, L}),
        ("http://localhost:3000/cb", {D, L, X}, {D, L}),
        ("http://[::1]/cb", {D, L, X}, {D, L}),
        ("http://shop.example/cb", {L}, {D, L}),
        ("http://127.0.0.1.shop.example/cb", {L}, {D, L}),
        ("com.example.app:/cb", {D, L, X}, {L}),
        ("com.example.app://cb", {D, L, X}, {L}),
        ("myapp:/cb", {D, L}, {L}),
        ("myapp://com.example/cb", {D, L}, {L}),
        ("https://*.shop.example/cb", {D, L}, {D, L}),
        ("https://shop.example/*", {D, L}, {D, L}),
        ("https://*.com/cb", {D, L}, {D, L}),
        ("https://*/cb", {D}, {D}),
        ("https://shop.example/cb?x=*", {D}, {D}),
        ("https://[::1]/*", {D}, {D}),
        ("com.example.app:/*", {D}, set()),
        ("https://shop.example/a/../cb", {D, X}, {D, X}),
        ("https://shop.example/a/%2E%2e/cb", {D, X}, {D, X}),
        ("https://shop.example/a...b/..cb", {D, L, X}, {D, L, X}),
        ("https://shop.example/cb#top", set(), set()),
        ("https://me@shop.example/cb", set(), set()),
        ("javascript:alert(1)", set(), set()),
        ("data:text/html,x", set(), set()),
        ("vbscript:x", set(), set()),
        ("blob:https://shop.example/1", set(), set()),
        ("about:blank", set(), set()),
        ("file:///etc/passwd", set(), set()),
    ],
)
def test_the_profiles_that_let_a_type_register_a_uri(uri, native, web):
    """RFC9700-2.6, RFC8252-7, application-model.md 1.4"""
    assert {profile for profile in Profile if problem_in(profile, uri, NATIVE) is None} == native
    for kind in WEB:
        assert {profile for profile in Profile if problem_in(profile, uri, kind) is None} == web


@pytest.mark.parametrize(
    ("uri", "registered", "same"),
    [
        ("https://shop.example:443/cb", "https://shop.example/cb", True),
        ("https://shop.example/cb", "https://shop.example:443/cb", True),
        ("https://shop.example:/cb", "https://shop.example/cb", True),
        ("https://shop.example:0443/cb", "https://shop.example/cb", True),
        ("https://shop.example:80/cb", "https://shop.example/cb", False),
        ("http://shop.example:80/cb", "http://shop.example/cb", True),
        ("http://shop.example/cb", "https://shop.example/cb", False),
        ("HTTPS://SHOP.Example/cb", "https://shop.example/cb", True),
        ("https://shop.example", "https://shop.example/", True),
        ("https://shop.example?x=1", "https://shop.example/?x=1", True),
        ("https://shop.example/a/../cb", "https://shop.example/cb", True),
        ("https://shop.example/./cb", "https://shop.example/cb", True),
        ("https://shop.example/a/%2e%2E/cb", "https://shop.example/cb", True),
        ("https://shop.example/../cb", "https://shop.example/cb", True),
        ("https://shop.example/cb/.", "https://shop.example/cb/", True),
        ("https://shop.example/cb/..", "https://shop.example/", True),
        ("https://shop.example/a//../cb", "https://shop.example/a/cb", True),
        ("https://shop.example/cb/", "https://shop.example/cb", False),
        ("https://shop.example/CB", "https://shop.example/cb", False),
        ("https://shop.example/c%62", "https://shop.example/cb", False),
        ("https://shop.example/cb?x=1", "https://shop.example/cb", False),
        ("https://shop.example/cb?", "https://shop.example/cb", False),
        ("https://shop.example/cb#", "https://shop.example/cb", False),
        ("https://me@shop.example/cb", "https://shop.example/cb", False),
        ("https://shop.example.evil.example/cb", "https://shop.example/cb", False),
        ("https://shop.example\\@evil.example/cb", "https://shop.example/cb", False),
        ("http://[0::1]/cb", "http://[::1]/cb", True),
        ("COM.example.app:/cb", "com.example.app:/cb", True),
        ("com.example.app:/a/../cb", "com.example.app:/cb", True),
        ("com.example.app://HOST/cb", "com.example.app://host/cb", False),
        ("com.example.app:/.//host", "com.example.app://host", False),
        ("com.example.app:cb", "com.example.app:/cb", False),
        ("com.example.app:a/../cb", "com.example.app:cb", False),
        ("com.example.app://host", "com.example.app://host/", False),
    ],
)
def test_spellings_that_a_browser_takes_for_one_match_as_coded(uri, registered, same):
    """application-model.md 1.4; RFC9700-2.1 asks for the same characters, which the other profiles do."""
    assert matches(uri, (registered,), any_loopback_port=False, rules=LOGTO) is same
    for profile in (D, X):
        assert not matches(uri, (registered,), any_loopback_port=False, rules=RULES[profile])


@pytest.mark.parametrize(
    ("uri", "registered", "fits"),
    [
        ("https://a.shop.example/cb", "https://*.shop.example/cb", True),
        ("https://A.SHOP.example:443/cb", "https://*.shop.example/cb", True),
        ("https://pr-1.shop.example/cb", "https://pr-*.shop.example/cb", True),
        ("https://pr-.shop.example/cb", "https://pr-*.shop.example/cb", False),
        ("https://a-b.shop.example/cb", "https://*-*.shop.example/cb", True),
        ("https://-b.shop.example/cb", "https://*-*.shop.example/cb", False),
        ("https://shop.example/cb", "https://*.shop.example/cb", False),
        ("https://a.b.shop.example/cb", "https://*.shop.example/cb", False),
        ("https://a.b.shop.example/cb", "https://*.*.shop.example/cb", True),
        ("https://a.shop.example.evil.example/cb", "https://*.shop.example/cb", False),
        ("https://a.shop.example:444/cb", "https://*.shop.example/cb", False),
        ("https://a.shop.example:444/cb", "https://*.shop.example:444/cb", True),
        ("http://a.shop.example/cb", "https://*.shop.example/cb", False),
        ("https://a.shop.example/cb?x=1", "https://*.shop.example/cb", False),
        ("https://a.shop.example/cb?x=1", "https://*.shop.example/cb?x=1", True),
        ("https://a.shop.example/other", "https://*.shop.example/cb", False),
        ("https://a.shop.example/", "https://*.shop.example", True),
        ("https://shop.example/a/b/c", "https://shop.example/*", True),
        ("https://shop.example/", "https://shop.example/*", True),
        ("https://shop.example/a/cb", "https://shop.example/*/cb", True),
        ("https://shop.example/a/b/cb", "https://shop.example/*/cb", True),
        ("https://shop.example/cb", "https://shop.example/*/cb", False),
        ("https://shop.example/x/../admin", "https://shop.example/x/*", False),
        ("https://evil.example/a", "https://shop.example/*", False),
        ("https://stranger.com/cb", "https://*.com/cb", False),
        ("https://shop.stranger/cb", "https://shop.*/cb", False),
        ("https://a.b.example/cb", "https://a.*.example/cb", False),
        ("https://*.shop.example/cb", "https://*.shop.example/cb", False),
        ("https://shop.example/*", "https://shop.example/*", False),
        ("http://localhost/a", "http://localhost/*", True),
    ],
)
def test_a_wildcard_stands_for_part_of_host_or_path_as_coded_and_for_itself_elsewhere(uri, registered, fits):
    """application-model.md 1.4; RFC9700-2.1"""
    assert matches(uri, (registered,), any_loopback_port=False, rules=LOGTO) is fits
    for profile in (D, X):
        assert matches(uri, (registered,), any_loopback_port=False, rules=RULES[profile]) is (uri == registered)


labels = st.text("ab-", min_size=1, max_size=3)


@given(st.lists(labels, min_size=1, max_size=4))
def test_a_wildcard_never_spans_labels(found):
    """application-model.md 1.4"""
    uri = f"https://{'.'.join(found)}.shop.example/cb"
    fits = matches(uri, ("https://*.shop.example/cb",), any_loopback_port=False, rules=LOGTO)
    assert fits is (len(found) == 1)


@given(st.text("ab/", max_size=6), st.lists(st.text("ab/", max_size=2), min_size=1, max_size=4))
def test_a_wildcard_in_the_path_is_what_python_says(path, pieces):
    """application-model.md 1.4: the fast way is held to the plain one."""
    pattern = "*".join(pieces)
    plain = re.fullmatch(".*".join(map(re.escape, f"/{pattern}".split("*"))), f"/{path}") is not None
    known, asked = f"https://shop.example/{pattern}", f"https://shop.example/{path}"
    assert matches(asked, (known,), any_loopback_port=False, rules=LOGTO) is plain


@given(st.text("ab-", min_size=1, max_size=6), st.lists(st.text("ab-", max_size=2), min_size=2, max_size=4))
def test_a_wildcard_in_the_host_is_what_python_says(label, pieces):
    """application-model.md 1.4: the fast way is held to the plain one."""
    plain = re.fullmatch("[^.]+".join(map(re.escape, pieces)), label) is not None
    known, asked = f"https://{'*'.join(pieces)}.shop.example/", f"https://{label}.shop.example/"
    assert matches(asked, (known,), any_loopback_port=False, rules=LOGTO) is plain


def test_no_number_of_wildcards_makes_an_answer_slow():
    """A registration must not be able to hold the provider up."""
    known, asked = f"https://shop.example/{'*a' * 40}b", f"https://shop.example/{'a' * 4000}"
    start = perf_counter()
    assert not matches(asked, (known,), any_loopback_port=False, rules=LOGTO)
    assert perf_counter() - start < 1


@given(loopback, paths, ports, ports, st.sampled_from(Profile))
def test_a_loopback_port_is_free_for_native_applications_in_every_profile(host, path, registered, requested, profile):
    """RFC8252-7.3"""
    asked, known = f"http://{host}:{requested}{path}", f"http://{host}:{registered}{path}"
    assert matches(asked, (known,), any_loopback_port=True, rules=RULES[profile])
    assert matches(asked, (known,), any_loopback_port=False, rules=RULES[profile]) is (registered == requested)


@given(loopback, loopback, ports, st.sampled_from(Profile))
def test_the_names_of_the_loopback_are_not_interchangeable_in_any_profile(one, other, port, profile):
    """RFC8252-7.3, application-model.md 1.4"""
    assume(one != other)
    asked, known = f"http://{one}:{port}/callback", f"http://{other}/callback"
    assert not matches(asked, (known,), any_loopback_port=True, rules=RULES[profile])


@given(
    st.sampled_from(["https://shop.example", "http://127.0.0.1", "com.example.app:", "com.example.app://h"]),
    st.text("ab./%2e?", max_size=12),
)
def test_a_uri_that_is_registered_is_accepted_in_every_profile(start, rest):
    """OIDCC-3.1.2.1: sending what is registered is always right, but for what has a * in it."""
    uri = f"{start}/{rest}"
    assume(problem(uri) is None)
    for profile in Profile:
        assert matches(uri, (uri,), any_loopback_port=False, rules=RULES[profile])


@given(paths, paths, st.sampled_from(["/a/..", "/.", ""]))
def test_what_strict_matches_the_code_matches_as_well(one, other, detour):
    """RFC9700-2.1: comparing spellings can only let more through."""
    asked, known = f"https://shop.example{detour}{one}", f"https://shop.example{other}"
    strict = matches(asked, (known,), any_loopback_port=False, rules=RULES[X])
    assert matches(asked, (known,), any_loopback_port=False, rules=LOGTO) >= strict
