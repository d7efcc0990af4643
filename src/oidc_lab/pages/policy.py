"""What the browser may do on a page — Content Security Policy Level 3."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

# The callback is the relying party's own business and usually redirects on: to its start page, another
# origin, a development server. No list of origins made here could be complete, so these are let through.
_USUAL_TARGETS = ("https:", "http://127.0.0.1:*", "http://localhost:*")

# Schemes that run or show what the URL itself contains; no application lives behind them.
_NEVER_TARGETS = frozenset({"about", "blob", "data", "file", "filesystem", "javascript", "vbscript"})

_SCRIPT = re.compile(r"sha(256|384|512)-[A-Za-z0-9+/]+={0,2}", re.ASCII)
# One scheme or one origin. Nothing that matches can end a source (white space), a directive (;) or the
# policy (,), so a redirect URI cannot write into the header.
_SOURCE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//[A-Za-z0-9._-]+(:([0-9]+|\*))?)?", re.ASCII)


def content_security_policy(*, scripts: Sequence[str] = (), form_targets: Sequence[str] = ()) -> str:
    """Return the header's value; `scripts` are hashes, `form_targets` where a form may lead besides here."""
    directives = [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        " ".join(["form-action 'self'", *(_checked(_SOURCE, target) for target in form_targets)]),
    ]
    if scripts:
        directives.append(" ".join(["script-src", *(f"'{_checked(_SCRIPT, script)}'" for script in scripts)]))
    return "; ".join(directives)


def form_targets(redirect_uri: str) -> tuple[str, ...]:
    """Return the places a form may lead to when its answer redirects to this redirect URI.

    Chrome and Safari hold `form-action` against every redirect that follows a form post, not only against
    the form's own address (w3c/webappsec-csp issue 8, undecided since 2015). `'self'` alone would therefore
    stop a user between the consent page and the application, with nothing but a line in the console.
    A redirect URI that cannot be named safely adds nothing.
    """
    try:
        target = _target(urlsplit(redirect_uri))
    except ValueError:
        # Neither a port above 65535 nor half an IPv6 address is one a browser would follow.
        target = ""
    return (*_USUAL_TARGETS, target) if _SOURCE.fullmatch(target) else _USUAL_TARGETS


def _target(uri: SplitResult) -> str:
    host = uri.hostname or ""
    if uri.scheme in _NEVER_TARGETS or f"{uri.scheme}:" in _USUAL_TARGETS:
        return ""
    if uri.scheme != "http":
        return f"{uri.scheme}:"
    if host in {"127.0.0.1", "localhost"}:
        return ""
    if ":" in host:
        # A CSP source cannot name an IPv6 address (CSP3-2.3.1, host-part), and RFC8252-7.3 allows [::1].
        return "http:"
    return f"http://{host}" if uri.port is None else f"http://{host}:{uri.port}"


def _checked(pattern: re.Pattern[str], source: str) -> str:
    if not pattern.fullmatch(source):
        raise ValueError(f"not a source that a Content-Security-Policy may name: {source!r}")
    return source
