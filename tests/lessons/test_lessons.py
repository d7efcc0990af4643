"""The stored lessons are what their cells give, and keep the rules that make them readable."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from tests.lessons.build import build, stored_lessons

LESSONS = stored_lessons()

HEADINGS_BEFORE = ["What you'll do", "What you'll learn", "What you'll need"]
HEADINGS_AFTER = ["On your own", "In practice", "Further reading"]

MOST_LINES = 10
LARGEST = 1_000_000


def cells(lesson: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(lesson, as_version=4).cells if cell.cell_type == kind]


def headings(lesson: Path) -> list[str]:
    text = "\n".join(cell.source for cell in cells(lesson, "markdown"))
    return re.findall(r"^## (.+)$", text, flags=re.MULTILINE)


def test_there_are_lessons_and_they_are_numbered_in_teaching_order() -> None:
    numbers = [int(lesson.name[:2]) for lesson in LESSONS]
    assert numbers == list(range(len(LESSONS)))
    assert len(LESSONS) >= 3


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
class TestLesson:
    def test_it_is_rebuilt_byte_for_byte(self, lesson: Path, tmp_path: Path) -> None:
        build(lesson, tmp_path / lesson.name)
        assert (tmp_path / lesson.name).read_text("utf-8") == lesson.read_text("utf-8")

    def test_it_has_the_six_headings_around_its_steps(self, lesson: Path) -> None:
        found = headings(lesson)
        assert found[:3] == HEADINGS_BEFORE
        assert found[-3:] == HEADINGS_AFTER
        assert len(found) > len(HEADINGS_BEFORE + HEADINGS_AFTER), "there are no steps"

    def test_its_cells_are_short_and_define_nothing(self, lesson: Path) -> None:
        for cell in cells(lesson, "code"):
            assert len(cell.source.splitlines()) <= MOST_LINES, cell.source
            for node in ast.walk(ast.parse(cell.source)):
                assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.Try | ast.With), (
                    f"{type(node).__name__} belongs in the package: {cell.source}"
                )

    def test_each_code_cell_is_followed_by_prose(self, lesson: Path) -> None:
        kinds = [cell.cell_type for cell in nbformat.read(lesson, as_version=4).cells]
        assert all(kinds[place + 1] == "markdown" for place, kind in enumerate(kinds) if kind == "code")

    def test_it_uses_nothing_that_changes_between_machines(self, lesson: Path) -> None:
        banned = re.compile(r"clear_output|display_id|interact\(|Output\(\)|^[%!]|;\s*$|\binput\(", re.MULTILINE)
        for cell in cells(lesson, "code"):
            assert not banned.search(cell.source), cell.source

    def test_it_carries_no_widget_state_and_stays_small(self, lesson: Path) -> None:
        assert "widgets" not in nbformat.read(lesson, as_version=4).metadata
        assert lesson.stat().st_size < LARGEST

    def test_a_refusal_shown_on_purpose_is_stored_and_compared(self, lesson: Path) -> None:
        for cell in cells(lesson, "code"):
            raised = any(output.output_type == "error" for output in cell.outputs)
            assert raised == ("raises-exception" in cell.metadata.get("tags", [])), cell.source
