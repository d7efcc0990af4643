"""Makes a provider's policy from one entry of the data file, and names the field that is wrong — RFC6749-6."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

from oidc_lab.domain.frozen import FrozenDict
from oidc_lab.domain.provider_policy import Allowed, ClientKind, Confidence, ProviderPolicy, Source
from oidc_lab.lab.policy_fields import (
    check_fields,
    duration,
    lifetime,
    one_of,
    or_none,
    refuse,
    switch,
    text,
    texts,
    words,
)
from oidc_lab.lab.policy_parameters import PARAMETERS, parameters
from oidc_lab.lab.policy_rules import check_rules

_REQUIRED = ("id", "provider", "variant", "client", "parameters", "sources", "confidence")
_FIELDS = (
    "id", "provider", "variant", "client", "sender_constrained", "parameters", "allowed_ranges", "sso_session",
    "sources", "confidence", "unverified", "not_established", "notes", "not_expressible",
)  # fmt: skip
_SOURCE = tuple(each.name for each in fields(Source))


def provider_policy(entry: Mapping[str, Any], defaults: Any) -> ProviderPolicy:
    """The policy of an entry; `defaults` has the parameters that it leaves out. Raises InvalidSetting."""
    check_fields("", entry, _FIELDS, required=_REQUIRED)
    session, note = _session(entry.get("sso_session"))
    read = ProviderPolicy(
        policy_id=text("id", entry["id"]),
        provider=text("provider", entry["provider"]),
        variant=text("variant", entry["variant"]),
        client=one_of(ClientKind)("client", entry["client"]),
        sender_constrained=or_none(switch)("sender_constrained", entry.get("sender_constrained")),
        policy=parameters(entry["parameters"], defaults),
        allowed=_allowed(entry.get("allowed_ranges", {})),
        session=session,
        session_note=note,
        sources=_sources(entry["sources"]),
        confidence=one_of(Confidence)("confidence", entry["confidence"]),
        unverified=_unverified(entry.get("unverified", {})),
        not_established=texts("not_established", entry.get("not_established", [])),
        notes=words("notes", entry.get("notes", "")),
        not_expressible=texts("not_expressible", entry.get("not_expressible", [])),
    )
    check_rules(read)
    return read


def _sources(given: Any) -> tuple[Source, ...]:
    if not isinstance(given, list) or not given:
        refuse("sources", given, "it must be a list with one source at least")
    return tuple(_source(f"sources[{number}]", each) for number, each in enumerate(given))


def _source(place: str, given: Any) -> Source:
    check_fields(place, given, _SOURCE, required=("title", "url", "figure", "confidence"))
    url = text(f"{place}.url", given["url"])
    if not url.startswith("https://") or any(each.isspace() for each in url):
        refuse(f"{place}.url", url, "it must be an address that begins with https://")
    confidence = one_of(Confidence)(f"{place}.confidence", given["confidence"])
    if confidence is Confidence.MIXED:
        refuse(f"{place}.confidence", "mixed", "a source is one of verified, verified-secondary, memory")
    return Source(
        title=text(f"{place}.title", given["title"]),
        url=url,
        figure=text(f"{place}.figure", given["figure"]),
        confidence=confidence,
        address_inferred=switch(f"{place}.address_inferred", given.get("address_inferred", False)),
    )


def _allowed(given: Any) -> Mapping[str, Allowed]:
    check_fields("allowed_ranges", given, PARAMETERS)
    return FrozenDict({name: _range(f"allowed_ranges.{name}", each) for name, each in given.items()})


def _range(place: str, value: Any) -> Allowed:
    if isinstance(value, str):
        return text(place, value)
    if not isinstance(value, list) or len(value) != 2:
        refuse(place, value, "it must be [least, most] in seconds, or text")
    least, most = (duration(place, each) for each in value)
    if least > most:
        refuse(place, value, "the first must not be above the second")
    return least, most


def _session(given: Any) -> tuple[Mapping[str, timedelta], str]:
    if given is None:
        return FrozenDict(), ""
    check_fields("sso_session", given, ("ttl", "idle", "absolute", "idle_nonpersistent", "idle_persistent", "note"))
    note = words("sso_session.note", given.get("note", ""))
    lifetimes = {name: lifetime(f"sso_session.{name}", each) for name, each in given.items() if name != "note"}
    return FrozenDict(lifetimes), note


def _unverified(given: Any) -> Mapping[str, str]:
    check_fields("unverified", given, PARAMETERS)
    return FrozenDict({name: or_none(text)(f"unverified.{name}", each) or "" for name, each in given.items()})
