"""A learner opens the first lesson in JupyterLab, as make lab does, and runs it."""

import pytest
from playwright.sync_api import Browser

from oidc_lab.serve import lessons
from tests.browser.conftest import photograph
from tests.browser.jupyter import Jupyter, opened, outside

pytestmark = pytest.mark.browser


def test_the_first_lesson_runs_and_shows_its_diagram(chromium: Browser, jupyter: Jupyter) -> None:
    """No cell fails, the sequence diagram is there with its description, and nothing leaves this machine."""
    with opened(chromium, jupyter, lessons.FIRST) as notebook:
        page = notebook.page
        notebook.command("notebook:clear-all-cell-outputs")
        page.wait_for_function("document.querySelectorAll('.jp-OutputArea-output').length === 0")
        notebook.run_all()
        diagram = page.locator(".jp-OutputArea-output img[alt][src^='data:image/svg+xml']").first
        diagram.wait_for()
        photograph(page, "first-lesson")
        assert len(diagram.get_attribute("alt") or "") > 20
        assert diagram.evaluate("each => each.complete && each.naturalWidth > 100")
        assert outside(notebook.sent) == set()
