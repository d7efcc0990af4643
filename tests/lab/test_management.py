"""The provider's management from Python: the same words for a lab of one's own and for one that is served — OIDCR-2."""

import base64
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType, InvalidSetting
from oidc_lab.domain.profile import Profile
from oidc_lab.serve import provider as served

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}
URI = "https://mine.example/callback"


@pytest.fixture(params=["in process", "served"])
def lab(request):
    """A bench at a provider of its own, and one at a provider on a port."""
    if request.param == "in process":
        with Lab() as own:
            yield own
    else:
        offer = served.read_offer(seed=7)
        with served.serve(offer, 0) as server, Lab.connect(server.url, offer.token) as connected:
            yield connected


@pytest.fixture
def mine(lab):
    return lab.applications.create(name="Mine", type="Traditional", redirect_uris=[URI])


# -- applications


def test_applications_are_listed_read_and_counted(lab):
    assert list(lab.applications) == ["web-shop", "photo-album", "city-guide", "night-report"]
    assert repr(lab.applications) == "applications: web-shop, photo-album, city-guide, night-report"
    assert len(lab.applications) == 4
    assert "web-shop" in lab.applications
    shop = lab.applications["web-shop"]
    assert isinstance(shop, Application)
    assert (shop.type, shop.confidential) == (ApplicationType.TRADITIONAL, True)
    for unknown in ("nobody", "", ".", "..", "a/b", "\0", 5):
        with pytest.raises(KeyError, match="there are web-shop, photo-album"):
            lab.applications[unknown]
        assert unknown not in lab.applications


def test_they_come_as_a_table(lab):
    table = lab.applications.table()
    assert list(table.index) == list(lab.applications)
    assert table.loc["web-shop", "type"] == "Traditional"
    assert "client_secret" not in table.columns


def test_one_that_is_created_is_ready_to_sign_in_to(lab, mine):
    """OIDCR-3.2.1: the bench remembers the secret that is shown once."""
    assert len(mine.client_secret) == 43
    assert mine.client_secret not in repr(mine)
    for named in (mine, mine.client_id, lab.applications[mine.client_id]):
        assert lab.sign_in(named, "anna").finish().result.claims["aud"] == mine.client_id


def test_the_secrets_of_the_data_are_known(lab):
    assert lab.sign_in("web-shop", "anna").finish().finished
    assert lab.client_credentials("night-report").finish().finished


def test_a_change_gives_the_new_one_and_counts_in_the_next_run(lab, mine):
    changed = mine.update(redirect_uris=["https://other.example/cb"], id_token_ttl=timedelta(minutes=5), name="New")
    assert (mine.name, changed.name, changed.id_token_ttl) == ("Mine", "New", timedelta(minutes=5))
    assert changed.client_secret == mine.client_secret
    assert lab.applications[mine.client_id] == changed
    run = lab.sign_in(mine.client_id, "anna").finish()
    assert run.title.endswith("signs in to New")
    assert run.result.claims["exp"] - run.result.claims["iat"] == 300
    assert changed.update(id_token_ttl=None).id_token_ttl is None


def test_a_change_of_one_that_the_bench_brought_counts_too(lab):
    """Its own copy, with which a run begins, follows."""
    lab.applications["web-shop"].update(name="New")
    assert lab.sign_in("web-shop", "anna").finish().title == "Anna Lindqvist signs in to New"
    lab.users["anna"].update(claims={"name": "Anna"})
    assert lab.sign_in("web-shop", "anna").finish().title == "Anna signs in to New"


@pytest.mark.parametrize(
    ("settings", "setting", "rule"),
    [
        ({"refresh_token_ttl_in_days": 400}, "refresh_token_ttl_in_days", "from 1 to 180"),
        ({"redirect_uris": ["javascript:x"]}, "redirect_uris", "javascript"),
        ({"client_id": "other"}, "client_id", "never changed"),
        ({"nmae": "x"}, "nmae", "there is no such field"),
    ],
)
def test_a_mistake_is_named_as_for_an_application_of_ones_own(mine, settings, setting, rule):
    with pytest.raises(InvalidSetting, match=rule) as caught:
        mine.update(**settings)
    assert caught.value.setting == setting


def test_all_mistakes_are_told(mine):
    with pytest.raises(InvalidSetting) as caught:
        mine.update(nmae="x", id_token_ttl=0)
    assert {caught.value.setting, caught.value.__notes__[0].split(":")[0]} == {"nmae", "id_token_ttl"}


def test_one_of_ones_own_is_registered_with_all_it_has(lab):
    """OIDCR-2"""
    own = Application(
        client_id="own", type=ApplicationType.TRADITIONAL, name="Own", redirect_uris=(URI,), client_secret="brought",
        id_token_ttl=timedelta(minutes=1), custom_data={"a": [1]},
    )  # fmt: skip
    registered = lab.register(own)
    assert {name: getattr(registered, name) for name in own.given} == {name: getattr(own, name) for name in own.given}
    assert lab.sign_in("own", "anna").finish().finished
    with pytest.raises(ValueError, match="give it another client_id"):
        lab.register(own)
    bare = lab.register(replace(own, client_id="bare", client_secret=None))
    assert (bare.client_secret, len(bare.secrets)) == (None, 0)


def test_what_is_deleted_is_gone(lab, mine):
    mine.delete()
    assert mine.client_id not in lab.applications
    with pytest.raises(KeyError):
        lab.sign_in(mine.client_id, "anna")
    run = lab.sign_in(mine, "anna").finish()
    assert lab.why(run).causes[0].code == "client_unknown"
    with pytest.raises(KeyError):
        lab.applications.delete("nobody")


def test_secrets_are_replaced_without_a_pause(lab, mine):
    """RFC6749-2.3.1"""
    second = mine.secrets.create("Second", days=30)
    assert second.expires_at - second.created_at == timedelta(days=30)
    assert second.value not in repr(second)
    assert [each.name for each in mine.secrets] == ["Default secret", "Second"]
    assert repr(mine.secrets) == "secrets: Default secret, Second"
    assert list(mine.secrets.table()["name"]) == ["Default secret", "Second"]
    for each in (mine, replace(mine, client_secret=second.value)):
        assert lab.sign_in(each, "anna").finish().finished
    mine.secrets.delete("Default secret")
    assert lab.why(lab.sign_in(mine, "anna").finish()).causes[0].code == "secret_wrong"
    assert lab.sign_in(replace(mine, client_secret=second.value), "anna").finish().finished
    with pytest.raises(LookupError, match="there is no secret 'Default secret'"):
        mine.secrets.delete("Default secret")


def test_advice_is_about_the_present_profile_and_its_secrets(lab, mine):
    assert {"post_logout_redirect_uris", "secrets"} <= {each.setting for each in mine.advice()}
    assert mine.advice().profile is Profile.DOCUMENTED
    lab.profile = "strict"
    assert mine.advice().profile is Profile.STRICT
    assert mine.advice(Profile.LOGTO).profile is Profile.LOGTO
    assert not mine.differences().of("rotate_refresh_token").agree


# -- users


def test_users_are_listed_and_read(lab):
    assert repr(lab.users) == "users: anna, ben, chiara, dai, emily, farah"
    assert lab.users["anna"].name == "Anna Lindqvist"
    assert lab.users["anna"].claims["address"]["country"] == "Sweden"
    assert list(lab.users.table().index) == list(lab.users)


def test_a_user_is_created_changed_and_deleted(lab):
    zoe = lab.users.create("zoe", claims={"name": "Zoe"})
    assert lab.sign_in("web-shop", zoe).finish().result.sub == zoe.sub
    assert lab.sign_in("web-shop", zoe.sub).finish().finished
    changed = zoe.update(claims={"name": "Zoë"}, password="a-test-password")
    assert (changed.name, lab.passwords[zoe.sub]) == ("Zoë", "a-test-password")
    assert "a-test-password" not in repr(changed)
    assert [each.key for each in zoe.log()][-1] == "User.Update"
    changed.delete()
    assert zoe.sub not in lab.users
    with pytest.raises(ValueError, match="already"):
        lab.users.create("anna")


def test_one_with_a_password_types_it(lab):
    """OIDCC-3.1.2.3"""
    zoe = lab.users.create("zoe", password="a-test-password", sub="zoe")
    assert lab.sign_in("web-shop", zoe, password=lab.passwords["zoe"]).finish().result.sub == "zoe"
    other = lab.users.create("yan", password="a-test-password")
    assert lab.sign_in("web-shop", other).finish().refusal.error == "no_shortcut"
    assert lab.why(lab.sign_in("web-shop", other, password="wrong").finish()).causes[0].code == "password_wrong"


# -- what was given


def test_a_grant_is_listed_with_when_its_tokens_end_and_taken_away(lab):
    """RFC7009-2: what was given because of it ends at once."""
    signed_in = lab.sign_in("photo-album", "anna", **OFFLINE).finish()
    lab.sign_in("web-shop", "ben").finish()
    [grant] = lab.grants.find(sub="anna", client_id="photo-album")
    assert grant.scopes == {"openid", "offline_access"}
    [token] = grant.refresh_tokens
    assert round((token.ends_at - token.issued_at) / timedelta(days=14), 6) == 1
    assert token.because == "refresh_token_expired"
    assert list(lab.grants.table()["refresh_tokens"]) == [1, 0]
    assert len(lab.grants) == 2
    assert "anna lets photo-album have offline_access openid" in repr(lab.grants)
    assert lab.refresh("photo-album", "anna", signed_in=signed_in).finish().finished
    grant.revoke()
    assert [each.sub for each in lab.grants] == ["ben"]
    refused = lab.userinfo("photo-album", "anna", signed_in=signed_in).finish()
    assert dict(lab.why(refused).causes[0].details)["because"] == "grant_revoked"
    assert lab.audit_log.entries(key="RevokeGrant")[0].details == {"families_ended": 1}
    with pytest.raises(LookupError, match="there is no grant"):
        grant.revoke()


def test_a_session_is_listed_and_ended_as_by_a_sign_out(lab):
    """OIDCC-11: what is offline stays."""
    online, offline = lab.sign_in("photo-album", "anna").finish(), lab.sign_in("web-shop", "anna", **OFFLINE).finish()
    lab.sign_in("web-shop", "ben").finish()
    [session] = lab.sessions.find(sub="anna")
    assert session.user_agent.startswith("oidc-lab")
    assert list(lab.sessions.table()["sub"]) == ["anna", "ben"]
    assert repr(lab.sessions).startswith("2 sessions\nanna until")
    session.end()
    assert [each.sub for each in lab.sessions] == ["ben"]
    assert lab.sign_in("web-shop", "anna", prompt="none").finish().refusal.error == "login_required"
    assert lab.userinfo("photo-album", "anna", signed_in=online).finish().refusal is not None
    assert lab.refresh("web-shop", "anna", signed_in=offline).finish().finished
    with pytest.raises(LookupError, match="there is no session"):
        session.end()


# -- the log


def test_the_log_is_filtered_and_comes_as_a_table(lab):
    """RFC9700-2.6"""
    lab.sign_in("web-shop", "anna").finish()
    lab.sign_in("photo-album", "ben", prompt="none").finish()
    table = lab.audit_log.table()
    assert list(table["key"])[:3] == ["SignIn", "Consent", "Authorization"]
    assert set(table["application"]) == {"web-shop", "photo-album"}
    assert list(table.index) == list(range(1, len(table) + 1))
    [wrong] = lab.audit_log.entries(result="Error")
    assert (wrong.client_id, wrong.reason, wrong.error) == ("photo-album", "login_required", "login_required")
    assert set(lab.audit_log.table(sub="anna")["user"]) == {"anna"}
    assert lab.applications["photo-album"].log().entries() == [wrong]
    first = lab.audit_log.entries()[0]
    assert lab.audit_log.entries(until=first.at - timedelta(seconds=1)) == []
    assert wrong in lab.audit_log.entries(since=wrong.at)
    assert len(lab.audit_log.table(key="Consent")) == 1
    assert lab.audit_log.table(client_id="nobody").empty
    assert "login_required" in lab.audit_log._repr_html_()
    assert "photo-album: login_required" in repr(lab.audit_log)


def test_a_long_log_is_read_page_by_page(lab, monkeypatch):
    monkeypatch.setattr("oidc_lab.lab.audit_log._AT_ONCE", 2)
    lab.sign_in("web-shop", "anna").finish()
    entries = lab.audit_log.entries()
    assert len(entries) > 3
    assert [each.number for each in entries] == list(range(1, len(entries) + 1))
    assert lab.audit_log.last_number == len(entries)


def test_no_secret_code_or_token_is_in_the_log(lab, mine):
    """RFC9700-2.6"""
    run = lab.sign_in(mine, "anna", **OFFLINE).finish()
    lab.refresh(mine, "anna", signed_in=run).finish()
    lab.introspect(mine, run.result.tokens.access_token).finish()
    lab.revoke(mine, run.result.tokens.access_token).finish()
    text = lab.audit_log.table().to_csv()
    tokens = run.result.tokens
    assert not any(
        each in text for each in (mine.client_secret, tokens.access_token, tokens.refresh_token, tokens.id_token)
    )


# -- the profile


def test_the_profile_is_changed_while_it_runs(lab):
    assert lab.profile is Profile.DOCUMENTED
    for chosen in ("logto", Profile.STRICT):
        lab.profile = chosen
        assert lab.profile == chosen
    assert lab.audit_log.entries(key="Profile.Update")[0].details == {"before": "documented", "after": "logto"}
    for wrong in ("", "Logto", None, 5):
        with pytest.raises(ValueError, match="there are documented, logto, strict"):
            lab.profile = wrong
    lab.profile = "strict"  # the same again is no change
    assert len(lab.audit_log.entries(key="Profile.Update")) == 2


def test_a_lab_begins_with_a_profile():
    with Lab(profile="logto") as lab:
        assert lab.profile is Profile.LOGTO
    with pytest.raises(ValueError, match="there are documented, logto, strict"):
        Lab(profile="loose")


# -- flows without a user, and explanations


def test_flows_of_the_application_alone(lab, mine):
    """RFC6749-4.4, RFC7662-2, RFC7009-2"""
    run = lab.sign_in(mine, "anna").finish()
    token = run.result.tokens.access_token
    assert lab.introspect(mine, token).finish().result.sub == "anna"
    assert lab.userinfo(mine, "anna", signed_in=run).finish().result.userinfo["sub"] == "anna"
    assert lab.revoke(mine, token, hint="access_token").finish().finished
    assert not lab.introspect(mine, token).finish().result.active
    assert lab.client_credentials("night-report").finish().result.access_token
    refused = lab.client_credentials(mine).finish()
    assert lab.why(refused).causes[0].code == "grant_type_not_allowed"


def test_why_says_what_the_wire_does_not(lab):
    """RFC6749-5.2"""
    signed_in = lab.sign_in("web-shop", "anna", **OFFLINE).finish()
    forged = replace(signed_in.result, tokens=replace(signed_in.result.tokens, refresh_token="nobody-issued-this"))
    refused = lab.refresh("web-shop", "anna", signed_in=forged).finish()
    assert refused.refusal.error == "invalid_grant"
    [cause] = lab.why(refused).causes
    assert cause.code == "refresh_token_unknown"
    assert [each.refusal.code for each in lab.refusals] == ["refresh_token_unknown"]


def test_the_same_seed_draws_the_same_client_id_and_secret():
    """RFC6749-10.10"""
    drawn = []
    for _ in range(2):
        with Lab(seed=11) as lab:
            made = lab.applications.create(name="Mine", type=ApplicationType.TRADITIONAL)
            drawn.append((made.client_id, made.client_secret))
    assert drawn[0] == drawn[1]
    assert len(base64.urlsafe_b64decode(drawn[0][1] + "=")) == 32


def test_looking_and_changing_draws_nothing_from_what_codes_and_tokens_are_drawn_from():
    """A lesson that looks into the log has the same tokens as one that does not."""
    drawn = []
    for looks in (False, True):
        with Lab() as lab:
            if looks:
                lab.applications.create(name="Other", type="MachineToMachine").update(name="New")
                lab.audit_log.table()
            drawn.append(lab.sign_in("web-shop", "anna").finish().trace.to_json())
    assert drawn[0] == drawn[1]


def test_a_new_lab_loads_neither_the_management_nor_tables():
    """It would take longer than the lab itself."""
    use = "from oidc_lab import Lab; Lab().sign_in('web-shop', 'anna').finish()"
    code = f"import sys; {use}; print(sys.modules.keys() & {{'marshmallow', 'pandas'}})"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"


@pytest.mark.parametrize("name", [".", ".."])
def test_no_secret_has_a_name_that_leads_to_another_address(name: str) -> None:
    """RFC3986-5.2.4: to delete it would have deleted the application."""
    with Lab() as lab:
        with pytest.raises(InvalidSetting, match="name"):
            lab.applications["web-shop"].secrets.create(name)
        assert "web-shop" in lab.applications


def test_a_secret_may_have_a_name_in_any_language() -> None:
    """RFC3986-2.5"""
    with Lab() as lab:
        secrets = lab.applications["web-shop"].secrets
        secrets.create("Schlüssel 春")
        secrets.delete("Schlüssel 春")
        assert [each.name for each in secrets] == ["Default secret"]


def test_a_closed_lab_says_so_to_whoever_asks_for_its_applications() -> None:
    """What to do stands in the sentence."""
    lab = Lab()
    lab.close()
    with pytest.raises(RuntimeError, match="make a new Lab"):
        list(lab.applications)


def test_a_new_user_signs_in_by_username_too() -> None:
    """OIDCC-5.1: the sub was drawn."""
    with Lab() as lab:
        created = lab.users.create("zoe")
        assert lab.sign_in("web-shop", "zoe").finish().result.sub == created.sub
        with pytest.raises(KeyError, match="there are anna"):
            lab.sign_in("web-shop", "nobody")
