"""The whole lab at one look: what stands in it is what is there, and looking changes nothing — OIDCC-1."""

from collections.abc import Callable, Iterator

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import ApplicationType
from oidc_lab.domain.audit import Result
from oidc_lab.domain.draft import Draft
from oidc_lab.domain.overview import Overview, Overviewed
from oidc_lab.domain.profile import Profile
from oidc_lab.lab.managed import Managed
from oidc_lab.relying_party.inspection import Inspection
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.serve import provider as served

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}


@pytest.fixture(params=["in process", "served"])
def lab(request: pytest.FixtureRequest) -> Iterator[Managed]:
    """A bench at a provider of its own, and one at a provider on a port."""
    if request.param == "in process":
        with Lab() as own:
            yield own
    else:
        offer = served.read_offer(seed=7)
        with served.serve(offer, 0) as server, Lab.connect(server.url, offer.token) as connected:
            yield connected


@pytest.fixture
def own() -> Iterator[Lab]:
    with Lab() as made:
        yield made


def keep_signed_in(lab: Managed, application: str = "photo-album", user: str = "anna") -> Run:
    return lab.sign_in(application, user, **OFFLINE).finish()  # type: ignore[arg-type]


def looks(lab: Managed) -> list[Overview]:
    """What is seen each time the panel is told of a change."""
    seen: list[Overview] = []
    lab.panel.watch(lambda: seen.append(lab.overview()))
    return seen


def test_a_new_lab_shows_who_is_there_and_that_nothing_happened(lab: Managed) -> None:
    seen = lab.overview()
    assert [each.client_id for each in seen.applications] == list(lab.applications)
    assert [each.sub for each in seen.users] == list(lab.users)
    assert (seen.issuer, seen.profile) == (lab.issuer, Profile.DOCUMENTED)
    assert seen.untouched
    assert not any([seen.sessions, seen.grants, seen.families, seen.runs, seen.log])


def test_a_sign_in_is_seen_everywhere(lab: Managed) -> None:
    """RFC6749-1.5"""
    run = keep_signed_in(lab)
    seen = lab.overview()
    assert [each.sub for each in seen.sessions] == ["anna"]
    (grant,) = seen.grants
    (family,) = seen.families_of(grant)
    (kept,) = lab.grants.find()[0].refresh_tokens
    assert (grant.client_id, grant.sub) == ("photo-album", "anna")
    assert (family.ends_at, family.because) == (kept.ends_at, kept.because) != (None, None)
    assert (family.generation, family.issued_at, family.last_used_at) == (0, kept.issued_at, None)
    (past,) = seen.runs
    assert (past.title, past.flow, past.client_id, past.sub) == (run.title, "sign-in", "photo-album", "anna")
    assert (past.finished, past.tokens, past.refreshable, past.messages) == (True, True, True, 10)
    assert [each.number for each in seen.log] == [each.number for each in lab.audit_log]
    assert seen.entries == len(lab.audit_log)
    assert not seen.untouched


def test_a_refresh_is_seen_in_its_family_with_the_run_that_brought_the_token(lab: Managed) -> None:
    """RFC6749-6"""
    signed_in = keep_signed_in(lab)
    keep_signed_in(lab, "web-shop", "ben")
    lab.refresh("photo-album", "anna", signed_in=signed_in).finish()
    families = {each.grant.client_id: each for each in lab.overview().families}
    assert (families["photo-album"].generation, families["web-shop"].generation) == (1, 0)
    brought = {name: _titles(lab)[each.run] for name, each in families.items()}
    assert brought == {
        "photo-album": "Photo Album refreshes the tokens of Anna Lindqvist",
        "web-shop": "Benjamin Okafor signs in to Web Shop",
    }


def test_a_token_that_was_replaced_is_not_taken_for_the_one_that_lives(own: Lab) -> None:
    """RFC6749-6: at one moment, the run tells them apart and the time does not."""
    last = keep_signed_in(own)
    for _ in range(3):
        last = own.refresh("photo-album", "anna", signed_in=last).finish()
    (family,) = own.overview().families
    assert (family.generation, family.run) == (3, own.history.key(last))


def test_a_token_that_stays_in_use_is_found_in_the_run_that_first_brought_it(own: Lab) -> None:
    """RFC6749-6: the refresh token need not be replaced."""
    own.applications["web-shop"].update(rotate_refresh_token=False)
    signed_in = keep_signed_in(own, "web-shop")
    own.refresh("web-shop", "anna", signed_in=signed_in).finish()
    (family,) = own.overview().families
    assert _titles(own)[family.run] == signed_in.title


def test_which_run_brought_a_token_is_left_open_when_it_cannot_be_told(own: Lab) -> None:
    """Two sign-ins at one moment: no answer of the provider says which of them a token came from."""
    keep_signed_in(own)
    keep_signed_in(own)
    assert [each.run for each in own.overview().families] == ["", ""]


def test_runs_without_a_user_and_runs_that_were_refused_are_told_as_such(own: Lab) -> None:
    """RFC6749-4.4"""
    own.client_credentials("night-report").finish()
    own.sign_in("web-shop", "anna").advance()
    refused = own.sign_in("web-shop", "anna")
    while refused.next_step is not None and refused.next_step.title != "Redeem the code":
        refused.advance()
    refused.change(code_verifier="w" * 43)
    refused.finish()
    machine, begun, failed = own.overview().runs
    assert (machine.flow, machine.sub, machine.tokens, machine.refreshable) == ("client-credentials", "", True, False)
    assert (begun.next_step, begun.finished, begun.flow) == ("Send the user to sign in", False, "sign-in")
    assert (failed.refused, failed.next_step) == ("the provider: invalid_grant", "")
    (entry,) = own.overview().refused
    assert (entry.result, entry.reason) == (Result.ERROR, "verifier_wrong")


def test_a_grant_that_ends_by_itself_says_when(own: Lab) -> None:
    """RFC6749-1.3"""
    keep_signed_in(own)
    assert not own.overview().grant_ends
    own.profile = Profile.LOGTO
    (grant,) = own.grants.find()
    assert own.overview().grant_ends == {grant.grant_id: grant.expires_at}


def test_looking_changes_nothing() -> None:
    """A lesson's bytes are the same, whether its lab was looked at or not."""
    traces = []
    for look in (False, True):
        with Lab() as lab:
            if look:
                lab.overview()
            keep_signed_in(lab)
            if look:
                lab._repr_mimebundle_()
                lab.panel.entries(refused=True)
            traces.append(keep_signed_in(lab, "web-shop", "ben").trace.exchanges)
    assert traces[0] == traces[1]


@pytest.mark.parametrize(
    "change",
    [
        lambda lab: lab.sign_in("web-shop", "anna").advance(),
        lambda lab: lab.applications.create(name="Mine", type=ApplicationType.SPA),
        lambda lab: lab.users.create("zoe"),
        lambda lab: lab.applications["web-shop"].update(name="Shop"),
        lambda lab: setattr(lab, "profile", "strict"),
        lambda lab: lab.applications["web-shop"].delete(),
    ],
)
def test_every_change_is_told(lab: Managed, change: Callable[[Managed], object]) -> None:
    seen, before = looks(lab), lab.overview()
    change(lab)
    assert seen
    assert seen[-1] != before


def test_a_moved_clock_and_a_return_are_told(own: Lab) -> None:
    seen, moment = looks(own), own.moment()
    own.clock.advance(days=1)
    assert seen[-1].now == own.clock.now
    own.return_to(moment)
    assert seen[-1].now == own.clock.now == moment.now


def test_who_no_longer_watches_is_told_nothing(own: Lab) -> None:
    told: list[str] = []
    stop = own.panel.watch(lambda: told.append("changed"))
    stop()
    own.clock.advance(days=1)
    own.users.create("zoe")
    assert told == []


def test_the_log_is_searched_by_application_user_and_result(lab: Managed) -> None:
    """RFC9700-2.6"""
    keep_signed_in(lab)
    keep_signed_in(lab, "web-shop", "ben")
    lab.sign_in("web-shop", "ben", scopes="nothing").finish()
    panel = lab.panel
    assert {each.client_id for each in panel.entries(client_id="web-shop")} == {"web-shop"}
    assert {each.sub for each in panel.entries(sub="anna")} == {"anna"}
    (refused,) = panel.entries(refused=True)
    assert (refused.client_id, refused.reason) == ("web-shop", "scope_missing")
    assert panel.entries(client_id="photo-album", refused=True) == []


def test_what_is_done_from_the_panel_is_done_at_the_provider(lab: Managed) -> None:
    """RFC7009-2.1"""
    keep_signed_in(lab)
    panel, seen = lab.panel, lab.overview()
    panel.end_session(seen.sessions[0].sid)
    assert not lab.sessions.find()
    panel.revoke(seen.grants[0].grant_id)
    assert not lab.grants.find()
    panel.follow("logto")
    assert lab.profile is Profile.LOGTO
    with pytest.raises(ValueError, match="there is no profile"):
        panel.follow("nobody's")


def test_it_unfolds_into_the_models_of_the_bench(own: Lab) -> None:
    run = keep_signed_in(own)
    panel = own.panel
    assert panel.form() is own.applications.form()
    form = panel.form("web-shop")
    assert isinstance(form, Draft)
    assert form.client_id == "web-shop"
    assert panel.clock() is own.clock.panel()
    (past,) = own.overview().runs
    inspection = panel.inspect(past.key)
    assert isinstance(inspection, Inspection)
    assert inspection.title == run.title
    with pytest.raises(LookupError, match="not remembered"):
        panel.inspect("another")


def test_a_flow_goes_on_where_it_is_and_begins_anew_when_it_has_ended(own: Lab) -> None:
    """RFC6749-6: the second refresh is another one, at a later moment."""
    keep_signed_in(own)
    stepping = own.panel.step("photo-album", flow="refresh", sub="anna")
    assert isinstance(stepping, Stepping)
    stepping.next()
    assert own.panel.step("photo-album", flow="refresh", sub="anna") is stepping
    assert len(stepping.trace.exchanges) == 1
    stepping.finish()
    own.clock.advance(days=14)
    assert own.panel.step("photo-album", flow="refresh", sub="anna") is stepping
    assert stepping.trace.exchanges == ()
    assert stepping.finish().refusal is not None


def test_a_closed_lab_says_so_and_fails_nowhere(lab: Managed) -> None:
    lab.close()
    seen = lab.overview()
    assert seen.closed == "this lab is closed; make a new Lab()"
    assert seen.issuer == lab.issuer
    assert not seen.applications


def test_whoever_watches_is_told_that_a_lab_was_closed(lab: Managed) -> None:
    lab.step("web-shop").next()
    seen = looks(lab)
    lab.close()
    assert seen[-1].closed


def test_a_provider_that_is_gone_is_told_and_not_raised() -> None:
    offer = served.read_offer(seed=7)
    with served.serve(offer, 0) as server, Lab.connect(server.url, offer.token) as lab:
        server.close()
        assert "nobody answers" in lab.overview().closed


def test_a_lab_that_others_use_too_says_so_and_why_its_clock_stands(lab: Managed) -> None:
    seen = lab.overview()
    assert seen.shared is (not isinstance(lab, Lab))
    assert bool(seen.clock_barred) is seen.shared


def test_each_bench_is_overviewed_and_prints_as_before(own: Lab) -> None:
    assert isinstance(own, Overviewed)
    assert repr(own) == "Lab(seed=7) at https://provider.test: 4 applications, 6 users, 2026-01-05 09:00:00 UTC"


def _titles(lab: Managed) -> dict[str, str]:
    return {each.key: each.title for each in lab.overview().runs}
