"""The three profiles: which rules an application's settings are read by — OIDCC-16, RFC9700-2.

`documented` is what the product's documentation says, `logto` what the product does, `strict` what the specifications
ask for. What a setting does under each is in domain/settings, how long refresh tokens live in domain/refresh_policy.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Profile(StrEnum):
    """Whose rules the provider follows."""

    DOCUMENTED = "documented"
    LOGTO = "logto"
    STRICT = "strict"


class Matching(StrEnum):
    """How a URI is compared with the registered ones."""

    EXACT = "exact"
    NORMALISED = "normalised"


class Origins(StrEnum):
    """Which origins may call for an application: those it lists, or also those of its redirect URIs."""

    LISTED = "listed"
    LISTED_AND_REDIRECT = "listed and redirect"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a profile decides besides the refresh policy; the defaults are those of `documented`."""

    matching: Matching = Matching.EXACT
    wildcards: bool = False
    redirect_uri_may_be_omitted: bool = False
    pkce_for_all: bool = False
    # The product agrees for its user, without a page, for applications of its own tenant.
    consents_by_itself: bool = False
    # A grant is remembered for one session, not for the user.
    grant_of_session: bool = False
    grant_lifetime: timedelta | None = None
    # prompt=none is never enough for a native application — RFC8252-8.6.
    native_needs_interaction: bool = False
    # What was given without offline_access, because the application always gets a refresh token, outlives the session.
    always_issued_is_offline: bool = True
    # What scopes stand for is in the ID Token too, though there is an access token to ask userinfo with — OIDCC-5.4.
    id_token_has_scope_claims: bool = False
    # A sign-out request that proves nothing is confirmed by its user — OIDCRIL-2.
    logout_asks: bool = True
    logout_redirect_needs_hint: bool = False
    # An unregistered post-logout redirect URI stops the sign-out, instead of the redirect alone.
    logout_refuses_unregistered: bool = False
    logout_ends_grants: bool = False
    # Revoking a token takes the whole grant with it, instead of its family.
    revocation_ends_grant: bool = False
    # Who revokes another application's token is told — RFC7009-2.1; if not, nothing happens to what a public one sends,
    # and a confidential one's request is called invalid.
    revocation_refuses_foreign: bool = True
    origins: Origins = Origins.LISTED
    # Discovery, keys and preflights answer every origin, instead of those that some application lists.
    metadata_for_every_origin: bool = False


RULES = {
    Profile.DOCUMENTED: Rules(),
    Profile.LOGTO: Rules(
        matching=Matching.NORMALISED,
        wildcards=True,
        redirect_uri_may_be_omitted=True,
        consents_by_itself=True,
        grant_of_session=True,
        grant_lifetime=timedelta(days=180),
        native_needs_interaction=True,
        always_issued_is_offline=False,
        id_token_has_scope_claims=True,
        logout_asks=False,
        logout_refuses_unregistered=True,
        logout_ends_grants=True,
        revocation_ends_grant=True,
        revocation_refuses_foreign=False,
        origins=Origins.LISTED_AND_REDIRECT,
        metadata_for_every_origin=True,
    ),
    Profile.STRICT: Rules(
        pkce_for_all=True,
        always_issued_is_offline=False,
        logout_redirect_needs_hint=True,
    ),
}
