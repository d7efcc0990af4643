"""What a learner can pick from before stepping through a flow — OIDCC-3.1.2.1."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from oidc_lab.domain.application import LABEL, ONE, Application
from oidc_lab.domain.authentication_request import PROMPTS, RESPONSE_MODES
from oidc_lab.domain.origin import of_redirect_uris
from oidc_lab.lab.earlier import WITHOUT_USER, earlier_runs
from oidc_lab.relying_party.choices import TOKENS, WITHOUT, Choices, FlowKind, Option, Options

if TYPE_CHECKING:
    from oidc_lab.lab.managed import Managed

_FLOWS = {
    FlowKind.SIGN_IN: "Sign in",
    FlowKind.REFRESH: "Refresh",
    FlowKind.USERINFO: "Userinfo",
    FlowKind.SIGN_OUT: "Sign out",
    FlowKind.CLIENT_CREDENTIALS: "Client credentials",
    FlowKind.INTROSPECTION: "Introspection",
    FlowKind.REVOCATION: "Revocation",
}
# Flows in which the application says which one it is.
_PROVING = set(FlowKind) - {FlowKind.USERINFO, FlowKind.SIGN_OUT}
_WITH_TOKENS = set(FlowKind) - {FlowKind.SIGN_IN, FlowKind.CLIENT_CREDENTIALS}
_OF_A_TOKEN = {FlowKind.INTROSPECTION, FlowKind.REVOCATION}


def options(lab: "Managed", applications: Mapping[str, Application], choices: Choices) -> Options:
    """What there is to pick from, given what is picked."""
    flow, chosen = choices.flow, applications.get(choices.application)
    return Options(
        flows=tuple((each, label) for each, label in _FLOWS.items() if _has(chosen, each)),
        barred=tuple((each, label) for each, label in _FLOWS.items() if not _has(chosen, each)),
        barred_because=_why_barred(chosen),
        applications=tuple((name, f"{each.name} ({LABEL[each.type]})") for name, each in applications.items()),
        users=() if flow in WITHOUT_USER else tuple((each.sub, each.name) for each in lab.users.all()),
        prompts=_or("not sent", PROMPTS) if flow == FlowKind.SIGN_IN else (),
        response_modes=_or("not sent", RESPONSE_MODES) if flow == FlowKind.SIGN_IN else (),
        redirect_uris=_or("the first", chosen.redirect_uris) if chosen and flow == FlowKind.SIGN_IN else (),
        origins=_or("no page: a program", _origins(chosen)) if chosen and flow != FlowKind.SIGN_OUT else (),
        methods=_or("as registered", chosen.oauth.authentication_methods) if chosen and flow in _PROVING else (),
        earlier=_earlier(lab, chosen, choices) if chosen and flow in _WITH_TOKENS else (),
        tokens=_or("what is usual", TOKENS, TOKENS) if flow in _OF_A_TOKEN else (),
    )


def _has(application: Application | None, flow: FlowKind) -> bool:
    return application is None or bool(application.oauth.response_types) or flow in WITHOUT_USER


def _why_barred(application: Application | None) -> str:
    if application is None or application.oauth.response_types:
        return ""
    return f"nobody signs in to {application.name}, {ONE[application.type]}: it acts for itself"


def _earlier(lab: "Managed", application: Application, choices: Choices) -> tuple[Option, ...]:
    now = lab.clock.now
    runs = [(each.key, each.label(application.name, now)) for each in earlier_runs(lab.history, choices)]
    without = [(WITHOUT, "nobody: without a hint")] if choices.flow == FlowKind.SIGN_OUT else []
    return (("", "the latest"), *runs, *without) if runs else ()


def _origins(application: Application) -> Iterable[str]:
    return dict.fromkeys((*of_redirect_uris(application.redirect_uris), *application.cors_allowed_origins))


def _or(otherwise: str, values: Iterable[str], labels: Mapping[str, str] | None = None) -> tuple[Option, ...]:
    return (("", otherwise), *((each, (labels or {}).get(each, each)) for each in values))
