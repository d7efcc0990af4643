"""What stands in the fields of an application's form: read, held to the settings' own rules, said what it does."""

from datetime import timedelta
from typing import Any

import pytest

from oidc_lab.domain.application import Application, ApplicationType, InvalidSetting
from oidc_lab.domain.draft_fields import Field, fields_of
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.setting import Given
from oidc_lab.domain.settings import SETTINGS, availability
from oidc_lab.domain.standing import Standing
from oidc_lab.domain.typed import KINDS, UNSET, read, write

SHOP = Application(
    client_id="shop",
    type=ApplicationType.TRADITIONAL,
    name="Shop",
    redirect_uris=("https://shop.example/callback", "http://shop.example/callback"),
    rotate_refresh_token=False,
    id_token_ttl=timedelta(minutes=90),
    custom_data={"team": ["a", 3]},
)


def standing(saved: Application | None = None, profile: Profile = Profile.DOCUMENTED, /, **typed: str) -> Standing:
    return Standing(saved=saved, typed=typed, profile=profile)


def field(
    which: str, saved: Application | None = None, profile: Profile = Profile.DOCUMENTED, /, **typed: str
) -> Field:
    return next(each for each in fields_of(standing(saved, profile, **typed)) if each.name == which)


def rules(which: str, text: str, profile: Profile = Profile.DOCUMENTED, /, kind: str = "Traditional") -> list[str]:
    return [each.rule for each in field(which, None, profile, **{"type": kind, which: text}).faults]


def test_every_setting_that_can_be_given_is_typed_and_secrets_apart() -> None:
    """OIDCR-2"""
    given = [name for name, each in SETTINGS.items() if each.given is not Given.NEVER]
    assert set(KINDS) == set(given) - {"secrets"}
    assert [each.name for each in fields_of(standing())] == [name for name in given if name != "secrets"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("name", "Photo Book", "Photo Book"),
        ("description", "", ""),
        ("redirect_uris", " https://a.example \r\n\n https://b.example", ("https://a.example", "https://b.example")),
        ("redirect_uris", "", ()),
        ("rotate_refresh_token", "on", True),
        ("rotate_refresh_token", "off", False),
        ("rotate_refresh_token", "", None),
        ("backchannel_logout_session_required", "", False),
        ("refresh_token_ttl_in_days", "30", 30),
        ("refresh_token_ttl_in_days", " ", None),
        ("refresh_token_ttl_in_days", "a month", "a month"),
        ("refresh_token_ttl_in_days", "٣٠", "٣٠"),
        ("id_token_ttl", "90 minutes", timedelta(minutes=90)),
        ("id_token_ttl", "1 Hour", timedelta(hours=1)),
        ("id_token_ttl", "2h", timedelta(hours=2)),
        ("id_token_ttl", "45 s", timedelta(seconds=45)),
        ("id_token_ttl", "3 days", timedelta(days=3)),
        ("id_token_ttl", "3600", timedelta(hours=1)),
        ("id_token_ttl", "999999999 days", timedelta(days=999999999)),
        ("id_token_ttl", "3 weeks", "3 weeks"),
        ("id_token_ttl", "", None),
        ("id_token_signed_response_alg", "EdDSA", "EdDSA"),
        ("backchannel_logout_uri", "", None),
        ("custom_data", '{"team": [1, null]}', {"team": [1, None]}),
        ("custom_data", "", {}),
        ("type", "SPA", ApplicationType.SPA),
    ],
)
def test_a_text_stands_for_a_value(name: str, text: str, value: object) -> None:
    """OIDCR-2"""
    found = read(name, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_saved_is_typed_as_it_reads_back(name: str) -> None:
    """OIDCR-2: so that a form which nobody touched changes nothing."""
    for application in (SHOP, Application(client_id="x", type=ApplicationType.SPA, name="x")):
        value = getattr(application, name)
        assert read(name, write(value)) == value
        assert not field(name, application).changed


def test_what_is_no_json_is_said_with_its_place() -> None:
    """RFC8259-2"""
    assert rules("custom_data", '{"team": 3') == ["it is no JSON: Expecting ',' delimiter (line 1, column 11)"]
    assert rules("custom_data", "[" * 100_000)[0].startswith("it is no JSON: ")
    assert rules("custom_data", "[1]") == ["it must be a JSON object"]
    assert rules("custom_data", '{"a": NaN}') == ["JSON has no number nan"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "x" * 257),
        ("name", "a\tb"),
        ("description", "\ud800"),
        ("refresh_token_ttl_in_days", 181),
        ("refresh_token_ttl_in_days", 0),
        ("id_token_ttl", timedelta(days=181)),
        ("backchannel_logout_uri", "https://shop.example/#x"),
        ("id_token_signed_response_alg", "none"),
        ("redirect_uris", ("javascript:alert(1)",)),
        ("cors_allowed_origins", ("https://shop.example/",)),
    ],
)
def test_a_field_has_the_rule_of_its_setting_and_no_other(name: str, value: Any) -> None:
    """OIDCR-2: what the application itself says of the value."""
    with pytest.raises(InvalidSetting) as refused:
        Application(**{"client_id": "x", "type": ApplicationType.TRADITIONAL, "name": "x", name: value})
    assert rules(name, write(value)) == [refused.value.rule]


def test_the_rules_of_the_profile_hold_too() -> None:
    """RFC9700-2.6"""
    uri = "http://shop.example/callback"
    assert rules("redirect_uris", uri) == []
    assert rules("redirect_uris", uri, Profile.STRICT) == ["it must be an https URI (RFC9700-2.6)"]


def test_a_list_is_judged_line_by_line() -> None:
    """OIDCC-3.1.2.1"""
    text = "https://a.example\n\njavascript:alert(1)\nhttps://b.example#x"
    faults = field("redirect_uris", type="SPA", redirect_uris=text).faults
    assert [(each.line, each.value) for each in faults] == [(3, "javascript:alert(1)"), (4, "https://b.example#x")]
    assert str(faults[1]) == "Line 4, https://b.example#x: it has a fragment (RFC6749-3.1.2)"
    assert rules("redirect_uris", "https://a.example\nhttps://a.example") == ["'https://a.example' stands there twice"]


def test_what_can_be_saved_of_a_list_is_looked_at_already() -> None:
    """OIDCC-3.1.2.1"""
    typed = {"redirect_uris": "https://a.example\njavascript:alert(1)", "name": "Shop", "id_token_ttl": "never"}
    made = standing(None, Profile.DOCUMENTED, **typed).application()
    assert (made.redirect_uris, made.name, made.id_token_ttl) == (("https://a.example",), "Shop", None)


def test_a_new_form_needs_a_name_and_nothing_else() -> None:
    """OIDCR-2"""
    assert [(each.name, each.touched) for each in fields_of(standing()) if each.faults] == [("name", False)]
    assert not [each for each in fields_of(standing(name="Shop")) if each.faults]


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("kind", ApplicationType)
def test_what_a_type_does_not_have_is_there_with_the_reason(kind: ApplicationType, profile: Profile) -> None:
    """OIDCR-2: the table of settings decides."""
    for each in fields_of(standing(None, profile, type=kind.value)):
        effect = availability(each.name, kind, profile)
        assert (each.available, each.clause) == (effect.available, effect.clause)
        if not each.available:
            assert each.effect == effect.sentence


def test_what_stands_in_a_field_that_the_type_does_not_have_is_refused_and_not_ignored() -> None:
    """OIDCR-2"""
    (rule,) = rules("rotate_refresh_token", "off", kind="SPA")
    assert rule.startswith("a single page app does not have it. It has no switch")
    (rule,) = rules("redirect_uris", "https://a.example\nhttps://b.example", kind="MachineToMachine")
    assert rule.startswith("a machine-to-machine application does not have it.")


def test_what_is_saved_is_not_asked_again() -> None:
    """RFC7592-2.2: as the provider does; another profile does not stand in the way of another change."""
    assert field("redirect_uris", SHOP, Profile.STRICT).faults == ()
    longer = f"{write(SHOP.redirect_uris)}\nhttps://other.example"
    assert [each.line for each in field("redirect_uris", SHOP, Profile.STRICT, redirect_uris=longer).faults] == [2]


@pytest.mark.parametrize(("text", "begins"), [("on", "On: a new token when 70 %"), ("off", "Off: the same token")])
def test_a_switch_says_what_it_does_as_it_stands(text: str, begins: str) -> None:
    """RFC9700-4.14.2"""
    assert field("rotate_refresh_token", type="Traditional", rotate_refresh_token=text).effect.startswith(begins)


def test_what_a_value_does_follows_the_value() -> None:
    """OIDCC-2"""
    assert field("id_token_ttl", type="SPA", id_token_ttl="5400").effect == "An ID Token lives 90 minutes."
    assert field("id_token_ttl", type="SPA").effect == "An ID Token lives 1 hour."
    assert field("id_token_ttl", type="SPA", id_token_ttl="never").effect == ""
    added = field("cors_allowed_origins", None, Profile.LOGTO, type="SPA", redirect_uris="https://a.example/callback")
    assert added.effect.endswith("That adds https://a.example.")


def test_a_type_says_what_it_means_on_the_wire() -> None:
    """RFC6749-2.1, RFC9700-2.1.1"""
    assert field("type", type="SPA").effect.endswith("authorization_code, refresh_token. PKCE is required.")
    assert field("type", type="Traditional").effect == (
        "Confidential: it has a secret. Its grant types: authorization_code, refresh_token."
    )
    assert field("type", None, Profile.STRICT, type="Traditional").effect.endswith("PKCE is required.")


def test_what_was_typed_and_can_be_saved_is_called_ok() -> None:
    """OIDCR-2"""
    assert field("redirect_uris", redirect_uris="https://a.example\nhttps://b.example").ok == "ok, 2 URIs"
    assert field("cors_allowed_origins", cors_allowed_origins="https://a.example").ok == "ok, 1 origin"
    assert field("name", name="Shop").ok == "ok"
    for quiet in (field("name"), field("name", SHOP), field("name", name="\t"), field("name", SHOP, name="Shop")):
        assert quiet.ok == ""


def test_a_change_says_what_is_saved() -> None:
    """RFC7592-2.2"""
    changed = field("id_token_ttl", SHOP, id_token_ttl="1 h")
    assert (changed.changed, changed.was) == (True, "90 minutes")
    assert field("always_issue_refresh_token", SHOP, always_issue_refresh_token="on").was == "off"
    same = field("id_token_ttl", SHOP, id_token_ttl="1.5 h")
    assert (same.changed, [each.rule for each in same.faults]) == (
        True,
        ["it must be a duration of whole seconds, from 1 second to 180 days"],
    )


def test_a_default_is_told_from_what_was_said() -> None:
    """OIDCR-2"""
    assert field("rotate_refresh_token", type="Traditional").by_default
    assert field("rotate_refresh_token", type="Traditional").on
    said = field("rotate_refresh_token", type="Traditional", rotate_refresh_token="on")
    assert (said.by_default, said.on) == (False, True)
    assert UNSET["rotate_refresh_token"] is None
