"""How each flow begins with what a learner picked — OIDCC-3.1.1."""

from typing import TYPE_CHECKING, Any

from oidc_lab.domain.application import Application
from oidc_lab.lab.earlier import WITHOUT_USER, Earlier, earlier_runs
from oidc_lab.lab.parties import registration_of
from oidc_lab.relying_party.choices import TOKENS, WITHOUT, CannotBegin, Choices, FlowKind
from oidc_lab.relying_party.run import Run

if TYPE_CHECKING:
    from oidc_lab.lab.managed import Managed

_NOT_THERE = "the run whose tokens were picked is not there any more: pick another one"
_NO_REFRESH_TOKEN = "that run gave no refresh token: sign in with scope offline_access and prompt=consent (OIDCC-11)"


def begin(lab: "Managed", application: Application, choices: Choices) -> Run:
    """Begin a run. Raises CannotBegin, or what the lab raises for what cannot be."""
    if choices.flow in WITHOUT_USER:
        return _begin_alone(lab, application, choices)
    registration_of(application, lab.issuer)  # first of all: nobody signs in to some
    user = lab.users.own(choices.user)
    match choices.flow:
        case FlowKind.SIGN_IN:
            return lab.sign_in(application, user, **_asking(choices))
        case FlowKind.SIGN_OUT:
            return lab.sign_out(application, user, signed_in=_hint(lab, choices), by_hand=choices.by_hand)
        case FlowKind.REFRESH:
            before = _earlier(lab, application, choices).run
            return lab.refresh(application, user, signed_in=before, scopes=choices.scopes, **_calling(choices))
        case FlowKind.USERINFO:
            before = _earlier(lab, application, choices).run
            return lab.userinfo(application, user, signed_in=before, origin=choices.origin or None)
        case _:
            raise CannotBegin(f"there is no flow {choices.flow!r}; there are {', '.join(FlowKind)}")


def _begin_alone(lab: "Managed", application: Application, choices: Choices) -> Run:
    if choices.flow == FlowKind.CLIENT_CREDENTIALS:
        return lab.client_credentials(application, scopes=choices.scopes, **_calling(choices))
    token = _token(lab, application, choices)
    ask = lab.introspect if choices.flow == FlowKind.INTROSPECTION else lab.revoke
    return ask(application, token, **_calling(choices))


def _asking(choices: Choices) -> dict[str, Any]:
    names = ("prompt", "response_mode", "login_hint", "redirect_uri")
    given = {name: getattr(choices, name) or None for name in names}
    persona = {"agrees": choices.agrees, "by_hand": choices.by_hand}
    return {"scopes": choices.scopes, "max_age": _max_age(choices), **given, **persona, **_calling(choices)}


def _calling(choices: Choices) -> dict[str, str | None]:
    return {name: getattr(choices, name) or None for name in ("origin", "token_endpoint_auth_method")}


def _max_age(choices: Choices) -> int | None:
    try:
        return int(choices.max_age) if choices.max_age else None
    except ValueError:
        raise CannotBegin(f"max_age is a whole number of seconds, not {choices.max_age!r}") from None


def _token(lab: "Managed", application: Application, choices: Choices) -> str:
    """What introspection or revocation is about; when nobody picked, what is usual for either."""
    if choices.token and choices.token not in TOKENS:
        return choices.token
    tokens, usual = _earlier(lab, application, choices).tokens, choices.flow == FlowKind.REVOCATION
    if choices.token == "refresh_token" and tokens.refresh_token is None:
        raise CannotBegin(_NO_REFRESH_TOKEN)
    refreshes = choices.token == "refresh_token" or (not choices.token and usual)
    return (tokens.refresh_token if refreshes else None) or tokens.access_token


def _hint(lab: "Managed", choices: Choices) -> Run | None:
    """The run whose ID Token goes along with a sign-out, which can do without."""
    if choices.tokens_of == WITHOUT:
        return None
    earlier = earlier_runs(lab.history, choices)
    return _picked(earlier, choices).run if earlier or choices.tokens_of else None


def _earlier(lab: "Managed", application: Application, choices: Choices) -> Earlier:
    """The run whose tokens are used: the one that was picked, or the latest that has what the flow uses."""
    earlier = earlier_runs(lab.history, choices)
    if not earlier:
        raise CannotBegin(_for_want_of_tokens(lab, application, choices), for_want_of_tokens=True)
    if choices.flow == FlowKind.REFRESH and not choices.tokens_of:
        return next((each for each in earlier if each.tokens.refresh_token), earlier[0])
    return _picked(earlier, choices)


def _picked(earlier: list[Earlier], choices: Choices) -> Earlier:
    found = [each for each in earlier if choices.tokens_of in {"", each.key}]
    if not found:
        raise CannotBegin(_NOT_THERE)
    return found[0]


def _for_want_of_tokens(lab: "Managed", application: Application, choices: Choices) -> str:
    if not application.oauth.response_types:
        return f"{application.name} has no token here: step through client credentials first"
    others = any(each.user for each in earlier_runs(lab.history, choices, of_anybody=True))
    if others and choices.flow not in WITHOUT_USER:
        who = f"{lab.users.own(choices.user).name} is not signed in"
    else:
        who = "nobody is signed in"
    return f"{who} to {application.name} here: step through a sign-in first"
