"""Turns a clause, written as the OpenID Foundation's test suite writes it, into a link — OIDCC, RFC6749, ...

A clause is a prefix and a section number: `OIDCC-3.1.3.7`, `RFC6749-4.1.2`. Fetch has no numbers that stay, so its
sections are cited by name: `FETCH-cors-check`.
"""

import re

_SECTION = re.compile(r"[0-9A-Z]+(\.[0-9]+)*")
_NAMED = re.compile(r"[a-z]+(-[a-z]+)*")
_FETCH = "FETCH"

_DOCUMENTS = {
    "OIDCC": ("OpenID Connect Core 1.0", "https://openid.net/specs/openid-connect-core-1_0.html"),
    "OIDCD": ("OpenID Connect Discovery 1.0", "https://openid.net/specs/openid-connect-discovery-1_0.html"),
    "OIDCR": (
        "OpenID Connect Dynamic Client Registration 1.0",
        "https://openid.net/specs/openid-connect-registration-1_0.html",
    ),
    "OIDCRIL": (
        "OpenID Connect RP-Initiated Logout 1.0",
        "https://openid.net/specs/openid-connect-rpinitiated-1_0.html",
    ),
    "OIDCBCL": (
        "OpenID Connect Back-Channel Logout 1.0",
        "https://openid.net/specs/openid-connect-backchannel-1_0.html",
    ),
    "OAFP": (
        "OAuth 2.0 Form Post Response Mode",
        "https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html",
    ),
    "OAMR": (
        "OAuth 2.0 Multiple Response Type Encoding Practices",
        "https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html",
    ),
    "OIDCEC": (
        "OpenID Connect Core Error Code unmet_authentication_requirements 1.0",
        "https://openid.net/specs/openid-connect-unmet-authentication-requirements-1_0.html",
    ),
    "CSP3": ("Content Security Policy Level 3", "https://www.w3.org/TR/CSP3/"),
    _FETCH: ("Fetch Standard", "https://fetch.spec.whatwg.org/"),
}


def title(clause: str) -> str:
    """Name the document and section of a clause: `OpenID Connect Core 1.0, section 3.1.3.7`."""
    document, section = _split(clause)
    name = f"RFC {document[3:]}" if document.startswith("RFC") else _DOCUMENTS[document][0]
    return f"{name}, {_part(section, document)} {section}" if section else name


def link(clause: str) -> str:
    """Give the address at which a clause can be read.

    Raises ValueError when the prefix is not one that this project cites.
    """
    document, section = _split(clause)
    if document.startswith("RFC"):
        address = f"https://www.rfc-editor.org/rfc/rfc{document[3:]}"
        return f"{address}#{_part(section)}-{section}" if section else address
    address = _DOCUMENTS[document][1]
    if document == _FETCH:
        return f"{address}#{section}" if section else address
    return f"{address}#rfc.section.{section}" if section else address


def _part(section: str, document: str = "") -> str:
    return "appendix" if section[0].isalpha() and document != _FETCH else "section"


def _split(clause: str) -> tuple[str, str]:
    document, dash, section = clause.partition("-")
    cited = document in _DOCUMENTS or (document.startswith("RFC") and document[3:].isdecimal())
    if cited and (not dash or (_NAMED if document == _FETCH else _SECTION).fullmatch(section)):
        return document, section
    raise ValueError(f"{clause!r} is no clause this project cites; the prefixes are {', '.join(_DOCUMENTS)}, RFC…")
