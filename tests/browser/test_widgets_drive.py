"""A person drives each live view with the mouse and reads what it says, in JupyterLab and in Voila."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import photograph
from tests.browser.hands import goes_to_the_end, press, reads, registers, sends_a_wrong_verifier, steps_until
from tests.browser.jupyter import Jupyter, Notebook, findings, outside, run

pytestmark = pytest.mark.browser

# Each view has a lab of its own, so that the tests can come in any order.
CELLS = [
    "from oidc_lab import Lab\nlabs = [Lab() for _ in range(6)]",
    "labs[0].applications.form()",
    "labs[1].step('photo-album', user='anna')",
    "labs[2].sign_in('web-shop', 'anna').finish()\nlabs[2].clock.panel()",
    "labs[3].inspect(labs[3].sign_in('photo-album', 'anna').finish())",
    "labs[4].sign_in('photo-album', 'anna').finish()",
    "labs[5]",
]
TITLES = ["Applications", "Step through a flow", "Clock", "Token inspector", "Sequence diagram", "The lab"]
# What Voila asks for by itself, which it does without where nobody answers.
VOILAS_OWN = re.compile(r"^https://(cdnjs\.cloudflare\.com|cdn\.jsdelivr\.net)/")


@pytest.fixture(scope="module", params=["lab", "voila"])
def notebook(chromium: Browser, jupyter: Jupyter, request: pytest.FixtureRequest) -> Iterator[Notebook]:
    """All live views in one notebook."""
    with run(chromium, jupyter, "widgets.ipynb", CELLS, request.param) as opened:
        for title in TITLES:
            opened.frame(title).wait_for()
        yield opened
        assert opened.broken == []
        assert [each for each in outside(opened.sent) if not VOILAS_OWN.match(each)] == []


def test_an_application_is_registered_with_the_form(notebook: Notebook) -> None:
    """What is wrong is said at the field as it is typed; the list, its search and the client_id follow the saving."""
    form = notebook.frame("Applications")
    redirect_uris = form.get_by_label("Redirect URIs", exact=True)
    redirect_uris.fill("https://diary.example/callback#here")
    reads(form, "fragment")
    registers(form)
    reads(form, "Travel Diary is registered.", "5 applications")
    photograph(form, f"form-{notebook.place}")
    form.get_by_label("Search").fill("diary")
    entries = form.get_by_role("list", name="Applications").get_by_role("listitem")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Single page app")
    reads(form, "Copy the client_id")
    form.get_by_label("Search").fill("")
    press(form.get_by_role("list", name="Applications"), "Web Shop")
    expect(form.get_by_label("Application name", exact=True)).to_have_value("Web Shop")
    expect(form.get_by_label("Application type")).to_be_disabled()


def test_a_wrong_verifier_is_refused_and_back_makes_it_good(notebook: Notebook) -> None:
    """The provider's reason stands at the step; back before it, the right one passes, and both ways are kept."""
    stepper = notebook.frame("Step through a flow")
    steps_until(stepper, "Redeem the code")
    sends_a_wrong_verifier(stepper)
    photograph(stepper, f"stepper-refused-{notebook.place}")
    press(stepper, "Back")
    expect(stepper.get_by_role("button", name="Next")).to_have_text("Next: Redeem the code")
    expect(stepper.get_by_text("verifier_wrong")).to_have_count(0)
    expect(stepper.get_by_label("Value of code_verifier")).not_to_have_value("w" * 43)
    goes_to_the_end(stepper)
    reads(stepper, "Ask who the user is", "anna@mail.example")
    reads(stepper, "Switch to branch 1", "after message 7 of branch 1", "First difference: message 8, Redeem the code.")
    expect(stepper.get_by_role("button", name="Next")).to_be_disabled()


def test_the_clock_says_what_died_and_of_what(notebook: Notebook) -> None:
    """To the next expiry, then as far as is typed."""
    clock = notebook.frame("Clock")
    reads(clock, "Monday 5 January 2026", "the access token of Web Shop for Anna Lindqvist")
    press(clock, "To 10:00:00")
    reads(clock, "10:00:00", "the access token of Web Shop for Anna Lindqvist", "its own TTL")
    field = clock.get_by_label("Any span")
    field.fill("3 fortnights and a bit")
    expect(clock.get_by_role("button", name="Go")).to_be_visible()
    field.fill("14 days")
    field.press("Enter")
    reads(clock, "Monday 19 January 2026", "the session of Anna Lindqvist")
    photograph(clock, f"clock-{notebook.place}")


def test_a_token_is_looked_into(notebook: Notebook) -> None:
    """Each claim with its source, the times on the lab's clock, and what is absent with its reason."""
    inspector = notebook.frame("Token inspector")
    reads(
        inspector, "Photo Album would believe it", "in 1 hour", "from the session: when Anna Lindqvist last signed in"
    )
    photograph(inspector, f"inspector-{notebook.place}")
    inspector.get_by_label("Check ID Tokens as").select_option("Web Shop")
    reads(inspector, "Web Shop would not believe it")


def test_a_diagram_unfolds_its_messages(notebook: Notebook) -> None:
    """The picture is described; each message opens; the diagram can be taken away as text and as a picture."""
    diagram = notebook.frame("Sequence diagram")
    picture = diagram.get_by_role("img").first
    assert "; 10 relying party -> API: GET /userinfo" in (picture.get_attribute("alt") or "")
    assert picture.evaluate("each => each.complete && each.naturalWidth > 100")
    diagram.locator("summary", has_text="Redeem the code").click()
    reads(diagram, "grant_type")
    photograph(diagram, f"diagram-{notebook.place}")
    with notebook.page.expect_download() as saved:
        diagram.get_by_role("link", name="Save as SVG").click()
    assert saved.value.suggested_filename.endswith(".svg")
    assert saved.value.path().read_text(encoding="utf-8").startswith("<svg")
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(diagram, "Copy as Mermaid")
    expect(diagram.get_by_role("button", name="Copied")).to_be_visible()
    assert notebook.page.evaluate("navigator.clipboard.readText()").startswith("sequenceDiagram")


def test_the_whole_lab_unfolds_into_the_other_views(notebook: Notebook) -> None:
    """From the panel an application is opened, a sign-in is stepped through, and the panel tells of it."""
    panel = notebook.frame("The lab")
    panel.locator("summary", has_text="Sessions").click()
    reads(panel, "nobody is signed in")
    press(panel, "Step through a flow")
    stepper = panel.get_by_role("group", name="Step through a flow", exact=True)
    goes_to_the_end(stepper)
    expect(panel.locator("summary", has_text="Sessions (1)")).to_be_visible()
    expect(panel.locator("summary", has_text="Runs (1)")).to_be_visible()
    photograph(panel, f"panel-{notebook.place}")
    press(panel, "Close the stepper")
    expect(stepper).to_have_count(0)


def fits(part: Locator) -> bool:
    """Whether nothing of it stands out at the side, except in what scrolls by itself."""
    return bool(
        part.evaluate(
            """part => {
                const edge = part.getBoundingClientRect().right + 1;
                const scrolls = each => each !== part && (getComputedStyle(each).overflowX !== 'visible'
                    || (each.parentElement && part.contains(each.parentElement) && scrolls(each.parentElement)));
                return [...part.querySelectorAll('*')].every(each =>
                    !each.checkVisibility() || each.getBoundingClientRect().right <= edge || scrolls(each));
            }"""
        )
    )


def test_it_can_be_read_in_both_themes_and_enlarged(notebook: Notebook) -> None:
    """Nothing serious is found by axe, and nothing stands out at the side at 200 % — WCAG 2.2 1.4.3, 1.4.10, 4.1.2."""
    assert findings(notebook.page) == []
    if notebook.place == "voila":
        return
    with notebook.in_the_dark():
        assert findings(notebook.page) == []
        for title in TITLES:
            photograph(notebook.frame(title), f"{title.lower().replace(' ', '-')}-dark")
    for title in TITLES:
        photograph(notebook.frame(title), f"{title.lower().replace(' ', '-')}-light")
    with notebook.enlarged():
        photograph(notebook.page, "widgets-enlarged")
        assert [title for title in TITLES if not fits(notebook.frame(title))] == []
