"""What a session is: one user signed in in one browser — OIDCC-3.1.2.3."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SESSION_LIFETIME = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Session:
    """`auth_time` is when the user last gave a password (or the lab's shortcut) in this session."""

    sid: str
    sub: str
    auth_time: datetime
    expires_at: datetime
