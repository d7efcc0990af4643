"""A learner opens the first lesson in JupyterLab, as make lab does, and runs it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from oidc_lab.serve import lessons
from tests.browser.conftest import photograph

pytestmark = pytest.mark.browser

# The one thing that a learner's JupyterLab does not have: its commands, for this test to call.
EXPOSED = json.dumps({"LabApp": {"expose_app_in_browser": True}})
KERNEL = "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """JupyterLab over a learner's folder of its own; the address with its token, as a learner is shown it."""
    work = tmp_path / "my lessons"
    settings = lessons.jupyter_folders(work)["JUPYTER_CONFIG_DIR"] / "jupyter_lab_config.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(EXPOSED, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_lab", "lessons", "--no-browser", "--port", str(port), "--folder", str(work)]
    with (tmp_path / "said.txt").open("w") as said:
        lab = subprocess.Popen(command, stdout=said, stderr=said, cwd=tmp_path, start_new_session=True)
    try:
        yield _address(work, lab)
    finally:
        lab.terminate()  # kernels end with it
        try:
            lab.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(lab.pid, signal.SIGKILL)
            lab.wait()


def _address(work: Path, lab: "subprocess.Popen[bytes]") -> str:
    runtime = lessons.jupyter_folders(work)["JUPYTER_RUNTIME_DIR"]
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for each in runtime.glob(f"jpserver-{lab.pid}.json"):
            told = json.loads(each.read_text(encoding="utf-8") or "{}")
            if told:
                return f"{told['url']}lab/tree/{lessons.FIRST}?reset&token={told['token']}"
        assert lab.poll() is None, (work.parent / "said.txt").read_text(encoding="utf-8")
        time.sleep(0.1)
    raise AssertionError((work.parent / "said.txt").read_text(encoding="utf-8"))


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window tall enough that JupyterLab keeps every cell in the page."""
    context = chromium.new_context(viewport={"width": 1280, "height": 3600})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def run_all(page: Page) -> None:
    """Run every cell, as the menu does, and wait until the kernel has nothing left to do."""
    page.wait_for_function(f"{KERNEL} === 'idle'")
    assert page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every(each => /\\d/.test(each.textContent))"
    )
    page.wait_for_function(f"{KERNEL} === 'idle'")


def test_the_first_lesson_runs_and_shows_its_diagram(address: str, page: Page) -> None:
    """No cell fails, the sequence diagram is there with its description, and nothing leaves this machine."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.wait_for_function("document.querySelectorAll('.jp-OutputArea-output').length === 0")
    run_all(page)
    diagram = page.locator(".jp-OutputArea-output img[alt][src^='data:image/svg+xml']").first
    diagram.wait_for()
    photograph(page, "first-lesson")
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert len(diagram.get_attribute("alt") or "") > 20
    assert diagram.evaluate("each => each.complete && each.naturalWidth > 100")
    outside = {each for each in sent if not each.startswith(("http://127.0.0.1:", "data:", "blob:"))}
    assert outside == set()
