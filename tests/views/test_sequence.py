"""The diagram: as many arrows as messages, between the right lanes, nothing cut off, nothing unescaped."""

from xml.etree import ElementTree

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.run import Run
from oidc_lab.views import checks as ledger
from oidc_lab.views import sequence
from oidc_lab.views.drawing import GREY
from oidc_lab.views.lanes import BACK, FRONT, LANES
from oidc_lab.views.mermaid import mermaid
from tests.views.reading import HOSTILE, SVG, words


def drawing(run: Run) -> ElementTree.Element:
    return ElementTree.fromstring(sequence.svg(run.trace, run.next_step))


def shafts(drawn: ElementTree.Element, colour: str) -> list[tuple[int, bool]]:
    """Where arrows of a colour begin, and whether they point to the right; those of the legend left out."""
    found = []
    for path in drawn.iter(f"{SVG}path"):
        if path.get("stroke") == colour:
            start, _, end = path.get("d", "")[1:].partition("H")
            found.append((float(start.split()[0]), float(end) > float(start.split()[0])))
    return [(round(x), right) for x, right in found if min(abs(x - lane) for lane in LANES.values()) <= 2]


def test_every_message_is_an_arrow_from_its_sender_to_its_receiver(signed_in: Run) -> None:
    drawn = drawing(signed_in)
    steps = [each.step for each in signed_in.trace.exchanges]
    for pen, front in ((FRONT, True), (BACK, False)):
        expected = [
            (LANES[each.sender] + 2, True) for each in steps if (Party.BROWSER in (each.sender, each.receiver)) is front
        ]
        assert shafts(drawn, pen.colour) == expected


def test_every_answer_is_an_arrow_back(signed_in: Run) -> None:
    answered = [each.step for each in signed_in.trace.exchanges if each.response is not None]
    assert shafts(drawing(signed_in), GREY) == [(LANES[each.receiver] - 2, False) for each in answered]


def test_messages_are_numbered_and_named(signed_in: Run) -> None:
    said = words(drawing(signed_in))
    assert [each for each in said if each.isdigit()] == [str(n + 1) for n in range(len(signed_in.trace.exchanges))]
    assert "303 → /sign-in" in said
    assert "303 → shop.example/callback" in said
    assert any(each.startswith("POST /token grant_type=authorization_code") for each in said)


def test_checks_are_counted_at_the_relying_party(signed_in: Run) -> None:
    notes = [each for each in words(drawing(signed_in)) if each.startswith("✓") and "relying party" not in each]
    assert len(notes) == sum(bool(each.own_checks) for each in signed_in.trace.exchanges)
    assert "✓ 3 checks" in notes


def test_checks_that_were_not_needed_are_not_counted_as_made(lab: Lab) -> None:
    nowhere = Application(
        client_id="nowhere", type=ApplicationType.SPA, name="Nowhere", redirect_uris=("https://nowhere.example/",)
    )
    run = lab.sign_in(lab.register(nowhere), "anna").finish()
    assert "○ 1 check not needed" in words(drawing(lab.sign_out(nowhere, "anna", signed_in=run).finish()))


def test_channels_are_told_apart_without_colour(signed_in: Run) -> None:
    drawn = drawing(signed_in)
    dashes = {each.get("stroke"): each.get("stroke-dasharray") for each in drawn.iter(f"{SVG}path")}
    assert len({dashes[FRONT.colour], dashes[BACK.colour], dashes[GREY]}) == 3
    assert {"front channel: by the browser", "back channel: by the relying party"} <= set(words(drawn))


def test_the_message_that_goes_next_is_drawn(under_way: Run) -> None:
    said = words(drawing(under_way))
    assert "Next: Redeem the code" in said
    assert str(len(under_way.trace.exchanges) + 1) in said


def lanes(run: Run) -> list[str]:
    heads = [each.text or "" for each in drawing(run).iter(f"{SVG}text") if each.get("y") in {"63", "71"}]
    return [each for each in heads if each in set(Party)]


def test_what_an_access_token_opens_has_a_lane_of_its_own(lab: Lab, signed_in: Run) -> None:
    """RFC6749-1.1: the provider hands the token out, the API takes it."""
    asked = lab.userinfo("web-shop", "anna", signed_in=signed_in)
    assert lanes(asked) == ["browser", "relying party", "provider"]
    asked.advance()
    assert lanes(asked) == ["browser", "relying party", "provider", "API"]  # what goes next is drawn as well
    asked.finish()
    (to_provider, to_api) = [shaft for shaft in shafts(drawing(asked), GREY) if not shaft[1]]
    assert (to_provider[0], to_api[0]) == (LANES[Party.PROVIDER] - 2, LANES[Party.API] - 2)


def test_where_nothing_goes_to_the_api_it_has_no_lane_and_the_picture_is_narrower(lab: Lab, signed_in: Run) -> None:
    """Everything else is then drawn larger; the lanes that are there stand where they always stand."""
    out = lab.sign_out("web-shop", "anna", signed_in=signed_in).finish()
    assert lanes(out) == ["browser", "relying party", "provider"]
    assert float(drawing(out).get("width", "0")) < float(drawing(signed_in).get("width", "0")) - 100


def test_a_run_is_drawn_with_what_goes_next_and_its_trace_without(under_way: Run) -> None:
    assert sequence.svg(under_way) == sequence.svg(under_way.trace, under_way.next_step)
    assert sequence.svg(under_way) != sequence.svg(under_way.trace)


def test_a_refusal_and_its_truth_stand_out(provider_refuses: Run) -> None:
    said = " ".join(words(drawing(provider_refuses)))
    assert "✗ the provider refused: invalid_grant" in said
    assert "400 invalid_grant" in said
    (truth,) = provider_refuses.trace.exchanges[-1].truth
    assert truth in said


def test_a_failed_check_is_named(relying_party_refuses: Run) -> None:
    said = words(drawing(relying_party_refuses))
    assert "✗ state" in said
    assert "✗ the relying party refused: state_mismatch" in said


def test_nothing_is_cut_off(lab: Lab, provider_refuses: Run, hostile: Run) -> None:
    asked = lab.userinfo("web-shop", "anna", signed_in=hostile).finish()
    for run in (provider_refuses, hostile, asked, lab.sign_out("web-shop", "anna").finish()):
        drawn = drawing(run)
        height = float(drawn.get("height", "0"))
        for each in drawn.iter(f"{SVG}text"):
            size, length = float(each.get("font-size", "0")), len(each.text or "")
            left = float(each.get("x", "0")) - (length * size * 0.31 if each.get("text-anchor") else 0)
            assert left >= 0, each.text
            assert left + length * size * 0.62 <= float(drawn.get("width", "0")), each.text
            assert float(each.get("y", "0")) < height, each.text


def test_what_comes_from_outside_is_escaped(hostile: Run) -> None:
    drawn = drawing(hostile)
    assert not list(drawn.iter("img"))
    assert not list(drawn.iter(f"{SVG}img"))
    assert f"Anna Lindqvist signs in to {HOSTILE}" in words(drawn)


def test_a_sign_in_is_small(signed_in: Run) -> None:
    assert len(sequence.svg(signed_in)) < 25_000


def test_one_seed_gives_one_picture() -> None:
    def drawn() -> str:
        with Lab() as lab:
            return sequence.svg(lab.sign_in("web-shop", "anna").finish())

    assert drawn() == drawn()


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ({"seconds": 60}, "60 seconds later"),
        ({"minutes": 2}, "2 minutes later"),
        ({"days": 14}, "14 days later"),
        ({"days": 1, "seconds": 1}, "86401 seconds later"),
        ({"seconds": 1}, "0:00:01 later"),
    ],
)
def test_a_clock_that_was_moved_between_two_messages_is_drawn(lab: Lab, span: dict[str, float], said: str) -> None:
    run = lab.sign_in("web-shop", "anna")
    run.advance()
    lab.clock.advance(**span)
    run.advance()
    assert said in "".join(drawing(run).itertext())
    assert said in mermaid(run)
    assert said in run.trace._repr_mimebundle_()["text/plain"]


def test_no_wait_is_drawn_where_the_clock_stood_still(signed_in: Run) -> None:
    assert "later" not in "".join(drawing(signed_in).itertext())


def test_the_checks_of_the_provider_are_not_counted(signed_in: Run) -> None:
    """OIDCC-3.1.3.7: the mark stands on the lane of the relying party."""
    for exchange in signed_in.trace.exchanges:
        assert ledger.summary(exchange.checks) == ledger.summary(exchange.own_checks)
    sent = signed_in.trace.exchanges[1]
    assert sent.told
    assert ledger.summary(sent.checks) == ""
    assert ledger.summary(sent.checks, Party.PROVIDER) == "✓ 6 checks, 1 noted"
