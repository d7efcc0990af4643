"""What a learner picks before stepping through a flow, and what there is to pick from — OIDCC-3.1.2.1."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from oidc_lab.relying_party.authorization import Asking
from oidc_lab.relying_party.flow import SignedIn
from oidc_lab.relying_party.token import Tokens

# What a form shows: the value that is chosen, and its label.
Option = tuple[str, str]


class FlowKind(StrEnum):
    """The flows that can be stepped through."""

    SIGN_IN = "sign-in"
    REFRESH = "refresh"
    USERINFO = "userinfo"
    SIGN_OUT = "sign-out"
    CLIENT_CREDENTIALS = "client-credentials"
    INTROSPECTION = "introspection"
    REVOCATION = "revocation"


_WITH_A_TOKEN = (FlowKind.INTROSPECTION, FlowKind.REVOCATION)


def onward(result: object) -> tuple[FlowKind, ...]:
    """The flows that can begin with what a finished one gave."""
    if isinstance(result, SignedIn):
        return (FlowKind.REFRESH, FlowKind.USERINFO, *_WITH_A_TOKEN, FlowKind.SIGN_OUT)
    return _WITH_A_TOKEN if isinstance(result, Tokens) else ()


# For `token`: those of an earlier run. For `tokens_of`: sign out without a hint.
TOKENS = {"access_token": "the access token", "refresh_token": "the refresh token"}
WITHOUT = "none"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What was picked, as text, so that a form can hold it; "" is what was not given.

    `by_hand` says that the learner fills in the provider's pages. `tokens_of` is the key of the earlier run whose
    tokens are used, "" for the latest that fits. `token` says for introspection and revocation which token of that
    run: "access_token", "refresh_token", or a token itself.
    """

    flow: FlowKind | str = FlowKind.SIGN_IN
    application: str = ""
    user: str = ""
    scopes: str = " ".join(Asking.scopes)
    prompt: str = ""
    max_age: str = ""
    response_mode: str = ""
    login_hint: str = ""
    redirect_uri: str = ""
    origin: str = ""
    token_endpoint_auth_method: str = ""
    agrees: bool = True
    by_hand: bool = False
    tokens_of: str = ""
    token: str = field(default="", repr=False)  # it may be a token itself, which no text of this has

    def changed(self, picked: Mapping[str, Any]) -> "Choices":
        """These with some picked anew. What was picked for another flow, application or user is picked no more."""
        given = {name: _plain(value) for name, value in picked.items()}
        if given.get("flow") in list(FlowKind):
            given["flow"] = FlowKind(given["flow"])
        for what, names in _GO_WITH.items():
            if what in given and given[what] != getattr(self, what):
                given = {**dict.fromkeys(names, ""), **given}
        if given.get("flow", self.flow) != self.flow and "scopes" not in picked:
            given["scopes"] = usual_scopes(given["flow"])
        return replace(self, **given)


# What was picked for one flow, application or user means nothing for another.
_GO_WITH = {
    "flow": ("token", "tokens_of"),
    "application": ("tokens_of", "redirect_uri", "origin", "token_endpoint_auth_method"),
    "user": ("tokens_of",),
}


@dataclass(frozen=True, kw_only=True)
class Options:
    """What there is to pick from, each as value and label; "" as value picks nothing, and the label says what is then.

    `barred` are the flows that the application does not have, and `barred_because` says why. `earlier` are the runs
    whose tokens can be used, newest first, for `tokens_of`.
    """

    flows: tuple[Option, ...] = ()
    barred: tuple[Option, ...] = ()
    barred_because: str = ""
    applications: tuple[Option, ...] = ()
    users: tuple[Option, ...] = ()
    prompts: tuple[Option, ...] = ()
    response_modes: tuple[Option, ...] = ()
    redirect_uris: tuple[Option, ...] = ()
    origins: tuple[Option, ...] = ()
    methods: tuple[Option, ...] = ()
    earlier: tuple[Option, ...] = ()
    tokens: tuple[Option, ...] = ()


class CannotBegin(ValueError):
    """A flow cannot begin as it was picked: says why. `for_want_of_tokens`: a sign-in would mend it."""

    def __init__(self, why: str, *, for_want_of_tokens: bool = False) -> None:
        super().__init__(why)
        self.for_want_of_tokens = for_want_of_tokens


def usual_scopes(flow: str) -> str:
    """What a flow asks for when nobody says anything; only a sign-in must name it."""
    return Choices.scopes if flow == FlowKind.SIGN_IN else ""


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return value
    return " ".join(map(str, value)) if isinstance(value, Iterable) else str(value)
