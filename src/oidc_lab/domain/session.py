"""What a session is: one user signed in in one browser — OIDCC-3.1.2.3.

It rolls: whenever its browser comes to the provider, though not when an application does, it has its lifetime again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

SESSION_LIFETIME = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Session:
    """`auth_time` is when the user last gave a password (or the lab's shortcut) in this session; it `began_at` the first."""

    sid: str
    sub: str
    auth_time: datetime
    began_at: datetime
    expires_at: datetime
