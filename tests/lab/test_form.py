"""An application's form on a bench: what is typed is kept until it is saved, over the management API."""

from collections.abc import Iterator, Mapping

import pytest

from oidc_lab import Lab, views
from oidc_lab.domain.application import Application, InvalidSetting
from oidc_lab.domain.catalog import Catalog
from oidc_lab.domain.draft import ChangedMeanwhile, Draft
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.setting_rules import together
from oidc_lab.lab.drafts import Drafts
from oidc_lab.lab.managed import Managed
from oidc_lab.relying_party.demonstration import Demonstration
from oidc_lab.serve import provider as served
from oidc_lab.serve.server import LiveServer

CALLBACK = "https://book.example/callback"


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as made:
        yield made


def book(lab: Managed, **settings: object) -> Draft:
    """The form of an application that was just saved."""
    form = lab.applications.form().set(name="Photo Book", redirect_uris=CALLBACK, **settings)
    form.save()
    return form


def test_an_application_is_registered_in_three_lines(lab: Lab) -> None:
    """OIDCR-3.1"""
    form = lab.applications.form()
    form.set(name="Photo Book", type="SPA", redirect_uris=CALLBACK, cors_allowed_origins=["https://book.example"])
    application = form.save()
    assert lab.applications[application.client_id] == application
    assert application.redirect_uris == (CALLBACK,)
    assert lab.sign_in(application, "anna", origin="https://book.example").finish().finished


def test_it_is_the_same_form_until_it_is_saved(lab: Lab) -> None:
    """OIDCR-2: a cell that runs again finds what was typed."""
    form = lab.applications.form().set(name="Photo Book")
    assert lab.applications.form() is form
    assert lab.applications["web-shop"].form() is lab.applications["web-shop"].form()
    assert lab.applications["web-shop"].form() is not form
    saved = form.save()
    another = lab.applications.form()
    assert another is not form
    assert another.field("name").text == ""
    assert lab.applications[saved.client_id].form() is form


def test_only_what_was_changed_is_sent(lab: Lab) -> None:
    """RFC7592-2.2: what somebody else changed meanwhile stays."""
    form = lab.applications["web-shop"].form().set(description="Sells things.", rotate_refresh_token=False)
    form.enter("rotate_refresh_token", "on")  # as it was, though nobody ever set it
    lab.applications["web-shop"].update(name="Shop of the web")
    changed = form.save()
    assert (changed.name, changed.description, changed.rotate_refresh_token) == (
        "Shop of the web",
        "Sells things.",
        None,
    )
    log = lab.applications["web-shop"].log().table()
    assert "Somebody else changed Application name meanwhile; that stays." in form.notice
    assert form.field("name").text == "Shop of the web"
    assert [set(each) for each in log["details"]] == [{"name"}, {"description"}]


def test_what_was_set_in_another_profile_does_not_stand_in_the_way(lab: Lab) -> None:
    """RFC7592-2.2: what is not changed is not sent, and not asked."""
    lab.profile = "logto"
    form = book(lab, type="SPA", rotate_refresh_token=False)
    lab.profile = "documented"
    form.refresh()
    assert (form.field("rotate_refresh_token").available, form.advice.of("rotate_refresh_token")[0].value) == (
        False,
        "off",
    )
    assert form.set(description="Books").save().rotate_refresh_token is False
    assert form.set(rotate_refresh_token=None).save().rotate_refresh_token is None


def test_a_setting_is_taken_away_with_none(lab: Lab) -> None:
    """RFC7592-2.2"""
    form = book(lab, type="Traditional", id_token_ttl="2 hours", refresh_token_ttl_in_days=30)
    changed = form.set(id_token_ttl=None, refresh_token_ttl_in_days="").save()
    assert (changed.id_token_ttl, changed.refresh_token_ttl_in_days) == (None, None)


def test_what_somebody_else_changed_is_not_overwritten_unsaid(lab: Lab) -> None:
    """RFC7592-2.2: nothing that was typed is lost, and nothing that was saved."""
    form = lab.applications["web-shop"].form().set(name="Mine", description="Mine too")
    lab.applications["web-shop"].update(name="Theirs")
    with pytest.raises(ChangedMeanwhile, match="Application name"):
        form.save()
    assert lab.applications["web-shop"].name == "Theirs"
    assert (form.field("name").text, form.field("name").theirs, form.field("name").was) == ("Mine", "Theirs", "Theirs")
    assert form.save().name == "Mine"
    assert lab.applications["web-shop"].description == "Mine too"


def test_the_others_change_can_be_kept(lab: Lab) -> None:
    """RFC7592-2.2"""
    form = lab.applications["web-shop"].form().set(name="Mine")
    lab.applications["web-shop"].update(name="Theirs")
    with pytest.raises(ChangedMeanwhile):
        form.save()
    form.undo()
    assert (form.field("name").text, form.changed, form.field("name").theirs) == ("Theirs", (), "")


def test_what_was_deleted_meanwhile_is_not_lost(lab: Lab) -> None:
    """RFC7592-2.3"""
    form = lab.applications["web-shop"].form().set(description="Sells things.")
    before = lab.applications["web-shop"]
    before.delete()
    with pytest.raises(ChangedMeanwhile, match="does not have it any more: it was deleted, or the lab went back"):
        form.save()
    assert form.application is None
    again = form.save()
    assert (again.type, again.redirect_uris, again.description) == (before.type, before.redirect_uris, "Sells things.")
    assert again.client_id != "web-shop"


def test_a_refresh_follows_what_was_saved_and_keeps_what_was_typed(lab: Lab) -> None:
    """RFC7592-2.1"""
    form = lab.applications["web-shop"].form().set(description="Sells things.")
    lab.applications["web-shop"].update(name="Theirs")
    lab.profile = "strict"
    form.refresh()
    assert (form.profile, form.field("name").text, form.changed) == (Profile.STRICT, "Theirs", ("description",))
    lab.applications["web-shop"].delete()
    form.refresh()
    assert form.client_id == ""
    assert form.field("description").text == "Sells things."


def test_the_form_follows_the_profile(lab: Lab) -> None:
    """OIDCR-2"""
    form = lab.applications["photo-album"].form()
    assert not form.field("rotate_refresh_token").available
    lab.profile = "logto"
    assert lab.applications["photo-album"].form().field("rotate_refresh_token").available


def test_what_the_provider_refuses_lands_at_the_field(lab: Lab) -> None:
    """RFC7591-3.2.2: the profile changed while the form was open."""
    form = lab.applications.form().set(name="Photo Book", redirect_uris="http://127.0.0.1/callback")
    lab.profile = "strict"
    assert form.barred == ""
    with pytest.raises(InvalidSetting, match="must be an https URI"):
        form.save()
    (fault,) = form.field("redirect_uris").faults
    assert fault.rule == "it must be an https URI (RFC9700-2.6)"
    assert form.profile is Profile.STRICT
    assert "Redirect URIs" in form.barred
    assert form.set(redirect_uris=CALLBACK).save().redirect_uris == (CALLBACK,)


class Particular(Drafts):
    """A provider that knows more rules than we do, such as one of a later version."""

    def create(self, settings: Mapping[str, object]) -> Application:
        raise together([InvalidSetting(each, settings[each], "it is taken") for each in ("name", "redirect_uris")])


def test_what_only_the_provider_knows_stands_at_the_fields_until_something_else_is_typed(lab: Lab) -> None:
    """RFC7591-3.2.2"""
    form = Draft(Particular(lab.applications)).set(name="Photo Book", redirect_uris=CALLBACK)
    with pytest.raises(InvalidSetting, match="it is taken"):
        form.save()
    assert [(each.setting, each.rule) for each in form.faults] == [
        ("name", "it is taken"),
        ("redirect_uris", "it is taken"),
    ]
    form.set(name="x" * 257)
    assert [each.setting for each in form.faults] == ["name", "redirect_uris"]
    form.set(name="Another", redirect_uris=f"{CALLBACK}/other")
    assert form.faults == ()


def test_several_refusals_at_once_are_all_known(lab: Lab) -> None:
    """RFC7591-3.2.2"""
    with pytest.raises(InvalidSetting) as refused:
        lab.applications.create(name=3, type="Cloud")  # type: ignore[arg-type]
    assert {refused.value.setting, *(each.setting for each in refused.value.others)} == {"name", "type"}
    form = lab.applications.form().set(redirect_uris="nowhere")
    with pytest.raises(InvalidSetting) as barred:
        form.save()
    assert {barred.value.setting, *(each.setting for each in barred.value.others)} == {"name", "redirect_uris"}
    assert len(lab.applications) == 4


def test_what_no_form_can_change_is_refused_at_once(lab: Lab) -> None:
    """OIDCR-2"""
    form = lab.applications["web-shop"].form()
    for settings, rule in (
        ({"client_id": "other"}, "by the provider alone"),
        ({"type": "SPA"}, "when the application is created, never changed"),
    ):
        with pytest.raises(InvalidSetting, match=rule):
            form.set(name="Shop", **settings)
    with pytest.raises(ValueError, match="there is no setting 'colour'"):
        form.set(colour="red")
    with pytest.raises(InvalidSetting, match="must be one of Native"):
        lab.applications.form().set(type="Cloud")
    assert form.changed == ()


def test_a_secret_is_shown_once_and_nowhere_else(lab: Lab) -> None:
    """RFC6749-10.1"""
    form = lab.applications.form().set(name="Photo Book", type="Traditional", redirect_uris=CALLBACK)
    application = form.save()
    assert form.secrets is not None
    assert form.secrets.made is not None
    value = form.secrets.made.value
    assert value == application.client_secret
    for said in (repr(form), repr(form.secrets), repr(form.secrets.made), form.notice, *map(str, vars(form).values())):
        assert value not in said
    form.secrets.put_away()
    assert form.secrets.made is None
    other = form.secrets.add("second", days=30)
    assert other.value
    assert form.secrets.made is other
    form.set(description="Books").save()
    assert form.secrets.made is None


def test_a_public_application_has_no_secrets_to_show(lab: Lab) -> None:
    """RFC6749-2.1"""
    assert book(lab, type="SPA").secrets is None


def test_secrets_are_added_with_an_end_and_deleted(lab: Lab) -> None:
    """RFC6749-2.3.1"""
    form = lab.applications["web-shop"].form()
    assert form.secrets is not None
    before = [each.name for each in form.secrets]
    form.secrets.enter("name", "second")
    form.secrets.enter("days", "30")
    form.secrets.add()
    (made,) = [each for each in form.secrets if each.name == "second"]
    assert made.expires_at is not None
    assert (made.expires_at - made.created_at).days == 30
    assert form.secrets.typed == {"name": "", "days": ""}
    form.secrets.delete("second")
    assert [each.name for each in lab.applications["web-shop"].secrets] == before
    with pytest.raises(LookupError):
        form.secrets.delete("second")


def test_what_is_wrong_with_a_new_secret_is_said_at_its_field(lab: Lab) -> None:
    """RFC6749-2.3.1: as one types what can be known by then, and what only the provider knows when it says so."""
    secrets = lab.applications["web-shop"].form().secrets
    assert secrets is not None
    assert not secrets.begun
    secrets.enter("name", "..")
    secrets.enter("days", "soon")
    assert secrets.begun
    assert secrets.faults["name"] == "it must not be . or .."
    assert "whole number of days" in secrets.faults["days"]
    with pytest.raises(InvalidSetting):
        secrets.add()
    secrets.enter("name", "second")
    secrets.enter("days", "99999")
    assert secrets.faults == {}
    with pytest.raises(InvalidSetting):
        secrets.add()
    assert secrets.faults == {"days": "it must be a whole number from 1 to 3650"}
    secrets.enter("days", "30")
    assert secrets.faults == {}


def test_advice_is_given_for_what_stands_in_the_form_and_can_be_played(lab: Lab) -> None:
    """RFC9700-2.6"""
    form = lab.applications["web-shop"].form()
    assert not form.advice.of("redirect_uris")
    form.set(redirect_uris="http://shop.example/callback")
    (advice,) = form.advice.of("redirect_uris")
    assert advice.clause == "RFC9700-2.6"
    shown = form.play("redirect_uris")
    assert isinstance(shown, Demonstration)
    assert shown.as_told
    assert lab.applications["web-shop"].redirect_uris != ("http://shop.example/callback",)
    form.undo()
    assert not form.advice.of("redirect_uris")


def test_advice_on_secrets_follows_the_secrets(lab: Lab) -> None:
    """OIDCR-3.2"""
    form = book(lab, type="Traditional")
    assert [each.value for each in form.advice.of("secrets")] == ["Default secret"]
    assert form.secrets is not None
    form.secrets.add("second", days=30)
    form.secrets.delete("Default secret")
    assert not form.advice.of("secrets")


def test_a_deleted_application_still_stands_in_the_form(lab: Lab) -> None:
    """RFC7592-2.3"""
    form = book(lab, type="SPA")
    gone = form.client_id
    form.delete()
    assert gone not in lab.applications
    assert (form.client_id, form.field("name").text, form.field("redirect_uris").text) == ("", "Photo Book", CALLBACK)
    assert gone in form.notice
    with pytest.raises(LookupError):
        form.delete()
    with pytest.raises(LookupError):
        lab.applications.forms.form_of(gone)


def test_it_says_why_it_cannot_be_saved(lab: Lab) -> None:
    """OIDCR-2"""
    form = lab.applications.form()
    assert form.barred == "This cannot be saved as it stands: Application name."
    assert form.set(name="Photo Book").barred == ""
    form.save()
    assert form.barred == "Nothing is changed."
    assert form.save() is form.application


def test_those_who_watch_are_told_of_each_change(lab: Lab) -> None:
    """OIDCR-2"""
    form, told = lab.applications.form(), []
    form.watch(lambda: told.append(form.field("name").text))
    form.enter("name", "Photo")
    form.enter("name", "Photo")
    form.set(name="Photo Book")
    assert told == ["Photo", "Photo Book"]


def test_the_list_is_searched(lab: Lab) -> None:
    """RFC7592-2.1"""
    catalog = Catalog(lab.applications.form())
    assert len(catalog.entries) == catalog.count == 4
    for query, found in (
        ("ALBUM", ["photo-album"]),
        ("web-sh", ["web-shop"]),
        ("machine-to", ["night-report"]),
        ("photos.example/call", ["photo-album"]),
        ("nothing of that", []),
    ):
        catalog.search(query)
        assert [each.client_id for each in catalog.entries] == found


def test_an_application_of_the_list_is_opened_and_what_was_typed_is_kept(lab: Lab) -> None:
    """RFC7592-2.1"""
    catalog = Catalog(lab.applications.form().set(name="Photo Book"))
    catalog.open("photo-album")
    album, told = catalog.draft, []
    catalog.open("web-shop")
    assert catalog.draft is lab.applications["web-shop"].form()
    catalog.watch(lambda: told.append(catalog.draft.client_id))
    album.set(description="Of another form.")
    assert told == []
    album.undo()
    catalog.draft.set(name="Shop")
    assert [(each.client_id, each.open) for each in catalog.entries if each.unsaved] == [("web-shop", True)]
    catalog.begin()
    assert catalog.draft.field("name").text == "Photo Book"
    catalog.draft.save()
    assert [each.name for each in catalog.entries if each.open] == ["Photo Book"]
    with pytest.raises(LookupError):
        catalog.open("nobody")


def test_leaving_an_application_puts_its_secret_away(lab: Lab) -> None:
    """RFC6749-10.1"""
    form = book(lab, type="Traditional")
    assert form.secrets is not None
    assert form.secrets.made is not None
    Catalog(form).open("web-shop")
    assert form.secrets.made is None


def test_the_list_can_be_read_anew(lab: Lab) -> None:
    """RFC7592-2.1"""
    catalog = Catalog(lab.applications.form())
    lab.applications.create(name="Another", type="SPA")
    lab.profile = "strict"
    assert catalog.count == 4
    catalog.refresh()
    assert (catalog.count, catalog.draft.profile) == (5, Profile.STRICT)


def test_who_only_looks_at_the_list_leaves_nothing_behind(lab: Lab) -> None:
    """RFC7592-2.1: what is shown at rest asks once, when it is shown."""
    form, told = lab.applications.form().set(name="Photo Book", redirect_uris=CALLBACK), []
    for _ in range(3):
        views.put_on()
        form._repr_mimebundle_()
    assert form._watchers == ()
    catalog = Catalog(form)
    ends = [catalog.watch(lambda: told.append("one")), catalog.watch(lambda: told.append("other"))]
    assert len(form._watchers) == 1
    ends[0]()
    form.set(description="Books.")
    assert told == ["other"]
    catalog.open("web-shop")
    assert form._watchers == ()
    assert len(catalog.draft._watchers) == 1
    ends[1]()
    assert catalog.draft._watchers == ()


def test_a_list_that_nobody_watches_is_not_behind(lab: Lab) -> None:
    """RFC7592-2.1"""
    form = lab.applications.form().set(name="Photo Book", redirect_uris=CALLBACK)
    catalog = Catalog(form)
    form.save()
    assert (catalog.count, [each.name for each in catalog.entries if each.open]) == (5, ["Photo Book"])


def test_what_was_deleted_is_found_again_after_another_was_opened(lab: Lab) -> None:
    """RFC7592-2.3: beside what was begun anew, until it is saved or undone."""
    lab.applications.form().set(name="Photo Book", type="Native")
    shop = lab.applications["web-shop"].form().set(description="Sells things.")
    catalog = Catalog(shop)
    lab.applications["web-shop"].delete()
    catalog.refresh()
    catalog.open("photo-album")
    catalog.begin()
    assert [(each.name, each.type, each.open) for each in catalog.begun] == [
        ("Photo Book", "Native", True),
        ("Web Shop", "Traditional web", False),
    ]
    (key,) = [each.key for each in catalog.begun if each.name == "Web Shop"]
    lab.profile = "strict"
    catalog.go_on(key)
    assert catalog.draft is shop
    assert shop.profile is Profile.STRICT
    assert shop.field("description").text == "Sells things."
    shop.save()
    assert [each.name for each in catalog.begun] == ["Photo Book"]
    with pytest.raises(LookupError, match="it is saved, or nothing stands in it any more"):
        catalog.go_on(key)


def test_a_way_back_blames_nobody(lab: Lab) -> None:
    """RFC7592-2.3: the lab itself went back to before it was registered."""
    before = lab.moment()
    form = book(lab)
    lab.return_to(before)
    form.refresh()
    assert form.notice.startswith("The provider does not have it any more")
    assert "else" not in form.notice
    assert [each.name for each in Catalog(form).begun] == ["Photo Book"]


@pytest.fixture
def connected() -> Iterator[Managed]:
    offer = served.read_offer(seed=7)
    with served.serve(offer, 0) as server:
        assert isinstance(server, LiveServer)
        with Lab.connect(server.url, offer.token) as there:
            yield there


def test_a_served_lab_has_the_same_form(connected: Managed) -> None:
    """OIDCR-3.1"""
    form = book(connected, type="Traditional")
    assert form.secrets is not None
    assert form.secrets.made is not None
    assert form.endpoints["token_endpoint"].startswith(connected.issuer)
    connected.applications[form.client_id].update(name="Theirs")
    with pytest.raises(ChangedMeanwhile):
        form.set(name="Mine").save()
    assert form.save().name == "Mine"
    shown = form.play("post_logout_redirect_uris")
    assert isinstance(shown, Demonstration)
    assert shown.as_told
    form.delete()
    assert len(connected.applications) == 4
