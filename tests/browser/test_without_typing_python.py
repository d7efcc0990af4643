"""A person who never saw the code meets a refresh that is refused, in a notebook of three lines, with the mouse."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import photograph
from tests.browser.hands import goes_to_the_end, press, reads, registers
from tests.browser.jupyter import Jupyter, outside, run

pytestmark = pytest.mark.browser

CELLS = ["from oidc_lab import Lab\n\nlab = Lab()\nlab"]


def test_from_the_registration_to_the_sign_out(chromium: Browser, jupyter: Jupyter) -> None:
    """Registers a Single page app, signs in, refreshes, jumps fourteen days, sees why it is refused, signs out.

    The refresh token lived fourteen days from the first one, which no request extends — RFC6749-6.
    """
    with run(chromium, jupyter, "lab.ipynb", CELLS) as notebook:
        lab = notebook.frame("The lab")
        press(lab, "New application")
        registers(notebook.frame("Applications"))
        reads(lab, "Travel Diary is registered. Next: sign somebody in to it.")
        press(lab, "Sign in to Travel Diary")
        stepper = notebook.frame("Step through a flow")
        goes_to_the_end(stepper)
        reads(stepper, "anna@mail.example")
        press(stepper, "Refresh")
        goes_to_the_end(stepper)
        press(lab, "Clock")
        clock = notebook.frame("Clock")
        press(clock, "+14 days")
        reads(clock, "Monday 19 January 2026", "the refresh token of Travel Diary for Anna Lindqvist")
        press(stepper, "Refresh")
        goes_to_the_end(stepper, "The provider refused: invalid_grant")
        reads(stepper, "What happened", "What to change")
        name = notebook.frame("Applications").get_by_label("Application name", exact=True)
        expect(name).to_have_value("Travel Diary")  # what else was opened since has left the form as it was
        photograph(notebook.page, "without-typing-python")
        stepper.get_by_role("radio", name="Sign out").check()
        goes_to_the_end(stepper)
        expect(lab.locator("summary", has_text="Sessions (0)")).to_be_visible()
        assert notebook.cells() == len(CELLS)
        assert notebook.errors() == []
        assert notebook.broken == []
        assert outside(notebook.sent) == set()
