"""What a page says reaches Python once and in order; what goes wrong is shown; long work can be stopped."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import ipywidgets
import pytest

from oidc_lab.views.widgets.bundle import bundle
from oidc_lab.views.widgets.frame import Frame, Part, later, widget_of
from tests.views.reading import HOSTILE, Page


@pytest.fixture
def frame() -> Frame:
    return Frame("A frame", ("fields", "told"))


@pytest.fixture
def heard(frame: Frame) -> list[object]:
    """What the frame's callbacks were given, in order."""
    all_heard: list[object] = []
    frame.on("save", lambda **data: all_heard.append(data))
    frame.on("count", lambda: all_heard.append("count"))
    return all_heard


def says(frame: Frame, said: object) -> None:
    """What a page puts on the wire."""
    wire = next(each for each in frame.children if "ol-wire" in each._dom_classes)
    wire.value = said if isinstance(said, str) else json.dumps(said)


def shown(frame: Frame) -> str:
    """Everything that the frame shows."""
    return "".join(Page(each.value).text for each in frame.children if isinstance(each, Part))


class TestTheWire:
    def test_each_message_is_heard_once_in_its_order(self, frame: Frame, heard: list[object]) -> None:
        """The page repeats what it said before, since it cannot know what was read."""
        said = [
            {"do": "save", "name": name, "value": name.upper(), "number": number}
            for number, name in enumerate("abc", 1)
        ]
        says(frame, said[:1])
        says(frame, said)
        assert heard == [{"name": name, "value": name.upper()} for name in "abc"]

    def test_what_a_field_says_of_itself_is_kept_from_the_callback(self, frame: Frame, heard: list[object]) -> None:
        """When it speaks and which button Enter presses is its own business."""
        says(frame, [{"do": "save", "on": "input", "enter": "count", "value": "x", "number": 1}])
        assert heard == [{"value": "x"}]

    @pytest.mark.parametrize(
        "rubbish",
        [
            "", "no JSON", "{", "null", "7", '"save"', '{"do": "save", "number": 1}', "[]", "[7, null, [], {}]",
            '[{"do": "save"}]', '[{"do": "save", "number": "1"}]', '[{"do": "save", "number": null}]',
            '[{"do": "save", "number": NaN}]', '[{"do": "save", "number": Infinity}]',
            '[{"do": ["save"], "number": 1}]',
            '[{"do": "unheard of", "number": 1}]', '[{"number": 1}]', '[{"do": "save", "number": -1}]',
        ],
    )  # fmt: skip
    def test_rubbish_is_ignored_and_what_comes_after_it_is_heard(
        self, frame: Frame, heard: list[object], rubbish: str
    ) -> None:
        says(frame, rubbish)
        assert heard == []
        says(frame, [{"do": "count", "number": 2}])
        assert heard == ["count"]
        assert shown(frame) == ""

    def test_only_text_comes_from_a_page(self, frame: Frame, heard: list[object]) -> None:
        says(frame, [{"do": "save", "a": 1, "b": None, "c": ["x"], "d": "text", "number": 1}])
        assert heard == [{"d": "text"}]

    def test_a_message_that_fails_does_not_keep_the_next_one_away(self, frame: Frame, heard: list[object]) -> None:
        frame.on("fail", lambda: 1 / 0)
        says(frame, [{"do": "fail", "number": 1}, {"do": "count", "number": 2}])
        assert heard == ["count"]


class TestWhatIsShown:
    def test_a_part_is_drawn_anew_only_when_it_changes(self, frame: Frame) -> None:
        """So folds stay open and the focus stays, without a message to the page."""
        drawn: list[str] = []
        frame.parts["told"].observe(lambda change: drawn.append(change["new"]), "value")
        for body in ("one", "one", "two", "", ""):
            frame.parts["told"].show(body)
        assert [Page(each).text for each in drawn] == ["one", "two", ""]

    def test_what_was_typed_is_not_drawn_over_and_what_replaces_it_is(self) -> None:
        """A page that knows the HTML from before the typing would take the same HTML for nothing new."""
        part, sent = Part(), []
        part.observe(lambda change: sent.append(change["new"]), "value")
        part.show("field: ")
        part.keep("field: x")
        assert [Page(each).text for each in sent] == ["field: "]
        assert Page(part.value).text == "field: x"
        part.show("field: x")
        assert len(sent) == 1
        part.show("field: ")
        assert [Page(each).text for each in sent] == ["field: ", "field: "]
        assert sent[0] != sent[1]

    def test_what_goes_wrong_is_shown_and_the_next_success_clears_it(self, frame: Frame, heard: list[object]) -> None:
        def refuse() -> None:
            error = ValueError(f"{HOSTILE} is no name")
            error.add_note("Try another.")
            raise error

        frame.on("refuse", refuse)
        frame.do("refuse")
        assert f"{HOSTILE} is no name" in shown(frame)
        assert "Try another." in shown(frame)
        assert "Traceback" not in shown(frame)
        frame.do("count")
        assert shown(frame) == ""

    def test_what_nobody_expected_is_shown_with_its_lines(self, frame: Frame) -> None:
        """A missing argument is a mistake of ours: it must be found, not guessed."""
        frame.on("save", lambda name: None)
        frame.do("save", value="x")
        assert "TypeError" in shown(frame)
        assert "Traceback" in shown(frame)
        frame.do("dismiss error")
        assert shown(frame) == ""

    def test_the_label_is_text(self) -> None:
        title = Frame(HOSTILE, ()).children[0].value
        assert "<img" not in title
        assert HOSTILE in Page(title.partition("</style>")[2]).text

    @pytest.mark.parametrize(("after", "before"), [("", "fields"), ("fields", "told")])
    def test_what_goes_wrong_stands_above_what_a_person_scrolls_past(self, after: str, before: str) -> None:
        """Below the title, or behind the part that the frame names: the end of a long frame is out of sight."""
        frame = Frame("A frame", ("fields", "told"), errors_after=after)
        where = frame.parts[after] if after else frame.children[0]
        assert order(frame, where, *bars(frame), frame.parts[before])
        frame.on("fail", lambda: 1 / 0)
        frame.do("fail")
        (alert,) = (each for each in bars(frame) if each.value)
        assert 'role="alert"' in alert.value
        assert "ol-error" in alert._dom_classes

    def test_what_is_told_is_marked(self) -> None:
        """People who do not see it hear it — ARIA's live regions."""
        frame = Frame("A frame", ("fields", "advice"), told=("advice",))
        assert [name for name, part in frame.parts.items() if "ol-told" in part._dom_classes] == ["advice"]


class TestPlaces:
    def test_other_widgets_stand_behind_their_part(self, frame: Frame) -> None:
        one, other = Frame("One", ()), Frame("Other", ())
        frame.place("fields", [one])
        frame.place("told", [other])
        assert order(frame, frame.parts["fields"], one, frame.parts["told"], other)
        frame.place("fields", [other, one])
        assert order(frame, frame.parts["fields"], other, one, frame.parts["told"])

    def test_the_rest_of_the_frame_stays_in_the_page(self, frame: Frame) -> None:
        """What is placed a second time changes nothing else: the page would draw all parts behind it anew."""
        frame.place("fields", [Frame("One", ())])
        before = frame.children
        frame.place("fields", [])
        assert frame.children is before


def order(frame: Frame, *wanted: ipywidgets.Widget) -> bool:
    """Whether these stand in this order among all that the frame shows."""
    there = list(widgets(frame))
    places = [there.index(each) for each in wanted]
    return places == sorted(places)


def widgets(of: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    for each in getattr(of, "children", ()):
        yield each
        yield from widgets(each)


class Work:
    """Work in a hundred steps, which counts them."""

    def __init__(self, seconds: float = 0) -> None:
        self.done, self.closed, self.seconds = 0, False, seconds

    def steps(self) -> Iterator[float]:
        try:
            while self.done < 100:
                time.sleep(self.seconds)
                self.done += 1
                yield self.done / 100
        finally:
            self.closed = True


class TestWork:
    def test_without_a_kernel_it_is_done_at_once(self, frame: Frame) -> None:
        work, ended = Work(0.003), []
        frame.work(work.steps(), "Counting", lambda: ended.append(work.done))
        assert ended == [100]

    def test_work_of_a_moment_shows_no_bar(self, frame: Frame) -> None:
        async def run() -> None:
            drawn, work, ended = [], Work(), []
            for part in bars(frame):
                part.observe(lambda change: drawn.append(change["new"]), "value")
            frame.work(work.steps(), "Counting", lambda: ended.append(work.done))
            assert ended == [100]
            assert drawn == []

        asyncio.run(run())

    def test_longer_work_is_shown_and_can_be_stopped(self, frame: Frame, heard: list[object]) -> None:
        """Meanwhile nothing else is done, and the reason is said; afterwards everything is as before."""

        async def run() -> None:
            work, ended = Work(0.02), []
            frame.on("start", lambda: frame.work(work.steps(), "Counting <b>", lambda: ended.append(work.done)))
            frame.do("start")
            await until(lambda: "<progress" in "".join(part.value for part in bars(frame)))
            assert "Counting <b>" in shown(frame)
            frame.do("count")
            assert heard == []
            assert "still under way" in shown(frame)
            frame.do("stop work")
            await until(lambda: bool(ended))
            assert 0 < ended[0] < 100
            assert work.closed
            assert shown(frame) == ""
            frame.do("count")
            assert heard == ["count"]

        asyncio.run(run())

    @pytest.mark.parametrize("after", [1, 30])
    def test_what_goes_wrong_in_it_is_shown_at_whatever_step(self, frame: Frame, after: int) -> None:
        """The view is drawn all the same, since something was done."""

        def steps() -> Iterator[float]:
            for number in range(after):
                time.sleep(0.02)
                yield number / after
            raise ValueError("the wire broke")

        async def run() -> None:
            ended: list[bool] = []
            frame.on("start", lambda: frame.work(steps(), "Counting", lambda: ended.append(True)))
            frame.do("start")
            await until(lambda: bool(ended))
            assert "the wire broke" in shown(frame)
            assert "<progress" not in "".join(part.value for part in bars(frame))

        asyncio.run(run())

    def test_what_goes_wrong_when_the_end_is_drawn_is_shown(self, frame: Frame) -> None:
        def done() -> None:
            raise ValueError("the end cannot be drawn")

        async def run() -> None:
            frame.do("start")
            await until(lambda: "the end cannot be drawn" in shown(frame))

        frame.on("start", lambda: frame.work(Work(0.01).steps(), "Counting", done))
        asyncio.run(run())


def bars(frame: Frame) -> list[Part]:
    """The parts of the frame itself, where the bar is."""
    return [each for each in frame.children if isinstance(each, Part) and each not in frame.parts.values()]


async def until(true: Callable[[], bool]) -> None:
    """Let the loop go on until something is true, for five seconds at most."""
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


class TestLater:
    def test_several_calls_become_one_that_comes_later(self) -> None:
        called: list[int] = []
        ask = later(lambda: called.append(1), 0.01)

        async def run() -> None:
            for _ in range(5):
                ask()
            assert called == []
            await until(lambda: bool(called))
            await asyncio.sleep(0.03)
            assert called == [1]
            ask()
            await until(lambda: called == [1, 1])

        asyncio.run(run())

    def test_without_a_loop_it_comes_at_once(self) -> None:
        called: list[int] = []
        later(lambda: called.append(1))()
        assert called == [1]

    def test_a_loop_that_ended_before_keeps_nothing_back(self) -> None:
        """What was asked of a loop that is closed never comes: the next one is asked."""
        called: list[int] = []
        ask = later(lambda: called.append(1), 0.01)

        async def only_ask() -> None:
            ask()

        async def ask_and_wait() -> None:
            ask()
            await until(lambda: called == [1])

        asyncio.run(only_ask())
        asyncio.run(ask_and_wait())

    def test_what_goes_wrong_in_it_is_shown_in_the_frame(self, frame: Frame) -> None:
        """A loop would only log it."""

        def fail() -> None:
            raise ValueError("it cannot be drawn")

        frame.later(fail)()
        assert "it cannot be drawn" in shown(frame)


@dataclass(frozen=True)
class Thing:
    name: str = "a thing"
    more: dict[str, str] = field(default_factory=dict)


class TestOneWidget:
    def test_a_thing_has_one_widget(self) -> None:
        """A cell that runs again shows what was there, with what was done in it."""
        thing, made = Thing(), []

        def make(model: Thing) -> Frame:
            made.append(model.name)
            return Frame(model.name, ())

        assert widget_of(thing, make) is widget_of(thing, make)
        assert made == ["a thing"]
        assert widget_of(Thing(), make) is not widget_of(thing, make)

    def test_one_that_was_closed_is_made_again(self) -> None:
        thing = Thing()
        widget_of(thing, lambda model: Frame(model.name, ())).close()
        assert widget_of(thing, lambda model: Frame(model.name, ())).comm is not None

    def test_outside_of_a_kernel_the_static_form_is_all(self) -> None:
        """A page without a kernel behind it could not answer."""
        static = {"text/plain": "a thing", "text/html": "<b>a thing</b>"}
        assert bundle(Thing(), static, "no such module") == static
