"""Shows what the profiles make of an application's settings, and what is to be said against them — OIDCR-2."""

from oidc_lab.domain.advice import Advice, Advices
from oidc_lab.domain.differences import Difference, Differences
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.scenario import PLAYS
from oidc_lab.views import html

_ALIKE, _UNLIKE = "=", "≠"
_NAMES = "18em"  # the longest name of a setting breaks once


def differences_view(differences: Differences) -> dict[str, str]:
    """What a notebook shows of differences."""
    return {"text/plain": differences_text(differences), "text/html": show_differences(differences)}


def advices_view(advices: Advices) -> dict[str, str]:
    """What a notebook shows of advices."""
    return {"text/plain": advices_text(advices), "text/html": show_advices(advices)}


def show_differences(differences: Differences) -> str:
    """Show what each profile does with a setting; what all do alike is folded away."""
    head = ("setting", *(html.text(each.value) for each in Profile))
    unlike = [(_setting(each), *_effects(each)) for each in differences.disagreeing]
    alike = [(_setting(each), html.text(each.documented)) for each in differences if each.agree]
    shown = f"<div><b>{html.text(_summary(differences))}</b></div>"
    shown += html.table(unlike, head) if unlike else ""
    folded = html.table(alike, ("setting", "in all profiles"))
    return shown + (html.fold(f"{_counted(len(alike))} that all treat alike", folded) if alike else "")


def differences_text(differences: Differences) -> str:
    """Differences in plain lines."""
    return "\n".join([_summary(differences), *(line for each in differences for line in _lines(each))])


def show_advices(advices: Advices) -> str:
    """Show what will hurt, why, and what to do about it."""
    rows = [_advice(each) for each in advices]
    head = ("setting", "reason", "remedy", "a run that shows it")
    return f"<div><b>{html.text(_verdict(advices))}</b></div>{html.table(rows, head) if rows else ''}"


def advices_text(advices: Advices) -> str:
    """Advices in plain lines."""
    rows = [_verdict(advices)]
    for each in advices:
        rows += [f"{each.setting} = {each.value}", f"  {each.reason} ({each.clause})", f"  {each.remedy}"]
        rows += [f"  run: {each.scenario.value}"] if each.scenario is not None else []
    return "\n".join(rows)


def _summary(differences: Differences) -> str:
    unlike = len(differences.disagreeing) or "none"
    return f"{differences.client_id}: {_counted(len(differences))}, {unlike} of which the profiles treat differently"


def _counted(settings: int) -> str:
    return f"{settings} setting{'s' if settings != 1 else ''}"


def _setting(difference: Difference) -> str:
    default = "" if difference.is_set else f" {html.quiet('by default')}"
    label, value = html.text(difference.label), html.code(difference.value)
    return _narrow(f"<b>{label}</b>", html.quiet(html.code(difference.setting)), value + default, least=_NAMES)


def _effects(difference: Difference) -> list[str]:
    return [_narrow(html.text(difference.under(each))) for each in Profile]


def _narrow(*parts: str, least: str = "0") -> str:
    """Put one below the other, not narrower than `least`; addresses break anywhere when there is no room."""
    return "".join(f'<div style="overflow-wrap:anywhere;min-width:{least}">{part}</div>' for part in parts)


def _lines(difference: Difference) -> list[str]:
    mark = _ALIKE if difference.agree else _UNLIKE
    default = "" if difference.is_set else ", by default"
    head = f"{mark} {difference.label} ({difference.setting}): {difference.value}{default}"
    if difference.agree:
        return [head, f"    {difference.documented}"]
    return [head, *(f"    {each.value:11} {difference.under(each)}" for each in Profile)]


def _verdict(advices: Advices) -> str:
    said = f"{len(advices)} thing{'s' if len(advices) != 1 else ''} will hurt" if len(advices) else "nothing to advise"
    return f"{advices.client_id} under {advices.profile.value}: {said}"


def _advice(advice: Advice) -> tuple[str, str, str, str]:
    run = ""
    if advice.scenario is not None:
        played = html.quiet(html.text(PLAYS[advice.scenario]))
        run = _narrow(f"<b>{html.text(advice.scenario.value)}</b>", played)
    setting = _narrow(f"<b>{html.text(advice.setting)}</b>", html.code(advice.value), least=_NAMES)
    reason = f"{html.text(advice.reason)} {html.clause(advice.clause)}"
    return setting, _narrow(reason), _narrow(html.text(advice.remedy)), run
