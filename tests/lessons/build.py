"""Rebuilds the stored lessons without a browser, byte for byte the same on every run.

A lesson is its own source: its cells are run and their outputs stored in one canonical form, with fixed cell ids
and without widget state, timings, tracebacks and the Python version. `python -m tests.lessons.build` does it for
all of them, or for those that are named.
"""

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

from oidc_lab import Lab
from oidc_lab.views.sequence import svg

TOP = Path(__file__).parents[2]
NOTEBOOKS, PICTURE = TOP / "notebooks", TOP / ".readme" / "sign-in.svg"

# The widget's model id is random; its static form in the same bundle is what a reader sees.
_RANDOM = "application/vnd.jupyter.widget-view+json"

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

_PATIENCE = 120  # seconds for one cell; without a bound a kernel that died is waited for without end


def stored_lessons() -> list[Path]:
    """The lessons, in teaching order."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def build(lesson: Path, destination: Path) -> None:
    """Run a lesson and write it in the canonical form. Raises CellExecutionError when a cell fails."""
    notebook = nbformat.read(lesson, as_version=4)
    _canonical_source(notebook)
    quiet = Config(KernelManager={"transport_encryption": "auto"})  # without it each kernel warns that it has none
    client = NotebookClient(
        notebook, timeout=_PATIENCE, kernel_name="python3", record_timing=False, config=quiet,
        coalesce_streams=True,  # a kernel that is busy sends what one cell prints in several parts
    )  # fmt: skip
    client.execute()
    _canonical_outputs(notebook)
    nbformat.validate(notebook)
    destination.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def _canonical_source(notebook: Any) -> None:
    notebook.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    notebook.nbformat_minor = 5
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}


def _canonical_outputs(notebook: Any) -> None:
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(_RANDOM, None)
            if output.output_type == "error":
                output["traceback"] = [f"{output.ename}: {output.evalue}"]


def draw(destination: Path) -> None:
    """Draw the first lesson's sign-in, for the README."""
    with Lab(seed=7) as lab:
        destination.write_text(svg(lab.sign_in("web-shop", "anna").finish()) + "\n", encoding="utf-8")


def main(names: list[str]) -> None:
    """Rebuild the lessons that are named, or all, and the README's picture."""
    for lesson in [Path(name) for name in names] or stored_lessons():
        build(lesson, lesson)
        print(f"rebuilt {lesson.name}")
    draw(PICTURE)


if __name__ == "__main__":
    main(sys.argv[1:])
