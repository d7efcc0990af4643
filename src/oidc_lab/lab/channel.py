"""The lab's own channel: hears the true reason of every refusal, which never passes over the wire."""

import threading

from oidc_lab.domain.refusal import Refused


class Channel:
    """`refusals` are those of everybody; `heard()` those of the present thread.

    In process, a request is answered in the thread that sends it, so a run hears no other run's refusals.
    """

    def __init__(self) -> None:
        self.refusals: list[Refused] = []
        self._here = threading.local()

    def hear(self, refused: Refused) -> None:
        """Note a refusal."""
        self.refusals.append(refused)
        self.heard().append(refused)

    def image(self) -> tuple[int, int]:
        """How much was heard, by everybody and here."""
        return len(self.refusals), len(self.heard())

    def restore(self, image: tuple[int, int]) -> None:
        """Forget what was heard since."""
        everybody, here = image
        del self.refusals[everybody:], self.heard()[here:]

    def heard(self) -> list[Refused]:
        """What was heard in this thread so far."""
        heard: list[Refused] = vars(self._here).setdefault("heard", [])
        return heard
