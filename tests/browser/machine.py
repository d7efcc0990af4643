"""Finds the Chromium or Chrome of this machine, or the one that playwright downloaded."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# Names on the path, then where installers put programs that are not on it.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}

# What keeps it from calling anybody by itself, and from needing rights that a container does not have.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def find_chromium() -> str | None:
    """The program, or None; the variable CHROMIUM names another one, or with a name that is none, nothing."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    on_path = (shutil.which(name) for name in PROGRAMS)
    in_places = (place if Path(place).exists() else None for place in PLACES.get(sys.platform, ()))
    return next((found for found in (*on_path, *in_places) if found), None) or _downloaded()


def _downloaded() -> str | None:
    with sync_playwright() as playwright:
        program = playwright.chromium.executable_path
    return program if Path(program).exists() else None
