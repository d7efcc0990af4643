"""Plays what can happen to the refresh tokens of one sign-in at the provider, over HTTP — RFC6749-6, RFC9700-4.14.2.

What the walk says by the rules alone is done here: the application, the user, a thief and an administrator act, the
clock moves, and of each request and deed the same row is given.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.application import Application
from oidc_lab.domain.happening import Answer, By, Event, Happening, Row
from oidc_lab.domain.refresh_parameters import NO_TIME
from oidc_lab.domain.refresh_policy import TIME_IS_OVER, Limit, endings
from oidc_lab.domain.tokens import Family, RefreshToken
from oidc_lab.domain.user import User
from oidc_lab.domain.walk import NOT_ISSUED
from oidc_lab.relying_party.flow import SignedIn
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange

if TYPE_CHECKING:
    from oidc_lab.lab.managed import Managed

_ONLINE, _OFFLINE = "openid", "openid offline_access"
_REFRESH, _DECIDED = "OIDCC-12.1", "refresh policy"
_BY = {
    Happening.SIGN_OUT: By.USER,
    Happening.SESSION_END: By.PROVIDER,
    Happening.PASSWORD_CHANGE: By.USER,
    Happening.ELSEWHERE: By.USER,
}


def play(
    lab: "Managed",
    application: Application | str,
    events: Iterable[Event] | Event,
    *,
    user: User | str | None = None,
    offline: bool = True,
    begin: datetime | None = None,
) -> list[Row]:
    """What Managed.play does."""
    if lab.clock.barred:
        raise RuntimeError(f"nothing is played here: {lab.clock.barred}")
    due = _due(events, begin, lab.clock.now)
    person = lab.users.own(user if isinstance(user, str) else user.sub) if user else next(iter(lab.users.values()))
    own = lab.applications.own(application) if isinstance(application, str) else application
    played = Play(lab, own, person, offline=offline)
    return [played.begun, *(row for event in due for row in played.happen(event))]


class Play:
    """One sign-in under way at the provider; `begun` is its row. It has a browser of its own, fresh at the sign-in."""

    def __init__(self, lab: "Managed", application: Application, user: User, *, offline: bool) -> None:
        self._lab, self._application, self._user = lab, application, user
        self._scopes, self._prompt = (_OFFLINE if offline else _ONLINE), ("consent" if offline else None)
        self._policy = lab.refresh_policy(application)
        self._browser = lab.fresh_browser()
        self.held: int | None = None
        self._former: int | None = None
        self._copied: int | None = None
        self._tokens: list[str] = []
        self._known: list[SignedIn] = []
        self.begun = self._begin()

    def happen(self, event: Event) -> list[Row]:
        """Let one thing happen, at its time; gives its rows. Raises ValueError when that is over already."""
        self._lab.clock.move_to(event.at)
        if not self._tokens:
            return []
        if event.what in _BY:
            return [self._deed(event)]
        if event.what is Happening.THIEF:
            return self._thief_asks(event)
        return [] if self.held is None else self._at_the_application(event, self.held)

    def _begin(self) -> Row:
        event = Event(at=self._lab.clock.now, what=Happening.SIGN_IN)
        number, answer = self._number(self._sign_in(self._browser).result)
        if number is None:
            return self._row(event, By.USER, Answer.NOTHING, because=NOT_ISSUED)
        self.held = number
        return self._row(event, By.USER, answer, given=number, about=number)

    def _at_the_application(self, event: Event, held: int) -> list[Row]:
        if event.what is Happening.THEFT:
            self._copied = held
            return [self._row(event, By.THIEF, Answer.NOTHING)]
        if event.what is Happening.REPLAY:
            return [self._ask(event, By.SOMEBODY, held if self._former is None else self._former)]
        return self._application_asks(event, held)

    def _application_asks(self, event: Event, held: int) -> list[Row]:
        row = self._ask(event, By.APPLICATION, held)
        if event.what is Happening.LOST_REPLY:
            return [row]
        self._hear(row)
        if event.what is not Happening.TWO_TABS:
            return [row]
        self._lab.clock.move_to(event.at + event.gap)
        second = self._ask(event, By.SECOND_TAB, held)
        if self.held is not None:
            self._hear(second)
        return [row, second]

    def _hear(self, row: Row) -> None:
        if row.given != self.held:
            self._former, self.held = self.held, row.given

    def _thief_asks(self, event: Event) -> list[Row]:
        if self._copied is None:
            return []
        row = self._ask(event, By.THIEF, self._copied)
        self._copied = row.given
        return [row]

    def _ask(self, event: Event, by: By, sent: int) -> Row:
        """Send a token request with this token, whoever holds it."""
        run = self._lab.refresh(self._application, self._user, signed_in=self._known[sent]).finish()
        exchange = next(each for each in run.trace.exchanges if each.step.clause == _REFRESH)
        if exchange.refusals:
            reason = exchange.refusals[-1].refusal.code
            because = _because(exchange)
            return self._row(event, by, Answer.REFUSED, sent=sent, reason=reason, because=because, about=sent)
        given, answer = self._number(run.result, sent)
        return self._row(event, by, answer, sent=sent, given=given, because=_because(exchange), about=given)

    def _number(self, result: SignedIn, sent: int | None = None) -> tuple[int | None, Answer]:
        """The number of the token that was given: tokens are told apart by what they look like, and nothing else."""
        token = result.tokens.refresh_token
        if token is None:
            return None, Answer.NOTHING
        if token in self._tokens:
            number = self._tokens.index(token)
            return number, Answer.SAME if number == sent else Answer.SUCCESSOR
        self._tokens.append(token)
        self._known.append(result)
        return len(self._tokens) - 1, Answer.NEW

    def _deed(self, event: Event) -> Row:
        lived = self._family().revoked_at is None
        self._do(event.what)
        family = self._family()
        ended = lived and family.revoked_at is not None
        because = family.revoked_because if ended else ""
        row = self._row(event, _BY[event.what], Answer.REVOKED if ended else Answer.NOTHING, because=because)
        if event.what is Happening.SIGN_OUT:
            self.held = self._former = None
        return row

    def _do(self, what: Happening) -> None:
        lab, user = self._lab, self._user
        if what is Happening.SIGN_OUT:
            hint = self._known[-1 if self.held is None else self.held]
            _done(lab.sign_out(self._application, user, signed_in=hint, browser=self._browser))
        elif what is Happening.SESSION_END:
            with suppress(LookupError):  # it is over already
                lab.sessions.end(self._family().sid or "")
        elif what is Happening.PASSWORD_CHANGE:
            lab.users.change(user.sub, {"password": f"{user.username} since {lab.clock.now:%d %B %Y, %H:%M:%S}"})
        else:
            self._sign_in(lab.fresh_browser())

    def _sign_in(self, browser: str) -> Run:
        lab, scopes, prompt = self._lab, self._scopes, self._prompt
        return _done(lab.sign_in(self._application, self._user, scopes=scopes, prompt=prompt, browser=browser))

    def _row(self, event: Event, by: By, answer: Answer, *, about: int | None = None, **said: Any) -> Row:
        at, concerned = self._lab.clock.now, self.held if about is None else about
        if not self._tokens:
            return Row(at=at, what=event.what, by=by, answer=answer, **said)
        family = self._family()
        counts = concerned is not None and family.revoked_at is None
        clocks = tuple(endings(self._kept(concerned), self._policy)) if counts and concerned is not None else ()
        return Row(at=at, what=event.what, by=by, answer=answer, generation=family.generation, clocks=clocks, **said)

    def _family(self) -> Family:
        return self._kept(0).family

    def _kept(self, number: int) -> RefreshToken:
        """What the provider keeps of a token."""
        return self._lab.kept_refresh_token(self._tokens[number])


def _done(run: Run) -> Run:
    """A run that went through. Raises FlowRefused."""
    run.finish().result  # noqa: B018 - it raises
    return run


def _because(exchange: Exchange) -> str:
    """Why a token request was answered as it was, as the provider told the lab."""
    refused = exchange.refusals[-1] if exchange.refusals else None
    if refused is not None and (because := dict(refused.details).get("because")):
        return because
    if refused is not None and refused.refusal.code in {*Limit}:
        return TIME_IS_OVER
    decided = [each.seen for each in exchange.told if each.what == _DECIDED]
    return decided[-1] if decided else "" if refused is None else refused.refusal.truth


def _due(events: Iterable[Event] | Event, begin: datetime | None, now: datetime) -> Sequence[Event]:
    """The events, moved so that what begins at `begin` begins now. Raises ValueError for what cannot happen."""
    later = NO_TIME if begin is None else now - begin
    listed = [events] if isinstance(events, Event) else list(events)
    if wrong := [each for each in listed if not isinstance(each, Event)]:
        raise TypeError(f"{wrong[0]!r} is no event: Event(at=lab.clock.now + timedelta(days=1)) is one")
    moved = [replace(each, at=each.at + later) for each in listed]
    for event in moved:
        if event.what is Happening.SIGN_IN:
            raise ValueError("a play begins with its sign-in, once; another one of this user is a sign-in elsewhere")
        if event.gap < NO_TIME:
            raise ValueError(f"{event.what} at {event.at}: the second tab asks later than the first, or at once")
        if event.at < now:
            rule = "the lab's clock only moves forward; with begin=… events are moved to where it stands"
            raise ValueError(f"{event.what} at {event.at} lies before {now}: {rule}")
    if moved != sorted(moved, key=lambda each: each.at):
        raise ValueError("the events are not in order: sort them by `at`")
    return moved
