"""The card of a provider's policy: every parameter, source and doubt, escaped, also in plain text."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from oidc_lab import provider_policies, views
from oidc_lab.domain.policy_parameter import MEANING, matters, shown
from oidc_lab.domain.policy_words import sentences
from oidc_lab.domain.provider_policy import Confidence, ProviderPolicy, Source
from tests.views.reading import HOSTILE, KEPT, Page

POLICIES = provider_policies()
EACH = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)


@pytest.fixture(autouse=True)
def put_on() -> None:
    views.put_on()


def forms(policy: ProviderPolicy) -> Mapping[str, str]:
    """What a notebook shows of it, as text."""
    bundle = policy._repr_mimebundle_()
    return {"text/plain": bundle["text/plain"], "text/html": Page(bundle["text/html"]).text}


@EACH
def test_everything_that_is_known_of_a_policy_is_shown(policy: ProviderPolicy) -> None:
    """RFC9700-4.14.2"""
    page = Page(policy._repr_mimebundle_()["text/html"])
    assert set(page.tags) <= KEPT
    assert page.attribute("a", "href") == [each.url for each in policy.sources]
    said = [policy.title, policy.policy_id, policy.notes, policy.session_note, policy.confidence.words]
    said += [*sentences(policy), *policy.not_expressible, *policy.not_established, *policy.unverified.values()]
    said += [name for name in MEANING if matters(policy.policy, name)]
    said += [word for each in policy.sources for word in (each.title, each.figure, each.confidence.words)]
    for form in forms(policy).values():
        assert [each for each in said if each not in form] == []
        assert form.count("; this address is inferred") == sum(each.address_inferred for each in policy.sources)


@EACH
def test_a_value_that_is_not_established_stands_nowhere_without_its_mark(policy: ProviderPolicy) -> None:
    """RFC9700-4.14.2: doubt is text, not a colour."""
    page = Page(policy._repr_mimebundle_()["text/html"])
    rows = dict(zip(page.cells[::3], page.cells[1::3], strict=False))
    lines = forms(policy)["text/plain"].splitlines()
    for name, remark in policy.unverified.items():
        value = shown(policy, name)
        assert value.endswith(" ?")
        assert rows[name].startswith(value)
        assert "not established" in rows[name]
        assert remark in rows[name]
        assert any(each.startswith(f"    {name}: {value}") and "not established" in each for each in lines)
    for form in forms(policy).values():
        assert ("? mixed: " in form) == policy.doubtful
        for doubt in policy.doubts:
            assert f"? {doubt}" in form


def test_what_nobody_read_at_first_hand_says_so() -> None:
    """RFC9700-4.14.2"""
    second_hand = {name for name, each in POLICIES.items() if "nothing was read in the source" in str(forms(each))}
    assert second_hand == {"atlassian", "pingfederate", "supabase"}


def test_what_a_provider_lets_be_set_stands_beside_the_value() -> None:
    """RFC6749-6"""
    for name, says in (("logto-spa", "can be set from 1 day to 180 days"), ("hydra", "can be set: any, or -1 = never")):
        assert all(says in form for form in forms(POLICIES[name]).values())


def test_what_comes_from_outside_is_escaped() -> None:
    """CSP3-6: a word of a data file is never read as HTML, and no address but https becomes a link."""
    source = Source(title=HOSTILE, url="javascript:alert(1)", figure=HOSTILE, confidence=Confidence.MEMORY)
    words = {"policy_id": HOSTILE, "provider": HOSTILE, "variant": HOSTILE, "notes": HOSTILE, "session_note": HOSTILE}
    policy = replace(
        POLICIES["auth0-online"],
        **words,
        unverified={"idle": HOSTILE},
        allowed={"ttl": HOSTILE},
        not_established=(HOSTILE,),
        not_expressible=(HOSTILE,),
        sources=(source,),
    )
    page = Page(policy._repr_mimebundle_()["text/html"])
    assert set(page.tags) <= KEPT - {"img"}
    assert page.text.count(HOSTILE) == 12
    assert page.attribute("a", "href") == []
