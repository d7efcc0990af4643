"""Reads a URI as a browser does and writes it again: two spellings that a browser takes for one become one — RFC3986-6.

For URIs without a problem (domain/redirect_uri); what a browser would mend silently is a problem there.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address

_PARTS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.\-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_AUTHORITY = re.compile(r"(?:(.*)@)?(\[.*\][^:]*|[^:]*)(?::([0-9]*))?")

DEFAULT_PORTS = {"http": 80, "https": 443}

# What a browser calls the origin of everything that has none — RFC6454-6.1.
OPAQUE = "null"

_DOT = re.compile(r"\.|%2e", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Url:
    """The parts of a URI; a part that is not there is None, which is not the same as empty."""

    scheme: str
    user: str | None = None
    host: str | None = None
    port: int | None = None
    path: str = ""
    query: str | None = None
    fragment: str | None = None

    @property
    def origin(self) -> str:
        """The origin that a browser gives it — RFC6454-6.1."""
        return f"{self.scheme}://{self.host}{self._port}" if self.scheme in DEFAULT_PORTS else OPAQUE

    def __str__(self) -> str:
        ending = "".join(
            f"{mark}{part}" for mark, part in (("?", self.query), ("#", self.fragment)) if part is not None
        )
        if self.host is None:
            # A path that begins with // would be read as a host.
            return f"{self.scheme}:{'/.' if self.path.startswith('//') else ''}{self.path}{ending}"
        user = "" if self.user is None else f"{self.user}@"
        return f"{self.scheme}://{user}{self.host}{self._port}{self.path}{ending}"

    @property
    def _port(self) -> str:
        return "" if self.port is None else f":{self.port}"


def read(uri: str) -> Url:
    """The parts of a URI in the form in which they are compared: a port that is the scheme's own is None."""
    scheme, authority, path, query, fragment = _match(_PARTS, uri)
    scheme = (scheme or "").lower()
    user, host, port = (None, None, None) if authority is None else _match(_AUTHORITY, authority)
    number = int(port) if port else None
    return Url(
        scheme=scheme,
        user=user,
        host=None if host is None else _host(host, scheme),
        port=None if number == DEFAULT_PORTS.get(scheme) else number,
        path=_path(path or "", scheme, rooted=authority is not None),
        query=query,
        fragment=fragment,
    )


def has_dot_segments(uri: str) -> bool:
    """Whether its path has a step to the same folder or the one above, also percent-encoded — RFC3986-5.2.4."""
    return any(_dots(each) in {".", ".."} for each in (_match(_PARTS, uri)[2] or "").split("/"))


def _match(pattern: re.Pattern[str], text: str) -> tuple[str | None, ...]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no URI")
    return found.groups()


def _host(host: str, scheme: str) -> str:
    if host.startswith("["):
        try:
            return f"[{IPv6Address(host[1:-1]).compressed}]"
        except AddressValueError:
            return host.lower()
    # Only the schemes of the web have hosts whose case means nothing.
    return host.lower() if scheme in DEFAULT_PORTS else host


def _path(path: str, scheme: str, *, rooted: bool) -> str:
    if not path:
        return "/" if scheme in DEFAULT_PORTS else ""
    return _without_dots(path) if rooted or path.startswith("/") else path


def _dots(segment: str) -> str:
    return _DOT.sub(".", segment)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for number, segment in enumerate(segments, start=1):
        if _dots(segment) not in {".", ".."}:
            kept.append(segment)
            continue
        if _dots(segment) == ".." and kept:
            kept.pop()
        if number == len(segments):
            kept.append("")
    return "/" + "/".join(kept)
