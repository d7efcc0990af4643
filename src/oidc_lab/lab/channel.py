"""The lab's own channel: hears the true reason of every refusal, which never passes over the wire."""

import threading

from oidc_lab.domain.refusal import Refused


class Channel:
    """`refusals` are those of everybody; `truths` those heard in the present thread, in words.

    In process, a request is answered in the thread that sends it, so a run hears no other run's refusals.
    """

    def __init__(self) -> None:
        self.refusals: list[Refused] = []
        self._here = threading.local()

    def hear(self, refused: Refused) -> None:
        """Note a refusal."""
        self.refusals.append(refused)
        self.truths().append(f"{refused.refusal.code}: {refused.refusal.truth}")

    def truths(self) -> list[str]:
        """What was heard in this thread so far."""
        truths: list[str] = vars(self._here).setdefault("truths", [])
        return truths
