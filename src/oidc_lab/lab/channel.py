"""The lab's own channel: hears every refusal with its true reason, and every check; nothing of it is on the wire."""

import threading

from oidc_lab.domain.checked import Checked
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

    def hear_check(self, checked: Checked) -> None:
        """Note a check, when this thread listens."""
        if (told := vars(self._here).get("told")) is not None:
            told.append(checked)

    def listening(self) -> "Ear":
        """What is checked in this thread meanwhile."""
        return Ear(self._here)

    def image(self) -> tuple[tuple[Refused, ...], tuple[Refused, ...]]:
        """What was heard, by everybody and here."""
        return tuple(self.refusals), tuple(self.heard())

    def restore(self, image: tuple[tuple[Refused, ...], tuple[Refused, ...]]) -> None:
        """Have heard that, and nothing else."""
        self.refusals[:], self.heard()[:] = image

    def heard(self) -> list[Refused]:
        """What was heard in this thread so far."""
        heard: list[Refused] = vars(self._here).setdefault("heard", [])
        return heard


class Ear:
    """While it is open, the checks of its thread are noted in the list that it gives."""

    def __init__(self, here: threading.local) -> None:
        self._here = here

    def __enter__(self) -> list[Checked]:
        told: list[Checked] = []
        self._here.told = told
        return told

    def __exit__(self, *_: object) -> None:
        self._here.told = None
