"""Writes the table of settings as text: setting, type, profile, effect."""

from collections.abc import Iterable

from oidc_lab.domain.application_type import LABEL, ApplicationType
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.setting import Case, Setting
from oidc_lab.domain.settings import SETTINGS


def markdown() -> str:
    """The table as Markdown; settings, types and profiles for which the same holds share a row."""
    rows: dict[Case, list[Setting]] = {}
    for setting in SETTINGS.values():
        for case in setting.cases:
            rows.setdefault(case, []).append(setting)
    head = ("| setting | type | profile | effect |", "|---|---|---|---|")
    return "\n".join((*head, *(_row(settings, case) for case, settings in rows.items()))) + "\n"


def _row(settings: Iterable[Setting], case: Case) -> str:
    names = ", ".join(f"{each.label} (`{each.name}`)" for each in settings)
    types = _names((LABEL[each] for each in ApplicationType if each in case.types), len(ApplicationType))
    profiles = _names((each.value for each in Profile if each in case.profiles), len(Profile))
    sentence = case.effect.sentence.replace("*", r"\*").replace("|", r"\|")
    effect = sentence if case.effect.available else f"*Not available.* {sentence}"
    return f"| {names} | {types} | {profiles} | {effect} ({case.effect.clause}) |"


def _names(names: Iterable[str], all_of_them: int) -> str:
    listed = list(names)
    return "all" if len(listed) == all_of_them else ", ".join(listed)
