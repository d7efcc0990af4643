"""The live lab panel without a kernel: it unfolds into the other widgets, follows the lab, and keeps what is open."""

from collections.abc import Iterator
from html.parser import HTMLParser

import ipywidgets
import pytest
from ipywidgets.widgets import widget as registry

from oidc_lab import Lab
from oidc_lab.domain.application import ApplicationType
from oidc_lab.domain.profile import Profile
from oidc_lab.relying_party.run import Run
from oidc_lab.serve import provider as served
from oidc_lab.views.lab_panel import SECTIONS
from oidc_lab.views.widgets import application_form, clock_panel, inspector, stepper
from oidc_lab.views.widgets.frame import Frame, Part, widget_of
from oidc_lab.views.widgets.lab_panel import make
from tests.views.pressing import Control, Controls, enter, press, shown
from tests.views.reading import HOSTILE, Page

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as made:
        yield made


@pytest.fixture
def frame(lab: Lab) -> Frame:
    return make(lab)


def keep_signed_in(lab: Lab) -> Run:
    return lab.sign_in("photo-album", "anna", **OFFLINE).finish()  # type: ignore[arg-type]


def says(frame: Frame, part: str) -> str:
    return Page(frame.parts[part].value).text


def opened(frame: Frame) -> list[Frame]:
    """The widgets that are open in a panel, from top to bottom."""
    return [each for each in placed(frame) if isinstance(each, Frame)]


def placed(box: ipywidgets.Box) -> list[Frame | Part]:
    """What stands in the places of a panel, which are boxes in boxes."""
    places = [each for each in box.children if isinstance(each, ipywidgets.Box) and not isinstance(each, Frame)]
    there = [each for place in places for each in place.children if isinstance(each, Frame | Part)]
    return [*there, *(each for place in places for each in placed(place))]


def texts(frame: Frame) -> str:
    """Everything that stands in the parts behind which something is open."""
    return "".join(each.value for each in placed(frame) if isinstance(each, Part))


def buttons(frame: Frame, part: str, name: str) -> list[Control]:
    return [each for each in Controls(frame.parts[part].value).all if each.name == name]


def say(frame: Frame, control: Control) -> None:
    data = control.data
    frame.do(data.pop("do"), **data)


class Folds(HTMLParser):
    """The folds that are open, by their names."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.all: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "details":
            self.all.append(given["data-section"] or "")
            self.open += [given["data-section"] or ""] if "open" in given else []


def test_it_shows_the_same_as_the_static_form(lab: Lab, frame: Frame) -> None:
    keep_signed_in(lab)
    static, live = Page(lab._repr_mimebundle_()["text/html"]), Page(shown(frame))
    for word in static.text.split():
        assert word in live.text
    assert [each.name for each in Controls(shown(frame)).all if not each.enabled] == []


def test_before_anything_is_unfolded_it_is_small(lab: Lab) -> None:
    before = set(registry._instances)
    keep_signed_in(lab)
    make(lab)
    made = [registry._instances[each] for each in set(registry._instances) - before]
    assert len([each for each in made if hasattr(each, "layout")]) < 30


def test_nothing_is_open_or_unfolded_at_first(frame: Frame) -> None:
    assert opened(frame) == []
    assert Folds(shown(frame)).open == []


def test_it_opens_a_new_form_the_stepper_and_the_clock_with_the_clock_beside_the_stepper(
    lab: Lab, frame: Frame
) -> None:
    for name in ("Step through a flow", "New application", "Clock"):
        press(frame, name)
    clock, flow, form = opened(frame)
    assert clock is widget_of(lab.clock.panel(), clock_panel.make)
    assert flow is widget_of(lab.step(), stepper.make)
    assert form is widget_of(lab.applications.form(), application_form.make)


def test_an_application_unfolds_into_its_form_and_its_flow(lab: Lab, frame: Frame) -> None:
    for each in ("Settings", "Sign in"):
        (control,) = (it for it in buttons(frame, "applications", each) if it.data["client_id"] == "photo-album")
        say(frame, control)
    flow, form = opened(frame)
    assert flow is widget_of(lab.step("photo-album"), stepper.make)
    assert form is widget_of(lab.applications["photo-album"].form(), application_form.make)  # type: ignore[attr-defined]


def test_the_redirect_uris_that_unfold_stay_so(lab: Lab, frame: Frame) -> None:
    """OIDCR-2"""
    uris = [f"https://many.example/{number}" for number in range(300)]
    many = lab.applications.create(name="Many", type=ApplicationType.SPA, redirect_uris=uris)
    name = f"uris {many.client_id}"
    assert name in Folds(frame.parts["applications"].value).all
    assert name not in Folds(frame.parts["applications"].value).open
    frame.do("fold", section=name, now="1")
    frame.draw()
    assert name in Folds(frame.parts["applications"].value).open


def test_a_machine_gets_a_token_and_nobody_signs_in_to_it(lab: Lab, frame: Frame) -> None:
    """RFC6749-4.4"""
    (control,) = buttons(frame, "applications", "Get a token")
    say(frame, control)
    assert opened(frame) == [widget_of(lab.step("night-report", flow="client-credentials"), stepper.make)]


def test_a_user_unfolds_into_a_sign_in_and_when_signed_in_a_sign_out(lab: Lab, frame: Frame) -> None:
    assert len(buttons(frame, "users", "Sign in somewhere")) == len(lab.users)
    assert buttons(frame, "users", "Sign out") == []
    keep_signed_in(lab)
    (control,) = buttons(frame, "users", "Sign out")
    say(frame, control)
    assert opened(frame) == [widget_of(lab.step("photo-album", flow="sign-out", user="anna"), stepper.make)]
    say(frame, buttons(frame, "users", "Sign in somewhere")[1])
    assert opened(frame) == [widget_of(lab.step(user="ben"), stepper.make)]


def test_a_run_and_a_token_unfold_into_the_inspector(lab: Lab, frame: Frame) -> None:
    run = keep_signed_in(lab)
    for part in ("grants", "runs"):
        (control,) = buttons(frame, part, "Look inside")
        say(frame, control)
    inside = opened(frame)
    assert [type(each) for each in inside] == [type(inspector.make(lab.inspect(run)))] * 2
    assert "anna" in shown(inside[0])


def test_a_live_token_unfolds_into_a_refresh(lab: Lab, frame: Frame) -> None:
    """RFC6749-6"""
    keep_signed_in(lab)
    (control,) = buttons(frame, "grants", "Refresh")
    say(frame, control)
    assert opened(frame) == [widget_of(lab.step("photo-album", flow="refresh", user="anna"), stepper.make)]


def test_what_is_open_can_be_closed_and_opened_again_as_it_was(lab: Lab, frame: Frame) -> None:
    press(frame, "Clock")
    press(frame, "Step through a flow")
    clock, flow = opened(frame)
    (close,) = (each for each in Controls(texts(frame)).all if each.name == "Close the clock")
    say(frame, close)
    assert opened(frame) == [flow]
    press(frame, "Clock")
    assert opened(frame) == [clock, flow]


def test_a_flow_that_begins_anew_stays_where_it_is_and_the_former_run_is_named(lab: Lab, frame: Frame) -> None:
    """Another sign-in, of the same application or of another one, does not take a run away without a word."""
    shown = {each.data["client_id"]: each for each in buttons(frame, "applications", "Sign in")}
    sign_in, other = shown["web-shop"], shown["photo-album"]
    press(frame, "Step through a flow")
    (flow,) = opened(frame)
    say(frame, sign_in)
    assert "former run" not in texts(frame), "nothing was sent yet"
    press(flow, "To the end")
    title = lab.history[-1].title
    for control in (sign_in, other):
        say(frame, control)
        assert f"The former run, “{title}”, is under Runs." in Page(texts(frame)).text
        assert title in says(frame, "runs")
        press(opened(frame)[0], "To the end")
        title = lab.history[-1].title
    assert len(opened(frame)) == 1
    assert opened(frame)[0] is widget_of(lab.step("photo-album"), stepper.make)
    assert opened(frame)[0] is not flow
    say(frame, sign_in)
    press(frame, "Clock")
    assert opened(frame)[1] is flow


def test_after_a_form_is_saved_it_goes_on_with_that_application(lab: Lab, frame: Frame) -> None:
    """OIDCR-3.1"""
    press(frame, "New application")
    assert Controls(texts(frame)).all[-1].name == "Close the form"
    lab.applications.form().set(name="Mine", type="SPA", redirect_uris="https://mine.example/cb").save()
    assert "Mine is registered. Next: sign somebody in to it." in says(frame, "hint")
    assert Controls(texts(frame)).all[-1].name == "Sign in to Mine"
    press(frame, "Sign in to Mine")
    mine = lab.applications.all()[-1]
    picked = {"scopes": "openid profile email offline_access", "prompt": "consent"}
    assert opened(frame)[0] is widget_of(lab.step(mine.client_id, **picked), stepper.make)


def test_without_typing_python_a_person_comes_to_the_refusal_and_signs_out(lab: Lab, frame: Frame) -> None:
    """RFC6749-5.2: register, sign in, refresh, fourteen days on, the refusal and its reason, sign out."""

    def step_through(name: str) -> None:
        press(frame, name)
        press(next(each for each in opened(frame) if isinstance(each, stepper.Stepper)), "To the end")

    press(frame, "New application")
    lab.applications.form().set(name="Mine", type="SPA", redirect_uris="https://mine.example/cb").save()
    step_through("Sign in to Mine")
    assert "Mine has a refresh token for Anna Lindqvist" in says(frame, "hint")
    step_through("Refresh")
    assert lab.history[-1].finished
    press(frame, "Clock")
    press(opened(frame)[0], "+14 days")
    assert "The refresh token of Mine for Anna Lindqvist has ended" in says(frame, "hint")
    step_through("Refresh")
    assert "The last request was refused: The refresh token's lifetime is over." in says(frame, "hint")
    step_through("Sign out")
    assert "Signed out." in says(frame, "hint")


def test_a_session_and_a_grant_are_ended_only_after_a_second_press(lab: Lab, frame: Frame) -> None:
    """RFC7009-2.1: what asks stands in a fold, and the button in it."""
    keep_signed_in(lab)
    sid, grant_id = lab.sessions.find()[0].sid, lab.grants.find()[0].grant_id
    assert f"end {sid}" in Folds(frame.parts["sessions"].value).all
    assert f"revoke {grant_id}" in Folds(frame.parts["grants"].value).all
    press(frame, "Yes, end it")
    assert lab.sessions.find() == []
    assert "nobody is signed in" in says(frame, "sessions")
    press(frame, "Yes, revoke it")
    assert lab.grants.find() == []
    assert "nothing was granted yet" in says(frame, "grants")


def test_another_profile_is_chosen(lab: Lab, frame: Frame) -> None:
    enter(frame, "Profile: whose rules the provider follows", "strict")
    assert lab.profile is Profile.STRICT
    assert Controls(frame.parts["head"].value).named("Profile: whose rules the provider follows").value == "strict"


def test_the_log_is_filtered(lab: Lab, frame: Frame) -> None:
    """RFC9700-2.6"""
    keep_signed_in(lab)
    lab.sign_in("web-shop", "ben").finish()
    lab.sign_in("web-shop", "ben", scopes="nothing").finish()
    enter(frame, "Entries about this application", "web-shop")
    assert "Anna Lindqvist" not in "".join(Page(frame.parts["log"].value).cells)
    enter(frame, "Refused only", "on")
    cells = Page(frame.parts["log"].value).cells
    assert len(cells) == 6
    assert "✗ refused" in cells
    enter(frame, "Entries about this user", "anna")
    assert "Nothing fits." in says(frame, "log")
    enter(frame, "Refused only", "")
    enter(frame, "Entries about this application", "")
    cells = Page(frame.parts["log"].value).cells
    assert "Anna Lindqvist" in cells
    assert "Web Shop" not in cells


def test_it_follows_the_lab_the_clock_and_every_run(lab: Lab, frame: Frame) -> None:
    run = lab.sign_in("web-shop", "anna")
    run.advance()
    assert "Under way: Anna Lindqvist signs in to Web Shop" in says(frame, "hint")
    assert "next: Send the user to sign in" in says(frame, "runs")
    run.finish()
    assert "Sessions (1)" in says(frame, "sessions")
    lab.clock.advance(days=1)
    assert "Tuesday 6 January 2026" in says(frame, "head")
    lab.applications.create(name="Mine", type=ApplicationType.SPA)
    assert "Applications (5)" in says(frame, "applications")
    lab.users.create("zoe")
    assert "Users (7)" in says(frame, "users")


def test_what_did_not_change_is_not_drawn_again(lab: Lab, frame: Frame) -> None:
    drawn: list[str] = []
    for name, part in frame.parts.items():
        part.observe(lambda _, name=name: drawn.append(name), "value")
    lab.users.create("zoe")
    assert set(drawn) == {"users", "log", "hint"}
    drawn.clear()
    frame.do("look")
    frame.do("fold", section="users", now="1")
    assert drawn == []


def test_what_is_unfolded_stays_so_when_it_is_drawn_anew(lab: Lab, frame: Frame) -> None:
    for name in ("users", "user ben", "log"):
        frame.do("fold", section=name, now="1")
    frame.do("fold", section="log", now="")
    keep_signed_in(lab)
    lab.users.create("zoe")
    assert Folds(shown(frame)).open == ["users", "user ben"]
    assert "Users (7)" in says(frame, "users")


def test_what_is_open_stays_when_the_lab_changes(lab: Lab, frame: Frame) -> None:
    press(frame, "Clock")
    press(frame, "New application")
    form = lab.applications.form()
    form.set(name="Half typed")
    before = opened(frame)
    keep_signed_in(lab)
    assert opened(frame) == before
    assert lab.applications.form() is form
    assert form.field("name").text == "Half typed"


def test_what_goes_wrong_is_shown(lab: Lab, frame: Frame) -> None:
    keep_signed_in(lab)
    (control,) = buttons(frame, "sessions", "Yes, end it")
    lab._store.sessions.end(control.data["sid"], lab.clock.now)
    say(frame, control)
    assert "no session" in "".join(each.value for each in frame.children if isinstance(each, Part))


def test_a_closed_lab_says_so_and_keeps_quiet(lab: Lab, frame: Frame) -> None:
    keep_signed_in(lab)
    lab.close()
    assert "this lab is closed" in says(frame, "head")
    assert not any(frame.parts[name].value for name in ("hint", *SECTIONS))
    assert "role=" not in "".join(each.value for each in frame.children if type(each) is Part)


def test_what_comes_from_outside_is_escaped(lab: Lab, frame: Frame) -> None:
    made = lab.applications.create(name=HOSTILE, type="SPA", redirect_uris=["https://hostile.example/callback"])
    lab.users.create(HOSTILE, sub="hostile", claims={"name": HOSTILE})
    lab.sign_in(made, "hostile", **OFFLINE).finish()  # type: ignore[arg-type]
    for part in frame.parts.values():
        page = Page(part.value)
        assert "img" not in page.tags
        assert not [value for _, name, value in page.attributes if name == "onerror"]
    (control,) = (
        each for each in buttons(frame, "applications", "Settings") if each.data["client_id"] == made.client_id
    )
    say(frame, control)
    assert len(opened(frame)) == 1


def test_at_a_lab_that_others_use_too_one_looks_again_and_the_clock_stands(lab: Lab) -> None:
    offer = served.read_offer(seed=7)
    with (
        served.serve(offer, 0) as server,
        Lab.connect(server.url, offer.token) as mine,
        Lab.connect(server.url, offer.token) as other,
    ):
        frame = make(mine)
        press(frame, "Clock")
        (clock,) = opened(frame)
        assert clock is widget_of(mine.clock.panel(), clock_panel.make)
        for reason in (says(frame, "hint"), shown(clock)):
            assert "goes by the machine's clock, which nobody moves" in Page(reason).text
        assert "application secret" in Page(shown(clock)).text
        assert [each.name for each in Controls(shown(clock)).all] == ["Look again"]
        other.applications.create(name="Theirs", type=ApplicationType.SPA)
        assert "Applications (4)" in says(frame, "applications")
        press(frame, "Look again")
        assert "Applications (5)" in says(frame, "applications")
    assert "Look again" not in shown(make(lab))
