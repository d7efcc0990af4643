"""Which redirect URIs may be registered, and which of a request's match them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oidc_lab.domain.redirect_uri import matches, problem

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
    assert matches(text, ("http://127.0.0.1/callback",), any_loopback_port=True) in (True, False)


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
    assert not matches("https://127.0.0.1:81/c", ("https://127.0.0.1/c",), any_loopback_port=True)
