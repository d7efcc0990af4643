"""What a user is asked: every combination of request, session, progress and grant, on the boundaries."""

from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, product

import pytest

from oidc_lab.domain.authentication_request import PROMPTS, AuthenticationRequest, ClaimsRequest
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.interaction import NOTHING, Page, Progress, decide
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.domain.session import Session

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NO_CLAIMS = ClaimsRequest()
PROMPT_SETS = [frozenset(each) for each in chain.from_iterable(combinations(sorted(PROMPTS), n) for n in range(5))]
MAX_AGES = [None, timedelta(0), timedelta(seconds=300), timedelta.max]
AGES = [timedelta(0), timedelta(seconds=300), timedelta(seconds=300) + SECOND]


def request(prompts=frozenset(), max_age=None, expected_sub=None, scopes=("openid",), claims=NO_CLAIMS):
    return AuthenticationRequest(
        client_id="web-shop",
        redirect_uri="https://shop.example/callback",
        scopes=frozenset(scopes),
        prompts=frozenset(prompts),
        max_age=max_age,
        expected_sub=expected_sub,
        claims=claims,
    )


def session(age=timedelta(0), sub="anna"):
    return Session(sid="s", sub=sub, auth_time=NOW - age, began_at=NOW - age, expires_at=NOW + timedelta(days=14))


def grant(scopes=("openid",), claims=()):
    return Grant(
        grant_id="g",
        sub="anna",
        client_id="web-shop",
        scopes=frozenset(scopes),
        claims=frozenset(claims),
        created_at=NOW,
    )


REQUESTS = [
    request(prompts, max_age, expected)
    for prompts, max_age, expected in product(PROMPT_SETS, MAX_AGES, [None, "anna", "ben"])
    if not ("none" in prompts and len(prompts) > 1)  # refused when the request is read
]
SESSIONS = [None, *(session(age, sub) for age in AGES for sub in ("anna", "ben"))]
GRANTS = [None, grant(), grant(scopes=())]


def test_a_user_who_does_what_is_asked_is_never_asked_twice_and_comes_to_an_end():
    """OIDCC-3.1.2.3: each page is shown at most once, whatever was asked for."""
    for asked, found, agreed in product(REQUESTS, SESSIONS, GRANTS):
        here, progress, given, shown = found, Progress(), agreed, []
        while (ask := decide(asked, here, progress, given, NOW)).page is not None:
            assert ask.page not in shown
            shown.append(ask.page)
            if ask.page is Page.SIGN_IN:
                here, progress = session(), Progress(signed_in=True)
            elif ask.page is Page.SELECT_ACCOUNT:
                progress = Progress(progress.signed_in, account_selected=True)
            else:
                given, progress = grant(), Progress(progress.signed_in, progress.account_selected, consented=True)
        assert ask == NOTHING or ask.refusal == "other_user_expected"


def test_every_page_has_its_reason_its_clause_and_a_refusal_of_the_catalogue():
    """OIDCC-3.1.2.6: with prompt=none each page is a refusal instead."""
    for asked, found, agreed in product(REQUESTS, SESSIONS, GRANTS):
        ask = decide(asked, found, Progress(), agreed, NOW)
        assert ask.because
        assert ask.clause.startswith("OIDCC-")
        assert ask.refusal == "" or ask.refusal in CATALOGUE
        if asked.silent:
            assert (ask == NOTHING) is (ask.refusal == "")


def test_an_answer_needs_a_session_and_the_users_agreement():
    """OIDCC-3.1.2.4"""
    for asked, found, agreed in product(REQUESTS, SESSIONS, GRANTS):
        if decide(asked, found, Progress(), agreed, NOW) == NOTHING:
            assert found is not None
            assert agreed is not None
            assert agreed.covers(asked)
            assert asked.expected_sub in (None, found.sub)
            assert not asked.prompts & {"login", "consent", "select_account"}


@pytest.mark.parametrize(
    ("age", "page"),
    [(timedelta(seconds=299), None), (timedelta(seconds=300), None), (timedelta(seconds=301), Page.SIGN_IN)],
)
def test_a_sign_in_as_old_as_max_age_is_not_yet_too_old(age, page):
    """OIDCC-3.1.2.1: when the elapsed time is greater than max_age, the user must sign in."""
    assert decide(request(max_age=timedelta(seconds=300)), session(age), Progress(), grant(), NOW).page is page


def test_max_age_0_always_asks_even_within_the_second_of_a_sign_in():
    """OIDCC-3.1.2.1"""
    asked = request(max_age=timedelta(0))
    assert decide(asked, session(), Progress(), grant(), NOW).page is Page.SIGN_IN
    assert decide(asked, session(), Progress(signed_in=True), grant(), NOW) == NOTHING


def test_who_signed_in_on_the_way_is_not_asked_to_choose_an_account():
    """OIDCC-3.1.2.1"""
    asked = request({"select_account"})
    assert decide(asked, session(), Progress(), grant(), NOW).page is Page.SELECT_ACCOUNT
    assert decide(asked, None, Progress(), grant(), NOW).page is Page.SIGN_IN
    assert decide(asked, session(), Progress(signed_in=True), grant(), NOW) == NOTHING


def test_the_pages_come_in_the_order_sign_in_account_consent():
    """OIDCC-3.1.2.3"""
    asked = request({"login", "select_account", "consent"})
    assert decide(asked, session(), Progress(), None, NOW).page is Page.SIGN_IN
    assert decide(request({"select_account", "consent"}), session(), Progress(), None, NOW).page is Page.SELECT_ACCOUNT
    assert decide(asked, session(), Progress(signed_in=True), None, NOW).page is Page.CONSENT


def test_another_user_than_expected_is_refused_once_and_for_all_after_signing_in():
    """OIDCC-3.1.2.1, id_token_hint"""
    asked = request(expected_sub="ben")
    assert decide(asked, session(), Progress(), grant(), NOW).page is Page.SIGN_IN
    after = decide(asked, session(), Progress(signed_in=True), grant(), NOW)
    assert (after.page, after.refusal) == (None, "other_user_expected")


@pytest.mark.parametrize(
    ("scopes", "claims", "agreed", "page"),
    [
        (("openid",), (), grant(("openid", "email")), None),
        (("openid", "email"), (), grant(("openid",)), Page.CONSENT),
        (("openid",), ("email",), grant(("openid",)), Page.CONSENT),
        (("openid",), ("email",), grant(("openid",), ("email",)), None),
        (("openid",), (), None, Page.CONSENT),
    ],
)
def test_consent_is_asked_for_what_goes_beyond_the_remembered_one(scopes, claims, agreed, page):
    """OIDCC-3.1.2.4"""
    asked = request(scopes=scopes, claims=ClaimsRequest(userinfo=dict.fromkeys(claims, False)))
    assert decide(asked, session(), Progress(), agreed, NOW).page is page
