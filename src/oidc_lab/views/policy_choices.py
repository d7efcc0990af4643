"""Shows what is chosen in an explorer: settings or a policy, and who uses it how — RFC9700-4.14.2."""

import re
from collections.abc import Sequence

from oidc_lab.domain.application import LABEL
from oidc_lab.domain.explored import SETTING, Figure, label
from oidc_lab.domain.policy_parameter import DOUBT, MEANING, NOT_ESTABLISHED
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.provider_policy import ProviderPolicy
from oidc_lab.domain.setting import in_words
from oidc_lab.domain.setting_rules import MAXIMUM_TTL_IN_DAYS
from oidc_lab.simulation.explorer import Explorer
from oidc_lab.views import html
from oidc_lab.views.controls import choice, tick
from oidc_lab.views.policies import show_policy

SETTINGS = ("type", "profile", "ttl", "rotate", "always", "offline")
USERS = ("usage", "users", "days")
CHOICES = ("policy", *SETTINGS, *USERS)
FIGURES = {
    Figure.SURVIVAL: "Many users", Figure.FAMILY: "One user", Figure.ROTATION: "New tokens",
    Figure.SWEEP: "Lifetime and visits", Figure.RACE: "Two tabs, lost replies",
}  # fmt: skip
_MANY = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
_LONG = (7, 30, 90, 180, 365, 730, 1825)
_RED, _QUIET = "rgb(229,83,75)", "opacity:0.8;font-size:0.92em"
# The slider and the number follow each other in the page, at once.
_BESIDE = "this.parentElement.querySelectorAll('input').forEach(each=>{each.value=this.value})"
STYLE = """<style>
.ol-figures{display:flex;flex-wrap:wrap;gap:4px 6px;margin:8px 0 6px}
.ol-figures label{display:inline-flex;align-items:center;gap:7px;padding:3px 10px;cursor:pointer;
 border:1px solid var(--jp-border-color1,rgba(128,128,128,0.6));border-radius:5px}
.ol-figures label:has(:checked){background:var(--jp-layout-color2,rgba(128,128,128,0.16));font-weight:600;
 border-color:var(--jp-brand-color1,#1a66b8)}
.ol-figures label:has(:focus-visible){outline:3px solid var(--jp-brand-color1,#1a66b8);outline-offset:1px}
.ol-figures input{margin:0}
.ol-frame .ol-ttl{display:flex;gap:8px;align-items:center}
.ol-frame .ol-ttl input[type=range]{flex:1 1 6em;min-width:5em;padding:0;accent-color:#1a66b8}
.ol-frame .ol-ttl input[type=number]{flex:none;width:5em}
.ol-frame .ol-choice select{width:100%}
.ol-said{margin:12px 0 4px;font-size:1.08em;line-height:1.5;max-width:60em}
</style>"""


def show_choice(model: Explorer, name: str, *, key: str = "") -> str:
    """Show what a choice is made with; settings are gone where a policy stands in their place."""
    if name in SETTINGS and model.of is not None:
        return ""
    return f'<div class="ol-choice">{_control(model, name, unavailable(model, name), f"{key}{name}")}</div>'


def show_said(model: Explorer, name: str, *, key: str = "") -> str:
    """Show what is wrong with what was typed for a choice, or why there is none."""
    if name in SETTINGS and model.of is not None:
        return ""
    said, off = "", unavailable(model, name)
    if fault := model.faults.get(name):
        style = f"border-left:4px solid {_RED};padding-left:10px"
        said = f'<div role="status" style="{style}">✗ {html.text(fault)}</div>'
    elif off:
        clause = html.clause(model.chosen.effect(name).clause)
        said = f'<div style="{_QUIET}"><b>Not available.</b> {html.text(off)} {clause}</div>'
    elif name == "usage":
        said = f'<div style="{_QUIET}">{html.text(model.usage.says)}</div>'
    return f'<div id="{html.text(key + name)}" style="overflow-wrap:anywhere;min-height:8px">{said}</div>'


def unavailable(model: Explorer, name: str) -> str:
    """Why a setting cannot be chosen; empty when it can."""
    if name not in SETTING:
        return ""
    effect = model.chosen.effect(name)
    return "" if effect.available else effect.sentence


def chosen_words(model: Explorer) -> list[tuple[str, str, str]]:
    """Every choice in words: what it is called, what is chosen, and what is to be said of that."""
    names = [name for name in CHOICES if name not in SETTINGS or model.of is None]
    return [(label(name), _in_words(model, name), unavailable(model, name)) for name in names]


def show_doubts(policy: ProviderPolicy | None) -> str:
    """Show whose policy it is, what of it is not established, and, folded, all about it."""
    if policy is None:
        return ""
    return html.card(
        "".join(f"<div>{html.text(line)}</div>" for line in doubt_lines(policy))
        + html.fold("All about this policy, and where it was read", show_policy(policy))
    )


def doubt_lines(policy: ProviderPolicy) -> list[str]:
    """How well a policy is known, and what of it is not."""
    sure = f"{DOUBT} " if policy.doubtful else ""
    asked = [_question(*each) for each in policy.unverified.items()]
    doubts = [f"{DOUBT} {NOT_ESTABLISHED}: {each}" for each in (*asked, *policy.not_established)]
    return [f"{sure}{policy.title}: {policy.confidence.words}.", *doubts]


def _question(parameter: str, remark: str) -> str:
    """What is not known, in words: what the parameter settles, its name, and what is known of it."""
    meaning = re.split("[:;.]", MEANING[parameter])[0]
    known = f": {remark}" if remark else ""
    return f"{meaning[0].lower()}{meaning[1:]} ({parameter}){known}"


def show_figures(model: Explorer, *, key: str) -> str:
    """Show the figures to choose from."""
    marks = "".join(_figure(model, each, key) for each in Figure)
    return f'<div role="radiogroup" aria-label="{label("figure")}" class="ol-figures">{marks}</div>'


def _figure(model: Explorer, figure: Figure, key: str) -> str:
    checked = " checked" if model.chosen.figure is figure else ""
    said = f'data-do="enter" data-name="figure" data-on="change" data-of="{figure.value}"'
    mark = f'<input type="radio" name="{html.text(key)}figure" value="{figure.value}" {said}{checked}>'
    return f"<label>{mark} {html.text(FIGURES[figure])}</label>"


def _control(model: Explorer, name: str, off: str, about: str) -> str:
    value, called = getattr(model.chosen, name), label(name)
    if isinstance(value, bool):
        return tick("enter", name, called, value and not off, live=True, off=off)
    if name == "ttl":
        return _titled(called, _slider(value, called, off, about))
    options = _options(model, name)
    return _titled(called, choice("enter", name, called, options, str(value), live=True, off=off))


def _titled(called: str, control: str) -> str:
    return f'<div style="{_QUIET}" aria-hidden="true">{html.text(called)}</div>{control}'


def _slider(value: int, called: str, off: str, about: str) -> str:
    said = f'data-do="enter" data-name="ttl" data-on="input" min="1" max="{MAXIMUM_TTL_IN_DAYS}" value="{value}"'
    said += f' oninput="{html.text(_BESIDE)}" aria-describedby="{html.text(about)}"{" disabled" if off else ""}'
    slider = f'<input type="range" {said} aria-label="{html.text(called)}">'
    number = f'<input type="number" {said} aria-label="{html.text(called)}, as a number">'
    return f'<div class="ol-ttl">{slider}{number}</div>'


def _options(model: Explorer, name: str) -> Sequence[tuple[str, str]]:
    value = getattr(model.chosen, name)
    if name == "policy":
        doubted = ((policy_id, f"{each.title}{f' {DOUBT}' if each.doubtful else ''}") for policy_id, each in
                   model.policies.items())  # fmt: skip
        return [("", f"The settings of {model.application.name}"), *doubted]
    if name == "usage":
        return [(usage_id, each.title) for usage_id, each in model.usages.items()]
    if name == "type":
        return [(each.value, LABEL[each]) for each in LABEL]
    if name == "profile":
        return [(each.value, each.value) for each in Profile]
    numbers = sorted({value, *(_MANY if name == "users" else _LONG)})
    return [(str(each), f"{each:,}") for each in numbers]


def _in_words(model: Explorer, name: str) -> str:
    value = getattr(model.chosen, name)
    if unavailable(model, name):
        return "not available"
    if isinstance(value, bool) or name == "ttl":
        return in_words(value)
    return dict(_options(model, name))[str(value)]
