"""What comes from outside is read as it is in every live view: none of it runs, and none of it becomes a picture."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import photograph
from tests.browser.hands import CALLBACK, GOODBYE, goes_to_the_end, press
from tests.browser.jupyter import Jupyter, Notebook, run

pytestmark = pytest.mark.browser

NAME = """<img src=x onerror="window.olHarm=1">'"></button></select><script>window.olHarm=1</script>"""
CELLS = [
    f"""from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
lab, name = Lab(), {NAME!r}
strange = lab.register(Application(
    client_id="strange", type=ApplicationType.SPA, name=name, description=name, redirect_uris=({CALLBACK!r},),
    post_logout_redirect_uris=({GOODBYE!r},), always_issue_refresh_token=True, custom_data={{name: name}},
))
run = lab.sign_in(strange, "anna").finish()
refused = lab.sign_in(strange, "anna")
refused.advance()
refused.change(state=name, scope=name, prompt=name)
_ = refused.finish()""",
    "lab",
    "lab.applications['strange'].form()",
    "lab.step('strange', user='anna')",
    "lab.inspect(run)",
    "lab.clock.panel()",
    "run",
    "refused",
]


@pytest.fixture(scope="module")
def notebook(chromium: Browser, jupyter: Jupyter) -> Iterator[Notebook]:
    """Every live view of a lab in which an application has a name that no application should have."""
    with run(chromium, jupyter, "strange.ipynb", CELLS) as opened:
        yield opened


def test_a_name_that_is_a_script_is_only_read(notebook: Notebook) -> None:
    """Everything is unfolded and looked at — OWASP ASVS 5.3.3."""
    stepper, panel = notebook.frame("Step through a flow"), notebook.frame("The lab")
    goes_to_the_end(stepper)
    press(notebook.frame("Clock"), "+14 days")
    notebook.page.evaluate("document.querySelectorAll('.ol-frame details').forEach(each => { each.open = true })")
    for title in ("The lab", "Applications", "Step through a flow", "Token inspector", "Clock", "Sequence diagram"):
        frame = notebook.frame(title).first
        expect(frame).to_contain_text("<img src=x onerror=")
        assert frame.locator("img:not([src^='data:image/svg+xml']), script").count() == 0, title
        broken = (
            "frame => [...frame.querySelectorAll('img')].filter(each => each.complete && !each.naturalWidth).length"
        )
        assert frame.evaluate(broken) == 0, title
    photograph(panel, "strange-name")
    assert notebook.page.evaluate("window.olHarm") is None
    assert notebook.broken == []
