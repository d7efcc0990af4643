"""What stands in the Authorization header is taken apart and put together again, and can be changed before it goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab import Lab
from oidc_lab.relying_party.comparison import compared
from oidc_lab.relying_party.contents import contents
from oidc_lab.relying_party.credentials import CLIENT_ID, CLIENT_SECRET, HEADER, TOKEN, credentials_in, written
from oidc_lab.relying_party.message import get, post

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


def at(stepping, title):
    return stepping.until(title)


def carrying(value):
    return get("https://provider.test/userinfo", headers=((HEADER, value),))


@given(client_id=TEXT, secret=TEXT)
def test_any_client_and_secret_can_be_read_from_the_header_they_were_written_to(client_id, secret):
    """RFC6749-2.3.1"""
    parts = {CLIENT_ID: client_id, CLIENT_SECRET: secret}
    assert credentials_in(carrying(written(parts))) == parts


def test_basic_is_form_encoded_before_it_is_joined():
    """RFC6749-2.3.1, with a colon and a space that would be taken for something else."""
    assert written({CLIENT_ID: "a:b", CLIENT_SECRET: "c d"}) == "Basic YSUzQWI6Yytk"


@pytest.mark.parametrize("value", ["Basic !", "Basic YWJj", "Basic /w==", "Digest x", "alone"])
def test_what_nobody_can_take_apart_is_one_whole(value):
    assert credentials_in(carrying(value)) == {HEADER: value}
    assert written({HEADER: value}) == value


def test_a_bearer_token_is_read_whatever_the_case_of_its_scheme():
    """RFC9110-11.1"""
    assert credentials_in(carrying("bearer abc")) == {TOKEN: "abc"}


def test_a_header_is_changed_in_its_place_left_out_and_put_back():
    request = get("https://a.example/", headers=(("Authorization", "Bearer a"), ("Origin", "https://b.example")))
    assert request.with_header("authorization", "Bearer b").headers[0] == ("authorization", "Bearer b")
    without = request.with_header("Authorization", None)
    assert without.headers == (("Origin", "https://b.example"),)
    assert without.with_header("Authorization", "Bearer a", request.headers) == request


def test_a_changed_form_does_not_keep_the_length_of_the_old_one():
    """RFC9110-8.6"""
    sent = post("https://a.example/", {"a": "1"}, (("Content-Length", "3"),))
    assert sent.changed({"a": "1234"}).header("Content-Length") is None


def test_a_form_whose_last_parameter_was_taken_out_is_one_still():
    emptied = post("https://a.example/", {"token": "x"}).changed({"token": None})
    put_back = emptied.changed({"token": "x"})
    assert (put_back.url, put_back.body) == ("https://a.example/", "token=x")


def test_a_wrong_secret_in_the_header_is_refused_and_back_leads_to_the_right_one(lab):
    """RFC6749-5.2: invalid_client"""
    stepping = at(lab.step("web-shop", user="anna"), "Redeem the code")
    stepping.change_header(HEADER, written({CLIENT_ID: "web-shop", CLIENT_SECRET: "guess"}))
    stepping.next()
    assert stepping.trace.refusal.error == "invalid_client"
    stepping.back()
    assert stepping.finish().finished


def test_a_header_that_was_left_out_and_put_back_makes_no_branch(lab):
    stepping = at(lab.step("web-shop", user="anna"), "Redeem the code")
    built = stepping.next_step.request
    stepping.change_header(HEADER, None)
    assert stepping.next_step.request.header(HEADER) is None
    stepping.change_header(HEADER, built.header(HEADER))
    assert stepping.next_step == stepping.original_step


def test_without_a_token_userinfo_is_refused(lab):
    """RFC6750-3"""
    stepping = at(lab.step("web-shop", user="anna"), "Ask who the user is")
    stepping.change_header(HEADER, None)
    assert stepping.next().response.status == 401


def test_the_length_of_what_went_is_its_own(lab):
    """RFC9110-8.6"""
    stepping = at(lab.step("web-shop", user="anna"), "Redeem the code")
    stepping.change(further="x" * 30)
    stepping.change_header(HEADER, written({CLIENT_ID: "web-shop", CLIENT_SECRET: "longer than it was before"}))
    sent = stepping.next().request
    assert sent.header("Content-Length") == str(len(sent.body))


def test_what_cannot_stand_in_a_header_is_not_sent_and_the_reason_is_in_words(lab):
    """RFC9110-5.5"""
    stepping = at(lab.step("web-shop", user="anna"), "Ask who the user is")
    stepping.change_header(HEADER, "Bearer schlüssel")
    stepping.next()
    assert stepping.trace.refusal.error == "not_sent"
    assert "a header is made of visible ASCII characters, and Authorization has others" in (
        stepping.trace.refusal.description
    )


def test_a_comparison_names_the_part_of_the_header_that_differs_before_what_came_of_it(lab):
    stepping = at(lab.step("web-shop", user="anna"), "Redeem the code")
    stepping.change_header(HEADER, written({CLIENT_ID: "web-shop", CLIENT_SECRET: "guess"}))
    stepping.next()
    stepping.back()
    stepping.finish()
    first = compared(*stepping.branches).first.differences[0]
    told = ("Authorization header", CLIENT_SECRET, "guess", "test-secret-of-the-web-shop")
    assert (first.where, first.name, first.one, first.other) == told
    assert ("header of the request", HEADER) not in contents(stepping.trace.exchanges[7])
