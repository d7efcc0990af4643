"""Shows an application's form: its settings in groups, what can be done, where it finds the provider — OIDCR-2."""

from typing import Any

from oidc_lab.domain.application import LABEL
from oidc_lab.domain.catalog import Catalog
from oidc_lab.domain.draft import Draft
from oidc_lab.views import html
from oidc_lab.views.catalog import catalog_text, show_entries
from oidc_lab.views.controls import button, copier, row
from oidc_lab.views.secrets_form import secrets_text, show_secrets
from oidc_lab.views.setting_field import GREEN, show_said, show_value, text_of
from oidc_lab.views.widgets.bundle import bundle

TITLE = "Applications"
# Every setting that is typed, in the order in which one thinks of them.
GROUPS = {
    "What it is": ("type", "name", "description"),
    "Where users are sent, and who may call": (
        "redirect_uris", "post_logout_redirect_uris", "cors_allowed_origins",
    ),
    "Tokens": (
        "always_issue_refresh_token", "rotate_refresh_token", "refresh_token_ttl_in_days", "id_token_ttl",
        "id_token_signed_response_alg",
    ),
    "Back-channel logout": ("backchannel_logout_uri", "backchannel_logout_session_required"),
    "Your own": ("custom_data",),
}  # fmt: skip
_HEAD = ("setting", "value", "what it does")


def application_form_view(draft: Draft) -> dict[str, Any]:
    """What a notebook shows of a form."""
    static = {"text/plain": application_form_text(draft), "text/html": show_form(draft)}
    return bundle(draft, static, "application_form")


def show_form(draft: Draft) -> str:
    """Show the whole form at rest."""
    catalog = Catalog(draft)
    groups = "".join(_group(name, names, draft) for name, names in GROUPS.items())
    parts = (
        html.fold(html.text(TITLE), show_entries(catalog, live=False)),
        show_head(draft, live=False),
        groups,
        show_actions(draft, live=False),
        show_outcome(draft, live=False),
        show_secrets(draft, live=False),
        show_endpoints(draft, live=False),
        show_deletion(draft, live=False),
    )
    return f"<div>{''.join(parts)}</div>"


def application_form_text(draft: Draft) -> str:
    """A form in plain lines."""
    lines = [f"{title(draft)}; profile {draft.profile.value}"]
    for each in draft.fields:
        lines += text_of(each, draft.advice.of(each.name))
    lines += secrets_text(draft)
    lines += [f"{name}: {url}" for name, url in draft.endpoints.items()]
    lines += [draft.barred or "It can be saved.", catalog_text(Catalog(draft))]
    return "\n".join(lines)


def title(draft: Draft) -> str:
    """What the form is of."""
    saved = draft.application
    return "New application" if saved is None else f"{saved.name}, {LABEL[saved.type]}"


def show_head(draft: Draft, *, live: bool) -> str:
    """Show which application it is, and under which profile it is read."""
    known = html.quiet("It is given its client_id when it is saved.")
    if draft.application is not None:
        created = draft.application.created_at
        since = html.quiet(f"created {created:%Y-%m-%d %H:%M} UTC") if created else ""
        known = row([f"client_id {html.code(draft.client_id)}", _copied(draft, live=live), since])
    profile = f"What settings do is said for the profile <b>{html.text(draft.profile.value)}</b>."
    heading = '<div role="heading" aria-level="4" style="font-weight:bold;font-size:1.1em;overflow-wrap:anywhere">'
    return f"{heading}{html.text(title(draft))}</div><div>{known}</div><div>{html.quiet(profile)}</div>"


def show_group(name: str) -> str:
    """Show the heading of a group of settings."""
    line = "border-bottom:1px solid rgba(128,128,128,0.35);margin-top:14px;font-weight:bold"
    return f'<div role="heading" aria-level="5" style="{line}">{html.text(name)}</div>'


def show_actions(draft: Draft, *, live: bool) -> str:
    """Show what can be done with what was typed, and why it cannot be saved."""
    label = "Save" if draft.application else "Save the new application"
    cells = [button("save", label, live=live, first=True, off=draft.barred)]
    cells.append(button("undo", "Undo changes", live=live, off="" if draft.changed else "Nothing is changed."))
    # Beside what is at fault no advice stands.
    faulty = {each.setting for each in draft.faults}
    hurts = sum(each.setting not in faulty for each in draft.advice)
    cells.append(html.text(draft.barred or _to_save(draft)))
    if hurts:
        cells.append(html.quiet(f"⚠ {hurts} thing{'s' if hurts > 1 else ''} will hurt; see beside the settings."))
    return row(cells)


def show_outcome(draft: Draft, *, live: bool) -> str:
    """Show what became of the last thing done."""
    if not draft.notice:
        return ""
    named = row([f"client_id {html.code(draft.client_id)}", _copied(draft, live=live)]) if draft.client_id else ""
    return html.card(html.text(draft.notice) + named, GREEN)


def show_endpoints(draft: Draft, *, live: bool) -> str:
    """Show where the application finds the provider."""
    if not draft.endpoints:
        return ""
    rows = [
        (html.text(name), html.code(url), *([copier(url, f"Copy {name}")] if live else []))
        for name, url in draft.endpoints.items()
    ]
    body = html.table(rows, ("endpoint", "address", "copy") if live else ("endpoint", "address"))
    return html.fold("<b>Endpoints</b> of the provider, the same for every application", body)


def show_deletion(draft: Draft, *, live: bool) -> str:
    """Show what deletes the application, behind a step that asks whether that is meant."""
    if draft.application is None:
        return ""
    sure = f"Delete {draft.application.name} ({draft.client_id})? Its secrets, and every code, token and grant that was"
    body = f"<div>{html.text(f'{sure} given to it, go with it.')}</div>"
    return html.fold("Delete this application…", body + button("delete", "Delete it for good", live=live))


def _copied(draft: Draft, *, live: bool) -> str:
    return copier(draft.client_id, "Copy the client_id") if live else ""


def _to_save(draft: Draft) -> str:
    if draft.application is None:
        return "It can be saved."
    return f"To save: {', '.join(draft.field(name).label for name in draft.changed)}."


def _group(name: str, names: tuple[str, ...], draft: Draft) -> str:
    rows = []
    for each in map(draft.field, names):
        label = f"<b>{html.text(each.label)}</b><div>{html.quiet(html.code(each.name))}</div>"
        rows.append((label, show_value(each), show_said(each, draft.advice.of(each.name), live=False)))
    return html.heading(html.text(name)) + html.table(rows, _HEAD)
