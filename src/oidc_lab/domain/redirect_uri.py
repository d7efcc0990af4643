"""Decides whether a redirect URI may be registered, and whether a request's matches it — OIDCC-3.1.2.1.

A URI is stored as it was given. `problem` is what holds in every profile, `problem_in` what one adds for a type.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

from oidc_lab.domain import url
from oidc_lab.domain.application_type import ApplicationType
from oidc_lab.domain.profile import RULES, Matching, Profile, Rules
from oidc_lab.domain.url import Url
from oidc_lab.domain.wildcard import WILDCARD, host_fits, owned, stands_for

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})

# RFC3986-2: everything else stands percent-encoded in a URI. Browsers read a backslash as a slash.
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]*")

# An address of another form cannot be written into a Location header.
_HOST = re.compile(r"(?:[^.]{1,63}\.)*[^.]{1,63}\.?")

# A browser would run or read these instead of calling an application.
_NEVER = frozenset(
    {
        "javascript",
        "data",
        "file",
        "about",
        "blob",
        "vbscript",
        "filesystem",
        "view-source",
        "ws",
        "wss",
        "ftp",
        "mailto",
    }
)

_WEB = frozenset({"http", "https"})


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
    if parts.hostname and not _HOST.fullmatch(parts.hostname):
        return "its host has an empty label, or one of more than 63 characters (RFC1035-2.3.4)"
    if parts.scheme in _NEVER:
        return f"a browser would not send a user to a {parts.scheme}: address"
    return _web_problem(parts) if parts.scheme in _WEB else None


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


def problem_in(profile: Profile, uri: str, kind: ApplicationType) -> str | None:
    """Say why an application of type `kind` cannot register `uri` in a profile; None when it can."""
    return problem(uri) or _OF_PROFILE[profile](uri, kind)


def _documented(uri: str, kind: ApplicationType) -> str | None:
    """The product's page names no schemes; for native applications RFC8252-7 does."""
    if kind is ApplicationType.NATIVE:
        return _plain_problem(uri)
    return None if _scheme(uri) in _WEB else "a private-use scheme is for Native applications (RFC8252-7.1)"


def _logto(uri: str, _: ApplicationType) -> str | None:
    """As coded, the same for every type: application-model 1.4."""
    if _scheme(uri) in _WEB and url.has_dot_segments(uri):
        return "its path has a . or .. segment"
    return _wildcard_problem(uri) if WILDCARD in uri else None


def _wildcard_problem(uri: str) -> str | None:
    parts = urlsplit(uri)
    host = parts.hostname or ""
    if parts.scheme not in _WEB or WILDCARD in parts.query:
        return "a * may stand only in the host and the path of an http or https URI"
    if parts.netloc.startswith("["):
        return "a * cannot stand beside an IPv6 address"
    return "a host with a * must have a dot" if WILDCARD in host and "." not in host else None


def _strict(uri: str, kind: ApplicationType) -> str | None:
    if WILDCARD in uri:
        return "it has a *, and URIs are compared character by character (RFC9700-2.1)"
    if kind is not ApplicationType.NATIVE:
        return None if _scheme(uri) == "https" else "it must be an https URI (RFC9700-2.6)"
    if _scheme(uri) not in _WEB and "." not in _scheme(uri):
        return "a private-use scheme must be a domain name in reverse, so it has a dot (RFC8252-7.1)"
    return _plain_problem(uri)


_OF_PROFILE = {Profile.DOCUMENTED: _documented, Profile.LOGTO: _logto, Profile.STRICT: _strict}


def _plain_problem(uri: str) -> str | None:
    return "plain http is for the loopback (RFC8252-7.3)" if is_plain(uri) else None


def _scheme(uri: str) -> str:
    return urlsplit(uri).scheme


def is_plain(uri: str) -> bool:
    """Whether an answer sent there could be read on its way: http, and not to this machine — RFC9700-2.6."""
    parts = urlsplit(uri)
    return parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS


def matches(
    uri: str, registered: Iterable[str], *, any_loopback_port: bool, rules: Rules = RULES[Profile.DOCUMENTED]
) -> bool:
    """Compare as the rules say; a native application may vary a loopback port — RFC8252-7.3."""
    if rules.matching is Matching.NORMALISED:
        return _matches_normalised(uri, tuple(registered), any_loopback_port, rules)
    return _matches_exactly(uri, tuple(registered), any_loopback_port)


def _matches_exactly(uri: str, registered: tuple[str, ...], any_loopback_port: bool) -> bool:
    """Character by character — RFC9700-2.1."""
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


def _matches_normalised(uri: str, registered: tuple[str, ...], any_loopback_port: bool, rules: Rules) -> bool:
    """As browsers write them; a * stands for something only in what is registered."""
    if WILDCARD in uri or problem(uri) is not None:
        return False
    asked = url.read(uri)
    if any(_same(asked, url.read(each), rules) for each in registered):
        return True
    if not any_loopback_port or asked.scheme != "http" or (asked.host or "").strip("[]") not in LOOPBACK_HOSTS:
        return False
    return any(str(replace(asked, port=None)) == str(replace(url.read(each), port=None)) for each in registered)


def _same(asked: Url, registered: Url, rules: Rules) -> bool:
    if rules.wildcards and WILDCARD in str(registered):
        return _fits(asked, registered)
    return str(asked) == str(registered)


def _fits(asked: Url, pattern: Url) -> bool:
    """Scheme, port and query are the same; a * in the host stays within its label, one in the path does not."""
    same = (asked.scheme, asked.port, asked.query or "") == (pattern.scheme, pattern.port, pattern.query or "")
    host, known = asked.host or "", pattern.host or ""
    return same and owned(known) and host_fits(host, known) and stands_for(pattern.path, asked.path)
