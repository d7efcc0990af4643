"""A flow is stepped through forth, back and forth again another way; both sides go along."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.relying_party.stepping import FlowKind
from oidc_lab.serve import provider as served

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}


@pytest.fixture
def lab():
    with Lab() as lab:
        yield lab


@pytest.fixture
def stepping(lab):
    return lab.step("photo-album", **OFFLINE)


def steps(stepping, count):
    """Send so many messages."""
    for _ in range(count):
        stepping.next()
    return stepping


def sent(stepping):
    return len(stepping.trace.exchanges)


# -- the rule that all the rest follows from

CHANGES = [{"scope": "openid"}, {"state": None}, {"code_verifier": "x" * 43}, {"more": "1"}, {"demo_user": "ben"}]


def told(lab, messages):
    """A run in which exactly these messages are sent: how many hours after the one before, and changed how."""
    run = lab.sign_in("photo-album", "anna", **OFFLINE) if messages else None
    for hours, change in messages:
        lab.clock.advance(hours=hours)
        run.change(**change)
        run.advance()
    return run


class Plain:
    """What should be there, worked out the plain way: lists of messages."""

    def __init__(self):
        self.path, self.lines, self.here, self.hours = [], [[]], 0, 0

    def sent(self, change):
        self.path, self.hours = [*self.path, (self.hours, change)], 0
        alike = [n for n, line in enumerate(self.lines) if all(a == b for a, b in zip(line, self.path, strict=False))]
        if self.here not in alike:
            self.here = alike[0] if alike else len(self.lines)
            self.lines += [] if alike else [[]]
        self.lines[self.here] = max(self.lines[self.here], self.path, key=len)

    def stand_before(self, place):
        self.path, self.hours = self.path[:place], self.path[place][0]

    def switch(self, here):
        self.path, self.here, self.hours = self.lines[here], here, 0


def do(stepping, plain, what, which):
    """One thing that a learner does, on the stepping and in the plain rule."""
    if what in {"next", "change"} and stepping.next_step is not None:
        change = CHANGES[which % len(CHANGES)] if what == "change" else {}
        if stepping.change(**change).request == stepping.original_step.request:
            change = {}
        stepping.next()
        plain.sent(change)
    elif what == "back" and plain.path:
        stepping.back()
        plain.stand_before(-1)
    elif what == "again" and plain.path:
        stepping.again()
        plain.stand_before(0)
    elif what == "switch" and plain.lines[0]:
        plain.switch(which % len(plain.lines))
        stepping.switch(plain.here)


DEEDS = st.tuples(
    st.sampled_from(["next", "next", "next", "next", "change", "back", "back", "again", "switch", "wait"]),
    st.integers(0, 9),
)


@settings(max_examples=40, deadline=None)
@given(start=st.integers(0, 9), deeds=st.lists(DEEDS, max_size=14))
def test_both_sides_stand_as_if_only_the_present_branch_had_ever_happened(state_of, start, deeds):
    """RFC6749-1.2: whatever was done before, in whatever order."""
    with Lab() as lab, Lab() as fresh:
        stepping, plain = lab.step("photo-album", **OFFLINE), Plain()
        for what, which in [*[("next", 0)] * start, *deeds]:
            if what == "wait":
                lab.clock.advance(hours=which % 2)
                plain.hours += which % 2
            do(stepping, plain, what, which)
        run = told(fresh, plain.path)
        fresh.clock.advance(hours=plain.hours)
        assert sent(stepping) == len(plain.path)
        assert run is None or stepping.trace.to_json() == run.trace.to_json()
        assert run is None or stepping.next_step == run.next_step or stepping.next_step is None
        assert state_of(lab) == state_of(fresh)
        assert stepping.here == plain.here
        assert [len(each.trace.exchanges) for each in stepping.branches] == [len(each) for each in plain.lines]


# -- going back and forth


def test_going_back_leads_through_every_moment_before(stepping, lab, state_of):
    """RFC6749-1.2"""
    before = []
    while stepping.next_step:
        before.append((state_of(lab), stepping.next_step))
        stepping.next()
    whole = stepping.trace.to_json()
    for state, step in reversed(before[1:]):
        stepping.back()
        assert (state_of(lab), stepping.next_step) == (state, step)
    stepping.finish()
    assert (stepping.trace.to_json(), len(stepping.branches)) == (whole, 1)


def test_the_first_message_can_be_taken_back_too(stepping, lab, state_of):
    before = state_of(lab)
    stepping.next()
    stepping.back()
    assert (sent(stepping), state_of(lab), list(lab.history)) == (0, before, [])
    assert stepping.back_barred == "nothing was sent yet"
    with pytest.raises(RuntimeError, match="nothing was sent yet"):
        stepping.back()


def test_another_way_is_a_second_branch_and_the_first_stays_whole(stepping):
    """RFC7636-4.6"""
    first = stepping.finish().trace
    for _ in range(3):
        stepping.back()
    stepping.change(code_verifier="x" * 43)
    stepping.finish()
    one, other = stepping.branches
    assert (one.name, one.trace, one.ended, one.parent) == ("1", first, "done", "")
    assert (other.name, other.parent, other.forked_at) == ("2", "1", 7)
    assert other.ended == "the provider refused: invalid_grant"
    assert stepping.here == 1
    assert one.built == {}
    assert other.built[7].request.parameters["code_verifier"] != "x" * 43
    assert stepping.built == other.built


def test_the_first_difference_of_two_branches_is_named(stepping):
    """RFC7636-4.6"""
    stepping.finish()
    for _ in range(3):
        stepping.back()
    stepping.change(code_verifier="x" * 43)
    stepping.finish()
    compared = stepping.compare(0, 1)
    verifier = compared.first.differences[0]
    assert (verifier.where, verifier.name, verifier.other) == ("request", "code_verifier", "x" * 43)
    assert (compared.first.number_of_one, compared.first.title) == (8, "Redeem the code")
    assert [each.same for each in compared.rows] == [True] * 7 + [False] * 3
    assert [each.other for each in compared.rows[8:]] == [None, None]
    assert compared.sentence.startswith("message 8, Redeem the code: code_verifier (request) is ")
    assert "status" in [each.name for each in compared.first.differences]
    assert stepping.compare(1, 1).first is None


def test_what_was_sent_otherwise_is_named_before_what_came_of_it(stepping):
    """RFC6749-2.3.1"""
    steps(stepping, 8).back()
    stepping.change(client_secret="of nobody")
    stepping.next()
    told = [(each.where, each.name) for each in stepping.compare(0, 1).first.differences]
    assert told[:2] == [("request", "client_secret"), ("answer", "status")]


def test_claims_of_tokens_are_compared_one_by_one(lab):
    """OIDCC-2"""
    stepping = lab.step("web-shop")
    stepping.finish()
    lab.clock.advance(hours=1)
    stepping.choose()
    stepping.change(more="1")  # so that the very first message is another one already
    stepping.finish()
    rows = [row for row in stepping.compare(0, 1).rows if row.title == "Redeem the code"]
    claims = {each.name for each in rows[0].differences if each.where == "claim of id_token"}
    assert claims == {"iat", "exp", "nonce", "at_hash"}


def test_a_branch_that_was_left_before_its_end_goes_on_from_there(stepping, lab, state_of):
    steps(stepping, 4)
    stood = state_of(lab)
    stepping.back()
    stepping.change(demo_user="ben")
    stepping.finish()
    assert stepping.run.result.sub == "ben"
    stepping.switch(0)
    assert (sent(stepping), stepping.here, state_of(lab)) == (4, 0, stood)
    assert stepping.finish().result.sub == "anna"
    assert [each.ended for each in stepping.branches] == ["done", "done"]


def test_a_refusal_is_heard_again_when_its_branch_is(stepping, lab):
    """RFC7636-4.6"""
    steps(stepping, 7)
    stepping.change(code_verifier="x" * 43)
    stepping.next()
    heard = list(lab.refusals)
    stepping.back()
    assert lab.refusals == []
    stepping.next()
    stepping.switch(0)
    assert heard
    assert lab.refusals == heard
    assert stepping.trace.exchanges[-1].refusals == tuple(heard)


def test_the_same_messages_sent_again_are_no_second_branch(stepping):
    whole = stepping.finish().trace
    stepping.again()
    steps(stepping, 4)
    assert (len(stepping.branches), stepping.here, stepping.branches[0].trace) == (1, 0, whole)
    stepping.finish()
    assert len(stepping.branches) == 1


def test_again_is_another_branch_as_soon_as_something_else_is_sent(stepping):
    stepping.finish()
    stepping.again()
    assert len(stepping.branches) == 1
    stepping.change(more="1")
    stepping.next()
    assert [(each.forked_at, each.parent) for each in stepping.branches] == [(0, ""), (0, "1")]
    first = stepping.compare(0, 1).first.differences[0]
    assert (first.where, first.name, first.one, first.other) == ("request", "more", None, "1")


def test_who_comes_back_to_an_older_way_is_on_that_branch_again(stepping):
    steps(stepping, 3)
    for change in ({"demo_user": "ben"}, {"demo_user": "chiara"}, {"demo_user": "ben"}):
        stepping.change(**change)
        stepping.next()
        where = stepping.here
        stepping.back()
    assert (where, len(stepping.branches)) == (0, 2)


def test_what_happens_in_between_does_not_change_what_is_told_again(stepping, lab):
    """RFC6749-10.10, OIDCC-3.1.3.7: others draw from the same chance, and an ID Token is believed at its time."""
    steps(stepping, 1)
    lab.sign_in("web-shop", "ben").finish()
    lab.clock.advance(days=1)
    whole = stepping.finish().trace.to_json()
    for back in (1, 2):
        for _ in range(back):
            stepping.back()
        assert stepping.finish().trace.to_json() == whole


def test_an_application_that_changes_on_the_way_is_told_again_as_it_began(stepping, lab):
    """OIDCC-3.1.3.2: the redirect URI is that of the authentication request."""
    steps(stepping, 7)
    lab.applications["photo-album"].update(redirect_uris=["https://new.example/"])
    redeem = stepping.next_step
    stepping.next()
    stepping.back()
    assert stepping.next_step == redeem
    assert lab.applications["photo-album"].redirect_uris == ("https://new.example/",)


def test_a_run_keeps_its_name_when_its_stepping_goes_back(stepping, lab):
    stepping.finish()
    refreshing = lab.step("photo-album", flow="refresh")
    refreshing.choose(tokens_of=refreshing.options().earlier[1][0])
    stepping.back()
    stepping.finish()
    assert refreshing.finish().finished


def test_what_a_learner_undoes_besides_is_said_before(stepping, lab):
    steps(stepping, 2)
    assert stepping.back_undoes == ""
    lab.clock.advance(days=14)
    lab.sign_in("web-shop", "ben").finish()
    under_way = lab.sign_in("web-shop", "chiara")
    assert stepping.back_undoes == "also takes back: 2 other runs, the clock's 14 days"
    stepping.next()
    assert stepping.back_undoes == ""
    assert stepping.again_undoes == "also takes back: 2 other runs, the clock's 14 days"
    under_way.advance()
    lab.users.create("zoe")
    assert stepping.back_undoes == "also takes back: 1 other run, 1 change made at the provider"
    stepping.back()
    assert stepping.back_undoes == "also takes back: 2 other runs, the clock's 14 days"
    assert "zoe" not in lab.users
    stepping.again()
    assert (lab.clock.now.day, list(lab.history)) == (5, [])


def test_who_watches_is_told_of_what_happens_elsewhere(stepping, lab):
    told = []
    steps(stepping, 1).watch(lambda: told.append(stepping.back_undoes))
    lab.clock.advance(days=1)
    assert told == ["also takes back: the clock's 1 day"]
    lab.sign_in("web-shop", "ben").advance()
    assert told[1:] == ["also takes back: 1 other run, the clock's 1 day"]
    stepping.next()
    assert told[2:] == [""]


# -- when somebody else moves the lab


def test_a_run_that_the_provider_does_not_know_any_more_does_not_go_on(stepping, lab):
    moment = lab.moment()
    steps(stepping, 3)
    lab.return_to(moment)
    assert "put back to an earlier moment" in stepping.problem
    assert (stepping.next_step, stepping.page) == (None, None)
    assert stepping.back_barred == stepping.problem
    for press in (stepping.next, stepping.back, stepping.unchange, stepping.finish):
        with pytest.raises(RuntimeError, match="put back to an earlier moment"):
            press()
    assert sent(stepping) == 3
    stepping.again()
    assert (stepping.problem, sent(stepping)) == ("", 0)
    assert stepping.finish().finished


def test_a_moment_after_its_last_message_does_not_matter_to_a_run(stepping, lab):
    steps(stepping, 3)
    moment = lab.moment()
    lab.sign_in("web-shop", "ben").finish()
    lab.return_to(moment)
    assert stepping.problem == ""
    assert stepping.finish().finished


def test_one_stepping_that_goes_back_stops_those_that_built_on_it(stepping, lab):
    stepping.finish()
    refreshing = lab.step("photo-album", flow="refresh")
    assert refreshing.finish().finished
    told = []
    refreshing.watch(lambda: told.append(refreshing.problem))
    stepping.back()
    assert "put back" in refreshing.problem
    assert told == [refreshing.problem]
    refreshing.again()
    assert refreshing.problem == "nobody is signed in to Photo Album here: step through a sign-in first"
    stepping.next()
    assert refreshing.problem == ""
    assert refreshing.finish().finished


def test_a_run_that_is_driven_past_its_stepping_is_left_alone(stepping):
    steps(stepping, 2)
    stepping.run.advance()
    assert "went on without its stepper" in stepping.problem
    stepping.again()
    assert stepping.problem == ""


# -- the request that is due


def test_a_change_is_shown_beside_what_the_flow_built_and_can_be_undone(stepping):
    steps(stepping, 1)
    stepping.change(scope="openid", self="a parameter like any other")
    assert stepping.next_step.request.parameters["scope"] == "openid"
    assert stepping.original_step.request.parameters["scope"] == "openid offline_access"
    assert stepping.unchange() == stepping.original_step == stepping.next_step


@pytest.mark.parametrize("before", [0, 1])
def test_a_change_is_not_lost_when_sending_breaks(lab, monkeypatch, before):
    stepping = steps(lab.step("photo-album"), before)
    changed = stepping.change(more="1")
    with monkeypatch.context() as broken:
        broken.setattr("oidc_lab.relying_party.wire.Lane.send", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            stepping.next()
    assert (stepping.next_step, sent(stepping)) == (changed, before)
    assert len(lab.history) == min(before, 1)
    stepping.next()
    assert list(stepping.built) == [before]


def test_what_could_not_be_sent_ends_the_branch_and_can_be_taken_back(stepping):
    """RFC9110-4.2"""
    steps(stepping, 7)
    stepping.run.replace_request(type(stepping.next_step.request)("POST", "nowhere:", (), "a=b"))
    stepping.next()
    assert stepping.branches[0].ended == "the relying party refused: not_sent"
    stepping.back()
    assert stepping.next_step == stepping.original_step
    stepping.switch(0)
    assert stepping.branches[0].ended == "the relying party refused: not_sent"


# -- the provider's pages


def test_a_page_waits_beside_the_one_click(stepping):
    """OIDCC-3.1.2.3"""
    pages = [stepping.page]
    while stepping.next_step:
        stepping.next()
        pages.append(stepping.page)
    titles = [each.title.split(" · ")[0] for each in pages if each]
    assert titles == ["Sign in to Photo Album", "Allow Photo Album?"]
    page = pages[3]
    assert page.url.startswith("https://provider.test/sign-in?")
    assert "<form" in page.html
    assert ".avatar" in page.stylesheet
    assert stepping.awaits == ""


def form(stepping, **typed):
    """What a browser sends from the page's first form."""
    hidden = stepping.original_step.request.parameters
    return [(name, typed.get(name, value)) for name, value in hidden.items()]


def test_a_learner_fills_in_the_pages_by_hand(lab):
    """OIDCC-3.1.2.3"""
    stepping = lab.step("photo-album", by_hand=True, **OFFLINE)
    stepping.finish()
    assert (sent(stepping), stepping.awaits) == (3, "Anna Lindqvist fills in the page")
    with pytest.raises(RuntimeError, match="the provider's page waits"):
        stepping.next()
    stepping.fill("/sign-in", form(stepping, username="anna", password=lab.passwords["anna"]))
    assert stepping.awaits == ""
    stepping.unchange()
    assert stepping.awaits != ""
    stepping.fill("/sign-in", form(stepping, username="anna", password=lab.passwords["anna"]))
    stepping.finish()
    assert stepping.page.title.startswith("Allow Photo Album?")
    stepping.fill("consent", [("action", "allow"), *form(stepping)[:2]])
    assert stepping.next_step.request.body.startswith("action=allow&interaction=")
    assert stepping.next_step.request.url == "https://provider.test/consent"
    stepping.finish()
    assert stepping.run.result.sub == "anna"


def test_a_wrong_password_typed_by_hand_can_be_typed_again(lab):
    """OIDCC-3.1.2.3"""
    stepping = lab.step("photo-album", by_hand=True)
    stepping.finish()
    stepping.fill("/sign-in", form(stepping, username="anna", password="wrong"))
    stepping.next()
    assert "The user name or the password is not right." in stepping.page.html
    assert [each.refusal.code for each in lab.refusals] == ["password_wrong"]
    stepping.fill("/sign-in", form(stepping, username="anna", password=lab.passwords["anna"]))
    stepping.next()
    assert stepping.trace.exchanges[-1].response.status == 303


def at_sign_in(stepping):
    """Stand where the sign-in page waits; gives what its first form sends."""
    stepping.until("signs in with one click")
    return dict(form(stepping))


def type_password(stepping, username, password):
    hidden = {name: value for name, value in form(stepping) if name in {"interaction", "csrf"}}
    typed = {"username": username, "password": password, "action": "sign-in"}
    return stepping.fill("/sign-in", list({**hidden, **typed}.items()))


def test_who_mistypes_on_the_page_may_try_again_though_the_lab_would_do_it(stepping, lab, state_of):
    """OIDCC-3.1.2.3: also after a way back, when the flow is told again what was sent."""
    at_sign_in(stepping)
    type_password(stepping, "anna", "wrong")
    stepping.next()
    assert stepping.run.refusal is None
    assert "The user name or the password is not right." in stepping.page.html
    stood, due = state_of(lab), stepping.next_step
    type_password(stepping, "anna", lab.passwords["anna"])
    stepping.next()
    stepping.back()
    assert (state_of(lab), stepping.next_step) == (stood, due)
    assert "The user name or the password is not right." in stepping.page.html
    stepping.finish()
    stepping.switch(0)
    assert stepping.finish().finished
    titles = [each.step.title for each in stepping.trace.exchanges]
    assert titles.count("Anna Lindqvist types a password") == 2


def test_a_script_that_mistypes_has_no_second_try(stepping):
    """OIDCC-3.1.2.3"""
    at_sign_in(stepping)
    stepping.change(demo_user="nobody")
    stepping.next()
    assert stepping.run.refusal.error == "sign_in_failed"


def test_a_second_try_stays_when_its_branch_is_switched_to(stepping, lab):
    """OIDCC-3.1.2.3"""
    at_sign_in(stepping)
    type_password(stepping, "anna", "wrong")
    stepping.next()
    stepping.back()
    stepping.finish()
    stepping.switch(0)
    assert (stepping.here, stepping.run.refusal) == (0, None)
    assert stepping.page is not None
    assert stepping.trace.exchanges[-1].step.by_hand


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({}, "Anna Lindqvist signs in with one click"),
        ({"more": "1"}, "Anna Lindqvist signs in with one click"),
        ({"demo_user": "ben"}, "Benjamin Okafor signs in with one click"),
        ({"demo_user": "zoe"}, "zoe signs in with one click"),
        ({"demo_user": None}, "Anna Lindqvist sends the form without a password"),
        ({"demo_user": None, "username": "anna", "password": "x"}, "Anna Lindqvist types a password"),
        ({"demo_user": None, "username": "ben", "password": "x"}, "Benjamin Okafor types a password"),
        ({"demo_user": None, "username": "zoe", "password": "x"}, "Anna Lindqvist types a password"),
        ({"action": "cancel"}, "Anna Lindqvist cancels"),
    ],
)
def test_what_is_sent_from_the_sign_in_page_is_what_the_step_is_called(stepping, change, title):
    """OIDCC-3.1.2.3"""
    at_sign_in(stepping)
    due = stepping.change(**change)
    assert (due.title, due.clause) == (title, "OIDCC-3.1.2.3")
    assert stepping.next().step.title == title
    stepping.back()
    assert stepping.next_step.title == "Anna Lindqvist signs in with one click"


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize(("action", "title"), [("allow", "Anna Lindqvist agrees"), ("deny", "Anna Lindqvist declines")])
def test_what_is_sent_from_the_consent_page_is_what_the_step_is_called(lab, by_hand, action, title):
    """OIDCC-3.1.2.4"""
    lab.sign_in("photo-album", "anna").finish()
    stepping = lab.step("photo-album", by_hand=by_hand, **OFFLINE)
    while not stepping.page:
        stepping.next()
    stepping.fill("/consent", form(stepping, action=action))
    assert (stepping.next_step.title, stepping.next_step.clause) == (title, "OIDCC-3.1.2.4")
    assert stepping.next().step.title == title
    stepping.back()
    assert stepping.change(action=action).title in {title, stepping.original_step.title}
    assert stepping.unchange().title == stepping.original_step.title


def test_whoever_signed_in_is_who_agrees(stepping):
    """OIDCC-3.1.2.4"""
    at_sign_in(stepping)
    stepping.change(demo_user="ben")
    stepping.until("agrees")
    assert stepping.next_step.title == "Benjamin Okafor agrees"


@pytest.mark.parametrize(
    ("action", "title"),
    [
        ("continue", "Anna Lindqvist goes on"),
        ("other", "Anna Lindqvist chooses to use another account"),
        ("cancel", "Anna Lindqvist cancels"),
    ],
)
def test_what_is_sent_from_the_page_of_accounts_is_what_the_step_is_called(lab, action, title):
    """OIDCC-3.1.2.3"""
    lab.sign_in("photo-album", "anna").finish()
    stepping = lab.step("photo-album", prompt="select_account").until("goes on")
    assert stepping.change(action=action).title == title


@pytest.mark.parametrize(
    ("action", "title"),
    [("sign-out", "Anna Lindqvist confirms the sign-out"), ("stay", "Anna Lindqvist stays signed in")],
)
def test_what_is_sent_from_the_page_that_signs_out_is_what_the_step_is_called(lab, action, title):
    """OIDCRIL-2"""
    lab.sign_in("photo-album", "anna").finish()
    stepping = lab.step("photo-album", flow="sign-out", tokens_of="none").until("confirms the sign-out")
    due = stepping.change(action=action)
    assert (due.title, due.clause) == (title, "OIDCRIL-2")


def test_two_branches_that_part_on_a_page_are_told_by_what_was_done_there(stepping, lab):
    """OIDCC-3.1.2.4"""
    stepping.until("agrees")
    stepping.next()
    stepping.back()
    stepping.change(action="deny")
    stepping.finish()
    first = stepping.compare(0, 1).first
    assert first.title == "Anna Lindqvist agrees; in the other branch: Anna Lindqvist declines"
    assert lab.why(stepping).causes[0].step == "Anna Lindqvist declines"


def test_a_stepping_is_explained_as_its_run_is(stepping, lab):
    """RFC7636-4.6"""
    stepping.until("Redeem the code").change(code_verifier="x" * 43)
    stepping.finish()
    assert lab.why(stepping) == lab.why(stepping.run)
    assert [each.code for each in lab.why(stepping).causes] == ["verifier_wrong"]


def test_a_stepping_that_cannot_begin_is_explained_by_what_it_needs(lab):
    """RFC6749-6"""
    why = lab.why(lab.step("photo-album", flow="refresh"))
    assert (why.causes, why.sentence) == (
        (), "Nothing began: nobody is signed in to Photo Album here: step through a sign-in first."
    )  # fmt: skip


def test_the_password_of_the_picked_user_is_known_where_it_can_be_typed(lab):
    """OIDCC-3.1.2.3"""
    stepping = lab.step("photo-album", user="ben", **OFFLINE)
    assert stepping.password is None
    at_sign_in(stepping)
    assert (stepping.password.username, stepping.password.password) == ("ben", lab.passwords["ben"])
    assert lab.passwords["ben"] not in repr(stepping.password)
    stepping.until("agrees")
    assert (stepping.page is None, stepping.password) == (False, None)


def test_a_password_that_the_bench_does_not_know_is_not_said(lab):
    lab.users.create("zoe", sub="zoe", one_click=True)
    stepping = lab.step("photo-album", user="zoe").until("one click")
    assert (stepping.page is None, stepping.password) == (False, None)


def test_flows_with_a_user_are_barred_for_an_application_that_acts_for_itself(lab):
    """RFC6749-4.4"""
    options = lab.step("night-report", flow="client-credentials").options()
    assert [flow for flow, _ in options.barred] == ["sign-in", "refresh", "userinfo", "sign-out"]
    assert not {*options.barred} & {*options.flows}
    assert options.barred_because == (
        "nobody signs in to Night Report, a machine-to-machine application: it acts for itself"
    )
    options = lab.step("web-shop").options()
    assert (options.barred, options.barred_because) == ((), "")


def test_a_form_leads_only_where_the_page_has_one(lab):
    stepping = lab.step("photo-album", by_hand=True)
    with pytest.raises(RuntimeError, match="no page of the provider waits"):
        stepping.fill("/sign-in", [])
    stepping.finish()
    for elsewhere in ("https://evil.example/", "/consent", "http://["):
        with pytest.raises(ValueError, match=r"no form that leads|Invalid IPv6"):
            stepping.fill(elsewhere, [])


# -- every flow


def test_every_flow_can_be_stepped_through_and_back(lab, state_of):
    lab.step("web-shop", **OFFLINE).finish()
    for flow in list(FlowKind)[1:]:
        application = "night-report" if flow is FlowKind.CLIENT_CREDENTIALS else "web-shop"
        stepping = lab.step(application, flow=flow)
        states = []
        while stepping.next_step:
            states.append(state_of(lab))
            stepping.next()
        assert stepping.run.finished, flow
        whole = stepping.trace.to_json()
        for state in states[:0:-1]:
            stepping.back()
            assert state_of(lab) == state
        assert stepping.finish().trace.to_json() == whole
        assert stepping.choices.scopes == ""


def test_the_latest_run_that_fits_gives_the_tokens_unless_another_is_picked(lab):
    """RFC6749-6"""
    first = lab.step("web-shop", **OFFLINE).finish()
    lab.clock.advance(hours=1)
    lab.sign_in("web-shop", "anna").finish()
    lab.sign_in("web-shop", "ben").finish()
    lab.sign_in("photo-album", "anna").finish()
    refreshing = lab.step("web-shop", flow="refresh")
    labels = [label for _, label in refreshing.options().earlier]
    assert labels == [
        "the latest",
        "Anna Lindqvist signed in to Web Shop, 10:00:00",
        "Anna Lindqvist signed in to Web Shop, 09:00:00",
    ]
    steps(refreshing, 1)
    assert refreshing.next_step.request.parameters["refresh_token"] == first.result.tokens.refresh_token
    refreshing.finish()
    assert refreshing.options().earlier[1][1] == "Web Shop refreshed the tokens of Anna Lindqvist, 10:00:00"
    newest = refreshing.options().earlier[2][0]
    refreshing.choose(tokens_of=newest)
    refreshing.finish()
    assert refreshing.trace.refusal.error == "refresh_token_missing"
    refreshing.choose(tokens_of="99")
    assert refreshing.problem == "the run whose tokens were picked is not there any more: pick another one"
    assert lab.step("web-shop", flow="userinfo", user="ben", tokens_of=lab.history[2]).finish().finished


def test_introspection_and_revocation_are_about_the_token_that_was_picked(lab):
    """RFC7662-2.1, RFC7009-2.1"""
    tokens = lab.sign_in("web-shop", "anna", **OFFLINE).finish().result.tokens

    def due(flow, token):
        stepping = lab.step("web-shop", flow=flow, token=token)
        return steps(stepping, 1).next_step.request.parameters["token"]

    assert due("introspection", "") == due("revocation", "access_token") == tokens.access_token
    assert due("revocation", "") == due("introspection", "refresh_token") == tokens.refresh_token
    assert due("introspection", "made-up") == "made-up"
    lab.sign_in("web-shop", "anna").finish()
    stepping = lab.step("web-shop", flow="revocation", token="refresh_token")
    assert stepping.problem.startswith("that run gave no refresh token: sign in with scope offline_access")


def test_a_token_that_was_picked_is_in_no_text(lab):
    """RFC6750-5.3: a token of somebody else's may be picked, too."""
    stepping = lab.step("web-shop", flow="introspection", token="taken-from-elsewhere")
    assert stepping.choices.token == "taken-from-elsewhere"
    assert "taken-from-elsewhere" not in repr(stepping.choices) + repr(stepping)


def test_a_sign_out_can_do_without_tokens(lab):
    """OIDCRIL-2"""
    stepping = steps(lab.step("web-shop", flow="sign-out"), 1)
    assert "id_token_hint" not in stepping.next_step.request.parameters
    lab.sign_in("web-shop", "anna").finish()
    stepping.choose()
    assert "id_token_hint" in steps(stepping, 1).next_step.request.parameters
    assert stepping.options().earlier[-1] == ("none", "nobody: without a hint")
    stepping.choose(tokens_of="none")
    assert "id_token_hint" not in steps(stepping, 1).next_step.request.parameters


@pytest.mark.parametrize("flow", ["refresh", "userinfo", "introspection", "revocation"])
def test_a_flow_that_needs_tokens_says_who_has_to_sign_in_first(lab, flow):
    """RFC6749-1.5"""
    stepping = lab.step("photo-album", flow=flow)
    assert stepping.problem == "nobody is signed in to Photo Album here: step through a sign-in first"
    assert (stepping.run, stepping.next_step, stepping.trace.exchanges) == (None, None, ())
    assert repr(stepping) == f"{flow}, step by step: {stepping.problem}"
    with pytest.raises(RuntimeError, match="nobody is signed in"):
        stepping.next()
    lab.sign_in("photo-album", "anna", **OFFLINE).finish()
    assert stepping.problem == ""
    assert stepping.finish().trace.exchanges


def test_another_users_sign_in_is_not_enough(lab):
    lab.sign_in("photo-album", "ben").finish()
    problem = lab.step("photo-album", flow="refresh").problem
    assert problem == "Anna Lindqvist is not signed in to Photo Album here: step through a sign-in first"


def test_an_application_that_acts_for_itself_is_offered_its_own_flows_only(lab):
    """RFC6749-4.4"""
    stepping = lab.step("night-report")
    assert stepping.problem.startswith("nobody signs in to Night Report, a machine-to-machine application")
    assert [value for value, _ in stepping.options().flows] == ["client-credentials", "introspection", "revocation"]
    for flow in ("refresh", "userinfo", "sign-out"):
        stepping.choose(flow=flow)
        assert stepping.problem.startswith("nobody signs in to Night Report")
    stepping.choose(flow="introspection")
    assert stepping.problem == "Night Report has no token here: step through client credentials first"
    stepping.choose(flow="client-credentials")
    assert stepping.finish().finished
    stepping.choose(flow="introspection")
    assert stepping.finish().result.active


@pytest.mark.parametrize(
    ("choices", "why"),
    [
        ({"max_age": "abc"}, "max_age is a whole number of seconds, not 'abc'"),
        ({"application": "nope"}, "there is no application 'nope'; there are web-shop"),
        ({"user": "zoe"}, "there is no user 'zoe'; there are anna"),
        ({"flow": "nope"}, "there is no flow 'nope'; there are sign-in, refresh"),
        ({"origin": "photos"}, "no page has the origin 'photos'"),
        ({"token_endpoint_auth_method": "magic"}, "token_endpoint_auth_method is one of"),
    ],
)
def test_what_cannot_be_picked_is_a_sentence_and_no_exception(stepping, choices, why):
    stepping.choose(**choices)
    assert stepping.problem.startswith(why)
    assert (stepping.run, stepping.page, stepping.back_barred) == (None, None, stepping.problem)
    stepping.options()
    right = {"flow": "sign-in", "application": "photo-album", "user": "anna"}
    stepping.choose(**{name: right.get(name, "") for name in choices})
    assert (stepping.problem, stepping.choices.prompt) == ("", "consent")


def test_a_secret_that_nobody_here_knows_is_said_so(lab):
    """OIDCR-3.2"""
    shop = Application(
        client_id="shop", type=ApplicationType.TRADITIONAL, name="Shop", redirect_uris=("https://s.example/",)
    )
    assert lab.step(shop).problem.startswith("the secret of Shop is not known here")


def test_what_is_not_there_is_told_to_who_writes_code(lab):
    for wrong, named in (("nope", {}), ("web-shop", {"user": "nope"})):
        with pytest.raises(KeyError, match="there is no"):
            lab.step(wrong, **named)
    with pytest.raises(ValueError, match="there is no flow 'nope'; there are sign-in"):
        lab.step(flow="nope")
    with pytest.raises(TypeError, match="colour"):
        lab.step(colour="red")


# -- what was picked


def test_without_application_and_user_the_first_ones_step(lab):
    assert (lab.step().choices.application, lab.step().choices.user) == ("web-shop", "anna")
    assert repr(lab.step()) == (
        "sign-in, step by step: Anna Lindqvist signs in to Web Shop: 0 messages, next: Discover the provider"
    )


def test_the_same_words_give_the_same_stepping_where_it_stands(lab):
    stepping = steps(lab.step("web-shop", scopes=["openid", "email"]), 2)
    assert lab.step("web-shop", scopes="openid email") is stepping
    assert sent(stepping) == 2
    assert lab.step("web-shop") is not stepping


def test_the_same_words_begin_anew_what_the_lab_was_taken_away_from(lab):
    moment = lab.moment()
    stepping = steps(lab.step("web-shop"), 2)
    lab.return_to(moment)
    assert lab.step("web-shop") is stepping
    assert (stepping.problem, sent(stepping)) == ("", 0)
    assert stepping.finish().finished


def test_other_choices_begin_where_both_sides_stand_now(lab):
    stepping = lab.step("web-shop")
    stepping.finish()
    stepping.choose(prompt="none")
    assert (stepping.branches[0].choices.prompt, len(stepping.branches), sent(stepping)) == ("none", 1, 0)
    assert stepping.finish().finished  # of the session that the first one began
    assert len(lab.history) == 2


def test_the_same_choices_again_keep_the_branches(lab):
    stepping = lab.step("web-shop")
    stepping.finish()
    stepping.choose(prompt="")
    stepping.finish()
    assert [each.ended for each in stepping.branches] == ["done", "done"]
    assert len(lab.history) == 2
    for _ in range(3):
        stepping.choose(prompt="")
    assert [each.name for each in stepping.branches] == ["1", "2", "3"]
    stepping.switch(0)
    assert (len(lab.history), len(stepping.branches)) == (1, 2)


def test_what_belongs_to_another_flow_application_or_user_is_picked_no_more(lab):
    stepping = lab.step("photo-album", redirect_uri="https://photos.example/callback", **OFFLINE)
    stepping.choose(flow="refresh")
    assert stepping.choices.scopes == ""
    stepping.choose(flow="sign-in")
    assert stepping.choices.scopes == "openid profile email"
    stepping.choose(application="web-shop", scopes="openid")
    assert (stepping.choices.redirect_uri, stepping.choices.scopes) == ("", "openid")


def test_an_application_that_is_changed_before_the_first_message_steps_as_it_is_then(lab):
    stepping = lab.step("photo-album")
    lab.applications["photo-album"].update(redirect_uris=["https://new.example/"])
    assert steps(stepping, 1).next_step.request.parameters["redirect_uri"] == "https://new.example/"
    gone = lab.step("web-shop")
    lab.applications["web-shop"].delete()
    with pytest.raises(RuntimeError, match="there is no application 'web-shop'"):
        gone.next()
    assert gone.problem.startswith("there is no application 'web-shop'")


def test_what_is_only_looked_at_is_no_run(lab):
    stepping = lab.step("web-shop")
    for prompt in ("login", "consent", ""):
        stepping.choose(prompt=prompt)
    assert list(lab.history) == []
    stepping.next()
    assert list(lab.history) == [stepping.run]


def test_the_way_to_the_end_can_be_left_at_any_message(stepping):
    shares = []
    for share in stepping.to_the_end():
        shares.append(share)
        if len(shares) == 4:
            break
    assert sent(stepping) == 4
    stepping.back()
    shares = list(stepping.to_the_end())
    assert all(0 < one < other for one, other in pairwise(shares))
    assert shares[-1] == 1
    assert stepping.run.finished
    with pytest.raises(RuntimeError, match="has ended: done"):
        stepping.next()


# -- at a provider of others


def test_at_a_provider_of_others_all_goes_but_back():
    """OIDCD-4"""
    offer = served.read_offer(seed=7)
    with served.serve(offer, 0) as running, Lab.connect(running.url, offer.token) as lab:
        stepping = lab.step("photo-album", **OFFLINE)
        assert "cannot be put back" in stepping.back_barred
        assert stepping.back_undoes == ""
        assert stepping.finish().finished
        for press in (stepping.back, lambda: stepping.switch(0)):
            with pytest.raises(RuntimeError, match="is not this bench's alone"):
                press()
        stepping.again()
        assert (sent(stepping), stepping.problem) == (0, "")
        stepping.finish()
        assert len(stepping.branches) == 2
        assert not stepping.compare(0, 1).first.same
        assert lab.step("photo-album", flow="refresh").finish().finished


def test_it_goes_on_until_a_message_is_due(lab: Lab) -> None:
    """OIDCC-3.1.1: by words of its title; a cell that runs again sends nothing twice."""
    stepping = lab.step("photo-album", user="anna")
    assert stepping.until("redeem") is stepping
    assert stepping.next_step is not None
    assert stepping.next_step.title == "Redeem the code"
    sent = len(stepping.trace.exchanges)
    assert len(stepping.until("Redeem").trace.exchanges) == sent
    stepping.next()
    assert len(stepping.until("Redeem").trace.exchanges) == sent + 1
    with pytest.raises(LookupError, match=r"no message has 'Fly' in its title; there were: Discover"):
        stepping.until("Fly")
    assert stepping.next_step is None


def test_a_branch_says_in_a_line_what_it_is(lab: Lab) -> None:
    """OIDCC-3.1.1"""
    stepping = lab.step("photo-album", user="anna").until("Redeem")
    stepping.change(code_verifier="x" * 43)
    stepping.next()
    stepping.back()
    stepping.next()
    refused, going = stepping.branches
    assert repr(refused) == "branch 1: 8 messages, the provider refused: invalid_grant"
    assert repr(going) == "branch 2: 8 messages, goes on, from branch 1 after message 7"


def test_going_back_in_a_later_flow_leaves_the_earlier_run_of_the_same_stepper(lab: Lab) -> None:
    """RFC6749-6: the sign-in whose tokens are refreshed stays in the history, whatever is taken back after it."""
    stepping = lab.step("web-shop", user="anna", scopes="openid offline_access", prompt="consent")
    signed_in = stepping.finish()
    stepping.choose(flow="refresh", tokens_of="")
    for way_back in (stepping.again, stepping.back):
        stepping.next()
        way_back()
        assert [repr(each) for each in lab.history] == [repr(signed_in)]
        assert stepping.problem == ""
    lab.clock.advance(days=14)
    stepping.finish()
    stepping.again()
    assert stepping.finish().refusal is not None
    assert [repr(each) for each in lab.history] == [repr(signed_in), repr(stepping.run)]


def test_going_back_in_a_second_round_leaves_the_first_round_alone(lab: Lab) -> None:
    """OIDCC-3.1.1: the same choices once more are another run, and both are in the history."""
    stepping = lab.step("web-shop", user="anna")
    first = stepping.finish()
    stepping.choose()
    stepping.finish()
    stepping.back()
    assert [repr(each) for each in lab.history] == [repr(first), repr(stepping.run)]
    stepping.switch(0)
    assert repr(lab.history[0]) == repr(first)


def test_what_a_switch_takes_back_besides_is_said_beforehand(lab: Lab) -> None:
    """RFC6749-1.2: as Back and Again say it."""
    stepping = lab.step("photo-album", user="anna").until("Redeem")
    stepping.change(code_verifier="x" * 43)
    stepping.next()
    stepping.back()
    stepping.next()
    assert stepping.switch_undoes(0) == ""
    lab.applications.create(name="Mine", type="SPA")
    lab.clock.advance(days=1)
    lab.sign_in("web-shop", "ben").finish()
    assert stepping.switch_undoes(0) == "also takes back: 1 other run, 1 change made at the provider, the clock's 1 day"
    shown = stepping._repr_mimebundle_()["text/html"].replace("&#x27;", "'")
    assert f"It {stepping.switch_undoes(0)}." in shown
    stepping.switch(0)
    assert "Mine" not in [each.name for each in lab.applications.values()]
    assert stepping.switch_undoes(1) == ""
