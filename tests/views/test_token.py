"""A token taken apart, shown by itself: every value with its meaning, dates as dates — RFC7519-3.1."""

import base64
import json

from oidc_lab.relying_party.run import Run
from oidc_lab.views.body import show_json
from oidc_lab.views.token import Decoded, decode
from tests.views.reading import HOSTILE, KEPT, Page


def read(token: str) -> Decoded:
    decoded = decode(token)
    assert decoded is not None
    return decoded


def test_a_token_by_itself_shows_each_value_and_what_it_means(signed_in: Run) -> None:
    shown = read(signed_in.result.tokens.id_token)._repr_mimebundle_()
    page = Page(shown["text/html"])
    assert set(page.tags) <= KEPT
    for name, value in signed_in.result.claims.items():
        assert name in page.text
        assert str(value) in page.text
        assert f"{name}: {value}" in shown["text/plain"]
    assert "for whom it is: the client_id" in page.text


def test_moments_are_dates_in_both_forms(signed_in: Run) -> None:
    """RFC7519-2: NumericDate; the bench's clock says nine o'clock."""
    shown = read(signed_in.result.tokens.id_token)._repr_mimebundle_()
    for form in (Page(shown["text/html"]).text, shown["text/plain"]):
        assert "= 2026-01-05 09:00:00 UTC" in form


def test_what_a_stranger_wrote_into_a_token_is_escaped() -> None:
    parts = ({"alg": "none"}, {"sub": HOSTILE, HOSTILE: 1})
    token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    page = Page(read(f"{token}.x")._repr_mimebundle_()["text/html"])
    assert set(page.tags) <= KEPT
    assert page.text.count(HOSTILE) == 2


def test_an_introspected_token_is_explained_in_its_own_words() -> None:
    """RFC7662-2.2: here username is an answer and exp a moment; in a sign-in form a user types the one."""
    said = {"active": True, "client_id": "web-shop", "username": "anna", "exp": 1767607200}
    answer, form = (Page(show_json(json.dumps(each))).text for each in (said, {"username": "anna"}))
    assert "to which application it was issued" in answer
    assert "when it ends: 2026-01-05 10:00:00 UTC" in answer
    assert "only the provider sees it" not in answer
    assert "only the provider sees it" in form
