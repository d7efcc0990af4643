"""What an application is and what its type means for OAuth — OIDCR-2."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from oidc_lab.domain import redirect_uri

MAXIMUM_NAME_LENGTH = 256

SIGNING_ALGORITHMS = ("RS256", "EdDSA")

# What identifies an application or a user: RFC6749-A.1 allows blanks as well, which nobody can see in a log.
NAME = re.compile(r"[!-~]{1,255}")
NAME_RULE = "it must have 1 to 255 characters of printable ASCII, without blanks"


class ApplicationType(StrEnum):
    """The four types of the product's model; an application keeps the one it was created with."""

    NATIVE = "Native"
    SPA = "SPA"
    TRADITIONAL = "Traditional"
    MACHINE_TO_MACHINE = "MachineToMachine"


LABEL = {
    ApplicationType.NATIVE: "Native",
    ApplicationType.SPA: "Single page app",
    ApplicationType.TRADITIONAL: "Traditional web",
    ApplicationType.MACHINE_TO_MACHINE: "Machine-to-machine",
}


@dataclass(frozen=True)
class OAuthMapping:
    """What a type means on the wire."""

    confidential: bool
    authentication_methods: tuple[str, ...]
    grant_types: tuple[str, ...]
    response_types: tuple[str, ...]
    requires_pkce: bool


_SIGN_IN = ("authorization_code", "refresh_token")
_PUBLIC = OAuthMapping(False, ("none",), _SIGN_IN, ("code",), requires_pkce=True)
_SECRET = ("client_secret_basic", "client_secret_post")

OAUTH_MAPPING = {
    ApplicationType.NATIVE: _PUBLIC,
    ApplicationType.SPA: _PUBLIC,
    ApplicationType.TRADITIONAL: OAuthMapping(True, _SECRET, _SIGN_IN, ("code",), requires_pkce=False),
    ApplicationType.MACHINE_TO_MACHINE: OAuthMapping(True, _SECRET, ("client_credentials",), (), requires_pkce=False),
}


# Every way in which some application says which one it is — OIDCC-9.
AUTHENTICATION_METHODS = (*_SECRET, *_PUBLIC.authentication_methods)


class InvalidSetting(ValueError):
    """A setting of an application or user cannot be as given: names the field, the value and the rule."""

    def __init__(self, setting: str, value: object, rule: str) -> None:
        super().__init__(f"{setting}: {value!r} cannot be used: {rule}")
        self.setting, self.value, self.rule = setting, value, rule


@dataclass(frozen=True, kw_only=True)
class Application:
    """A registered application; on the wire it is a client and `client_id` is its name.

    `client_secret` is what the application itself keeps (the store has only its digest); None for public types.
    A setting that is None was not set: what holds then is said in domain/settings, by profile.
    Raises InvalidSetting when a setting breaks its rule.
    """

    client_id: str
    type: ApplicationType
    name: str
    description: str = ""
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    cors_allowed_origins: tuple[str, ...] = ()
    client_secret: str | None = field(default=None, repr=False)
    always_issue_refresh_token: bool | None = None
    rotate_refresh_token: bool | None = None
    refresh_token_ttl_in_days: int | None = None
    id_token_ttl: timedelta | None = None
    id_token_signed_response_alg: str = "RS256"
    backchannel_logout_uri: str | None = None
    backchannel_logout_session_required: bool = False
    custom_data: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.client_id):
            raise InvalidSetting("client_id", self.client_id, NAME_RULE)
        if not self.name or len(self.name) > MAXIMUM_NAME_LENGTH:
            rule = f"it must have 1 to {MAXIMUM_NAME_LENGTH} characters"
            raise InvalidSetting("name", self.name, rule)
        if self.id_token_signed_response_alg not in SIGNING_ALGORITHMS:
            rule = f"it must be one of {', '.join(SIGNING_ALGORITHMS)}"
            raise InvalidSetting("id_token_signed_response_alg", self.id_token_signed_response_alg, rule)
        self._check_uris("redirect_uris", self.redirect_uris)
        self._check_uris("post_logout_redirect_uris", self.post_logout_redirect_uris)
        self._check_secret()

    def _check_uris(self, setting: str, uris: tuple[str, ...]) -> None:
        if isinstance(uris, str):
            raise InvalidSetting(setting, uris, "it must be a list of URIs, also when there is one")
        if uris and not self.oauth.response_types:
            rule = f"a {LABEL[self.type]} application signs nobody in, so it has none"
            raise InvalidSetting(setting, list(uris), rule)
        for uri in uris:
            if problem := redirect_uri.problem(uri):
                raise InvalidSetting(setting, uri, problem)

    def _check_secret(self) -> None:
        if self.client_secret is not None and not self.confidential:
            rule = f"a {LABEL[self.type]} application cannot keep a secret, so it has none"
            raise InvalidSetting("client_secret", "…", rule)
        if self.client_secret == "":
            raise InvalidSetting("client_secret", "", "it must not be empty")

    @property
    def oauth(self) -> OAuthMapping:
        """What this application's type means on the wire."""
        return OAUTH_MAPPING[self.type]

    @property
    def confidential(self) -> bool:
        """Whether it can keep a secret — RFC6749-2.1."""
        return self.oauth.confidential

    def accepts_redirect_uri(self, uri: str) -> bool:
        """Whether an answer may be sent to `uri`."""
        return redirect_uri.matches(uri, self.redirect_uris, any_loopback_port=self.type is ApplicationType.NATIVE)

    def accepts_post_logout_redirect_uri(self, uri: str) -> bool:
        """Whether a signed-out user may be sent to `uri`: exact comparison — OIDCRIL-3."""
        return uri in self.post_logout_redirect_uris
