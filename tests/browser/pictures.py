"""Takes the README's pictures of what can be pressed, in both themes: python -m tests.browser.pictures [NAME ...]."""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, sync_playwright

from tests.browser.hands import press, reads, sends_a_wrong_verifier, steps_until
from tests.browser.jupyter import Notebook, run, serving
from tests.browser.machine import ARGUMENTS, find_chromium

PLACE = Path(__file__).parents[2] / ".readme"
THEMES = ("light", "dark")

CELLS = [
    "from oidc_lab import Lab\n\nlab = Lab(seed=7)\nphotos = lab.sign_in('photo-album', 'ben').finish()\nlab",
    "lab.applications.form()",
    "lab.step('photo-album', user='anna')",
    "lab.inspect(photos)",
    "lab.clock.panel()",
    "photos",
    "Lab(seed=7, profile='logto').explore('web-shop', usage='weekly')",
]


def _nothing(_: Locator) -> None:
    """It is photographed as it comes."""


def _step_to_a_refusal(frame: Locator) -> None:
    steps_until(frame, "Redeem the code")
    sends_a_wrong_verifier(frame)


def _jump(frame: Locator) -> None:
    press(frame, "+14 days")
    reads(frame, "Monday 19 January 2026")


def _drawn(frame: Locator) -> None:
    reads(frame, "A weekly user stays signed in for 14 days, then the token's TTL ends it.")
    frame.get_by_role("img").wait_for()


# By name: the cell, and what is done there before the picture is taken. The clock comes last: it moves for all.
SHOWN: dict[str, tuple[int, Callable[[Locator], None]]] = {
    "lab-panel": (0, _nothing),
    "application-form": (1, _nothing),
    "stepper": (2, _step_to_a_refusal),
    "token-inspector": (3, _nothing),
    "diagram": (5, _nothing),
    "explorer": (6, _drawn),
    "clock": (4, _jump),
}


def take(notebook: Notebook, name: str, number: int, theme: str) -> None:
    """Keep a picture, in few colours: it is read in a README."""
    taken = notebook.cell(number).locator(".ol-frame").first.screenshot()
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, 1500)))
    picture.quantize(160).save(PLACE / f"{name}-{theme}.png", optimize=True)


def main(names: list[str]) -> None:
    """Take those of these names, or all of them."""
    with (
        tempfile.TemporaryDirectory() as work,
        serving(Path(work) / "my lessons") as server,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS) as browser,
        run(browser, server, "pictures.ipynb", CELLS) as notebook,
    ):
        for name, (number, prepare) in SHOWN.items():
            if names and name not in names:
                continue
            prepare(notebook.cell(number).locator(".ol-frame").first)
            take(notebook, name, number, "light")
            with notebook.in_the_dark():
                take(notebook, name, number, "dark")


if __name__ == "__main__":
    main(sys.argv[1:])
