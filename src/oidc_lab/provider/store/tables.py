"""The tables of the store. Codes, tokens, cookies and secrets stand in them as digests only."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)


def digest(value: str) -> str:
    """What is kept of a value that must not be readable in the store: its SHA-256, in hexadecimal.

    The values are drawn with 256 bits, so nobody can try them all; passwords are hashed slowly instead.
    """
    return hashlib.sha256(value.encode()).hexdigest()


class Moment(TypeDecorator[datetime]):
    """An aware datetime. SQLite keeps no time zone, so all databases keep seconds since 1970 in UTC."""

    impl = Float(53)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> float | None:
        """Datetime to seconds."""
        return None if value is None else value.timestamp()

    def process_result_value(self, value: float | None, dialect: Dialect) -> datetime | None:
        """Seconds to datetime."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Name(TypeDecorator[str]):
    """What something is looked up by. PostgreSQL refuses a NUL in text; here a name with one is just nobody's."""

    impl = String(255)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Put another character where a NUL is: no name that was registered has either."""
        return value.replace("\0", "\ufffd") if value is not None and "\0" in value else value


metadata = MetaData()


def _moment(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Moment, nullable=nullable)


applications = Table(
    "applications",
    metadata,
    Column("client_id", Name, primary_key=True),
    Column("type", String(32), nullable=False),
    Column("name", String(256), nullable=False),
    Column("description", String, nullable=False),
    Column("redirect_uris", JSON, nullable=False),
    Column("post_logout_redirect_uris", JSON, nullable=False),
    Column("id_token_signed_response_alg", String(16), nullable=False),
    Column("backchannel_logout_session_required", Boolean, nullable=False),
    _moment("created_at"),
)

application_secrets = Table(
    "application_secrets",
    metadata,
    Column("client_id", ForeignKey("applications.client_id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String(64), primary_key=True),
    _moment("created_at"),
)

users = Table(
    "users",
    metadata,
    Column("sub", Name, primary_key=True),
    Column("username", Name, nullable=False, unique=True),
    Column("claims", JSON, nullable=False),
    # Null until the first typed password of a demo user, whose initial one the bench holds.
    Column("password_hash", String(255)),
    # Whether the sign-in page offers to sign this user in with one click.
    Column("demo", Boolean, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("sid", String(64), primary_key=True),
    Column("browser", String(64), nullable=False, index=True),
    Column("sub", ForeignKey("users.sub", ondelete="CASCADE"), nullable=False),
    _moment("auth_time"),
    _moment("expires_at"),
    _moment("ended_at", nullable=True),
)

interactions = Table(
    "interactions",
    metadata,
    Column("interaction_id", Name, primary_key=True),
    Column("browser", String(64), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("page", String(16), nullable=False),
    Column("because", String, nullable=False),
    Column("signed_in", Boolean, nullable=False),
    Column("account_selected", Boolean, nullable=False),
    Column("sid", String(64), nullable=False),
    _moment("expires_at"),
)

grants = Table(
    "grants",
    metadata,
    Column("grant_id", String(64), primary_key=True),
    Column("sub", ForeignKey("users.sub", ondelete="CASCADE"), nullable=False),
    Column("client_id", ForeignKey("applications.client_id", ondelete="CASCADE"), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("claims", JSON, nullable=False),
    _moment("created_at"),
    UniqueConstraint("sub", "client_id"),
)

families = Table(
    "families",
    metadata,
    Column("family_id", String(64), primary_key=True),
    Column("client_id", ForeignKey("applications.client_id", ondelete="CASCADE"), nullable=False),
    Column("sub", ForeignKey("users.sub", ondelete="CASCADE"), nullable=False),
    Column("sid", String(64), nullable=False, index=True),
    _moment("auth_time"),
    Column("offline", Boolean, nullable=False),
    _moment("revoked_at", nullable=True),
    Column("revoked_because", String(64), nullable=False, default=""),
)


def _family() -> Column[Any]:
    return Column("family_id", ForeignKey("families.family_id", ondelete="CASCADE"), nullable=False, index=True)


codes = Table(
    "codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    _family(),
    Column("redirect_uri", String, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("claims", JSON, nullable=False),
    # As JSON, which every database keeps character by character, a NUL included.
    Column("nonce", JSON),
    Column("code_challenge", String(128)),
    _moment("expires_at"),
    _moment("used_at", nullable=True),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    _family(),
    Column("scopes", JSON, nullable=False),
    Column("claims", JSON, nullable=False),
    _moment("issued_at"),
    _moment("expires_at"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    _family(),
    Column("scopes", JSON, nullable=False),
    Column("claims", JSON, nullable=False),
    _moment("issued_at"),
    _moment("expires_at"),
    _moment("used_at", nullable=True),
)
