"""What is pressed and typed in a live view reaches Python, and what Python draws does not disturb who uses it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import photograph
from tests.browser.jupyter import CONTENT, Jupyter, Notebook, findings, outside, run

pytestmark = pytest.mark.browser

# Toys, each with what one test needs, so that the tests can come in any order.
FRAMES = """
import time
from oidc_lab.views import controls, html
from oidc_lab.views.widgets.frame import Frame, later
HOSTILE = '''<img src=x onerror="window.olHarm=1">"'><script>window.olHarm=1</script>&amp;${1}'''
def told(name, *parts):
    frame = Frame(name, parts)
    frame.heard = []
    def note(text):
        frame.heard.append(text)
        frame.parts["told"].show(html.text("told: " + ", ".join(frame.heard)))
    frame.note = note
    note("nothing yet")
    return frame
press = lambda do, label, **data: controls.button(do, label, live=True, **data)
"""

PRESSES = """
presses = told("Presses", "buttons", "told")
presses.parts["buttons"].show(press("add", "One", name="one") + press("add", "Two", name="two") + press("wait", "Wait"))
presses.on("add", lambda name: presses.note(name))
presses.on("wait", lambda: (time.sleep(0.6), presses.note("waited")))
presses
"""

FIELDS = """
fields = told("Fields", "fields", "told")
fields.parts["fields"].show(
    controls.text_field("typed", "note", "Note", "", live=True, attributes='data-enter="save"')
    + controls.text_field("changed", "more", "More", "", live=True, on="change", rows=3)
    + controls.tick("ticked", "agree", "Agree", False, live=True)
    + controls.choice("chosen", "colour", "Colour", [("r", "Red"), ("g", "Green")], "r", live=True)
    + press("save", "Save", name="all")
)
for each in ("typed", "changed", "ticked", "chosen"):
    fields.on(each, lambda name, value, each=each: fields.note(f"{each} {name}={value}"))
fields.on("save", lambda name: fields.note(f"saved {name}"))
fields
"""

REDRAWN = """
redrawn = Frame("Redrawn", ["steps", "other"])
def draw(count):
    redrawn.count = count
    end = "" if count < 3 else "nothing is left"
    folds = html.fold("first", "<b>inside the first</b>") + html.fold("second", "<b>inside the second</b>")
    folds += f"<details{' open' if count else ''}><summary>third</summary><b>inside the third</b></details>"
    redrawn.parts["steps"].show(
        press("back", "Back") + controls.button("next", "Next", live=True, off=end) + f"<p>at {count}</p>" + folds
    )
redrawn.on("next", lambda: draw(redrawn.count + 1))
redrawn.on("back", lambda: draw(0))
draw(0)
redrawn
"""

FAULTS = """
faults = told("Faults", "buttons", "told")
faults.parts["buttons"].show(press("refuse", "Refuse") + press("break", "Break") + press("fine", "Fine"))
def refuse():
    raise ValueError("the name <b>must not</b> be empty")
faults.on("refuse", refuse)
faults.on("break", lambda: 1 / 0)
faults.on("fine", lambda: faults.note("fine"))
faults
"""

LONG = """
long = told("Long", "long", "buttons", "told")
long.parts["long"].show('<div style="height:2000px">a long page</div>')
long.parts["buttons"].show(press("refuse", "Refuse") + press("fine", "Fine"))
def refuse_below():
    raise ValueError("no")
long.on("refuse", refuse_below)
long.on("fine", lambda: long.note("fine"))
long
"""

WORK = """
work = told("Work", "buttons", "told")
work.parts["buttons"].show(press("start", "Start") + press("fine", "Fine"))
def steps():
    for number in range(100):
        time.sleep(0.15)
        work.done = number
        yield number / 100
work.on("start", lambda: work.work(steps(), "Counting", lambda: work.note("ended" if work.done == 99 else "stopped")))
work.on("fine", lambda: work.note("fine"))
work
"""

NESTED = """
outer, inner = told("Outer", "buttons", "told"), told("Inner", "buttons", "told")
outer.parts["buttons"].show(press("unfold", "Unfold") + press("say", "Say"))
inner.parts["buttons"].show(press("say", "Say"))
outer.on("unfold", lambda: outer.place("buttons", [inner]))
outer.on("say", lambda: outer.note("outer"))
inner.on("say", lambda: inner.note("inner"))
outer
"""

STRANGE = """
strange = told("Strange", "all", "told")
strange.parts["all"].show(
    html.fold(html.text(HOSTILE), html.code(HOSTILE))
    + controls.button("x", HOSTILE, live=True, first=True, off=HOSTILE, name=HOSTILE)
    + controls.button("say", HOSTILE, live=True, name=HOSTILE)
    + controls.text_field(HOSTILE, HOSTILE, HOSTILE, HOSTILE, live=True, about=HOSTILE)
    + controls.text_field(HOSTILE, HOSTILE, HOSTILE, HOSTILE, live=True, rows=3, width=HOSTILE)
    + controls.tick(HOSTILE, HOSTILE, HOSTILE, True, live=True)
    + controls.choice(HOSTILE, HOSTILE, HOSTILE, [(HOSTILE, HOSTILE)], HOSTILE, live=True)
    + controls.copier(HOSTILE, HOSTILE)
    + controls.download("data:text/plain," + HOSTILE, HOSTILE, HOSTILE)
)
strange.on("say", lambda name: strange.note("same" if name == HOSTILE else "another"))
strange
"""

KEPT = """
kept = told("Kept", "field", "told")
field = lambda value: controls.text_field("typed", "note", "Note", value, live=True) + press("undo", "Undo")
kept.parts["field"].show(field("as it was"))
kept.on("typed", lambda name, value: (kept.parts["field"].keep(field(value)), kept.note(value)))
kept.on("undo", lambda: kept.parts["field"].show(field("as it was")))
kept
"""

# The last one is shown by a second cell as well.
TWICE = """
twice = told("Twice", "buttons", "told")
twice.parts["buttons"].show(press("add", "Add", name="one"))
twice.on("add", lambda name: twice.note(name))
twice
"""

CELLS = [FRAMES, PRESSES, FIELDS, REDRAWN, FAULTS, LONG, WORK, NESTED, STRANGE, TWICE, KEPT, "kept", "twice"]


@pytest.fixture(scope="module")
def toys(chromium: Browser, jupyter: Jupyter) -> Iterator[Notebook]:
    """All toys in one notebook."""
    with run(chromium, jupyter, "toys.ipynb", CELLS, windowed=True) as notebook:
        yield notebook
        assert notebook.broken == []
        assert outside(notebook.sent) == set()


def button(frame: Locator, label: str) -> Locator:
    return frame.get_by_role("button", name=label, exact=True)


def says(frame: Locator, *log: str) -> None:
    """The toy tells this at the end of what it tells."""
    expect(frame.get_by_text("told: ").first).to_have_text(re.compile(f"{re.escape(', '.join(log))}$"))


def test_nothing_is_lost_and_the_order_is_kept(toys: Notebook) -> None:
    """What is pressed while Python is busy comes when it is not."""
    frame = toys.frame("Presses")
    frame.evaluate(
        "frame => { const [one, two, wait] = frame.querySelectorAll('[data-do]');"
        " for (const each of [one, wait, two, one, two, two]) each.click() }"
    )
    says(frame, "one", "waited", "two", "one", "two", "two")
    button(frame, "Wait").click()
    button(frame, "One").click()
    button(frame, "Two").click()
    says(frame, "waited", "one", "two")


def test_what_is_typed_is_told_at_each_letter_or_at_a_change(toys: Notebook) -> None:
    """Nothing that was typed is lost on the way, and Enter presses the button that the field names."""
    frame = toys.frame("Fields")
    note = frame.get_by_label("Note")
    note.press_sequentially("a ddx", delay=10)
    says(frame, "typed note=a ddx")
    note.press("Enter")
    says(frame, "typed note=a ddx", "saved all")
    expect(note).to_be_focused()
    more = frame.get_by_label("More")
    more.fill("")
    more.press_sequentially("line\nanother")
    button(frame, "Save").focus()
    expect(frame.get_by_text("told: ")).to_have_text(re.compile(r"changed more=line\s+another$"))
    frame.get_by_label("Agree").press("Space")
    says(frame, "ticked agree=on")
    frame.get_by_label("Agree").press("Space")
    says(frame, "ticked agree=")
    frame.get_by_label("Colour").select_option("Green")
    says(frame, "chosen colour=g")


def test_the_notebooks_own_keys_do_not_see_what_is_typed(toys: Notebook) -> None:
    """d d would delete the cell, a and b add one, m make it prose, Enter edit it, Shift Enter run it."""
    before = toys.cells()
    frame = toys.frame("Fields")
    frame.get_by_label("More").press_sequentially("ddaabbxxmz")
    for where in (button(frame, "Save"), frame.get_by_label("Agree")):
        where.focus()
        for key in ("d", "d", "a", "b", "x", "m", "z", "Shift+Enter", "Escape", "ArrowDown"):
            toys.page.keyboard.press(key)
        expect(where).to_be_focused()
    button(frame, "Save").press("Space")
    button(frame, "Save").press("Enter")
    says(frame, "saved all", "saved all")
    assert toys.cells() == before
    assert toys.errors() == []


def test_a_button_that_is_drawn_anew_keeps_the_focus(toys: Notebook) -> None:
    """With the keyboard alone Next can be pressed again; at the end the next Tab goes on from there — WCAG 2.4.3."""
    frame, keyboard = toys.frame("Redrawn"), toys.page.keyboard
    button(frame, "Back").click()
    expect(frame.get_by_text("at 0")).to_be_visible()
    button(frame, "Next").focus()
    for count in (1, 2):
        keyboard.press("Enter")
        expect(frame.get_by_text(f"at {count}")).to_be_visible()
        expect(button(frame, "Next")).to_be_focused()
    keyboard.press("Space")
    expect(button(frame, "Next")).to_be_disabled()
    expect(frame.locator(":focus")).to_contain_text("at 3")
    keyboard.press("Tab")
    expect(button(frame, "Back")).to_be_focused()


def test_who_has_gone_elsewhere_stays_there(toys: Notebook) -> None:
    """A view that is drawn anew takes the focus from nobody."""
    redrawn, note = toys.frame("Redrawn"), toys.frame("Fields").get_by_label("Note")
    button(redrawn, "Back").click()
    expect(redrawn.get_by_text("at 0")).to_be_visible()
    toys.page.evaluate(
        "() => { const next = document.querySelector('[data-do=next]'); next.focus(); next.click();"
        " document.querySelector('[data-name=note]').focus() }"
    )
    expect(redrawn.get_by_text("at 1")).to_be_visible()
    expect(note).to_be_focused()


def test_an_unfolded_part_stays_unfolded(toys: Notebook) -> None:
    """A person's folds are kept when the part is drawn anew; the others are as Python draws them."""
    frame = toys.frame("Redrawn")
    button(frame, "Back").click()
    first, second = frame.get_by_text("inside the first"), frame.get_by_text("inside the second")
    expect(second).to_be_hidden()
    frame.get_by_text("second", exact=True).click()
    button(frame, "Next").click()
    expect(frame.get_by_text("at 1")).to_be_visible()
    expect(second).to_be_visible()
    expect(first).to_be_hidden()
    expect(frame.get_by_text("inside the third")).to_be_visible()
    frame.get_by_text("second", exact=True).click()
    button(frame, "Next").click()
    expect(frame.get_by_text("at 2")).to_be_visible()
    expect(second).to_be_hidden()


def test_what_goes_wrong_is_shown_until_something_succeeds(toys: Notebook) -> None:
    """A notebook would hide an exception in a callback; one that nobody expects has its lines."""
    frame = toys.frame("Faults")
    alert = frame.get_by_role("alert")
    button(frame, "Refuse").click()
    expect(alert).to_contain_text("the name <b>must not</b> be empty")
    assert alert.locator("details").count() == 0
    button(frame, "Fine").click()
    expect(alert).to_have_count(0)
    button(frame, "Break").click()
    expect(alert).to_contain_text("ZeroDivisionError: division by zero")
    alert.get_by_text("where").click()
    expect(alert.locator("pre")).to_contain_text("1 / 0")
    photograph(toys.page, "toys")
    button(frame, "Close").focus()
    toys.page.keyboard.press("Enter")
    expect(alert).to_have_count(0)


def test_what_goes_wrong_is_brought_into_sight(toys: Notebook) -> None:
    """Also below a long page; once, and what succeeds moves nothing."""
    frame, page = toys.frame("Long"), toys.page
    page.set_viewport_size({"width": 1280, "height": 700})
    button(frame, "Refuse").scroll_into_view_if_needed()
    alert = frame.get_by_role("alert")
    button(frame, "Refuse").click()
    expect(alert).to_be_in_viewport()
    expect(button(frame, "Refuse")).not_to_be_in_viewport()
    button(frame, "Fine").click()
    expect(alert).to_have_count(0)
    expect(button(frame, "Fine")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 3600})


def test_long_work_shows_how_far_it_is_and_can_be_stopped(toys: Notebook) -> None:
    """Stop is heard between two steps; nothing else is done meanwhile, and the reason is said."""
    frame = toys.frame("Work")
    button(frame, "Start").click()
    bar = frame.get_by_role("progressbar", name="Counting")
    expect(bar).to_be_visible()
    early = float(bar.get_attribute("value") or 0)
    expect(bar).not_to_have_attribute("value", f"{early:.3f}")
    assert early < float(bar.get_attribute("value") or 0) < 0.5
    button(frame, "Fine").click()
    expect(frame.get_by_role("alert")).to_contain_text("Counting is still under way")
    button(frame, "Stop").click(delay=300)  # as slow as a hand
    says(frame, "stopped")
    expect(bar).to_have_count(0)
    expect(button(frame, "Stop")).to_have_count(0)
    button(frame, "Fine").click()
    says(frame, "stopped", "fine")


def test_a_view_inside_another_has_a_wire_of_its_own(toys: Notebook) -> None:
    """What is pressed in one of them is told to that one."""
    outer, inner = toys.frame("Outer"), toys.frame("Inner")
    button(outer, "Unfold").click()
    expect(inner).to_be_visible()
    button(inner, "Say").click()
    says(inner, "nothing yet", "inner")
    button(outer, "Say").first.click()
    expect(outer.get_by_text("told: ").last).to_have_text("told: nothing yet, outer")
    says(inner, "nothing yet", "inner")


def test_one_view_in_two_places_is_the_same(toys: Notebook) -> None:
    """What is done in either shows in both, also when both are used at once."""
    one, other = toys.frame("Twice").nth(0), toys.frame("Twice").nth(1)
    button(one, "Add").click()
    says(other, "one")
    toys.page.evaluate(
        "() => [...document.querySelectorAll('[aria-label=Twice] [data-do]')].forEach(each => each.click())"
    )
    for frame in (one, other):
        says(frame, "one", "one", "one")


def test_nothing_that_stands_in_a_control_can_run(toys: Notebook) -> None:
    """Text, names, values and reasons are shown as they are, and come back as they were."""
    frame = toys.frame("Strange")
    assert toys.page.evaluate("window.olHarm") is None
    assert frame.locator("img, script").count() == 0
    frame.locator("[data-do=say]").click()
    says(frame, "same")
    assert "<script>window.olHarm=1</script>" in frame.get_by_role("textbox").first.input_value()


def test_a_cell_that_runs_again_shows_the_same(toys: Notebook) -> None:
    """Its page is made anew, shows what was there, and works as before."""
    frame = toys.frame("Twice").nth(1)
    before = f"{frame.get_by_text('told: ').text_content()}, one"
    button(frame, "Add").click()
    expect(frame.get_by_text("told: ")).to_have_text(before)
    frame.evaluate("frame => { frame.dataset.old = 'yes' }")
    toys.run_cell(len(CELLS) - 1)
    expect(frame).not_to_have_attribute("data-old", "yes")
    expect(frame.get_by_text("told: ")).to_have_text(before)
    button(frame, "Add").click()
    says(frame, before, "one")


def test_what_was_typed_is_there_when_the_cell_runs_again(toys: Notebook) -> None:
    """It is not drawn over while it is typed; undone, the field is as it was."""
    frame = toys.frame("Kept").nth(1)
    note = frame.get_by_label("Note")
    note.fill("typed")
    says(frame, "typed")
    frame.evaluate("frame => { frame.dataset.old = 'yes' }")
    toys.run_cell(len(CELLS) - 2)
    expect(frame).not_to_have_attribute("data-old", "yes")
    expect(note).to_have_value("typed")
    expect(toys.frame("Kept").nth(0).get_by_label("Note")).to_have_value("typed")
    button(frame, "Undo").click()
    expect(note).to_have_value("as it was")
    note.press("End")
    note.press_sequentially(", again", delay=20)
    expect(note).to_have_value("as it was, again")
    says(frame, "as it was, again")
    button(frame, "Undo").click()
    expect(note).to_have_value("as it was")


def test_a_view_that_was_taken_out_of_the_page_works_when_it_is_back(toys: Notebook) -> None:
    """As when a cell is moved: each press is told once all the same."""
    frame = toys.frame("Presses")
    before = frame.get_by_text("told: ").text_content() or ""
    frame.evaluate(
        "frame => { const [at, next] = [frame.parentNode, frame.nextSibling];"
        " frame.remove(); at.insertBefore(frame, next) }"
    )
    toys.page.wait_for_timeout(100)
    button(frame, "Two").click()
    button(frame, "One").click()
    expect(frame.get_by_text("told: ")).to_have_text(f"{before}, two, one")


def test_a_view_that_was_scrolled_away_works_when_it_is_back(toys: Notebook) -> None:
    """JupyterLab may take what is out of sight out of the page."""
    toys.page.set_viewport_size({"width": 1280, "height": 500})
    for cell in (len(CELLS) - 1, 1):
        toys.page.evaluate(f"cell => {CONTENT}.scrollToItem(cell)", cell)
        toys.page.wait_for_timeout(300)
    frame = toys.frame("Presses")
    before = frame.get_by_text("told: ").text_content() or ""
    button(frame, "Two").click()
    expect(frame.get_by_text("told: ")).to_have_text(f"{before}, two")
    toys.page.set_viewport_size({"width": 1280, "height": 3600})


def test_axe_finds_nothing_serious(toys: Notebook) -> None:
    """In the light and in the dark theme — WCAG 2.2."""
    button(toys.frame("Faults"), "Refuse").click()
    expect(toys.frame("Faults").get_by_role("alert")).to_be_visible()
    assert findings(toys.page) == []
    with toys.in_the_dark():
        assert findings(toys.page) == []
