"""Looks at where an application lets its users be sent, and from where its pages call — RFC9700-2.1, RFC8252-7."""

from collections.abc import Iterator

from oidc_lab.domain import origin, redirect_uri, settings, url
from oidc_lab.domain.advice import Advice, Registration
from oidc_lab.domain.application_type import ApplicationType
from oidc_lab.domain.profile import Origins, Rules
from oidc_lab.domain.scenario import Scenario
from oidc_lab.domain.setting import in_words
from oidc_lab.domain.wildcard import WILDCARD, owned


def _no_uris(registration: Registration) -> Iterator[Advice]:
    if not registration.application.oauth.response_types:
        return
    if not registration.application.redirect_uris:
        yield Advice(
            setting="redirect_uris",
            value="none",
            reason="Nobody can sign in to it: there is nowhere an answer may be sent.",
            clause="OIDCC-3.1.2.1",
            remedy="Register the URI at which it receives answers.",
            scenario=Scenario.SIGN_IN_REFUSED,
            sends="https://application.example/callback",
        )
    if not registration.application.post_logout_redirect_uris:
        yield Advice(
            setting="post_logout_redirect_uris",
            value="none",
            reason="A user who signs out stays at the provider, whatever the application asks for.",
            clause="OIDCRIL-3",
            remedy="Register a page of the application that a signed-out user may be sent to.",
            scenario=Scenario.SIGNED_OUT_NOT_SENT_BACK,
            sends="https://application.example/goodbye",
        )


def _not_accepted(registration: Registration) -> Iterator[Advice]:
    for name in ("redirect_uris", "post_logout_redirect_uris"):
        for uri in getattr(registration.application, name):
            if rule := redirect_uri.problem_in(registration.profile, uri, registration.application.type):
                yield Advice(
                    setting=name,
                    value=uri,
                    reason=f"It could not be registered under {registration.profile}: {rule}.",
                    clause=settings.availability(name, registration.application.type, registration.profile).clause,
                    remedy="Register a URI that follows the rule, and take this one away.",
                )


def _risky_uris(registration: Registration) -> Iterator[Advice]:
    for uri in registration.application.redirect_uris:
        if redirect_uri.problem_in(registration.profile, uri, registration.application.type) is None:
            yield from _risks(registration, uri)


def _risks(registration: Registration, uri: str) -> Iterator[Advice]:
    parts = url.read(uri)
    if redirect_uri.is_plain(uri):
        yield Advice(
            setting="redirect_uris",
            value=uri,
            reason="The code travels in the clear: whoever is on the way can read it.",
            clause="RFC9700-2.6",
            remedy=f"Use https: https{uri[4:]}",
            scenario=Scenario.CODE_IN_THE_CLEAR,
            sends=uri,
        )
    if WILDCARD in uri:
        yield _wildcard(registration.rules, uri)
    if parts.scheme not in url.DEFAULT_PORTS and "." not in parts.scheme:
        yield Advice(
            setting="redirect_uris",
            value=uri,
            reason="Another program on the device may have taken the same scheme, and would receive the code.",
            clause="RFC8252-7.1",
            remedy="Use a domain name of yours in reverse as the scheme, such as com.example.app.",
        )
    if registration.application.type is ApplicationType.NATIVE and parts.scheme == "http" and parts.host == "localhost":
        yield Advice(
            setting="redirect_uris",
            value=uri,
            reason="localhost may be another address than the program listens at, and 127.0.0.1 does not match it.",
            clause="RFC8252-8.3",
            remedy="Register 127.0.0.1, and [::1] beside it, and send what is registered.",
            scenario=Scenario.SIGN_IN_REFUSED,
            sends=uri.replace("localhost", "127.0.0.1", 1),
        )


def _wildcard(rules: Rules, uri: str) -> Advice:
    reason = "Whoever has any address that fits the * can receive codes, for one from a page or a host given up."
    scenario = Scenario.ANSWERED_ELSEWHERE
    if not rules.wildcards:
        reason, scenario = (
            "The * is a character like any other here, so nothing else matches.",
            Scenario.SIGN_IN_REFUSED,
        )
    elif not owned(url.read(uri).host or ""):
        reason = (
            "Nothing matches it, because a * is not for the last two labels of a host; but pages of all hosts that fit"
            " may call the provider."
        )
        scenario = Scenario.SIGN_IN_REFUSED
    return Advice(
        setting="redirect_uris",
        value=uri,
        reason=reason,
        clause="RFC9700-4.1.3",
        remedy="Register every URI by itself.",
        scenario=scenario,
        sends=uri.replace(WILDCARD, "anything"),
    )


def _not_listed(registration: Registration) -> Iterator[Advice]:
    """The page that receives a single page app's code redeems it, by a call from the browser."""
    application = registration.application
    if application.type is not ApplicationType.SPA or registration.rules.origins is not Origins.LISTED:
        return
    answered = origin.of_redirect_uris(application.redirect_uris)
    missing = [each for each in answered if each not in application.cors_allowed_origins and not origin.problem(each)]
    if missing:
        yield Advice(
            setting="cors_allowed_origins",
            value=in_words(application.cors_allowed_origins),
            reason="The page that receives the code cannot redeem it: its calls from the browser are refused.",
            clause="RFC6454-7",
            remedy=f"List {', '.join(missing)}.",
            scenario=Scenario.BROWSER_CALL_REFUSED,
            sends=missing[0],
        )


LOOKS = (_no_uris, _not_accepted, _risky_uris, _not_listed)
