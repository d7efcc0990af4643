"""The live diagram without a kernel: it follows its run, and keeps what is unfolded."""

import base64
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

import ipywidgets
import pytest

from oidc_lab import Lab, mermaid, svg
from oidc_lab.views.widgets.diagram import make
from oidc_lab.views.widgets.frame import Frame, Part
from tests.views.reading import HOSTILE, picture, words


class Controls(HTMLParser):
    """What can be copied, by the words on the button, and what can be saved, by its file's name."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.copied: dict[str, str] = {}
        self.saved: dict[str, str] = {}
        self._copies = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self._copies = given.get("data-copy") or ""
        if given.get("download"):
            self.saved[given["download"] or ""] = given["href"] or ""

    def handle_data(self, data: str) -> None:
        if self._copies:
            self.copied[data] = self._copies
        self._copies = ""


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as made:
        yield made


def messages(frame: Frame) -> list[Part]:
    """What was put behind the part "messages"."""
    there = list(frame.children)
    behind = there[there.index(frame.parts["messages"]) + 1]
    return list(behind.children) if isinstance(behind, ipywidgets.VBox) else []


def test_it_follows_its_run(lab: Lab) -> None:
    """OIDCC-3.1.1: a message more in the picture, in the list and in what is copied."""
    run = lab.sign_in("web-shop", "anna")
    frame = make(run)
    assert messages(frame) == []
    assert "Next: Discover the" in " ".join(words(picture(frame.parts["picture"].value)))
    for number in (1, 2):
        run.advance()
        assert len(messages(frame)) == number
        assert f"<b>{number}&ensp;{run.trace.exchanges[-1].step.title}</b>" in messages(frame)[-1].value
        assert Controls(frame.parts["taking"].value).copied["Copy as Mermaid"] == mermaid(run)
    run.finish()
    assert "✓ Done." in frame.parts["end"].value
    assert "Next:" not in " ".join(words(picture(frame.parts["picture"].value)))


def test_what_is_unfolded_stays_so_while_others_come(lab: Lab) -> None:
    """A part that is not drawn anew keeps its folds."""
    run = lab.sign_in("web-shop", "anna")
    frame = make(run)
    run.advance()
    (first,) = messages(frame)
    drawn: list[object] = []
    first.observe(drawn.append, "value")
    run.finish()
    assert messages(frame)[0] is first
    assert drawn == []


def test_a_changed_request_is_drawn_before_it_goes(lab: Lab) -> None:
    run = lab.sign_in("web-shop", "anna")
    frame = make(run)
    run.advance()
    run.change(state="forged")
    assert "forged" in frame.parts["end"].value


def test_what_is_saved_is_the_picture_and_what_is_copied_is_what_was_on_the_wire(lab: Lab) -> None:
    run = lab.sign_in("web-shop", "anna").finish()
    frame = make(run.trace)
    (name, address), *_ = Controls(frame.parts["taking"].value).saved.items()
    assert name == "anna-lindqvist-signs-in-to-web-shop.svg"
    assert base64.b64decode(address.partition(",")[2]).decode() == svg(run)
    redeemed = run.trace.exchanges[7]
    copied = Controls(messages(frame)[7].value).copied
    assert copied["Copy the request"].startswith("POST https://provider.test/token\n")
    assert copied["Copy the request"].endswith(f"\n\n{redeemed.request.body}")
    assert copied["Copy the answer"].startswith("200 OK\nContent-Type: application/json\n")
    assert run.result.tokens.id_token in copied["Copy the answer"]
    assert list(Controls(messages(frame)[6].value).copied) == ["Copy the request"]


def test_what_comes_from_outside_is_escaped(lab: Lab) -> None:
    application = lab.applications.create(name=HOSTILE, type="SPA", redirect_uris=["https://hostile.example/callback"])
    frame = make(lab.sign_in(application, "anna").finish())
    shown = "".join(each.value for each in (*frame.parts.values(), *messages(frame)))
    assert "<img src=x" not in shown
    taking = Controls(frame.parts["taking"].value)
    assert "#60;img src=x onerror=alert(1)#62;" in taking.copied["Copy as Mermaid"]
    (name,) = taking.saved
    assert name == "anna-lindqvist-signs-in-to-img-src-x-onerror-alert-1-init.svg"
    ElementTree.fromstring(base64.b64decode(taking.saved[name].partition(",")[2]))


def test_what_goes_wrong_while_it_follows_is_shown_in_it(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """JupyterLab would hide it, and the run must go on."""
    run = lab.sign_in("web-shop", "anna")
    frame = make(run)

    def broken(_: object) -> str:
        raise LookupError("nothing to draw with")

    monkeypatch.setattr("oidc_lab.views.run.show_end", broken)
    run.advance()
    assert len(run.trace.exchanges) == 1
    assert any("nothing to draw with" in each.value for each in frame.children if isinstance(each, Part))
