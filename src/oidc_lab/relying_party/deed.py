"""What somebody does on a page of the provider, in words, by what is sent from it — OIDCC-3.1.2.3, OIDCC-3.1.2.4."""

from collections.abc import Mapping
from dataclasses import replace

from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.message import Request
from oidc_lab.relying_party.page_read import Page
from oidc_lab.relying_party.trace import Exchange, Step


def deed(page: Page, sent: Mapping[str, str], name: str) -> tuple[str, str] | None:
    """What is done by who sends these parameters, and its clause; None when the page is no page of the provider's.

    `name` is what the user in front of the browser is called, unless the page knows better.
    """
    done = _done(page, sent, page.account or name)
    return None if done is None else (done, page.clause)


def sent_instead(built: Step, request: Request, before: Exchange | None, name: str, *, by_hand: bool) -> Step:
    """The step with another request than the flow built. What is sent from the page that came `before` names it."""
    step = replace(built, request=request, by_hand=by_hand)
    on_page = before is not None and built.sender is Party.BROWSER and built.receiver is Party.PROVIDER
    if before is None or not on_page or request.method != "POST" or (request == built.request and not by_hand):
        return step
    done = deed(Page(before.response.body), request.parameters, name) if before.response else None
    return step if done is None else replace(step, title=done[0], clause=done[1])


def _done(page: Page, sent: Mapping[str, str], who: str) -> str | None:
    action = sent.get("action")
    if action == "cancel":
        return f"{who} cancels"
    if "username" in page.fields:
        return _signs_in(page, sent, who)
    if {"allow", "deny"} <= page.buttons.keys():
        return f"{who} agrees" if action == "allow" else f"{who} declines"
    if "continue" in page.buttons:
        return f"{who} chooses to use another account" if action == "other" else f"{who} goes on"
    if "sign-out" in page.buttons:
        return f"{who} confirms the sign-out" if action == "sign-out" else f"{who} stays signed in"
    return None


def _signs_in(page: Page, sent: Mapping[str, str], who: str) -> str:
    clicked = sent.get("demo_user")
    if clicked is not None:
        return f"{page.people.get(clicked, clicked or who)} signs in with one click"
    who = page.usernames.get(sent.get("username", ""), who)
    return f"{who} types a password" if sent.get("password") else f"{who} sends the form without a password"
