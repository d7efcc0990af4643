"""What a session is: one user signed in in one browser — OIDCC-3.1.2.3.

It rolls: whenever its browser comes to the provider, though not when an application does, it has its lifetime again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

SESSION_LIFETIME = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Session:
    """`began_at` is when the user first gave a password (or the lab's shortcut) in it, `auth_time` when last."""

    sid: str
    sub: str
    auth_time: datetime
    began_at: datetime
    expires_at: datetime
