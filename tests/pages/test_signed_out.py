"""The pages around signing out."""

from oidc_lab.pages.signed_out import confirm_sign_out_page, signed_out_page, still_signed_in_page

QUESTION = {"stylesheet": "s", "action": "/logout", "csrf": "c", "request": "opaque", "account": "Alice"}


def test_signing_out_is_asked_with_two_answers(read):
    tree = read(confirm_sign_out_page(**QUESTION, application="Photo Album"))
    buttons = [(b.get("id"), b.get("name"), b.get("value")) for b in tree.iter("button")]
    assert buttons == [("sign-out", "action", "sign-out"), ("stay", "action", "stay")]
    assert {f.get("name"): f.get("value") for f in tree.iter("input")} == {"request": "opaque", "csrf": "c"}
    assert "".join(tree.find("body/main/header/h1").itertext()) == "Photo Album asks to sign you out"


def test_the_question_is_asked_without_an_application_too(read):
    tree = read(confirm_sign_out_page(**QUESTION, application=None))
    assert tree.findtext("body/main/header/h1") == "Do you want to sign out?"


def test_a_user_who_is_signed_out_is_told_so(read):
    tree = read(signed_out_page(stylesheet="s"))
    assert tree.findtext("body/main/header/h1") == "You are signed out"
    assert not list(tree.iter("dl"))


def test_a_redirect_uri_not_followed_is_compared_with_the_registered_one(read, text):
    page = signed_out_page(
        stylesheet="s",
        notice="You were not sent on.",
        registered=["https://a.example/"],
        received="https://a.example",
    )
    tree = read(page)
    assert text(tree, "compared") == "Post-logout redirect URI"
    assert text(tree, "received") == "https://a.example(missing here)"
    assert "You were not sent on." in "".join(tree.itertext())


def test_a_user_who_stays_is_told_who_is_signed_in(read):
    tree = read(still_signed_in_page(stylesheet="s", account="Alice"))
    assert "Signed in as Alice" in "".join(tree.itertext())
