"""The standard claims of a user, and which scope stands for which — OIDCC-5.1, OIDCC-5.4."""

from collections.abc import Iterable

CLAIMS_OF_SCOPE = {
    "profile": (
        "name",
        "family_name",
        "given_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
    ),
    "email": ("email", "email_verified"),
    "address": ("address",),
    "phone": ("phone_number", "phone_number_verified"),
}

# Claims about the user. Those of the protocol, such as sub and auth_time, tell nothing that must be agreed to.
USER_CLAIMS = tuple(claim for claims in CLAIMS_OF_SCOPE.values() for claim in claims)


def claims_of(scopes: Iterable[str]) -> frozenset[str]:
    """The claims that these scopes stand for."""
    return frozenset(claim for scope in scopes for claim in CLAIMS_OF_SCOPE.get(scope, ()))
