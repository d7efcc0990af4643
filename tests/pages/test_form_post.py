"""The page that posts an authorization response."""

import base64
import hashlib

from oidc_lab.pages.form_post import SCRIPT, SCRIPT_HASH, form_post_page

RESPONSE = [("code", "a&b"), ("state", '"><script>'), ("submit", "x")]


def test_it_posts_each_parameter_in_order_and_nothing_else(read):
    tree = read(form_post_page(action="https://a.example/cb?x=1&y=2", parameters=RESPONSE))
    [form] = tree.iter("form")
    assert form.get("action") == "https://a.example/cb?x=1&y=2"
    assert [(field.get("name"), field.get("value")) for field in form.iter("input")] == RESPONSE
    assert [button.get("name") for button in form.iter("button")] == [None]


def test_the_policy_names_the_script_that_is_on_the_page(read):
    [script] = read(form_post_page(action="https://a.example/cb", parameters=RESPONSE)).iter("script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert f"sha256-{digest}" == SCRIPT_HASH


def test_the_script_works_for_a_parameter_called_submit():
    assert ".submit()" not in SCRIPT


def test_a_browser_without_script_has_a_button(read, element):
    tree = read(form_post_page(action="https://a.example/cb", parameters=RESPONSE))
    assert element(tree, "continue").text == "Continue"
