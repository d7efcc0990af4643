"""Twenty live views of one lab stay quick, and a notebook of Notebook 7 shows them as well."""

from statistics import median

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PICTURES
from tests.browser.hands import press, reads
from tests.browser.jupyter import Jupyter, Notebook, milliseconds, opened, outside, run, write

pytestmark = pytest.mark.browser

NEXT = "[data-do=next]"

ALONE = "from oidc_lab import Lab\nlab = Lab()\nlab.step('web-shop', user='anna')"
# Nineteen others, all of the same lab, so that each hears of what the stepper does.
OTHERS = """from IPython.display import display
runs = [lab.sign_in(each, "anna").finish() for each in ("web-shop", "photo-album", "city-guide")]
steppers = [lab.step("web-shop", user=each) for each in ("ben", "chiara", "dai", "emily", "farah")]
forms = [lab.applications[each].form() for each in ("web-shop", "photo-album", "city-guide", "night-report")]
others = [*steppers, *forms, *runs, *(lab.inspect(each) for each in runs), lab.clock.panel(), lab, lab, lab]
display(*others)
len(others)"""


def onwards(notebook: Notebook) -> float:
    """The median of ten presses of Next in the first stepper, which begins anew when it is at its end."""
    stepper = notebook.frame("Step through a flow").first
    times = []
    while len(times) < 10:
        if stepper.locator(NEXT).first.is_disabled():
            press(stepper, "Again")
            reads(stepper, "Message 1")
        times.append(milliseconds(stepper, NEXT))
    return median(times)


def test_next_stays_quick_among_twenty(chromium: Browser, jupyter: Jupyter) -> None:
    """From the press to the changed page, in the page: measured, and told in a file beside the pictures."""
    write(jupyter, "many.ipynb", [ALONE, OTHERS])
    with opened(chromium, jupyter, "many.ipynb") as notebook:
        notebook.all_at_once()
        notebook.run_cell(0)
        alone = onwards(notebook)
        notebook.run_cell(1)
        expect(notebook.page.locator(".ol-frame")).to_have_count(20)
        among = onwards(notebook)
        assert notebook.errors() == []
    PICTURES.mkdir(exist_ok=True)
    told = f"Next, from the press to the changed page: {alone:.0f} ms alone, {among:.0f} ms among twenty\n"
    (PICTURES / "next.txt").write_text(told, encoding="utf-8")


def test_notebook_7_shows_the_whole_lab(chromium: Browser, jupyter: Jupyter) -> None:
    """The same page as in JupyterLab: what is pressed there is done."""
    cells = ["from oidc_lab import Lab\nlab = Lab()\nlab"]
    with run(chromium, jupyter, "seven.ipynb", cells, "notebook") as notebook:
        lab = notebook.frame("The lab")
        press(lab, "Step through a flow")
        stepper = notebook.frame("Step through a flow")
        press(stepper, "To the end")
        reads(stepper, "Done")
        reads(lab, "Sessions (1)")
        assert outside(notebook.sent) == set()
