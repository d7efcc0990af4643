"""What a lab says to do next, from the first look to the sign-out — OIDCC-1.3."""

import pytest

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.audit import Key, LogEntry, Result
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.overview import LiveFamily, Overview, PastRun
from oidc_lab.domain.session import Session
from oidc_lab.domain.suggestion import OFFLINE, Doing, suggest
from oidc_lab.domain.user import User
from tests.domain.families import BEGIN as NOW

ALBUM = Application(
    client_id="album", type=ApplicationType.SPA, name="Album", redirect_uris=("https://album.example/callback",)
)
BARE = Application(client_id="bare", type=ApplicationType.SPA, name="Bare")
JOB = Application(client_id="job", type=ApplicationType.MACHINE_TO_MACHINE, name="Job", client_secret="s" * 16)
ANNA = User(sub="anna", username="anna", claims={"name": "Anna"})
GRANT = Grant(
    grant_id="g", sub="anna", client_id="album", scopes=frozenset({"openid"}), claims=frozenset(), created_at=NOW
)
FAMILY = LiveFamily(grant=GRANT, generation=0, issued_at=NOW, last_used_at=None, ends_at=None, because=None)
SESSION = Session(sid="s", sub="anna", auth_time=NOW, began_at=NOW, expires_at=NOW)
SIGNED_IN = LogEntry(at=NOW, key=Key.CODE_EXCHANGE, client_id="album", sub="anna")
REFUSED = LogEntry(
    at=NOW,
    key=Key.REFRESH,
    result=Result.ERROR,
    client_id="album",
    sub="anna",
    truth="Its lifetime is over. More is to be said about that.",
)


def run(**about: object) -> PastRun:
    values = {"flow": "sign-in", "client_id": "album", "sub": "anna", "finished": True, "refreshable": True, **about}
    return PastRun(key="1", title="Anna signs in to Album", at=NOW, messages=10, **values)  # type: ignore[arg-type]


def lab(**holds: object) -> Overview:
    values = {"applications": (ALBUM, BARE, JOB), "users": (ANNA,), **holds}
    entries = len(holds.get("log", ()))  # type: ignore[arg-type]
    return Overview(issuer="https://provider.test", now=NOW, entries=entries, **values)  # type: ignore[arg-type]


def labels(of: Overview) -> list[str]:
    return [each.label for each in suggest(of).doings]


def registered(client_id: str) -> tuple[LogEntry, ...]:
    return (SIGNED_IN, LogEntry(at=NOW, key=Key.APPLICATION_CREATED, client_id=client_id))


def test_at_first_it_says_where_to_begin() -> None:
    assert suggest(lab()).said.startswith("Begin here: ")
    assert labels(lab()) == ["New application", "Step through a flow"]


def test_who_registered_an_application_signs_in_to_it_and_gets_a_refresh_token() -> None:
    """OIDCC-11: offline_access is asked for, and the user is asked for consent."""
    hint = suggest(lab(log=registered("album")))
    assert hint.said == "Album is registered. Next: sign somebody in to it."
    assert hint.doings == (
        Doing(what="step", label="Sign in to Album", client_id="album", flow="sign-in", choices=OFFLINE),
    )
    assert OFFLINE == {"scopes": "openid profile email offline_access", "prompt": "consent"}
    assert hint.after == "form"


def test_an_application_that_no_answer_reaches_is_given_a_redirect_uri_first() -> None:
    """RFC6749-3.1.2"""
    assert suggest(lab(log=registered("bare"))).doings == (
        Doing(what="form", label="Add a redirect URI", client_id="bare"),
    )


def test_nobody_signs_in_to_a_machine() -> None:
    """RFC6749-4.4"""
    (doing,) = suggest(lab(log=registered("job"))).doings
    assert (doing.what, doing.flow, doing.client_id) == ("step", "client-credentials", "job")


def test_an_application_that_is_gone_again_is_not_spoken_of() -> None:
    assert "registered" not in suggest(lab(log=registered("gone"))).said


def test_a_run_under_way_is_named_with_its_next_step() -> None:
    under_way = run(finished=False, refreshable=False, next_step="Redeem the code")
    assert suggest(lab(log=(SIGNED_IN,), runs=(under_way,))).said == (
        "Under way: Anna signs in to Album. Next: Redeem the code."
    )


def test_with_a_live_refresh_token_it_is_used_or_the_clock_is_moved() -> None:
    """RFC6749-6"""
    hint = suggest(lab(log=(SIGNED_IN,), runs=(run(),), families=(FAMILY,), sessions=(SESSION,)))
    assert hint.said.startswith("Album has a refresh token for Anna. Next: use it, or move the clock")
    refresh, sign_out = hint.doings
    assert (refresh.flow, refresh.client_id, refresh.sub) == ("refresh", "album", "anna")
    assert (sign_out.flow, sign_out.client_id, sign_out.sub) == ("sign-out", "album", "anna")


def test_when_it_has_ended_a_person_is_led_to_the_refusal() -> None:
    """RFC6749-5.2"""
    hint = suggest(lab(log=(SIGNED_IN,), runs=(run(),)))
    assert hint.said == "The refresh token of Album for Anna has ended. Next: try to refresh, and see why not."
    assert [each.flow for each in hint.doings] == ["refresh", "sign-in", "sign-out"]


def test_a_refusal_is_told_with_its_true_reason_in_one_sentence() -> None:
    """RFC6749-5.2"""
    refused = run(flow="refresh", finished=False, refreshable=False, refused="the provider: invalid_grant")
    hint = suggest(lab(log=(REFUSED,), runs=(run(), refused), families=(FAMILY,)))
    assert hint.said == "The last request was refused: Its lifetime is over."
    assert [each.flow for each in hint.doings] == ["sign-in", "sign-out"]


def test_a_refusal_of_the_relying_party_is_told_though_no_log_has_it() -> None:
    """OIDCC-3.1.3.7"""
    refused = run(finished=False, refreshable=False, refused="the relying party: state_mismatch")
    said = suggest(lab(log=(SIGNED_IN,), runs=(refused,))).said
    assert said == "Anna signs in to Album: refused by the relying party: state_mismatch."


def test_an_old_refusal_is_not_spoken_of_when_something_else_went_well_since() -> None:
    """A sign-out at which nobody was signed in leaves nothing in the log."""
    hint = suggest(lab(log=(REFUSED,), runs=(run(), run(flow="sign-out", refreshable=False))))
    assert hint.said.startswith("Signed out.")


def test_after_a_sign_out_it_is_said_that_a_refresh_token_lives_on() -> None:
    """OIDCC-11"""
    hint = suggest(lab(log=(SIGNED_IN,), runs=(run(), run(flow="sign-out")), families=(FAMILY,)))
    assert hint.said.startswith("Anna is signed out, and Album still has a refresh token.")


def test_who_is_signed_in_without_a_refresh_token_is_told_how_to_get_one() -> None:
    """OIDCC-11"""
    hint = suggest(lab(log=(SIGNED_IN,), runs=(run(refreshable=False),), sessions=(SESSION,), grants=(GRANT,)))
    assert hint.said == "Anna is signed in. Next: sign in once more for a refresh token, or sign out."
    assert hint.doings[0].choices == OFFLINE


@pytest.mark.parametrize("of", [{}, {"sessions": (SESSION,)}])
def test_when_nothing_is_to_be_said_it_stays_calm(of: dict[str, object]) -> None:
    hint = suggest(lab(log=(SIGNED_IN,), runs=(run(refreshable=False),), **of))
    assert (hint.said, hint.doings) == ("Step through another flow, or move the clock.", ())
