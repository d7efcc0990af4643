"""The usage patterns of the data, and what a trainer is told who made a mistake in them or in visits of their own."""

import inspect
import shutil
import tomllib
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from numpy.random import SFC64, Generator

import oidc_lab
from oidc_lab.domain.happening import Happening
from oidc_lab.lab import data
from oidc_lab.lab.data import DataError
from oidc_lab.lab.named import UnknownName
from oidc_lab.lab.usages import PATTERNS, from_visits, read_usages
from oidc_lab.lab.visit import WORDS
from oidc_lab.simulation.steps import CODES, NEVER, Steps

DAY = 86400
ISSUE = ("hourly", "office", "daily", "weekly", "monthly", "holidays", "heavy-tail", "mobile", "tabs")


@pytest.fixture
def edit(tmp_path):
    folder = shutil.copytree(data.folder(), tmp_path / "data")

    def replace(old, new):
        text = (folder / PATTERNS).read_text("utf-8")
        assert old in text
        (folder / PATTERNS).write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return replace


def test_the_patterns_stand_in_the_order_of_the_file():
    usages = oidc_lab.usages()
    assert tuple(usages) == ISSUE
    assert [name for name, each in usages.items() if not each.plain] == ["mobile", "tabs"]
    with pytest.raises(UnknownName, match="there is no usage pattern 'yearly'; there are hourly, office"):
        usages["yearly"]


def test_every_parameter_says_where_it_comes_from():
    """A number that nobody stands for is no number: a sentence each, with its source or that it is our assumption."""
    for each in tomllib.loads((data.folder() / PATTERNS).read_text("utf-8"))["usage"]:
        parameters = set(each) - {"usage_id", "title", "says", "kind", "because"}
        assert set(each["because"]) == parameters
        assert each["says"].endswith(".")
        for said in each["because"].values():
            assert said.endswith(".")
    mobile = oidc_lab.usages()["mobile"].because
    assert "https://github.com/zitadel/zitadel/issues/9631" in mobile["share_of_days"]


def test_the_head_of_the_file_tells_of_every_parameter():
    text = (data.folder() / PATTERNS).read_text("utf-8")
    head = text.partition("[[usage]]")[0]
    for each in tomllib.loads(text)["usage"]:
        assert f"{each['kind']} " in head
        for name in each:
            assert name in head


def test_a_pattern_of_the_trainers_own_can_be_added(edit):
    folder = edit(
        "[[usage]]",
        """[[usage]]
usage_id = "shift"
title = "Shifts"
says = "Nights from Friday to Sunday."
kind = "days"
days = ["Sunday", "Friday", "Saturday"]
from = 20:00:00
until = 23:30:00
visits_a_day = 7
[usage.because]
days = "x"
from = "x"
until = "x"
visits_a_day = "x"

[[usage]]""",
    )
    shift = oidc_lab.usages(folder)["shift"]
    assert next(iter(oidc_lab.usages(str(folder)))) == "shift"
    at = np.array([each.at for each in shift.steps(20, 14 * DAY, Generator(SFC64(7)))])
    assert set((at // DAY % 7).ravel().tolist()) == {0, 1, 2}  # day 0 is the first of them in the week, Friday
    assert at.max() % DAY < 3.5 * 3600
    assert len(at) == 6 * 7 - 1


def test_a_folder_without_patterns_has_those_of_the_kit(tmp_path):
    assert list(read_usages(tmp_path)) == list(ISSUE)


HOURLY, OFFICE, AWAY = "usage 'hourly'", "usage 'office'", "usage 'holidays'"
MOBILE, TABS, HEAVY = "usage 'mobile'", "usage 'tabs'", "usage 'heavy-tail'"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('usage_id = "hourly"\n', "", ["usage number 1", "usage_id", "missing"]),
        ('usage_id = "hourly"', 'usage_id = "Every Hour"', ["usage 'Every Hour'", "usage_id", "small letters"]),
        ('usage_id = "hourly"', 'usage_id = "office"', ["usage 'office'", "usage_id", "twice"]),
        ('title = "Every hour"\n', "", [HOURLY, "title", "missing"]),
        ('title = "Every hour"', 'title = " "', [HOURLY, "title", "not empty"]),
        ('title = "Every hour"', "title = 7", [HOURLY, "title", "text"]),
        ('kind = "rounds"\n', "", [HOURLY, "kind"]),
        ('kind = "rounds"', 'kind = "round"', [HOURLY, "kind", "'round'", "rounds, days, absences"]),
        ('every = "1 hour"\n', "", [HOURLY, "every", "missing"]),
        ('every = "1 hour"', 'every = "1 hour"\ncolour = "red"', [HOURLY, "colour", "no such field", "give_or_take"]),
        ('every = "1 hour"', 'every = "an hour"', [HOURLY, "every", "'an hour'", "15 minutes"]),
        ('every = "1 hour"', 'every = "1 month"', [HOURLY, "every", "'1 month'", "15 minutes"]),
        ('every = "1 hour"', 'every = "0 seconds"', [HOURLY, "every", "from 1 seconds"]),
        ('every = "1 hour"', 'every = "367 days"', [HOURLY, "every", "366 days"]),
        ('every = "1 hour"', "every = 3600", [HOURLY, "every", "3600", "in quotes"]),
        ('give_or_take = "10 minutes"', 'give_or_take = "31 minutes"', [HOURLY, "give_or_take", "1800 seconds"]),
        ('give_or_take = "Our', 'because_of = "Our', [HOURLY, "because.give_or_take", "missing"]),
        ('give_or_take = "Our assumption', 'colour = "x"\ngive_or_take = "O', [HOURLY, "because.colour", "no such"]),
        ('because]\nevery = "RFC', 'because]\nevery = ""\nx = "', [HOURLY, "because.x", "no such field"]),
        ('from = "Our assumption."', 'from = ""', [OFFICE, "because.from", "not empty"]),
        ('"Monday", "Tuesday"', '"Moonday", "Tuesday"', [OFFICE, "days", "Monday, Tuesday"]),
        ('"Monday", "Tuesday"', '"Tuesday", "Tuesday"', [OFFICE, "days", "each once"]),
        ('["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]', "[]", [OFFICE, "days", "a list of days"]),
        ('["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]', '"Monday"', [OFFICE, "days", "a list of days"]),
        ("from = 09:00:00", 'from = "09:00"', [OFFICE, "from", "without quotes"]),
        ("from = 09:00:00", "from = 09:00:00.5", [OFFICE, "from", "without quotes"]),
        ("until = 17:00:00", "until = 09:00:00", [OFFICE, "until", "after from"]),
        ("until = 17:00:00", "until = 09:00:07", [OFFICE, "until", "each of 8 visits"]),
        ("visits_a_day = 8", "visits_a_day = 0", [OFFICE, "visits_a_day", "whole number from 1"]),
        ("visits_a_day = 8", "visits_a_day = true", [OFFICE, "visits_a_day", "whole number"]),
        ("absences_a_year = 2", "absences_a_year = 0", [AWAY, "absences_a_year", "from 1"]),
        ("absences_a_year = 2", "absences_a_year = 17", [AWAY, "absences_a_year", "no room"]),
        ('shortest_absence = "14 days"', 'shortest_absence = "36 hours"', [AWAY, "shortest_absence", "whole days"]),
        ('longest_absence = "21 days"', 'longest_absence = "13 days"', [AWAY, "longest_absence", "14 days"]),
        ('shortest_gap = "6 hours"', 'shortest_gap = "0 hours"', [HEAVY, "shortest_gap", "from 1 seconds"]),
        ("tail = 1.0", "tail = 0", [HEAVY, "tail", "0.1 to 10"]),
        ("tail = 1.0", "tail = nan", [HEAVY, "tail", "0.1 to 10"]),
        ("tail = 1.0", 'tail = "1"', [HEAVY, "tail", "a number"]),
        ("share_of_days = 0.05", "share_of_days = 5", [MOBILE, "share_of_days", "to 1"]),
        ("share_of_days = 0.05", "share_of_days = 0", [MOBILE, "share_of_days", "to 1"]),
        ("share_of_days = 0.05", "share_of_days = true", [MOBILE, "share_of_days", "a number"]),
        ('mean_delay = "20 seconds"', 'mean_delay = "0 seconds"', [MOBILE, "mean_delay", "from 1 seconds"]),
        ("share_of_visits = 0.1", "share_of_visits = 1.5", [TABS, "share_of_visits", "to 1"]),
        ('mean_gap = "2 seconds"', "mean_gap = 2", [TABS, "mean_gap", "in quotes"]),
        ("[[usage]]", "[usage]", ["the file", "no TOML"]),
        ("[[usage]]", "[[usage", ["the file", "no TOML"]),
    ],
)  # fmt: skip
def test_a_mistake_in_the_patterns_names_file_entry_and_field(edit, old, new, says):
    folder = edit(old, new)
    with pytest.raises(DataError) as caught:
        oidc_lab.usages(folder)
    for each in ("usage-patterns.toml", *says):
        assert each in str(caught.value)


def lived(usage, users=None, horizon=400 * DAY, seed=7):
    """What happens to each user, as (second, what) pairs."""
    users = users or usage.pattern.users
    found = [[] for _ in range(users)]
    for step in usage.steps(users, horizon, Generator(SFC64(seed))):
        for user, at in enumerate(step.at.tolist()):
            if at != NEVER:
                found[user].append((at, 1 if step.what is None else int(step.what[user])))
    return found


@pytest.fixture
def csv(tmp_path):
    def write(text, name="visits.csv"):
        (tmp_path / name).write_text(text, "utf-8")
        return tmp_path / name

    return write


def test_the_first_visit_is_the_sign_in_and_the_others_are_steps(csv):
    usage = from_visits(csv("user,at\nanna,2026-01-05T09:00:00\nben,2026-01-05T10:00:00\nanna,2026-01-06T09:30:00\n"))
    assert lived(usage) == [[(DAY + 1800, CODES[Happening.REQUEST])], []]
    assert usage.plain
    assert (usage.usage_id, usage.title) == ("visits", "visits")
    assert usage.says == "The visits of 2 users, from visits.csv."
    assert from_visits(csv("user,at\na,2026-01-05\n"), title="Ours").title == "Ours"


def test_rows_may_be_unsorted_spaced_quoted_and_there_twice(csv):
    text = (
        "\ufeffAt , user\r\n2026-01-07, anna\r\n\r\n2026-01-05 ,anna\r\n"
        '"2026-01-06T00:00:00.9"," anna "\r\n2026-01-06T00:00:00.900,anna\r\n , \r\n'
    )
    assert lived(from_visits(str(csv(text)))) == [[(DAY, 1), (2 * DAY, 1)]]


def test_a_moment_is_in_utc_unless_it_says_otherwise(csv):
    """RFC3339-5.6: one instant, whatever the offset."""
    text = (
        "user,at\na,2026-03-28T12:00:00\na,2026-03-29T13:00:00+01:00\na,2026-03-29T12:00:00Z\na,2026-03-28t12:00:01z\n"
    )
    assert lived(from_visits(csv(text))) == [[(1, 1), (DAY, 1)]]


def test_what_happens_can_be_said_and_a_later_sign_in_is_a_visit(csv):
    rows = [
        "session end", "sign-in", "", "Lost  Reply", "replayed token", "two tabs at once", "sign-out", "session end",
        "password change", "sign-in elsewhere", "token request", "sign-in",
    ]  # fmt: skip
    text = "user,what,at\n" + "".join(f"a,{what},2026-01-05T09:00:{n:02}\n" for n, what in enumerate(rows))
    usage = from_visits(csv(text))
    asked = [(1, "token request"), *((n - 1, " ".join(rows[n].lower().split())) for n in range(3, 11))]
    expected = [(at, CODES[Happening(what)]) for at, what in asked] + [(10, CODES[Happening.REQUEST])]
    assert lived(usage) == [expected]
    assert not usage.plain
    for step in usage.steps(1, DAY, Generator(SFC64(7))):
        assert (step.gap.tolist(), step.gap.dtype, step.what.dtype) == ([0], np.int32, np.int8)


def test_what_is_told_of_a_time_before_the_first_visit_is_left_out(csv):
    """Nothing of a user can end, come back or be replaced before the user signed in; nobody signs in who never asks."""
    text = (
        "user,at,what\nb,2026-01-01,sign-out\nb,2026-01-02,replayed token\nb,2026-01-03,lost reply\n"
        "b,2026-01-04,password change\nc,2026-01-01,password change\n"
    )
    usage = from_visits(csv(text))
    assert lived(usage) == [[(DAY, CODES[Happening.PASSWORD_CHANGE])]]


def test_of_what_happens_at_one_moment_the_order_is_that_of_happenings(csv):
    """A file of whole minutes has several rows with one moment; their order in the file means nothing."""
    rows = ["a,2026-01-05,sign-out\n", "a,2026-01-05,sign-in\n", "a,2026-01-05,lost reply\n"]
    one, other = (lived(from_visits(csv("user,at,what\n" + "".join(each)))) for each in (rows, rows[::-1]))
    assert one == other == [[(0, CODES[Happening.LOST_REPLY]), (0, CODES[Happening.SIGN_OUT])]]


def test_as_many_users_as_there_are_come_as_they_came_and_others_are_drawn_from_them(csv):
    text = "user,at\n" + "".join(f"u{n},2026-01-01\nu{n},2026-01-{n + 2:02}\n" for n in range(20))
    usage = from_visits(csv(text))
    assert lived(usage) == [[((n + 1) * DAY, 1)] for n in range(20)]
    many = [each[0][0] // DAY for each in lived(usage, users=4000)]
    assert all(abs(many.count(n + 1) - 200) < 5 * 13.8 for n in range(20))
    assert lived(usage, users=30) == lived(usage, users=30) != lived(usage, users=30, seed=8)


def test_visits_end_with_the_horizon_and_never_leave_the_seconds_that_can_be_counted(csv):
    usage = from_visits(csv("user,at\na,1900-01-01\na,1900-01-02\na,1900-01-03\na,2026-01-01\n"))
    assert lived(usage, horizon=2 * DAY) == [[(DAY, 1)]]
    assert lived(usage, horizon=2 * DAY + 1) == [[(DAY, 1), (2 * DAY, 1)]]
    assert lived(usage, horizon=2**30) == [[(DAY, 1), (2 * DAY, 1)]]


def test_a_frame_is_read_like_a_file(csv):
    """Timestamps, texts and empty cells; the frame is left as it was."""
    begin = datetime(2026, 1, 5, 9, tzinfo=timezone(timedelta(hours=2)))
    frame = pd.DataFrame({
        "user": [1, 1, 1, 2],
        "at": [begin, pd.Timestamp("2026-01-05T08:00:00"), "2026-01-05T09:00:00", begin],
        "what": ["sign-in", None, float("nan"), pd.NA],
    })  # fmt: skip
    before = frame.copy()
    assert lived(from_visits(frame)) == [[(3600, 1), (7200, 1)], []]
    pd.testing.assert_frame_equal(frame, before)
    dates = pd.DataFrame({"user": ["a", "a"], "at": pd.to_datetime(["2026-01-05", "2026-01-06"])})
    assert lived(from_visits(dates)) == [[(DAY, 1)]]
    assert from_visits(dates).title == "Your own visits"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ["line 1", "user", "no such column", "the columns are none", "user, at"]),
        ("anna,2026-01-05\n", ["line 1", "user", "no such column", "anna, 2026-01-05"]),
        ("user;at\na;2026-01-05\n", ["line 1", "user", "commas"]),
        ("user,at,at\n", ["line 1", "at", "twice"]),
        ("user,at,colour\n", ["line 1", "colour", "leave it out", "user, at, what"]),
        ("user,at\n", ["the rows", "nobody visits"]),
        ("user,at,what\na,2026-01-05,sign-out\n", ["the rows", "nobody visits"]),
        ("user,at\na,2026-01-05\na\n", ["line 3", "1 values", "write 2"]),
        ("user,at\na,2026-01-05,x\n", ["line 2", "3 values", "write 2"]),
        ("user,at\na,2026-01-05\n\n ,2026-01-05\n", ["line 4", "user", "nothing is there", "any name"]),
        ("user,at\na,\n", ["line 2", "at", "nothing is there", "2026-01-05T09:30:00"]),
        ("user,at\na,05.01.2026\n", ["line 2", "at", "'05.01.2026'", "2026-01-05T09:30:00"]),
        ("user,at\na,2026-02-29\n", ["line 2", "at", "'2026-02-29'"]),
        ("user,at\na,1767603600\n", ["line 2", "at", "'1767603600'"]),
        ("user,at\na,0001-01-01T00:00:00+14:00\n", ["line 2", "at", "0001-01-01"]),
        ("user,at,what\na,2026-01-05,refresh\n", ["line 2", "what", "'refresh'", "lost reply, replayed token"]),
        ("user,at,what\na,2026-01-05,theft\n", ["line 2", "what", "'theft'"]),
        ('user,at\n"a,2026-01-05\n', ["no CSV"]),
    ],
)
def test_a_mistake_in_visits_names_file_line_column_and_value_and_says_what_to_write(csv, text, says):
    with pytest.raises(DataError) as caught:
        from_visits(csv(text))
    for each in ("visits.csv", *says):
        assert each in str(caught.value)


def test_a_mistake_in_a_frame_names_its_row(tmp_path):
    frame = pd.DataFrame({"user": ["a", "a"], "at": [pd.Timestamp("2026-01-05"), pd.NaT]})
    with pytest.raises(DataError, match="the frame, row 1: at: nothing is there: write a date and time"):
        from_visits(frame)
    with pytest.raises(DataError, match="the frame, row 0: at: 7 is there: write a date and time"):
        from_visits(pd.DataFrame({"user": ["a"], "at": [7]}))
    with pytest.raises(DataError, match="the frame, its columns: at: there is no such column"):
        from_visits(pd.DataFrame({"user": ["a"]}))
    with pytest.raises(DataError, match=r"none\.csv, the file: there is none in"):
        from_visits(tmp_path / "none.csv")


def test_every_happening_but_a_theft_can_be_written():
    assert set(Happening) - set(WORDS.values()) == {Happening.THEFT, Happening.THIEF}
    for word in WORDS:
        assert word in (inspect.getdoc(Happening) or "") or word in [each.value for each in Happening]


def test_a_usage_is_what_the_simulation_takes(csv):
    """Structural: the protocol of simulation/steps."""
    usage: Steps = from_visits(csv("user,at\na,2026-01-05\n"))
    assert usage.plain in {True, False}
    assert datetime(2026, 1, 5, tzinfo=UTC).weekday() == 0


def test_of_a_folder_that_is_not_there_nothing_of_the_kit_is_read_instead(tmp_path):
    """A mistyped folder would otherwise go unnoticed."""
    with pytest.raises(DataError, match="elsewhere, the folder: there is none in"):
        oidc_lab.usages(tmp_path / "elsewhere")
