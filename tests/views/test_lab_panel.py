"""The lab as a notebook shows it at rest: complete, folded, escaped, without a secret, the same bytes each time."""

from html.parser import HTMLParser

import pytest

from oidc_lab import Lab, views
from oidc_lab.domain.application import LABEL, ApplicationType
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.span import date
from oidc_lab.relying_party.run import Run
from oidc_lab.views.lab_look import Look
from oidc_lab.views.lab_panel import SECTIONS, show_section
from tests.views.pressing import Controls
from tests.views.reading import HOSTILE, KEPT, Page, html

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}
# What an untrusted notebook keeps of controls that rest.
AT_REST = {"button", "select", "option", "input", "label"}


class Tables(HTMLParser):
    """The rows of every table, by the words of its head."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.rows: list[dict[str, str]] = []
        self._head: list[str] = []
        self._cells: list[str] = []
        self._in = False
        self.feed(source)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "thead":
            self._head = []
        elif tag == "tr":
            self._cells = []
        elif tag in {"th", "td"}:
            self._cells.append("")
            self._in = True
        elif tag == "div" and self._in:
            self._cells[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in {"th", "td"}:
            self._in = False
        elif tag == "thead":
            self._head = self._cells
        elif tag == "tr" and self._head:
            self.rows.append(dict(zip(self._head, self._cells, strict=True)))

    def handle_data(self, data: str) -> None:
        if self._in:
            self._cells[-1] += data

    def with_column(self, name: str) -> list[dict[str, str]]:
        return [each for each in self.rows if name in each]


@pytest.fixture(autouse=True)
def put_on() -> None:
    views.put_on()


def plain(lab: Lab) -> str:
    return lab._repr_mimebundle_()["text/plain"]


def lines(lab: Lab) -> dict[str, str]:
    """The line of each section."""
    page = Page(html(lab))
    return {name: each for name in SECTIONS for each in page.summaries if each.startswith(SECTIONS[name].title)}


def used(lab: Lab) -> Run:
    """A lab in which something happened: sign-ins, a refresh, a refusal."""
    signed_in = lab.sign_in("photo-album", "anna", **OFFLINE).finish()  # type: ignore[arg-type]
    lab.sign_in("web-shop", "ben").finish()
    lab.clock.advance(days=2)
    lab.refresh("photo-album", "anna", signed_in=signed_in).finish()
    lab.sign_in("web-shop", "ben", scopes="nothing").finish()
    return signed_in


def test_of_many_redirect_uris_three_are_shown_and_the_others_unfold(lab: Lab) -> None:
    """OIDCR-2"""
    uris = [f"https://many.example/{number}" for number in range(300)]
    lab.applications.create(name="Many", type=ApplicationType.SPA, redirect_uris=uris)
    lab.applications.create(name="Few", type=ApplicationType.SPA, redirect_uris=uris[:3])
    shown = show_section("applications", lab.overview(), Look())
    page = Page(shown)
    assert [each for each in page.summaries if each.startswith("and ")] == ["and 297 more"]
    before, folded = shown.split("and 297 more", 1)
    folded = folded.split("</details>", 1)[0]
    assert [each in before for each in uris[:4]] == [True, True, True, False]
    assert all(f">{each}<" in folded for each in uris[3:])
    assert f">{uris[2]}<" not in folded


def test_the_head_says_where_whose_rules_and_when(lab: Lab) -> None:
    for profile in Profile:
        lab.profile = profile
        source = html(lab)
        page = Page(source)
        assert lab.issuer in page.text
        assert f"{date(lab.clock.now)}, 09:00:00 UTC" in page.text
        chosen = Controls(source).named("Profile: whose rules the provider follows")
        assert (chosen.value, list(chosen.options)) == (profile, list(Profile))


def test_every_section_is_folded_to_a_line_with_its_count_and_the_most_important(lab: Lab) -> None:
    assert list(lines(lab)) == list(SECTIONS)
    used(lab)
    said = lines(lab)
    assert not [name for _, name, _ in Page(html(lab)).attributes if name == "open"]
    assert said["applications"].startswith("Applications (4)")
    assert "Photo Album" in said["applications"]
    assert said["users"].startswith("Users (6)")
    assert said["sessions"].startswith("Sessions (2)")
    assert "Anna Lindqvist until" in said["sessions"]
    assert said["grants"].startswith("Grants and live tokens (2)")
    assert "1 live refresh token; Photo Album for Anna Lindqvist next ends in 12 days" in said["grants"]
    assert said["runs"].startswith("Runs (4)")
    assert "refused by the provider: invalid_scope" in said["runs"]
    assert "✗ refused at Web Shop" in said["log"]
    assert "1 of the last" in said["log"]


def test_each_application_has_its_type_and_where_answers_go(lab: Lab) -> None:
    rows = {each["application"]: each for each in Tables(html(lab)).with_column("redirect URIs")}
    assert list(rows) == [f"{each.name} {each.client_id} {LABEL[each.type]}" for each in lab.applications.values()]
    guide = rows["City Guide city-guide Native"]
    for uri in lab.applications["city-guide"].redirect_uris:
        assert uri in guide["redirect URIs"]


def test_each_user_has_every_claim(lab: Lab) -> None:
    """OIDCC-5.1"""
    rows = Tables(html(lab)).with_column("claims")
    for row, user in zip(rows, lab.users.values(), strict=True):
        known = f"username {user.username}, password {lab.passwords[user.sub]}"
        assert row["user"] == f"{user.name} {user.sub} {known}"
        assert f"{len(user.claims)} claims" in row["claims"]
        assert all(f"{name}: " in row["claims"] for name in user.claims)
        assert user.claims["email"] in row["claims"]


@pytest.mark.parametrize("live", [True, False])
def test_the_passwords_of_the_demo_users_are_said_to_be_test_data(lab: Lab, live: bool) -> None:
    shown = Page(show_section("users", lab.overview(), Look(live=live))).text
    assert f"username anna, password {lab.passwords['anna']}" in shown
    assert "The passwords are test data of this lab" in shown


def test_a_password_that_was_changed_is_no_test_data_any_more(lab: Lab) -> None:
    old = lab.passwords["anna"]
    lab.users["anna"].update(password="one-of-her-own")
    for shown in lab._repr_mimebundle_().values():
        assert not [each for each in (old, "one-of-her-own") if each in shown]


def test_a_session_says_when_it_began_and_ends(lab: Lab) -> None:
    lab.sign_in("web-shop", "anna").finish()
    lab.clock.advance(days=1)
    (row,) = Tables(html(lab)).with_column("signed in")
    assert row["user"] == "Anna Lindqvist"
    assert row["signed in"] == "Mon 5 Jan, 09:00:00 1 day ago"
    assert row["ends, if the browser stays away"] == "Mon 19 Jan, 09:00:00 in 13 days"


def test_a_session_says_when_the_password_was_given_again(lab: Lab) -> None:
    """OIDCC-2: auth_time"""
    lab.sign_in("web-shop", "anna").finish()
    lab.clock.advance(days=1)
    lab.sign_in("web-shop", "anna", prompt="login").finish()
    (row,) = Tables(html(lab)).with_column("signed in")
    assert row["signed in"] == "Mon 5 Jan, 09:00:00 1 day ago and again 09:00:00 just now"


def test_a_live_token_says_its_generation_when_it_was_used_and_when_it_ends_and_why(lab: Lab) -> None:
    """RFC6749-1.5"""
    used(lab)
    (row,) = Tables(html(lab)).with_column("generation")
    assert row["generation"] == "1"
    assert row["issued"] == "09:00:00 just now"
    assert row["ends, and because"] == "Mon 19 Jan, 09:00:00 in 12 days its own TTL refresh_token_expired"
    page = Page(html(lab)).text
    assert "Photo Album for Anna Lindqvist" in page
    assert "Web Shop for Benjamin Okafor" in page
    assert "no live refresh token" in page


def test_runs_stand_the_latest_first_with_how_they_ended(lab: Lab) -> None:
    used(lab)
    rows = Tables(html(lab)).with_column("how it ended")
    assert [each["run"] for each in rows] == [run.title for run in reversed(lab.history)]
    assert [each["how it ended"][:1] for each in rows] == ["✗", "✓", "✓", "✓"]
    lab.sign_in("web-shop", "ben")
    rows = Tables(html(lab)).with_column("how it ended")
    assert rows[0]["how it ended"] == "next: Discover the provider"


def test_the_log_says_the_true_reason_of_what_was_refused(lab: Lab) -> None:
    """RFC9700-2.6"""
    used(lab)
    what = "what, and the true reason of a refusal"
    rows = Tables(html(lab)).with_column(what)
    entries = list(reversed(lab.audit_log.entries()))[: len(rows)]
    assert [int(each["number"]) for each in rows] == [each.number for each in entries]
    assert [each[what].split()[0] for each in rows] == [each.key for each in entries]
    refused = rows[0]
    assert refused["result"] == "✗ refused"
    assert (refused["application"], refused["user"]) == ("Web Shop", "")
    assert entries[0].truth
    assert f"{entries[0].truth} {entries[0].reason}" in refused[what]
    assert all(each["result"] == "✓" and len(each[what].split()) == 1 for each in rows[1:])


def test_plain_text_has_a_line_for_each_section_and_what_to_do_next(lab: Lab) -> None:
    first, hint, *rest = plain(lab).splitlines()
    assert first == ("The lab at https://provider.test: profile documented, Monday 5 January 2026, 09:00:00 UTC")
    assert hint.startswith("Begin here: ")
    assert [each.partition(" (")[0] for each in rest] == [each.title for each in SECTIONS.values()]
    used(lab)
    assert "refused" in plain(lab)


def test_no_control_of_the_static_form_can_be_used(lab: Lab) -> None:
    used(lab)
    assert Controls(html(lab)).all
    assert not [each.name for each in Controls(html(lab)).all if each.enabled]


def test_only_what_survives_is_used_and_nothing_from_outside_is_loaded(lab: Lab) -> None:
    used(lab)
    page = Page(html(lab))
    assert set(page.tags) <= KEPT | AT_REST
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name in {"id", "src", "href"}]


def test_no_secret_password_or_token_is_shown(lab: Lab) -> None:
    """RFC6749-10.1"""
    signed_in = used(lab)
    made = lab.applications.create(name="Mine", type=ApplicationType.TRADITIONAL)
    lab.users.create("zoe", password="a-test-password")
    machine = lab.client_credentials("night-report").finish()
    hidden = [
        made.client_secret, "test-secret-of-the-web-shop", "a-test-password", signed_in.result.tokens.access_token,
        signed_in.result.tokens.refresh_token, signed_in.result.tokens.id_token, machine.result.access_token,
    ]  # fmt: skip
    for shown in lab._repr_mimebundle_().values():
        assert not [each for each in hidden if each is None or each in shown]


def test_what_comes_from_outside_is_escaped(lab: Lab) -> None:
    made = lab.applications.create(name=HOSTILE, type="SPA", redirect_uris=["https://hostile.example/?a='&b"])
    lab.users.create(HOSTILE, claims={"name": HOSTILE, HOSTILE: HOSTILE})
    lab.sign_in(made, HOSTILE, **OFFLINE).finish()  # type: ignore[arg-type]
    page = Page(html(lab))
    assert "img" not in page.tags
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    (row,) = (each for each in Tables(html(lab)).with_column("redirect URIs") if made.client_id in each["application"])
    assert row["application"] == f"{HOSTILE} {made.client_id} Single page app"
    assert row["redirect URIs"].strip() == made.redirect_uris[0]


def test_a_long_name_does_not_push_the_rest_away(lab: Lab) -> None:
    lab.applications.create(name="x" * 256, type="SPA")
    assert len(lines(lab)["applications"]) < 200


def test_one_seed_gives_the_same_bytes_and_not_many() -> None:
    shown = []
    for _ in range(2):
        with Lab() as lab:
            used(lab)
            shown.append(lab._repr_mimebundle_())
    assert shown[0] == shown[1]
    assert len(shown[0]["text/html"]) < 40_000


def test_a_closed_lab_says_so(lab: Lab) -> None:
    used(lab)
    lab.close()
    shown = lab._repr_mimebundle_()
    assert shown["text/plain"] == "The lab at https://provider.test: this lab is closed; make a new Lab()"
    assert "this lab is closed" in Page(shown["text/html"]).text
    assert not Controls(shown["text/html"]).all
