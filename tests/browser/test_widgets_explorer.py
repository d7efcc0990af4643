"""A person explores a refresh-token policy with the mouse and the keyboard, and reads what it means — RFC6749-6."""

import re
from collections.abc import Iterator
from statistics import median

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import PICTURES, photograph
from tests.browser.hands import press, reads
from tests.browser.jupyter import Jupyter, Notebook, findings, outside, run
from tests.browser.test_widgets_drive import VOILAS_OWN, fits

pytestmark = pytest.mark.browser

TITLE = "How long do users stay signed in?"
CELLS = [
    "from oidc_lab import Lab\nlab = Lab(profile='logto')\nlab.explore('photo-album')",
    "lab.applications['photo-album'].refresh_token_ttl_in_days",
    "lab.explore('web-shop', usage='hourly', figure='family')",
]
TTL = "Refresh token time to live (TTL) in days"
FIGURES = {
    "One user": "^Signed in for 3 days, with 3 tokens", "New tokens": "^3 tokens in 3 days",
    "Lifetime and visits": "^With TTL 3 days and time between visits 1 day",
    "Two tabs, lost replies": "^With a leeway of",
}  # fmt: skip
# Moves the slider as a drag does, and waits in the page until the figure is another one.
_DRAGGED = """async (frame, days) => {
    const figure = () => frame.querySelector("img")?.src;
    const before = figure(), slider = frame.querySelector("input[type=range]"), start = performance.now();
    slider.value = days;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    while (figure() === before && performance.now() - start < 20000) await new Promise(done => setTimeout(done, 3));
    return performance.now() - start;
}"""


@pytest.fixture(scope="module")
def opened(chromium: Browser, jupyter: Jupyter) -> Iterator[Notebook]:
    with run(chromium, jupyter, "explorer.ipynb", CELLS) as notebook:
        yield notebook
        assert notebook.broken == []
        assert outside(notebook.sent) == set()


@pytest.fixture
def notebook(opened: Notebook) -> Notebook:
    """The notebook with a new lab and new explorers, whatever the test before has chosen in them."""
    opened.run_all()
    explorer(opened).wait_for()
    return opened


def explorer(notebook: Notebook, number: int = 0) -> Locator:
    return notebook.frame(TITLE).nth(number)


def drag(frame: Locator, share: float) -> None:
    """Take the slider with the mouse and pull it to a share of its length."""
    slider = frame.get_by_role("slider", name=TTL)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    mouse, middle = slider.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + 9, middle)
    mouse.down()
    mouse.move(box["x"] + box["width"] * share, middle, steps=12)
    mouse.up()


def test_the_words_follow_the_slider_while_it_is_dragged(notebook: Notebook) -> None:
    frame = explorer(notebook)
    reads(frame, "Hourly, daily and weekly users stay signed in for 14 days, then the token's TTL ends it.")
    drag(frame, 0.5)
    days = frame.get_by_role("spinbutton").input_value()
    assert 80 < int(days) < 100
    reads(frame, f"Hourly, daily, weekly and monthly users stay signed in for {days} days, then the token's TTL ends")
    expect(frame.get_by_role("img")).to_have_attribute("alt", f"Under logto (Single page app, {days} days), everybody"
        f" is signed out within {int(days) + 1} days; what ended most of them: the token's TTL.")  # fmt: skip
    frame.get_by_role("spinbutton").fill("180")
    reads(frame, "users stay signed in for 180 days")
    expect(frame.get_by_role("slider", name=TTL)).to_have_value("180")
    frame.get_by_role("spinbutton").fill("181")
    reads(frame, "is no whole number from 1 to 180")
    frame.get_by_role("spinbutton").fill("7")
    reads(frame, "stay signed in for 7 days")
    expect(frame.get_by_text("is no whole number")).to_have_count(0)
    frame.get_by_label("Usage pattern").select_option("weekly")
    reads(frame, "One visit a week, on about the same day.")
    frame.get_by_label("Usage pattern").select_option("daily")


def test_the_keyboard_alone_is_enough(notebook: Notebook) -> None:
    """WCAG 2.2 2.1.1"""
    frame = explorer(notebook)
    frame.get_by_label("Profile").focus()
    for expected in ("ttl", "ttl", "rotate", "always", "offline"):
        frame.page.keyboard.press("Tab")
        assert frame.page.evaluate("document.activeElement.dataset.name") == expected
    slider = frame.get_by_role("slider", name=TTL)
    slider.focus()
    slider.press("Home")
    reads(frame, "signed in for 1 day")
    for days in (2, 3):
        slider.press("ArrowRight")
        reads(frame, f"stay signed in for {days} days")
    expect(slider).to_be_focused()
    frame.get_by_label("Many users").focus()
    for label, says in FIGURES.items():
        frame.page.keyboard.press("ArrowRight")
        expect(frame.get_by_label(label)).to_be_checked()
        expect(frame.get_by_label(label)).to_be_focused()
        expect(frame.get_by_role("img")).to_have_attribute("alt", re.compile(says))
        photograph(frame, f"explorer-{label.split(',')[0].lower().replace(' ', '-')}")
    frame.get_by_label("Many users").check()


def test_a_real_providers_policy_has_its_doubts_and_is_played_and_followed(notebook: Notebook) -> None:
    frame = explorer(notebook)
    frame.get_by_label("What is explored").select_option("auth0-online")
    reads(frame, "not established")
    expect(frame.get_by_role("slider")).to_have_count(0)
    photograph(frame, "explorer-doubts")
    frame.get_by_label("What is explored").select_option("auth0-spa")
    reads(frame, "stay signed in for 30 days")
    press(frame, "Show me in the provider")
    coincide = "Predicted and played coincide in 31 events: answers, reasons, tokens, and the ends of all clocks."
    expect(frame.get_by_role("img", name=coincide)).to_be_visible()
    photograph(frame, "explorer-played")
    press(frame, "Have Photo Album follow this policy")
    reads(frame, "Photo Album follows Auth0: SPA (rotating, expiring) (auth0-spa), in place of its settings.")


def test_settings_are_saved_on_the_application(notebook: Notebook) -> None:
    """OIDCR-2: over the management API; then a cell reads them."""
    frame = explorer(notebook)
    frame.get_by_label("What is explored").select_option("")
    frame.get_by_role("spinbutton").fill("42")
    reads(frame, "stay signed in for 42 days")
    press(frame, "Save these settings on Photo Album")
    reads(frame, "Saved on Photo Album: Refresh token time to live (TTL) in days: 42 days")
    notebook.run_cell(1)
    expect(notebook.cell(1)).to_contain_text("42")
    frame.get_by_label("Application type").select_option("Native")
    expect(frame.get_by_role("button", name="Save these settings")).to_be_disabled()
    reads(frame, "the type of an application never changes")
    frame.get_by_label("Application type").select_option("SPA")
    frame.get_by_label("Profile").select_option("documented")
    expect(frame.get_by_role("slider", name=TTL)).to_be_disabled()
    reads(frame, "Its tokens live the default 14 days from the first, which no request extends.")
    frame.get_by_label("Profile").select_option("logto")


def test_what_is_long_shows_how_far_it_is_and_can_be_stopped_or_changed(notebook: Notebook) -> None:
    frame = explorer(notebook, 1)
    reads(frame, "stay signed in for 180 days, then the grant ends it", "One user who comes every hour")
    frame.get_by_label("Number of users").select_option("1000000")
    expect(frame.get_by_role("progressbar")).to_be_visible()
    press(frame, "Stop")
    expect(frame.get_by_role("progressbar")).to_have_count(0)
    reads(frame, "Not all are done: this is of ")
    frame.get_by_label("Days looked at").select_option("730")
    expect(frame.get_by_role("progressbar")).to_be_visible()
    frame.get_by_label("Number of users").select_option("1000")
    expect(frame.get_by_role("cell", name="1,000", exact=True)).to_be_visible()
    expect(frame.get_by_role("progressbar")).to_have_count(0)
    assert frame.get_by_role("alert").count() == 0


def test_it_can_be_read_in_both_themes_and_enlarged(notebook: Notebook) -> None:
    """Nothing serious is found by axe, and nothing stands out at the side at 200 % — WCAG 2.2 1.4.3, 1.4.10, 4.1.2."""
    frame = explorer(notebook)
    for policy in ("", "okta-org-spa"):
        frame.get_by_label("What is explored").select_option(policy)
        reads(frame, "users")
        assert findings(notebook.page) == []
        photograph(frame, f"explorer-{policy or 'settings'}-light")
        with notebook.in_the_dark():
            assert findings(notebook.page) == []
            photograph(frame, f"explorer-{policy or 'settings'}-dark")
        with notebook.enlarged():
            photograph(notebook.page, f"explorer-{policy or 'settings'}-enlarged")
            assert fits(frame)


def test_the_figure_follows_the_slider_at_once(notebook: Notebook) -> None:
    """From the moved slider to another figure of 10,000 users, in the page: measured, and told beside the pictures."""
    frame = explorer(notebook)
    frame.get_by_label("What is explored").select_option("")
    frame.get_by_role("spinbutton").fill("14")
    reads(frame, "stay signed in for 14 days")
    times = [float(frame.evaluate(_DRAGGED, days)) for days in range(20, 170, 15)]
    PICTURES.mkdir(exist_ok=True)
    told = f"From the moved slider to another figure of 10,000 users: {median(times):.0f} ms\n"
    (PICTURES / "explorer.txt").write_text(told, encoding="utf-8")
    assert max(times) < 20_000


@pytest.mark.parametrize("place", ["notebook", "voila"])
def test_it_lives_in_notebook_7_and_in_voila_too(chromium: Browser, jupyter: Jupyter, place: str) -> None:
    with run(chromium, jupyter, f"explorer-{place}.ipynb", CELLS[:1], place) as opened:
        frame = explorer(opened)
        reads(frame, "stay signed in for 14 days")
        frame.get_by_role("spinbutton").fill("60")
        reads(frame, "stay signed in for 60 days")
        frame.get_by_label("One user").check()
        reads(frame, "stay signed in for 60 days")
        said = "what ended it: the token's TTL. Under the documented profile for 14 days (the token's TTL)."
        life = f"Signed in for 60 days, with 60 tokens and 59 answered requests; {said}"
        expect(frame.get_by_role("img")).to_have_attribute("alt", life)
        assert findings(opened.page) == []
        assert [each for each in outside(opened.sent) if not VOILAS_OWN.match(each)] == []
