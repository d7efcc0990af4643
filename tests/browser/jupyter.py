"""Notebooks in a real JupyterLab, Notebook 7 or Voila, as one server of the product's own `lessons` serves them."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
import requests
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page

from oidc_lab.serve import lessons

# The one thing that a learner's JupyterLab does not have: its commands, for the tests to call.
EXPOSED = {"expose_app_in_browser": True}
KERNEL = "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status"
CONTENT = "window.jupyterapp.shell.currentWidget.content"
HERE = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:")
# Where each of the three opens a notebook.
PLACES = {"lab": "lab/tree/{}?reset", "notebook": "notebooks/{}?", "voila": "voila/render/{}?"}


@dataclass(frozen=True)
class Jupyter:
    """A server that runs, with the folder it serves."""

    url: str
    token: str
    folder: Path

    def address(self, name: str, place: str = "lab") -> str:
        """Where a notebook opens, with the token, as a learner is shown it."""
        return f"{self.url}{PLACES[place].format(name)}&token={self.token}"

    def kernels(self) -> set[str]:
        """The kernels that run."""
        answer = requests.get(f"{self.url}api/kernels", params={"token": self.token}, timeout=10)
        return {each["id"] for each in answer.json()}

    def end(self, kernels: set[str]) -> None:
        """End kernels: each costs memory."""
        for each in kernels:
            requests.delete(f"{self.url}api/kernels/{each}", params={"token": self.token}, timeout=10)


@contextmanager
def serving(work: Path) -> Iterator[Jupyter]:
    """JupyterLab over a learner's folder, as make lab starts it."""
    config = lessons.jupyter_folders(work)["JUPYTER_CONFIG_DIR"]
    config.mkdir(parents=True)
    for program, name in (("LabApp", "lab"), ("JupyterNotebookApp", "notebook")):
        (config / f"jupyter_{name}_config.json").write_text(json.dumps({program: EXPOSED}), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_lab", "lessons", "--no-browser", "--port", str(port), "--folder", str(work)]
    with (work.parent / "said.txt").open("w") as said:
        lab = subprocess.Popen(command, stdout=said, stderr=said, cwd=work.parent, start_new_session=True)
    try:
        yield _started(work, lab)
    finally:
        lab.terminate()  # kernels end with it
        try:
            lab.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(lab.pid, signal.SIGKILL)
            lab.wait()


def _started(work: Path, lab: "subprocess.Popen[bytes]") -> Jupyter:
    runtime = lessons.jupyter_folders(work)["JUPYTER_RUNTIME_DIR"]
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for each in runtime.glob(f"jpserver-{lab.pid}.json"):
            told = json.loads(each.read_text(encoding="utf-8") or "{}")
            if told:
                return Jupyter(told["url"], told["token"], work)
        assert lab.poll() is None, (work.parent / "said.txt").read_text(encoding="utf-8")
        time.sleep(0.1)
    raise AssertionError((work.parent / "said.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """One server for all tests, since it takes seconds to start; each opens notebooks of its own."""
    with serving(tmp_path_factory.mktemp("jupyter") / "my lessons") as server:
        yield server


@dataclass
class Notebook:
    """A notebook that is open in a browser."""

    page: Page
    place: str
    sent: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def frame(self, label: str) -> Locator:
        """The live view of that name."""
        return self.page.get_by_role("group", name=label, exact=True)

    def run_all(self) -> None:
        """Run every cell, as the menu does, and wait until the kernel has nothing left to do."""
        self.idle()
        assert self.page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')"), self.errors()
        prompts = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]"
        self.page.wait_for_function(f"{prompts}.every(each => /\\d/.test(each.textContent))")
        self.idle()
        assert self.errors() == []

    def run_cell(self, number: int) -> None:
        """Run one cell; the first is number 0."""
        self.idle()
        self.page.evaluate(f"number => {{ {CONTENT}.activeCellIndex = number }}", number)
        self.command("notebook:run-cell")

    def idle(self) -> None:
        """Wait until the kernel has nothing left to do."""
        self.page.wait_for_function(f"{KERNEL} === 'idle'")

    def command(self, name: str, **arguments: str) -> None:
        """Do what a menu does."""
        self.page.evaluate("([name, more]) => window.jupyterapp.commands.execute(name, more)", [name, arguments])

    def cell(self, number: int) -> Locator:
        """What a cell shows; the first is number 0."""
        cells = ".jp-Notebook .jp-Cell .jp-OutputArea" if self.place != "voila" else ".jp-OutputArea"
        return self.page.locator(cells).nth(number)

    def all_at_once(self) -> None:
        """Have JupyterLab keep every cell in the page, also those that are far out of sight."""
        self.page.evaluate(f"{CONTENT}.notebookConfig = {{...{CONTENT}.notebookConfig, windowingMode: 'none'}}")

    def errors(self) -> list[str]:
        """What went wrong in cells."""
        kinds = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']"
        return self.page.locator(kinds).all_text_contents()

    def cells(self) -> int:
        """How many cells there are."""
        return int(self.page.evaluate(f"{CONTENT}.widgets.length"))

    @contextmanager
    def in_the_dark(self) -> Iterator[None]:
        """JupyterLab in its dark theme."""
        self._theme("JupyterLab Dark", light=False)
        yield
        self._theme("JupyterLab Light", light=True)

    def _theme(self, name: str, *, light: bool) -> None:
        self.command("apputils:change-theme", theme=name)
        self.page.wait_for_selector(f"body[data-jp-theme-light={str(light).lower()}]", state="attached")

    @contextmanager
    def enlarged(self) -> Iterator[None]:
        """What is left of a projector's 1920 pixels at 200 %, without the list of files beside it."""
        before = self.page.viewport_size
        self.command("application:toggle-left-area")
        self.page.set_viewport_size({"width": 960, "height": 3600})
        yield
        self.command("application:toggle-left-area")
        if before:
            self.page.set_viewport_size(before)


def write(server: Jupyter, name: str, cells: Sequence[str]) -> None:
    """Put a notebook of these cells where the server finds it."""
    written = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
    written.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(written, server.folder / name)


@contextmanager
def opened(browser: Browser, server: Jupyter, name: str, *, place: str = "lab") -> Iterator[Notebook]:
    """A notebook in a window of its own, in JupyterLab, in Notebook 7 or, where it runs by itself, in Voila."""
    running = server.kernels()
    # so tall that JupyterLab keeps every cell in the page
    context = browser.new_context(viewport={"width": 1280, "height": 3600})
    context.set_default_timeout(30_000)
    if place == "voila":  # asks for fonts and mathematics elsewhere; whoever is offline does without
        context.route(re.compile(r"^https?://(?!127\.0\.0\.1:)"), lambda route: route.abort())
    try:
        notebook = Notebook(context.new_page(), place)
        notebook.page.on("request", lambda request: notebook.sent.append(request.url))
        notebook.page.on("pageerror", lambda error: notebook.broken.append(str(error)))
        notebook.page.goto(server.address(name, place))
        if place != "voila":
            notebook.page.wait_for_selector(".jp-Notebook .jp-Cell")
        yield notebook
    finally:
        context.close()
        server.end(server.kernels() - running)


@contextmanager
def run(
    browser: Browser, server: Jupyter, name: str, cells: Sequence[str], place: str = "lab", *, windowed: bool = False
) -> Iterator[Notebook]:
    """A new notebook of these cells, run to its end; `windowed` leaves only those in the page that are in sight."""
    write(server, name, cells)
    with opened(browser, server, name, place=place) as notebook:
        if place != "voila":
            if not windowed:
                notebook.all_at_once()
            notebook.run_all()
        yield notebook


def outside(sent: Sequence[str]) -> set[str]:
    """What was asked of other machines."""
    return {each for each in sent if not each.startswith(HERE)}


def findings(page: Page, part: str = ".ol-frame") -> list[str]:
    """What axe-core finds serious or critical inside parts of a page, readably — WCAG 2.2."""
    page.evaluate(f"window.axe || (() => {{ {AXE_SCRIPT} }})()")
    found: list[dict[str, Any]] = page.evaluate(
        "async part => (await axe.run(part, {resultTypes: ['violations'], iframes: false})).violations", part
    )
    return [
        f"{each['impact']}: {each['help']} ({each['id']}): {node['html'][:200]} — {node['failureSummary'][:300]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


# A page has changed when the last of a press's redraws is there: none followed for as long as this.
_QUIET = 120
# The button is looked up in the page at the press: a late redraw may have replaced the one that was there before.
_TIMED = f"""async (frame, button) => {{
    const start = performance.now();
    let last = 0;
    const watcher = new MutationObserver(() => {{ last = performance.now(); }});
    watcher.observe(frame, {{childList: true, subtree: true, attributes: true}});
    frame.querySelector(button).click();
    while (performance.now() - (last || start + 10000) < {_QUIET}) await new Promise(done => setTimeout(done, 5));
    watcher.disconnect();
    return last - start;
}}"""


def milliseconds(frame: Locator, button: str) -> float:
    """From the press of a button, a selector inside a live view, to the changed page, measured in the page itself."""
    taken = float(frame.evaluate(_TIMED, button))
    assert taken > 0, "nothing changed within ten seconds"
    return taken
