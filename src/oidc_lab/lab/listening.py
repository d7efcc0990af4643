"""Hears in the audit log what a served provider refused to one bench, and why — RFC9700-2.6."""

from oidc_lab.domain.audit import LogEntry, Result
from oidc_lab.domain.refusal import CATALOGUE, Refused
from oidc_lab.lab.audit_log import AuditLog


class Listening:
    """Listens from the moment it is made; `name` is the user agent that the bench calls itself."""

    def __init__(self, log: AuditLog, name: str) -> None:
        self.heard: list[Refused] = []
        self._log, self._name = log, name
        self._until = log.last_number

    def refusals(self) -> list[Refused]:
        """What was refused so far."""
        for entry in self._log.entries(result=Result.ERROR, after=self._until):
            self._until = entry.number
            if entry.user_agent == self._name and entry.reason in CATALOGUE:
                self.heard.append(_refused(entry, entry.reason))
        return self.heard


def _refused(entry: LogEntry, reason: str) -> Refused:
    return Refused(
        refusal=CATALOGUE[reason],
        at=entry.at,
        endpoint=str(entry.key),  # the log says what a request was about, not where it came in
        client_id=entry.client_id,
        details=tuple((name, str(value)) for name, value in entry.details.items()),
    )
