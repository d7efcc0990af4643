"""Shows one setting of a form: the field it is typed in, and beside it what it does and what is wrong — OIDCR-2."""

from collections.abc import Sequence

from oidc_lab.domain.advice import Advice
from oidc_lab.domain.draft_fields import Field
from oidc_lab.domain.standing import Fault
from oidc_lab.domain.typed import Kind
from oidc_lab.views import html
from oidc_lab.views.controls import button, choice, text_field, tick

RED, GREEN, AMBER = "rgb(229,83,75)", "rgb(46,160,67)", "rgb(210,140,20)"
_ROWS = {Kind.LIST: 3, Kind.JSON: 4, Kind.TEXT: 2}
_MOST_ROWS, _LONGEST = 12, 80
_WIDTHS = {Kind.NUMBER: "8em", Kind.DURATION: "12em"}
# What works also when nobody says anything.
_WITH_DEFAULT = {Kind.SWITCH, Kind.NUMBER, Kind.DURATION, Kind.CHOICE}
# What stands beside it already.
_PLAIN = {"none", "on", "off"}
_HINTS = {
    Kind.LIST: "One on each line.",
    Kind.DURATION: "Such as 90 minutes or 1 hour.",
}


def show_field(field: Field, *, key: str) -> str:
    """Show what a setting is called and the field that it is typed in; `key` is what the ids begin with."""
    faded = "" if field.available else ";opacity:0.6"
    hint = " ".join(each for each in (field.meaning, _HINTS.get(field.kind, "")) if each)
    name, hint = (
        html.quiet(html.code(field.name)),
        f'<div style="opacity:0.75;margin-bottom:3px">{html.text(hint)}</div>',
    )
    off = field.fixed or ("" if field.available else field.effect)
    if field.kind is Kind.SWITCH:
        body = f"<div><b>{tick('enter', field.name, field.label, field.on, live=True, off=off)}</b> {name}</div>{hint}"
    else:
        control = _control(field, off, f"{key}{field.name}")
        body = f"<label><div><b>{html.text(field.label)}</b> {name}</div>{hint}{control}</label>"
    return f'<div style="padding:8px 0 4px 0{faded}">{body}</div>'


def show_said(field: Field, advices: Sequence[Advice] = (), *, live: bool, key: str = "") -> str:
    """Show what a setting does as it stands, whether that can be saved, and what will hurt."""
    lines = [
        _effect(field),
        *(_fault(each, field.touched) for each in field.faults),
        _ok(field),
        _theirs(field),
        _was(field),
    ]
    if not field.available and not field.by_default:
        lines.append(button("take away", "Take it away", live=live, name=field.name))
    # Of a value that cannot be saved nothing else is said.
    said = [] if field.faults else [show_advice(each, number, live=live) for number, each in enumerate(advices)]
    known = f' id="{html.text(key + field.name)}"' if key else ""
    return f'<div{known} style="padding:8px 0 4px 0;overflow-wrap:anywhere">{"".join([*lines, *said])}</div>'


def show_advice(advice: Advice, number: int, *, live: bool) -> str:
    """Show what will hurt, why, and what to do about it; it can be played where there is something to see."""
    of = "" if advice.value in _PLAIN else f"{html.code(advice.value)} "
    said = f"⚠ {of}<b>{html.text(advice.reason)}</b> {html.clause(advice.clause)}<div>{html.text(advice.remedy)}</div>"
    if advice.scenario is not None:
        said += button("play", "Show it", live=live, setting=advice.setting, which=str(number))
    return html.card(said, AMBER)


def show_value(field: Field) -> str:
    """Show what stands in a field, for who can only read it."""
    if field.kind is Kind.SWITCH:
        value = f"{'☑' if field.on else '☐'} {'on' if field.on else 'off'}"
    elif field.kind is Kind.CHOICE:
        value = html.text(dict(field.options).get(field.text, field.text))
    elif field.kind is Kind.JSON and field.text:
        value = html.block(field.text)
    else:
        value = "".join(f"<div>{html.code(each)}</div>" for each in field.text.split("\n") if each)
    return value + (html.quiet(" by default") if field.by_default and field.available else "")


def text_of(field: Field, advices: Sequence[Advice] = ()) -> list[str]:
    """One setting in plain lines."""
    value = ("on" if field.on else "off") if field.kind is Kind.SWITCH else ", ".join(field.text.split("\n"))
    where = ", by default" if field.by_default else ""
    if not field.available:
        where += ", not available"
    lines = [f"{field.label} ({field.name}): {value or 'none'}{where}"]
    lines += [f"    {field.effect}"] * bool(field.effect)
    lines += [f"    ✗ {each}" for each in field.faults]
    if not field.faults:
        lines += [f"    ⚠ {each.reason} ({each.clause}) {each.remedy}" for each in advices]
    return lines


def _control(field: Field, off: str, about: str) -> str:
    if field.kind is Kind.CHOICE:
        return choice("enter", field.name, field.label, field.options, field.text, live=True, off=off)
    least, width = _ROWS.get(field.kind, 1), _WIDTHS.get(field.kind, "100%")
    rows = least if least == 1 else max(least, min(field.text.count("\n") + 1, _MOST_ROWS))
    return text_field(
        "enter", field.name, field.label, field.text, live=True, rows=rows, off=off, width=width, about=about
    )


def _effect(field: Field) -> str:
    if not field.effect:
        return ""
    clause = html.clause(field.clause)
    if not field.available:
        return f'<div style="opacity:0.75"><b>Not available.</b> {html.text(field.effect)} {clause}</div>'
    default = f" {html.quiet('By default.')}" if field.by_default and field.kind in _WITH_DEFAULT else ""
    fixed = f" {html.quiet(html.text(field.fixed))}" if field.fixed else ""
    return f"<div>{html.text(field.effect)} {clause}{default}{fixed}</div>"


def _fault(fault: Fault, touched: bool) -> str:
    """Nobody is told off who has not typed yet."""
    said, colour = (
        (f"✗ {_where(fault)}{fault.rule}", RED) if touched else (f"○ Needed: {fault.rule}", "rgba(128,128,128,0.5)")
    )
    return f'<div style="border-left:4px solid {colour};padding-left:10px;margin:4px 0">{html.text(said)}</div>'


def _where(fault: Fault) -> str:
    return f"Line {fault.line}, {html.shortened(fault.value, _LONGEST)}: " if fault.line else ""


def _ok(field: Field) -> str:
    if not field.ok:
        return ""
    return f'<div style="border-left:4px solid {GREEN};padding-left:10px;margin:4px 0">✓ {html.text(field.ok)}</div>'


def _theirs(field: Field) -> str:
    if not field.theirs:
        return ""
    return html.card(f"Somebody else saved meanwhile: {html.code(field.theirs)}", AMBER)


def _was(field: Field) -> str:
    return f"<div>{html.quiet(f'Changed; saved is: {html.text(field.was)}')}</div>" if field.was else ""
