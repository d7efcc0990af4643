"""The Content-Security-Policy of the pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.pages.form_post import SCRIPT_HASH
from oidc_lab.pages.policy import content_security_policy, form_targets

USUAL = ("https:", "http://127.0.0.1:*", "http://localhost:*")


def test_a_page_may_load_its_style_and_post_home_and_no_more():
    assert content_security_policy() == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )


def test_a_script_is_allowed_by_its_hash():
    assert content_security_policy(scripts=[SCRIPT_HASH]).endswith(f"; script-src '{SCRIPT_HASH}'")


def test_a_form_may_lead_where_it_is_told():
    assert "form-action 'self' https: com.example.app:" in content_security_policy(
        form_targets=["https:", "com.example.app:"]
    )


@pytest.mark.parametrize(
    "target",
    [
        "https: *",
        "https:;script-src *",
        "https:,",
        "'unsafe-inline'",
        "*",
        "https:\n",
        "https://\u00e4.de",
        "",
    ],
)
def test_a_form_target_cannot_write_into_the_policy(target):
    with pytest.raises(ValueError, match="Content-Security-Policy"):
        content_security_policy(form_targets=[target])


@pytest.mark.parametrize("script", ["unsafe-inline", "sha256-x'; default-src *", "sha1-AA==", ""])
def test_a_script_is_named_by_a_hash_alone(script):
    with pytest.raises(ValueError, match="Content-Security-Policy"):
        content_security_policy(scripts=[script])


@pytest.mark.parametrize(
    ("redirect_uri", "added"),
    [
        ("https://a.example/cb", []),
        ("http://127.0.0.1:4711/cb", []),
        ("http://localhost/cb", []),
        ("http://[::1]:4711/cb", ["http:"]),
        ("http://lab.example:8080/cb", ["http://lab.example:8080"]),
        ("http://LAB.example/cb", ["http://lab.example"]),
        ("com.example.app:/cb", ["com.example.app:"]),
        ("com.example.app://cb", ["com.example.app:"]),
        ("javascript:alert(1)", []),
        ("data:text/html,x", []),
        ("http://a.example;script-src:80/cb", []),
        ("http://user@*/cb", []),
        ("http://a b/cb", []),
        ("http://\u00e4.example/cb", []),
        ("http://a.example:99999/cb", []),
        ("http://[::1/cb", []),
        ("no uri", []),
        ("", []),
    ],
)
def test_a_form_may_lead_to_the_redirect_uri_and_on_from_there(redirect_uri, added):
    assert form_targets(redirect_uri) == (*USUAL, *added)


@given(st.text() | st.from_regex(r"(http|x.y)://[ -~]{0,12}(:[0-9]{0,6})?/.{0,3}", fullmatch=True))
def test_whatever_the_redirect_uri_the_policy_keeps_its_directives(redirect_uri):
    policy = content_security_policy(form_targets=form_targets(redirect_uri))
    assert policy.count(";") == content_security_policy().count(";")
    assert "," not in policy
