"""The types an application can have and what each means for OAuth — RFC6749-2.1."""

from dataclasses import dataclass
from enum import StrEnum


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

# What an application of each type is called within a sentence.
ONE = {
    ApplicationType.NATIVE: "a native application",
    ApplicationType.SPA: "a single page app",
    ApplicationType.TRADITIONAL: "a traditional web application",
    ApplicationType.MACHINE_TO_MACHINE: "a machine-to-machine application",
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
