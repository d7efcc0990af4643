"""The README says what is there: its table of clauses, its map and its Python are held to the code."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from oidc_lab.serve.command import main
from oidc_lab.views import settings_table
from tests.lessons.build import PICTURE, draw

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text("utf-8")
SOURCE = TOP / "src" / "oidc_lab"

ROWS = re.findall(r"^\| ((?:OIDC|RFC)[\w.-]+) \| `(\w+)` \| `(\w+)` \| (?:(\d\d) )?\|$", README, flags=re.MULTILINE)


def clauses_in(file: Path) -> set[str]:
    return set(re.findall(r"(?:OIDC\w*|RFC\d+)-[\d.]*\d", file.read_text("utf-8")))


def test_the_table_of_clauses_is_there() -> None:
    assert len(ROWS) >= 10


@pytest.mark.parametrize(("clause", "provider", "relying_party", "lesson"), ROWS)
def test_each_clause_is_cited_where_the_table_says(clause: str, provider: str, relying_party: str, lesson: str) -> None:
    assert clause in clauses_in(SOURCE / "provider" / f"{provider}.py")
    assert clause in clauses_in(SOURCE / "relying_party" / f"{relying_party}.py")
    if lesson:
        assert list((TOP / "notebooks").glob(f"{lesson}_*.ipynb")), f"there is no lesson {lesson}"


def test_every_step_that_both_sides_have_is_in_the_table() -> None:
    sides = [{file.stem for file in (SOURCE / side).glob("*.py")} for side in ("provider", "relying_party")]
    steps = (sides[0] & sides[1]) - {"__init__"}
    assert steps <= {name for _, provider, relying_party, _ in ROWS for name in (provider, relying_party)}


@pytest.mark.parametrize("place", sorted(set(re.findall(r"`((?:src|tests|data|notebooks)/[\w/.]*)`", README))))
def test_every_place_on_the_map_exists(place: str) -> None:
    assert (TOP / place).exists()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)]+)\)", README))))
def test_every_link_within_the_repository_leads_somewhere(link: str) -> None:
    assert (TOP / link).exists()


def test_its_picture_is_what_the_first_lesson_draws(tmp_path: Path) -> None:
    draw(tmp_path / "drawn.svg")
    assert (tmp_path / "drawn.svg").read_bytes() == PICTURE.read_bytes()


def test_the_table_of_settings_is_made_from_the_code() -> None:
    assert settings_table.markdown().strip() in README


def test_the_python_in_it_runs() -> None:
    first, more, steps, simulated, second = re.findall(r"```python\n(.+?)```", README, flags=re.DOTALL)
    shown, stepped, served = running(first + more), running(first + steps), running(second)
    lived = running(simulated)
    assert shown["run"].result.sub == "anna"
    assert [bool(each.ended and each.trace.refusal) for each in stepped["step"].branches] == [True, False]
    assert stepped["step"].run.finished
    assert (shown["shop"].refresh_token_ttl_in_days, shown["lab"].profile) == (30, "logto")
    assert served["lab"].sign_in("yours", "ben").finish().result.sub == "ben"
    assert lived["in_words"](lived["policy"])[0] in simulated
    assert lived["weekly"].ended_by.eq("refresh_token_expired").all()
    assert len(lived["found"].summary) == 59
    assert lived["lab"].applications.adopted("photo-album") is None
    for names in (shown, stepped, served, lived):
        names["lab"].close()


def running(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)  # the README's own text
    return names


@pytest.mark.parametrize("line", re.findall(r"`(?:\.venv/bin/)?(oidc-lab [^`]+)`", README))
def test_every_command_of_the_program_is_understood(line: str) -> None:
    _, name, *arguments = shlex.split(line)
    command = main.commands[name]
    with command.make_context(name, arguments) as context:
        assert context.params


def test_the_commands_of_the_program_are_in_the_readme() -> None:
    assert {"serve", "data"} <= set(re.findall(r"`(?:\.venv/bin/)?oidc-lab (\w+)", README))
