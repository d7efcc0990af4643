"""Takes tokens apart for reading; nothing is verified here — RFC7519-3.1."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from oidc_lab.views import html
from oidc_lab.views.parameters import CLAIMS, MOMENTS

_SIGNATURE_SHOWN = 24
_LAST_MOMENT = 253402300799  # the end of the year 9999


@dataclass(frozen=True)
class Decoded:
    """A signed token in its three parts; a notebook shows each value with its meaning."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signature: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": text(self), "text/html": html.card(_table(self))}


def decode(token: str) -> Decoded | None:
    """Read a signed token; None when it is something else."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    header, claims = _object(parts[0]), _object(parts[1])
    if header is None or claims is None or "alg" not in header:
        return None
    return Decoded(header, claims, parts[2])


def show(name: str, token: str) -> str:
    """Show a token decoded; nothing when it is not a signed one."""
    decoded = decode(token)
    if decoded is None:
        return ""
    title = f"{html.code(name)} decoded {html.quiet('a signed token (JWT); anyone can read it')}"
    return html.part(title, _table(decoded))


def text(decoded: Decoded) -> str:
    """A token in plain lines."""
    rows = [("header", name, value) for name, value in decoded.header.items()]
    rows += [("claims", name, value) for name, value in decoded.claims.items()]
    shown = [f"{part:10}{name}: {_plain(name, value)}" for part, name, value in rows]
    return "\n".join([*shown, f"{'signature':10}{html.shortened(decoded.signature, _SIGNATURE_SHOWN)}"])


def moment(value: object) -> str | None:
    """Give seconds since 1970 as a date; None when they are none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_MOMENT:
        return None
    return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _table(decoded: Decoded) -> str:
    rows = [_row("header", key, value) for key, value in decoded.header.items()]
    rows += [_row("claims", key, value) for key, value in decoded.claims.items()]
    signature = html.code(html.shortened(decoded.signature, _SIGNATURE_SHOWN))
    rows.append(("signature", "", signature, html.quiet(f"{len(decoded.signature)} characters, of header and claims")))
    return html.table(rows, ("part", "name", "value", "meaning"))


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(name: str, value: Any) -> str:
    when = moment(value) if name in MOMENTS else None
    return _written(value) if when is None else f"{_written(value)} = {when}"


def _row(part: str, name: str, value: Any) -> tuple[str, str, str, str]:
    shown = html.code(_written(value))
    when = moment(value) if name in MOMENTS else None
    if when is not None:
        shown += f" = {html.text(when)}"
    meaning, anchor = CLAIMS.get(name, ("", ""))
    return part, html.code(name), shown, f"{meaning} {html.clause(anchor)}" if anchor else meaning


def _object(part: str) -> dict[str, Any] | None:
    try:
        read = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
