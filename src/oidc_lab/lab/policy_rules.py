"""Refuses a policy whose parameters contradict each other, or whose doubts contradict its confidence — RFC6749-6."""

from collections.abc import Iterator

from oidc_lab.domain.application import InvalidSetting
from oidc_lab.domain.provider_policy import Confidence, ProviderPolicy
from oidc_lab.domain.refresh_parameters import Anchor, RefreshPolicy, Rotate, Supersede

_OF_THE_TTL = (Rotate.AFTER_FRACTION, Rotate.WHEN_REMAINING)


def check_rules(read: ProviderPolicy) -> None:
    """Raises InvalidSetting for the first contradiction."""
    for name, value, rule in (*_of_clocks(read), *_of_leeway(read.policy), *_of_doubts(read)):
        raise InvalidSetting(name, value, rule)


def _of_clocks(read: ProviderPolicy) -> Iterator[tuple[str, object, str]]:
    policy, anchor = read.policy, read.policy.absolute_anchor
    if policy.rotate in _OF_THE_TTL and policy.ttl is None:
        yield "parameters.rotate", policy.rotate.value, "it needs a ttl, of which something can have passed or be left"
    if policy.extend_on_use and policy.ttl is None:
        yield "parameters.extend_on_use", True, "it needs a ttl that can be extended"
    if anchor is not Anchor.FIRST_TOKEN and policy.absolute is None and "absolute" not in read.unverified:
        yield "parameters.absolute_anchor", anchor.value, "there is no absolute lifetime that is counted from it"


def _of_leeway(policy: RefreshPolicy) -> Iterator[tuple[str, object, str]]:
    leeway = int(policy.leeway.total_seconds())
    if not leeway and policy.leeway_reuses is not None:
        yield "parameters.leeway_reuses", policy.leeway_reuses, "there is no leeway in which a token could come back"
    if leeway and policy.supersede is Supersede.KEEP:
        yield "parameters.leeway", leeway, "it needs tokens that are spent, and there are none where supersede is keep"
    # A provider with rotation switched off may still honour what it replaced before: then it also says until when.
    if leeway and policy.rotate is Rotate.NEVER and policy.rotate_until is None:
        yield "parameters.leeway", leeway, "it needs tokens that are replaced, and rotate is never"


def _of_doubts(read: ProviderPolicy) -> Iterator[tuple[str, object, str]]:
    if read.confidence is Confidence.VERIFIED and read.doubts:
        yield "confidence", "verified", f"it must be mixed, because this is not established: {read.doubts[0]}"
    if read.confidence is Confidence.MIXED and not read.doubts:
        yield "unverified", {}, "it must name what is not established where confidence is mixed"
