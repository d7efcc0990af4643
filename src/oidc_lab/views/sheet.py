"""Shows an application as the present profile reads it, and a user with the claims — OIDCR-2, OIDCC-5.1."""

import json

from oidc_lab.domain.application import ONE
from oidc_lab.domain.differences import Difference
from oidc_lab.domain.sheet import Sheet
from oidc_lab.domain.user import User
from oidc_lab.views import html


def sheet_view(sheet: Sheet) -> dict[str, str]:
    """What a notebook shows of an application."""
    return {"text/plain": sheet_text(sheet), "text/html": show_sheet(sheet)}


def user_view(user: User) -> dict[str, str]:
    """What a notebook shows of a user."""
    return {"text/plain": user_text(user), "text/html": show_user(user)}


def show_sheet(sheet: Sheet) -> str:
    """Show each setting with its value and what that does."""
    rows = [_row(each, each.under(sheet.profile)) for each in sheet.rows]
    head = ("setting", "value", f"effect in the profile {html.text(sheet.profile.value)}")
    return f"<div><b>{html.text(_title(sheet))}</b></div>{html.table(rows, head)}"


def sheet_text(sheet: Sheet) -> str:
    """An application in plain lines."""
    lines = [f"{_title(sheet)}; profile {sheet.profile.value}"]
    for each in sheet.rows:
        default = "" if each.is_set else ", by default"
        lines += [f"{each.label} ({each.setting}): {each.value}{default}", f"    {each.under(sheet.profile)}"]
    return "\n".join(lines)


def show_user(user: User) -> str:
    """Show who it is and what an application can be told."""
    rows = [(html.code(name), html.code(written(value))) for name, value in user.claims.items()]
    table = html.table(rows, ("claim", "value")) if rows else html.quiet("no claims")
    return f"<div><b>{html.text(_named(user))}</b></div>{table}"


def user_text(user: User) -> str:
    """A user in plain lines."""
    claims = [f"    {name}: {written(value)}" for name, value in user.claims.items()]
    return "\n".join([_named(user), *(claims or ["    no claims"])])


def _title(sheet: Sheet) -> str:
    application = sheet.application
    return f"{application.client_id}: {application.name}, {ONE[application.type]}"


def _row(setting: Difference, effect: str) -> tuple[str, str, str]:
    name = f"<b>{html.text(setting.label)}</b><div>{html.quiet(html.code(setting.setting))}</div>"
    default = "" if setting.is_set else f" {html.quiet('by default')}"
    return name, html.code(setting.value) + default, html.text(effect)


def _named(user: User) -> str:
    return f"{user.sub}: {user.name}, username {user.username}"


def written(value: object) -> str:
    """A claim's value: text as it is, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
