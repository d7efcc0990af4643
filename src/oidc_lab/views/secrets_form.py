"""Shows the secrets of an application in its form: those there are, one just made, the next — RFC6749-2.3.1."""

from datetime import datetime

from oidc_lab.domain.draft import Draft
from oidc_lab.domain.draft_secrets import DraftSecrets
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.views import html
from oidc_lab.views.controls import button, copier, row, text_field
from oidc_lab.views.setting_field import GREEN, RED, show_advice

_HEAD = ("name", "created", "expires", "delete")
NOBODY = "Nobody shows it again: copy it now, to where the application keeps it."


def show_secrets(draft: Draft, *, live: bool) -> str:
    """Show the secrets by name, what will hurt of them, and a way to delete each."""
    effect = SETTINGS["secrets"].effect(draft.preview.type, draft.profile)
    said = f"{html.text(effect.sentence)} {html.clause(effect.clause)}"
    heading = html.heading(html.text(SETTINGS["secrets"].label))
    if not effect.available:
        return f'{heading}<div style="opacity:0.75"><b>Not available.</b> {said}</div>'
    if draft.secrets is None:
        return f"{heading}<div>{said} The first one is made when the application is saved.</div>"
    rows = [_row(each, draft.secrets.now, live=live) for each in draft.secrets]
    table = html.table(rows, _HEAD) if rows else html.card("There is none: it cannot prove what it is.", RED)
    advices = enumerate(draft.advice.of("secrets"))
    hurts = "".join(show_advice(each, number, live=live) for number, each in advices)
    return f"{heading}<div>{said}</div>{table}{hurts}"


def show_made(draft: Draft) -> str:
    """Show the value of a secret that was just made; only in a live widget, and until it is put away."""
    made = draft.secrets.made if draft.secrets is not None else None
    if made is None:
        return ""
    value = row([html.code(made.value), copier(made.value, "Copy the secret")])
    away = button("put_away secret", "I have it", live=True)
    return html.card(f"<b>The secret {html.text(made.name)}</b>{value}<div>{NOBODY}</div>{away}", GREEN)


def show_next_secret(draft: Draft, *, key: str, live: bool = True) -> str:
    """Show the fields of the next secret."""
    if draft.secrets is None:
        return ""
    fields = (("name", "Name of a new secret", "14em"), ("days", "Days until it expires (none: never)", "6em"))
    typed = draft.secrets.typed
    cells = [
        f'<label style="display:inline-block"><div>{label}</div>'
        + text_field("enter secret", name, label, typed[name], live=live, width=width, about=f"{key}secret")
        + "</label>"
        for name, label, width in fields
    ]
    return row(cells)


def show_adding(draft: Draft, *, key: str = "", live: bool) -> str:
    """Show the button that makes the next secret, and why it cannot be pressed yet."""
    if draft.secrets is None:
        return ""
    faults = _said(draft.secrets)
    off = "Give it a name." if draft.secrets.faults and not faults else " ".join(faults)
    known = f' id="{html.text(key)}secret"' if key else ""
    marks = "".join(
        f'<div style="border-left:4px solid {RED};padding-left:10px;margin:4px 0">✗ {html.text(each)}</div>'
        for each in faults
    )
    why = "" if faults else html.quiet(off)
    return f"<div{known}>{marks}{button('add secret', 'Add a secret', live=live, off=off)} {why}</div>"


def secrets_text(draft: Draft) -> list[str]:
    """The secrets in plain lines."""
    now = draft.secrets.now if draft.secrets is not None else None
    rows = [f"    {each.name}: {_end(each, now)}" for each in draft.secrets or () if now is not None]
    return [f"{SETTINGS['secrets'].label}:", *rows] if rows else []


def _said(secrets: DraftSecrets) -> list[str]:
    """An empty form is not told off."""
    labels = {"name": "Name", "days": "Days"}
    return [f"{labels.get(name, name)}: {rule}" for name, rule in secrets.faults.items()] if secrets.begun else []


def _row(secret: Secret, now: datetime, *, live: bool) -> tuple[str, ...]:
    sure = html.text(f"Delete the secret {secret.name}? Requests that bring it are refused from then on.")
    sure += f"<div>{button('delete secret', 'Delete it for good', live=live, name=secret.name)}</div>"
    name = f"<b>{html.text(secret.name)}</b>"
    return name, _moment(secret.created_at), html.text(_end(secret, now)), html.fold("Delete…", sure)


def _end(secret: Secret, now: datetime) -> str:
    if secret.expires_at is None:
        return "never"
    return f"{_moment(secret.expires_at)}{', expired' if secret.expired(now) else ''}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
