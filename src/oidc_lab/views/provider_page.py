"""Shows the provider's page where the user must act: as it is, to fill in, or told in words — OIDCC-3.1.2.3."""

import re
from html.parser import HTMLParser

from oidc_lab.relying_party.stepping import ProviderPage, UserPassword
from oidc_lab.views import html

# The page has no script of its own here, and cannot leave its frame: what is sent is told to the kernel instead.
_HOOK = """
const d=this.contentDocument;
d.addEventListener('submit',e=>{e.preventDefault();const detail={to:e.target.getAttribute('action')||'',
values:JSON.stringify([...new FormData(e.target,e.submitter)])};
this.dispatchEvent(new CustomEvent('said',{bubbles:true,detail}))});
d.addEventListener('click',e=>{if(e.target.closest('a'))e.preventDefault()});
this.style.height='1px';this.style.height=(Math.ceil(d.documentElement.getBoundingClientRect().height)+4)+'px'
"""
_STYLESHEET = re.compile(r'<link rel="stylesheet"[^>]*>')
_SMALLER = "html{zoom:0.72}"
_HOW = "<p>Fill it in and send it there: what you send becomes the next message.</p>"
_BESIDE = "display:flex;flex-wrap:wrap;gap:8px 18px;max-width:1180px"
_FRAME = "width:100%;height:30em;border:1px solid var(--jp-border-color1,rgba(128,128,128,0.6));border-radius:8px"


def show(page: ProviderPage, beside: str, *, live: bool) -> str:
    """Show the page: live, in a frame from which its form can be sent; else its title, fields and buttons in words."""
    where = f"The user is at {html.code(page.url)}"
    if not live:
        return f"<div>{where}</div>{_told(page)}{beside}"
    hook = html.text(" ".join(_HOOK.split()))
    frame = (
        f'<iframe class="ol-page" data-do="fill" title="The provider&#x27;s page: {html.text(page.title)}" '
        f'style="{_FRAME}" sandbox="allow-same-origin allow-forms" srcdoc="{html.text(_with_style(page))}" '
        f'onload="{hook}"></iframe>'
    )
    aside = f'<div style="flex:1 1 14em"><div>{where}</div>{_HOW}{beside}</div>'
    return f'<div style="{_BESIDE}"><div style="flex:4 1 26em">{frame}</div>{aside}</div>'


def show_password(known: UserPassword | None) -> str:
    """Say what the picked user types, where the bench knows it."""
    if known is None:
        return ""
    typed = f"username {html.code(known.username)}, password {html.code(known.password)}"
    return f"<div>To sign in there, type test data of this lab: {typed}</div>"


def _with_style(page: ProviderPage) -> str:
    """The page with its stylesheet inside: the frame cannot ask a provider that lives in the kernel."""
    return _STYLESHEET.sub(lambda _: f"<style>{page.stylesheet}{_SMALLER}</style>", page.html)


def text(page: ProviderPage, known: UserPassword | None) -> list[str]:
    """The page in plain lines, with what the picked user types there."""
    read = _Words(page.html)
    lines = [f"the provider's page: {page.title}"]
    lines += [f"  {name}: {', '.join(said)}" for name, said in _named(read) if said]
    if known is not None:
        lines.append(f"  test data to type there: username {known.username}, password {known.password}")
    return lines


def _told(page: ProviderPage) -> str:
    rows = [(name, html.text(", ".join(said))) for name, said in _named(_Words(page.html)) if said]
    return html.card(f"<div>The provider's page: <b>{html.text(page.title)}</b></div>{html.table(rows)}")


def _named(read: "_Words") -> tuple[tuple[str, list[str]], ...]:
    return (("fields", read.labels), ("buttons", read.buttons))


class _Words(HTMLParser):
    """The labels of a page's fields, and what stands on its buttons."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.labels: list[str] = []
        self.buttons: list[str] = []
        self._into: list[str] | None = None
        self.feed(source)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        into = {"label": self.labels, "button": self.buttons}.get(tag)
        if into is not None:
            into.append("")
            self._into = into

    def handle_endtag(self, tag: str) -> None:
        if tag in {"label", "button"}:
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None and data.strip():
            self._into[-1] = f"{self._into[-1]} {data.strip()}".strip()
