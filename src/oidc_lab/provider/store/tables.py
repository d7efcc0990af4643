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
    Index,
    Integer,
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
    Column("cors_allowed_origins", JSON, nullable=False),
    Column("always_issue_refresh_token", Boolean),
    Column("rotate_refresh_token", Boolean),
    Column("refresh_token_ttl_in_days", Integer),
    # In seconds; intervals are kept differently by every database.
    Column("id_token_ttl", Integer),
    Column("id_token_signed_response_alg", String(16), nullable=False),
    Column("backchannel_logout_uri", String),
    Column("backchannel_logout_session_required", Boolean, nullable=False),
    Column("custom_data", JSON, nullable=False),
    _moment("created_at"),
)

application_secrets = Table(
    "application_secrets",
    metadata,
    Column("client_id", ForeignKey("applications.client_id", ondelete="CASCADE"), primary_key=True),
    Column("name", Name, primary_key=True),
    Column("digest", String(64), nullable=False),
    _moment("created_at"),
    _moment("expires_at", nullable=True),
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
    _moment("began_at"),
    _moment("expires_at"),
    _moment("ended_at", nullable=True),
    Column("user_agent", String, nullable=False, default=""),
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
    # Empty when it is remembered for the user, whatever the session.
    Column("sid", String(64), nullable=False, default=""),
    Column("scopes", JSON, nullable=False),
    Column("claims", JSON, nullable=False),
    _moment("created_at"),
    _moment("last_used_at", nullable=True),
    UniqueConstraint("sub", "client_id", "sid"),
)

families = Table(
    "families",
    metadata,
    Column("family_id", String(64), primary_key=True),
    Column("client_id", ForeignKey("applications.client_id", ondelete="CASCADE"), nullable=False),
    # A machine's has no user, session or grant.
    Column("sub", ForeignKey("users.sub", ondelete="CASCADE")),
    Column("sid", ForeignKey("sessions.sid", ondelete="SET NULL"), index=True),
    _moment("auth_time", nullable=True),
    Column("offline", Boolean, nullable=False),
    # Not a foreign key: a family outlives its grant, to say why it ended.
    Column("grant_id", String(64), index=True),
    _moment("grant_began_at", nullable=True),
    _moment("first_issued_at", nullable=True),
    _moment("last_used_at", nullable=True),
    Column("generation", Integer, nullable=False, default=0),
    _moment("revoked_at", nullable=True),
    Column("revoked_because", String(64), nullable=False, default=""),
    # In which order those of a user were first issued: on a clock that stands still all have one moment.
    Column("number", Integer),
    Index("ix_families_sub_number", "sub", "number"),
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
    _moment("revoked_at", nullable=True),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    _family(),
    Column("scopes", JSON, nullable=False),
    Column("claims", JSON, nullable=False),
    _moment("issued_at"),
    _moment("expires_at", nullable=True),
    # In seconds, as it was given at first.
    Column("ttl", Float(53)),
    Column("generation", Integer, nullable=False),
    _moment("used_at", nullable=True),
    _moment("last_used_at", nullable=True),
    Column("reuses", Integer, nullable=False),
)

# What happened, for people to read: no secret, code or token stands here. It has no foreign keys, because it outlives
# what it tells of.
log = Table(
    "log",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    _moment("at"),
    Column("key", String(64), nullable=False),
    Column("result", String(16), nullable=False),
    Column("client_id", Name, index=True),
    Column("sub", Name, index=True),
    Column("sid", String(64)),
    Column("grant_id", String(64)),
    Column("error", String(64)),
    # The catalogue's code of a refusal, and what really happened.
    Column("reason", String(64)),
    Column("truth", String),
    Column("details", JSON, nullable=False),
    Column("user_agent", String, nullable=False),
    Column("request_id", String(64), nullable=False, index=True),
)
