"""Decides whether a redirect URI may be registered, and whether a request's matches it — OIDCC-3.1.2.1."""

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})

# A browser would run or read these instead of calling an application.
_NEVER = frozenset({"javascript", "data", "file", "about", "blob", "vbscript"})


def problem(uri: str) -> str | None:
    """Say in one sentence why `uri` cannot be registered; None when it can."""
    try:
        parts = urlsplit(uri)
    except ValueError as error:
        return f"it is not a URI ({error})"
    if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in uri):
        return "it contains a space or a control character"
    if not parts.scheme:
        return "it has no scheme, such as https://"
    if parts.scheme in _NEVER:
        return f"a browser would not send a user to a {parts.scheme}: address"
    if "#" in uri:
        return "it has a fragment (RFC6749-3.1.2)"
    return _web_problem(parts) if parts.scheme in {"http", "https"} else None


def _web_problem(parts: SplitResult) -> str | None:
    if not parts.hostname:
        return "it has no host"
    if parts.username is not None or parts.password is not None:
        return "it has a user name in front of the host"
    return None


def matches(uri: str, registered: Iterable[str], *, any_loopback_port: bool) -> bool:
    """Compare character by character — RFC9700-2.1; a native application may vary a loopback port — RFC8252-7.3."""
    registered = tuple(registered)
    if uri in registered:
        return True
    return any_loopback_port and any(_same_but_for_the_port(uri, each) for each in registered)


def _same_but_for_the_port(uri: str, registered: str) -> bool:
    try:
        one, other = urlsplit(uri), urlsplit(registered)
        _ = one.port  # reading it checks it
    except ValueError:
        return False
    if one.scheme != "http" or one.hostname not in LOOPBACK_HOSTS:
        return False
    same_host = one.hostname == other.hostname and one.username is None and one.password is None
    return same_host and (one.scheme, one.path, one.query, one.fragment) == (
        other.scheme,
        other.path,
        other.query,
        other.fragment,
    )
