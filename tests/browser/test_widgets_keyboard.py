"""Everything can be done with the keyboard alone, and one always sees where one is — WCAG 2.2 2.1.1, 2.4.7."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Keyboard, Locator, expect

from tests.browser.hands import CALLBACK, reads
from tests.browser.jupyter import Jupyter, Notebook, run

pytestmark = pytest.mark.browser

CELLS = ["from oidc_lab import Lab\nlabs = [Lab(), Lab()]", "labs[0].applications.form()", "labs[1].step('web-shop')"]
WHERE = """() => {
    const it = document.activeElement, shown = getComputedStyle(it);
    return [it.getAttribute('aria-label') || it.labels?.[0]?.textContent.trim() || it.textContent.trim(),
            shown.outlineStyle !== 'none' && parseFloat(shown.outlineWidth) >= 2, !!it.closest('.ol-frame')];
}"""


@pytest.fixture(scope="module")
def notebook(chromium: Browser, jupyter: Jupyter) -> Iterator[Notebook]:
    """A form and a stepper."""
    with run(chromium, jupyter, "keyboard.ipynb", CELLS) as opened:
        yield opened


def tabs_to(frame: Locator, label: str) -> Keyboard:
    """Tab is pressed until the control of this name has the focus, which is seen wherever it is on the way."""
    keyboard = frame.page.keyboard
    for _ in range(80):
        keyboard.press("Tab")
        name, outlined, inside = frame.page.evaluate(WHERE)
        assert inside, f"{label} was not reached before the view was left"
        assert outlined, name
        if name.startswith(label):
            return keyboard
    raise AssertionError(f"{label} was not reached")


def enters(frame: Locator) -> None:
    """The focus comes into the view from before, as by Tab."""
    frame.locator("button, input, select, a").first.focus()


def test_an_application_is_registered_with_the_keyboard_alone(notebook: Notebook) -> None:
    """Every control is reached by Tab in the order in which it is read."""
    form = notebook.frame("Applications")
    enters(form)
    tabs_to(form, "Application type").type("Traditional")
    tabs_to(form, "Application name").type("Travel Diary")
    tabs_to(form, "Redirect URIs").type(CALLBACK)
    tabs_to(form, "Save the new application").press("Enter")
    reads(form, "Travel Diary is registered.", "Traditional web")
    assert notebook.cells() == len(CELLS)


def test_a_flow_is_stepped_through_with_the_keyboard_alone(notebook: Notebook) -> None:
    """Next keeps the focus from step to step; a value is changed, sent and refused, and Back is there."""
    stepper = notebook.frame("Step through a flow")
    enters(stepper)
    keyboard = tabs_to(stepper, "Next")
    onward = stepper.get_by_role("button", name="Next")
    while (due := onward.text_content() or "") != "Next: Redeem the code":
        expect(onward).to_be_focused()
        keyboard.press("Enter")
        expect(onward).not_to_have_text(due)
    tabs_to(stepper, "Value of code_verifier")
    keyboard.press("Control+A")
    keyboard.type("w" * 43)
    tabs_to(stepper, "Send it: Redeem the code").press("Space")
    reads(stepper, "verifier_wrong")
    enters(stepper)
    tabs_to(stepper, "Back").press("Enter")
    expect(onward).to_have_text("Next: Redeem the code")
    assert notebook.cells() == len(CELLS)
