"""Makes a usage pattern from one entry of a data file, and names the parameter that is wrong."""

import re
from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from oidc_lab.lab.policy_fields import check_fields, refuse, text, whole
from oidc_lab.simulation.habits import Absences, HeavyTail
from oidc_lab.simulation.incidents import LostReplies, Tabs
from oidc_lab.simulation.steps import Steps
from oidc_lab.simulation.timetable import Timetable
from oidc_lab.simulation.usage import LONGEST_ROUND, Usage

DAY = 86400
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OF_ALL = ("usage_id", "title", "says", "kind")
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": DAY}
_SPAN = re.compile(rf"(\d{{1,9}}) ({'|'.join(_UNITS)})s?", re.ASCII)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Parameters = dict[str, Any]


def usage(entry: dict[str, Any]) -> Usage:
    """The usage pattern of an entry. Raises InvalidSetting."""
    kind = text("kind", entry.get("kind"))
    if kind not in _KINDS:
        refuse("kind", kind, f"it must be one of {', '.join(_KINDS)}")
    readers, make = _KINDS[kind]
    check_fields("", entry, (*_OF_ALL, *readers, "because"), required=(*_OF_ALL, *readers, "because"))
    check_fields("because", entry["because"], tuple(readers), required=tuple(readers))
    read = {name: readers[name](name, entry[name]) for name in readers}
    named = {name: text(name, entry[name]) for name in ("usage_id", "title", "says")}
    if not _ID.fullmatch(named["usage_id"]):
        refuse("usage_id", named["usage_id"], "it must have small letters, digits and hyphens between them alone")
    because = {name: text(f"because.{name}", each) for name, each in entry["because"].items()}
    return Usage(**named, pattern=make(read), because=because)


def _rounds(given: Parameters) -> Steps:
    every, less = given["every"], given["give_or_take"]
    if 2 * less > every:
        refuse("give_or_take", f"{less} seconds", f"it must not be more than half of every, {every // 2} seconds")
    return Timetable(period=every, starts=(-less,), spread=2 * less)


def _timetable(given: Parameters) -> Timetable:
    hours = given["until"] - given["from"]
    visits = given["visits_a_day"]
    if hours < visits:
        refuse(
            "until", f"{hours} seconds after from", f"it must be after from, by a second for each of {visits} visits"
        )
    first, length = given["days"][0], hours // visits
    starts = tuple((day - first) * DAY + slot * length for day in given["days"] for slot in range(visits))
    return Timetable(period=7 * DAY, starts=starts, spread=length)


def _absences(given: Parameters) -> Steps:
    days = {}
    for name in ("shortest_absence", "longest_absence"):
        days[name], rest = divmod(given[name], DAY)
        if rest or not days[name]:
            refuse(name, f"{given[name]} seconds", "it must be whole days, one at least")
    a_year, shortest, longest = given["absences_a_year"], days["shortest_absence"], days["longest_absence"]
    if longest < shortest:
        refuse("longest_absence", f"{longest} days", f"it must not be shorter than shortest_absence, {shortest} days")
    if a_year * (longest + 1) > 365:
        refuse("absences_a_year", a_year, f"a year has no room for so many absences of {longest} days")
    return Absences(timetable=_timetable(given), a_year=a_year, shortest=shortest, longest=longest)


def _lost_replies(given: Parameters) -> Steps:
    return LostReplies(timetable=_timetable(given), share=given["share_of_days"], mean_delay=given["mean_delay"])


def _tabs(given: Parameters) -> Steps:
    return Tabs(
        timetable=_timetable(given),
        share=given["share_of_visits"],
        mean_gap=given["mean_gap"],
        longest_gap=given["longest_gap"],
    )


def _heavy_tail(given: Parameters) -> Steps:
    return HeavyTail(shortest=given["shortest_gap"], tail=given["tail"])


def _seconds(least: int) -> Callable[[str, Any], int]:
    def read(name: str, value: Any) -> int:
        found = _SPAN.fullmatch(value) if isinstance(value, str) else None
        seconds = int(found[1]) * _UNITS[found[2]] if found else -1
        if not least <= seconds <= LONGEST_ROUND:
            units = "a number and a unit in quotes, such as 90 seconds, 15 minutes, 1 hour or 7 days"
            refuse(name, value, f"it must be {units}, from {least} seconds to {LONGEST_ROUND // DAY} days")
        return seconds

    return read


def _number(least: float, most: float) -> Callable[[str, Any], float]:
    def read(name: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            refuse(name, value, f"it must be a number from {least} to {most}")
        return value

    return read


def _time(name: str, value: Any) -> int:
    if not isinstance(value, time) or value.microsecond:
        refuse(name, value, "it must be a time of day without quotes, such as 09:00:00")
    return value.hour * 3600 + value.minute * 60 + value.second


def _days(name: str, value: Any) -> tuple[int, ...]:
    rule = f"it must be a list of days, each once: {', '.join(WEEK)}"
    if not isinstance(value, list) or not value or any(each not in WEEK for each in value):
        refuse(name, value, rule)
    if len(set(value)) < len(value):
        refuse(name, value, rule)
    return tuple(sorted(WEEK.index(each) for each in value))


_DAYS = {"days": _days, "from": _time, "until": _time, "visits_a_day": whole(1)}
_KINDS: Mapping[str, tuple[Mapping[str, Callable[[str, Any], Any]], Callable[[Parameters], Steps]]] = {
    "rounds": ({"every": _seconds(1), "give_or_take": _seconds(0)}, _rounds),
    "days": (_DAYS, _timetable),
    "absences": (
        {
            **_DAYS,
            "absences_a_year": whole(1),
            "shortest_absence": _seconds(DAY),
            "longest_absence": _seconds(DAY),
        },
        _absences,
    ),
    "lost replies": ({**_DAYS, "share_of_days": _number(0.0001, 1), "mean_delay": _seconds(1)}, _lost_replies),
    "tabs": (
        {**_DAYS, "share_of_visits": _number(0.0001, 1), "mean_gap": _seconds(1), "longest_gap": _seconds(0)},
        _tabs,
    ),
    "heavy tail": ({"shortest_gap": _seconds(1), "tail": _number(0.1, 10)}, _heavy_tail),
}
