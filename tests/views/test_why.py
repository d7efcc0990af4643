"""The card that explains a failed run: what the client saw, what happened, what to change, escaped and complete."""

import json
from dataclasses import replace

import pytest

from oidc_lab import Lab
from oidc_lab.domain import spec
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange
from oidc_lab.relying_party.why import explain
from oidc_lab.views import checks
from oidc_lab.views.why import explained
from tests.views.reading import HOSTILE, KEPT, Page, html


def page(of: Run | Exchange) -> Page:
    return Page(explained(of)["text/html"])


def plain(of: Run | Exchange) -> str:
    return explained(of)["text/plain"]


def test_the_card_says_who_refused_what_was_seen_why_and_what_to_change(provider_refuses: Run) -> None:
    """RFC6749-5.2: the client sees one word; the card has the rest beside it."""
    shown, entry = page(provider_refuses), CATALOGUE["verifier_wrong"]
    for said in ("The provider refused", "verifier_wrong", "400 Bad Request", "invalid_grant", entry.description):
        assert said in shown.text
        assert said.replace("The provider", "the provider") in plain(provider_refuses)
    for said in (entry.truth, entry.blame, entry.remedy, entry.clause):
        assert said in shown.text
        assert said in plain(provider_refuses)
    assert spec.link(entry.clause) in shown.attribute("a", "href")


def test_seen_and_expected_stand_side_by_side(relying_party_refuses: Run) -> None:
    (cause,) = explain(relying_party_refuses).causes
    cells = page(relying_party_refuses).cells
    row = cells.index(dict(cause.details)["seen"])
    assert cells[row + 1] == dict(cause.details)["expected"]
    assert f"expected: {dict(cause.details)['expected']}" in plain(relying_party_refuses)


def expired(lab: Lab) -> Run:
    """A Single page app that comes back after the fourteen days of its first refresh token."""
    signed_in = lab.sign_in("photo-album", "anna", scopes="openid offline_access", prompt="consent").finish()
    lab.clock.advance(days=14)
    return lab.refresh("photo-album", "anna", signed_in=signed_in).finish()


def test_values_have_names_and_moments_that_people_read(lab: Lab) -> None:
    """RFC6749-6"""
    run = expired(lab)
    shown, said = page(run), plain(run)
    for name, value in (
        ("first issued", "Mon 5 Jan 2026, 09:00:00 UTC"),
        ("ended", "Mon 19 Jan 2026, 09:00:00 UTC"),
        ("a refresh gives", "what was left of the lifetime"),
        ("a longer TTL", "not for this type, in this profile"),
    ):
        assert name in shown.text
        assert value in shown.cells
        assert f"{name}: {value}" in said
    assert not [each for each in ("first_issued_at", "+00:00", "a_refresh") if each in shown.text or each in said]


def test_a_type_has_the_name_that_the_form_gives_it(lab: Lab) -> None:
    """RFC7636-4.4.1"""
    run = lab.sign_in("photo-album", "anna")
    while run.next_step.title != "Send the user to sign in":
        run.advance()
    run.change(code_challenge=None, code_challenge_method=None)
    shown = page(run.finish())
    row = shown.cells.index("application type")
    assert shown.cells[row + 1] == "Single page app"
    assert "application type: Single page app" in plain(run)


def test_a_sentence_that_says_once_more_what_happened_is_left_out_and_a_deed_is_said_in_words(lab: Lab) -> None:
    """OIDCC-3.1.2.6, RFC6749-5.2"""
    nobody = lab.sign_in("web-shop", "anna", prompt="none").finish()
    assert explain(nobody).causes[0].details == (("because", "Nobody is signed in in this browser."),)
    assert "Values" not in page(nobody).text
    assert "because" not in plain(nobody)
    signed_in = lab.sign_in("web-shop", "anna", scopes="openid offline_access", prompt="consent").finish()
    lab.revoke("web-shop", signed_in.result.tokens.refresh_token).finish()
    refused = lab.refresh("web-shop", "anna", signed_in=signed_in).finish()
    assert "because: the application gave it back" in plain(refused)
    assert "the application gave it back" in page(refused).cells


def test_every_cause_has_its_card(provider_refuses: Run) -> None:
    last = provider_refuses.trace.exchanges[-1]
    shown = page(replace(last, refusals=last.refusals * 3))
    assert shown.text.count("What happened") == 3
    assert "3 refusals in all" in shown.text


@pytest.mark.parametrize("which", ["signed_in", "under_way"])
def test_without_a_failure_the_card_is_a_sentence(which: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(which)
    shown = page(run)
    assert "✓ Nothing was refused in" in shown.text
    assert "table" not in shown.tags
    assert len(plain(run).splitlines()) == 2


@pytest.mark.parametrize("which", ["provider_refuses", "relying_party_refuses", "signed_in", "hostile"])
def test_only_what_survives_is_used(which: str, request: pytest.FixtureRequest) -> None:
    shown = page(request.getfixturevalue(which))
    assert set(shown.tags) <= KEPT
    assert not [name for _, name, _ in shown.attributes if name.startswith("on") or name == "id"]


def test_what_comes_from_outside_is_escaped(provider_refuses: Run) -> None:
    last = provider_refuses.trace.exchanges[-1]
    assert last.response is not None
    refused = replace(last.refusals[0], details=((HOSTILE, HOSTILE),))
    answer = replace(last.response, body=json.dumps({"error": HOSTILE}))
    step = replace(last.step, title=HOSTILE)
    shown = page(replace(last, step=step, response=answer, refusals=(refused,)))
    assert set(shown.tags) <= KEPT - {"img"}
    assert shown.text.count(HOSTILE) >= 4


def test_a_notebook_shows_it_by_itself(provider_refuses: Run) -> None:
    assert html(explain(provider_refuses)) == explained(provider_refuses)["text/html"]


def test_a_note_is_neither_a_check_that_passed_nor_one_that_was_spared(relying_party_refuses: Run) -> None:
    """RFC6749-4.4.3"""
    made = relying_party_refuses.trace.checks
    passed = next(each for each in made if each.verdict is checks.Verdict.PASSED)
    noted, spared = (replace(passed, verdict=each) for each in (checks.Verdict.NOTED, checks.Verdict.NOT_NEEDED))
    assert checks.summary([noted]) == "• 1 noted"
    assert checks.summary([spared, noted]) == "○ 1 check not needed, 1 noted"
    assert checks.summary([passed, noted]) == "✓ 1 check, 1 noted"
    assert checks.summary([passed, spared, noted]) == "✓ 1 check, 1 not needed, 1 noted"
    assert "• noted" in Page(checks.show([noted])).cells
