"""Says where a claim about a user comes from, and whether it still is so — OIDCC-5.1, OIDCC-5.4, OIDCC-5.5."""

import json
from typing import Any

from oidc_lab.relying_party.circumstances import MOMENTS, Circumstances, Source, Value, scope_of
from oidc_lab.relying_party.id_token import moment


def userinfo_value(name: str, value: Any, about: Circumstances) -> Value:
    """A claim in the answer of userinfo."""
    ways = []
    if scope_of(name) in (about.scopes or ()):
        ways.append((f"the scope {scope_of(name)}", "OIDCC-5.4"))
    if about.given is not None and name in about.given.asked_singly("userinfo"):
        ways.append(("the claims parameter, which asked for it in userinfo", "OIDCC-5.5"))
    if not ways:
        ways.append(("the claims parameter of a request that this lab did not send", "OIDCC-5.5"))
    source, clause = " and ".join(way for way, _ in ways), ways[0][1]
    at = moment(value) if name in MOMENTS else None
    return Value(name=name, value=value, source=source, clause=clause, since=still(name, value, about), at=at)


def still(name: str, value: Any, about: Circumstances) -> str:
    """Whether the user's attribute of this name is still what was told."""
    if about.user is None:
        return "there is no such user here now"
    if name not in about.user.claims:
        return "the user has none now"
    now = about.user.claims[name]
    if now == value:
        return f"the user's {name}, still the same"
    return f"the user's {name}, which is now {now if isinstance(now, str) else json.dumps(now, ensure_ascii=False)}"


def of_user(name: str, value: Any, about: Circumstances) -> Source:
    ways, clauses = [], []
    if about.rules.id_token_has_scope_claims and scope_of(name) in (about.scopes or ()):
        ways.append(f"the scope {scope_of(name)}, which the profile {about.profile.value} repeats in the ID Token")
        clauses.append("OIDCC-5.4")
    if about.given is not None and name in about.given.asked_singly("id_token"):
        ways.append("the claims parameter, which asked to have it in the ID Token")
        clauses.append("OIDCC-5.5")
    if not ways:
        ways.append(_unsent(name, about) or "rules that held when it was issued, and do not any more")
        clauses.append("OIDCC-5.5")
    return " and ".join(ways), clauses[0], still(name, value, about)


def _unsent(name: str, about: Circumstances) -> str:
    """What must have asked for a claim when nobody here saw the request."""
    if about.given is not None and about.given.asked is not None:
        return ""
    scope = f"the scope {scope_of(name)} or " if about.rules.id_token_has_scope_claims else ""
    return f"{scope}the claims parameter of a request that this lab did not send"
