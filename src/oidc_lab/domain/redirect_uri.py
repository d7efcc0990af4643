"""Decides whether a redirect URI may be registered, and whether a request's matches it — OIDCC-3.1.2.1."""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})

# RFC3986-2: everything else stands percent-encoded in a URI. Browsers read a backslash as a slash.
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]*")

# A browser would run or read these instead of calling an application.
_NEVER = frozenset({"javascript", "data", "file", "about", "blob", "vbscript"})


def problem(uri: str) -> str | None:
    """Say in one sentence why `uri` cannot be registered; None when it can."""
    # Characters first: urlsplit drops line breaks without a word.
    if wrong := _character_problem(uri):
        return wrong
    try:
        parts = urlsplit(uri)
        _ = parts.port  # reading it checks it
    except ValueError as error:
        return f"it is not a URI ({error})"
    if not parts.scheme:
        return "it has no scheme, such as https://"
    if parts.scheme in _NEVER:
        return f"a browser would not send a user to a {parts.scheme}: address"
    return _web_problem(parts) if parts.scheme in {"http", "https"} else None


def _character_problem(uri: str) -> str | None:
    if _CHARACTERS.fullmatch(uri):
        return None
    if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in uri):
        return "it contains a space or a control character"
    if "#" in uri:
        return "it has a fragment (RFC6749-3.1.2)"
    return "it contains a character that must be percent-encoded (RFC3986-2)"


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
    # What urlsplit drops before it compares, such as a line break or an empty fragment, is a difference all the same.
    if problem(uri) is not None:
        return False
    return any_loopback_port and any(_same_but_for_the_port(uri, each) for each in registered)


def _same_but_for_the_port(uri: str, registered: str) -> bool:
    one, other = urlsplit(uri), urlsplit(registered)
    if one.scheme != "http" or one.hostname not in LOOPBACK_HOSTS:
        return False
    return one.hostname == other.hostname and (one.scheme, one.path, one.query, one.fragment) == (
        other.scheme,
        other.path,
        other.query,
        other.fragment,
    )
