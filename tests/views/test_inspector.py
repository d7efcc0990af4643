"""The token inspector as HTML and as text: groups of rows, times, verdicts, what is absent; everything escaped."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from oidc_lab import Lab, views
from oidc_lab.domain.claims import USER_CLAIMS
from oidc_lab.relying_party.inspection import Inspection
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.signed import SignedToken
from oidc_lab.views.inspector import inspector_view, show_inspection, show_missing, show_token
from oidc_lab.views.parameters import CLAIMS
from tests.views.reading import HOSTILE, KEPT, Page

CONTROLS = {"button", "select", "option", "label"}


@pytest.fixture(autouse=True)
def put_on() -> None:
    views.put_on()


@pytest.fixture
def offline(lab: Lab) -> Run:
    asked = {"id_token": {"email": None}}
    run = lab.sign_in("web-shop", "anna", scopes="openid profile offline_access", prompt="consent", claims=asked)
    return run.finish()


class Tables(HTMLParser):
    """The rows of all tables, below the heading of their group, or the title above them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.groups: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self._cell, self._row, self._heads, self._title = "", list[str](), False, False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in {"td", "th"}:
            self._cell, self._heads = "", ("colspan", "3") in attributes
        if ("role", "heading") in attributes:
            self._cell, self._title = "", True
        if tag == "tr":
            self._row = []

    def handle_endtag(self, tag: str) -> None:
        if self._title:
            self._rows, self._title = self.groups.setdefault(self._cell, []), False
        if tag == "th" and self._heads:
            self._rows = self.groups.setdefault(self._cell, [])
        if tag == "td":
            self._row.append(self._cell)
        if tag == "tr" and self._row:
            self._rows.append(self._row)

    def handle_data(self, data: str) -> None:
        self._cell += data

    def row(self, group: str, name: str) -> list[str]:
        return next(row for row in self.groups[group] if row[0] == name)


def text(inspection: Inspection) -> str:
    shown = inspector_view(inspection)["text/plain"]
    assert isinstance(shown, str)
    return shown


def token(inspection: Inspection, number: int = 0) -> str:
    return show_token(inspection, number, live=False)


def test_a_notebook_shows_both_forms(lab: Lab, offline: Run) -> None:
    shown = lab.inspect(offline)._repr_mimebundle_()
    assert set(Page(shown["text/html"]).tags) <= KEPT | CONTROLS
    assert "An ID Token: it tells Web Shop that Anna Lindqvist signed in." in shown["text/plain"]


def test_each_claim_has_its_meaning_its_source_and_its_clause(lab: Lab, offline: Run) -> None:
    inspection = lab.inspect(offline)
    groups, plain = Tables(token(inspection)), text(inspection)
    about_token = {row[0]: row for row in groups.groups["About the token"]}
    about_user = {row[0]: row for row in groups.groups["About the user"]}
    assert set(about_token) | set(about_user) == set(offline.result.claims)
    assert set(about_user) == {"sub", "email"}
    for name, row in (about_token | about_user).items():
        meaning, clause = CLAIMS[name]
        assert row[1].startswith(str(offline.result.claims[name]))
        assert f"{meaning} {clause}" in row[2]
        assert "from " in row[2]
        assert f"{name}: {offline.result.claims[name]}" in plain
        assert f"{meaning} {clause}" in plain
    assert "the setting ID token time to live (TTL) of Web Shop: 1 hour by default" in about_token["exp"][2]
    assert (
        "which asked to have it in the ID Token OIDCC-5.5; the user's email, still the same" in about_user["email"][2]
    )


def test_every_standard_claim_has_a_meaning() -> None:
    """OIDCC-5.1"""
    for name in USER_CLAIMS:
        assert CLAIMS[name][1].startswith("OIDCC-5.1")


def test_times_are_dates_and_how_far_they_are_from_the_clock(lab: Lab, offline: Run) -> None:
    inspection = lab.inspect(offline)
    assert Tables(token(inspection)).row("About the token", "exp")[1].endswith("2026-01-05 10:00:00 UTCin 1 hour")
    assert Tables(token(inspection)).row("About the token", "iat")[1].endswith("2026-01-05 09:00:00 UTCnow")
    lab.clock.advance(minutes=2)
    assert Tables(token(inspection)).row("About the token", "exp")[1].endswith("in 58 minutes")
    assert "= 2026-01-05 10:00:00 UTC, in 58 minutes" in text(inspection)
    lab.clock.advance(days=2, minutes=58)
    assert Tables(token(inspection)).row("About the token", "exp")[1].endswith("2 days ago")
    assert "It ended 2 days ago" in Page(token(inspection)).text


def test_absent_claims_stand_together_by_their_reasons(lab: Lab, offline: Run) -> None:
    """OIDCC-5.4: each is there once, or is named as absent once."""
    inspection = lab.inspect(offline)
    groups, plain = Tables(token(inspection)), text(inspection)
    absent = groups.groups["Absent, and why"]
    names = [name for row in absent for name in row[0].removeprefix("no ").split(", ")]
    (signed,) = (each for each in inspection.tokens if isinstance(each, SignedToken))
    assert sorted(names) == sorted(each.name for each in signed.absent if not each.never)
    phone = next(row for row in absent if "phone_number" in row[0])
    assert phone[0] == "no phone_number, phone_number_verified"
    assert "the scope phone was not granted" in phone[1]
    assert "the scope phone was not granted" in plain
    assert len(absent) < len(names)
    never = groups.groups["Never here, and why"]
    assert ["no acr", "there is one way to sign in here, so no strength to tell OIDCC-2"] in never


def test_what_a_run_was_not_given_is_told(lab: Lab, signed_in: Run) -> None:
    """OIDCC-11"""
    inspection = lab.inspect(signed_in)
    ((name, why),) = Tables(show_inspection(inspection)).groups["Not given, and why"]
    assert name == "no refresh token"
    for said in ("offline_access was not asked for", "prompt=consent was missing", "Always issue refresh token"):
        assert said in why
        assert said in text(inspection)


def test_above_the_columns_of_what_is_absent_stands_its_title_and_each_has_a_name(lab: Lab, signed_in: Run) -> None:
    """OIDCC-11"""
    shown = show_missing(lab.inspect(signed_in))
    assert shown.index("Not given, and why") < shown.index("<table") < shown.index("what would bring it")
    head, *rows = (row.count("<td") + row.count("<th ") for row in shown.split("<tr>")[1:])
    assert rows == [head]
    assert 'colspan="' not in shown


def test_the_checks_and_what_has_to_be_known_for_them(lab: Lab, offline: Run) -> None:
    """OIDCC-3.1.3.7"""
    inspection = lab.inspect(offline)
    page = Page(token(inspection))
    assert "✓ Web Shop would believe it if it came now" in page.text
    assert any(each.startswith("What Web Shop checks: ✓ 10 checks") for each in page.summaries)
    assert offline.result.claims["nonce"] in page.cells
    assert "✓ 11. nonce" in text(inspection)
    with Lab() as other:
        unknown = other.inspect(offline.result.tokens.id_token)
        assert "not known here" in Page(token(unknown)).cells
        assert "to know: nonce (not known here)" in text(unknown)


def test_a_failed_check_says_what_was_seen_and_expected_and_lies_open(lab: Lab, offline: Run) -> None:
    for form in (Page(token(lab.inspect(offline, "photo-album"))).text, text(lab.inspect(offline, "photo-album"))):
        assert "✗ Photo Album would not believe it" in form
        assert "The ID Token is meant for another application" in form
        assert "photo-album" in form
    page = Page(token(lab.inspect(offline.result.tokens.id_token, "photo-album")))
    assert page.attribute("details", "open") == [""]
    assert "3. aud: saw web-shop, expected photo-album" in page.text


def test_an_old_look_says_that_it_is_old(lab: Lab, offline: Run) -> None:
    """What was found out then is not said of now."""
    inspection = lab.inspect(offline)
    fresh = Page(show_inspection(inspection)).text
    assert "the clock has moved" not in fresh
    lab.clock.advance(hours=2)
    old = Page(show_inspection(inspection)).text
    assert "checked at 2026-01-05 09:00:00 UTC, 2 hours ago; the clock has moved since" in old
    assert "✓ Web Shop would have believed it 2 hours ago" in old
    assert "The provider said 2 hours ago that it is good" in old
    assert "would believe it if it came now" not in old
    assert "The provider says that it is good" not in old
    assert "2 hours ago, when this was checked" in text(inspection)


def test_an_opaque_token_shows_the_answer_explained_and_what_the_lab_knows(lab: Lab, offline: Run) -> None:
    """RFC7662-2.2"""
    inspection = lab.inspect(offline)
    access, refresh = Tables(token(inspection, 1)), Tables(token(inspection, 2))
    assert access.row("What introspection says", "username")[2].startswith("what the user is called at sign-in")
    assert access.row("What introspection says", "exp")[1].endswith("in 1 hour")
    assert "Anna Lindqvist signs in to Web Shop" in access.row("What the lab knows besides", "Given")[2]
    assert access.row("Told there now", "nickname")[1] == "Annie"
    email = access.row("Absent there, and why", "no email")[1]
    assert "the claims parameter asked for it in the ID Token only" in email
    assert refresh.row("What the lab knows besides", "Ends")[1].endswith("in 14 days")
    assert refresh.row("Settings that decide how it lives", "Rotate refresh token")[1] == "on"
    assert "Web Shop asked by introspection" in Page(token(inspection, 1)).text
    plain = text(inspection)
    for said in ("introspection: Web Shop asked: active", "nickname: Annie", "Rotate refresh token: on", "in 14 days"):
        assert said in plain


def test_what_is_not_active_shows_the_true_reason(lab: Lab) -> None:
    for form in (Page(show_inspection(lab.inspect("garbage"))).text, text(lab.inspect("garbage"))):
        assert "not active" in form
        assert "This provider never gave out an access or refresh token with this value" in form
    assert Page(show_inspection(lab.inspect(""))).text == "There is nothing to look into: the text is empty."


def test_the_token_is_shortened_and_whole_in_a_fold_and_copied_only_live(lab: Lab, offline: Run) -> None:
    whole = offline.result.tokens.id_token
    inspection = lab.inspect(whole)
    page = Page(token(inspection))
    assert page.text.count(whole) == 1
    assert f"{whole[:22]}…" in page.text
    assert page.tags.count("button") == 0
    live = Page(show_token(inspection, 0, live=True))
    assert live.attribute("button", "data-copy") == [whole]
    assert whole in text(inspection)


def test_controls_rest_in_the_static_form(lab: Lab, offline: Run) -> None:
    page = Page(show_inspection(lab.inspect(offline)))
    resting = page.tags.count("button") + page.tags.count("select")
    assert resting == 2
    assert len(page.attribute("button", "disabled") + page.attribute("select", "disabled")) == resting


def test_what_is_forged_claims_and_the_verdict_comes_first(lab: Lab, offline: Run) -> None:
    """RFC8725-2.1: neither form names a user as the source of what anybody can write."""
    claims = {**offline.result.claims, "sub": "ben"}
    made = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("k" * 32))
    verdict = "A token that claims to tell Web Shop that Benjamin Okafor signed in; no key of this provider signed it."
    inspection = lab.inspect(made)
    page, plain = Page(show_inspection(inspection)).text, text(inspection)
    assert plain.startswith(verdict)
    assert page.index(f"✗ {verdict}") < page.index("would not believe it")
    for form in (page, plain):
        assert "it tells" not in form
        assert "the user Benjamin Okafor" not in form
        assert "the session" not in form
        assert form.lower().count("claimed about the") == 2
    assert "It claims to end in 1 hour" in page
    tokens = lab.inspect(replace(offline.result.tokens, id_token=made))
    assert "ID Token, as it claims" in Page(show_inspection(tokens)).summaries


def test_what_was_taken_out_of_the_text_is_said(lab: Lab, offline: Run) -> None:
    inspection = lab.inspect(offline.result.tokens.id_token.replace(".", "\n."))
    for form in (Page(show_inspection(inspection)).text, text(inspection)):
        assert "spaces inside the text were taken out" in form


def test_several_tokens_are_folds_of_which_the_first_lies_open(lab: Lab, offline: Run) -> None:
    page = Page(show_inspection(lab.inspect(offline)))
    assert [each for each in page.summaries if each in {"ID Token", "Access token", "Refresh token"}] == [
        "ID Token",
        "Access token",
        "Refresh token",
    ]
    assert page.attribute("details", "open") == [""]


def test_what_a_stranger_wrote_is_escaped(lab: Lab) -> None:
    claims = {"iss": lab.issuer, HOSTILE: HOSTILE, "sub": HOSTILE, "aud": HOSTILE, "nonce": HOSTILE}
    made = jwt.encode({"alg": "HS256", "kid": HOSTILE}, claims, OctKey.import_key("k" * 32))
    for each in (made, HOSTILE):
        page = Page(show_inspection(lab.inspect(each)))
        assert set(page.tags) <= KEPT | CONTROLS - {"img"}
        assert HOSTILE in page.text


def test_values_are_shown_as_on_the_wire_and_a_users_hostile_attribute_is_escaped(lab: Lab) -> None:
    claims = {"id_token": {"email_verified": None, "email": None, "address": None}}
    run = lab.sign_in("web-shop", "anna", claims=claims).finish()
    lab.users["anna"].update(claims={**lab.users["anna"].claims, "email": HOSTILE, "email_verified": False})
    inspection = lab.inspect(run)
    about_user = Tables(token(inspection))
    assert about_user.row("About the user", "email_verified")[1] == "true"
    assert "which is now false" in about_user.row("About the user", "email_verified")[2]
    assert '"locality": "Stockholm"' in about_user.row("About the user", "address")[1]
    assert f"which is now {HOSTILE}" in about_user.row("About the user", "email")[2]
    assert "img" not in Page(token(inspection)).tags
    assert "email_verified: true" in text(inspection)


def test_a_hostile_application_is_escaped_everywhere(lab: Lab, hostile: Run) -> None:
    page = Page(show_inspection(lab.inspect(hostile)))
    assert set(page.tags) <= (KEPT | CONTROLS) - {"img"}
    assert f"{HOSTILE} would believe it" in page.text
