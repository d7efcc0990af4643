"""A run that can go back: a new one is told again what the first was told, over both sides put back — OIDCC-3.1.1."""

from oidc_lab.relying_party.both_sides import BothSides
from oidc_lab.relying_party.branches import Lines, Path, Sent
from oidc_lab.relying_party.choices import Choices
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange, Step

ALONE = "this run went on without its stepper: Again begins anew"
ELSEWHERE = (
    "the lab was put back to an earlier moment meanwhile, and its provider does not know this run any more: Again"
    " begins anew"
)


class Journey:
    """The run of the present branch, the `path` it came, and all `lines` there are."""

    def __init__(self, sides: BothSides) -> None:
        self.run: Run | None = None
        self.built: Step | None = None
        self.path: Path = ()
        self.lines = Lines()
        self._sides = sides

    @property
    def problem(self) -> str:
        """Why the run cannot go on although it has not ended; "" when it can."""
        if self.run is None:
            return ""
        if len(self.run.trace.exchanges) != len(self.path):
            return ALONE
        return "" if not self.path or self._sides.know_the_run() else ELSEWHERE

    def begin(self, choices: Choices) -> None:
        """Show what would go first. The run itself begins when that goes: what it needs may change until then.

        Raises CannotBegin.
        """
        self.run, self.built, self.path = None, None, ()
        self.lines.begin(choices)
        self._stand(self._sides.preview(choices), ())

    def send(self) -> Exchange:
        """Send the request that is due."""
        run, built = self.run, self.built
        if run is None or built is None or run.next_step is None:
            raise RuntimeError("nothing is due")
        place, due = self._sides.place(), run.next_step
        exchange = run.advance() if self.path else self._send_first(built, due, place)
        self._arrive((*self.path, Sent(place, built, due, exchange)))
        return exchange

    def back(self) -> None:
        """Stand where both sides stood before the last message."""
        *path, last = self.path
        self._return_to(tuple(path), last.place)

    def again(self) -> None:
        """Stand where both sides stood before the first message."""
        self._return_to((), self.path[0].place)

    def switch(self, index: int) -> None:
        """Stand at the end of another line. What was sent last there is sent once more, to the same effect."""
        path = self.lines.switch(index).path
        if not path:
            return
        *before, last = path
        self._return_to(tuple(before), last.place)
        if self.run is not None:
            self.run.replace_request(last.due.request, by_hand=last.due.by_hand)
        self.send()

    def _send_first(self, built: Step, due: Step, place: object) -> Exchange:
        run = self._sides.begin(self.lines.present.choices)
        self._sides.began(run, place)
        try:
            if due.request != built.request:
                run.replace_request(due.request)
            exchange = run.advance()
        except BaseException:
            self._sides.forget(run)
            raise
        self.run = run
        return exchange

    def _arrive(self, path: Path) -> None:
        line = self.lines.follow(path)
        run = self.run
        if run is not None and len(path) == len(line.path):
            line.title, line.refusal, line.ended = run.title, run.refusal, how_it_ended(run)
        self._sides.mark()
        self._stand(run, path)

    def _return_to(self, path: Path, place: object) -> None:
        self._sides.return_to(path[0].place if path else place)
        run = self._sides.preview(self.lines.present.choices)
        if path:
            self._sides.began(run, path[0].place)
        for each in path:
            self._sides.replay_at(each.place)
            run.replay(each.exchange)
        self._sides.return_to(place, run)
        self._sides.mark()
        self._stand(run, path)

    def _stand(self, run: Run | None, path: Path) -> None:
        self.run, self.path = run, path
        self.built = None if run is None else run.next_step


def how_it_ended(run: Run) -> str:
    """How a run ended, in words; "" when it has steps left."""
    if run.refusal is not None:
        return f"the {run.refusal.who} refused: {run.refusal.error}"
    return "done" if run.finished else ""
