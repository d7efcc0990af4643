"""What a notebook shows: complete, escaped, and of pieces that survive where a notebook is not trusted."""

import json

import pytest

from oidc_lab import Lab
from oidc_lab.domain import spec
from oidc_lab.relying_party.message import Request
from oidc_lab.relying_party.run import Run
from oidc_lab.views import checks
from oidc_lab.views.parameters import CLAIMS, PARAMETERS
from tests.views.reading import HOSTILE, KEPT, Page, html, picture, words


@pytest.mark.parametrize("which", ["signed_in", "under_way", "provider_refuses", "relying_party_refuses", "hostile"])
def test_only_what_survives_is_used(which: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(which)
    for shown in (run, run.trace, *run.trace.exchanges):
        page = Page(html(shown))
        assert set(page.tags) <= KEPT
        assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "id"]
        assert all(address.startswith("https://") for address in page.attribute("a", "href"))
        assert all(address.startswith("data:image/svg+xml;base64,") for address in page.attribute("img", "src"))


def test_every_exchange_unfolds_under_the_number_of_its_arrow(signed_in: Run) -> None:
    source = html(signed_in.trace)
    numbered = [each for each in Page(source).summaries if each[0].isdigit() and "header" not in each]
    shown = [(each.split()[0], each.split("\u2002")[1]) for each in numbered]
    assert shown == [(str(n), each.step.title) for n, each in enumerate(signed_in.trace.exchanges, 1)]
    assert [each for each in words(picture(source)) if each.isdigit()] == [number for number, _ in shown]


def test_nothing_is_shortened_in_the_unfolded_part(signed_in: Run) -> None:
    text = Page(html(signed_in.trace)).text
    for exchange in signed_in.trace.exchanges:
        assert all(value in text for value in exchange.request.parameters.values())
    assert signed_in.result.tokens.id_token in text
    assert signed_in.result.tokens.access_token in text


def test_the_id_token_is_decoded_with_dates(signed_in: Run) -> None:
    cells = Page(html(signed_in.trace.exchanges[7])).cells
    claims = signed_in.result.claims
    for name in ("iss", "sub", "aud", "nonce", "at_hash"):
        value = claims[name]
        assert (value if isinstance(value, str) else json.dumps(value)) in cells
    assert f"{claims['exp']} = 2026-01-05 10:00:00 UTC" in cells


def test_basic_credentials_are_decoded(signed_in: Run) -> None:
    cells = Page(html(signed_in.trace.exchanges[7])).cells
    assert cells[cells.index("client_secret") + 1] == "test-secret-of-the-web-shop"


def test_every_check_has_its_row(signed_in: Run) -> None:
    cells = Page(html(signed_in.trace.exchanges[8])).cells
    for check in signed_in.trace.exchanges[8].checks:
        row = cells.index(check.what)
        assert cells[row - 1][2:] == check.verdict
        assert cells[row + 1 : row + 4] == [check.seen, check.expected, check.clause]


def test_checks_as_a_table(signed_in: Run) -> None:
    frame = checks.table(signed_in)
    assert list(frame.columns) == ["what", "clause", "seen", "expected", "verdict"]
    assert len(frame) == len(signed_in.trace.checks)
    assert frame.equals(checks.table(signed_in.trace))


def test_a_refusal_says_who_and_the_truth_is_marked(provider_refuses: Run) -> None:
    page = Page(html(provider_refuses))
    assert "✗ the provider refused: invalid_grant" in page.text
    assert provider_refuses.trace.exchanges[-1].truth[0] in page.text
    assert "never passes over the wire" in page.text
    plain = provider_refuses._repr_mimebundle_()["text/plain"]
    assert "the provider refused: invalid_grant" in plain


def test_a_run_under_way_shows_what_comes_next(under_way: Run) -> None:
    page = Page(html(under_way))
    assert under_way.next_step is not None
    assert "Next: Redeem the code" in page.text
    assert all(value in page.cells for value in under_way.next_step.request.parameters.values())


def test_what_comes_from_outside_is_escaped(hostile: Run) -> None:
    page = Page(html(hostile))
    assert page.tags.count("img") == 1
    assert HOSTILE in page.attribute("img", "alt")[0]
    assert HOSTILE in page.text


def test_a_body_that_is_no_form_is_shown_and_escaped(under_way: Run) -> None:
    for body in ("<b>no form</b>", '{"a": "<i>"}', "a=<script>&b"):
        under_way.replace_request(Request("POST", "https://provider.test/token?x=<u>", body=body))
        assert set(Page(html(under_way.next_step)).tags) <= KEPT


def test_plain_text_has_a_line_for_each_message(signed_in: Run) -> None:
    lines = signed_in.trace._repr_mimebundle_()["text/plain"].splitlines()
    assert lines[0] == "Anna Lindqvist signs in to Web Shop"
    assert lines[2] == " 2 browser -> provider: GET /authorize  303"
    assert len(lines) == 1 + len(signed_in.trace.exchanges)


def test_one_seed_gives_the_same_bytes_and_not_many() -> None:
    def shown() -> str:
        with Lab() as lab:
            return json.dumps(lab.sign_in("web-shop", "anna").finish()._repr_mimebundle_())

    assert shown() == shown()
    assert len(shown()) < 200_000  # with what each value means, and the checks of both sides


@pytest.mark.parametrize("name", [*PARAMETERS, *CLAIMS])
def test_every_meaning_has_a_clause_that_can_be_read(name: str) -> None:
    for said, clause in filter(None, (PARAMETERS.get(name), CLAIMS.get(name))):
        assert said
        assert not clause or spec.link(clause).startswith("https://")


def test_an_exchange_lists_what_each_side_checks(signed_in: Run) -> None:
    """RFC6749-4.1.3: the provider's own first, as they happen."""
    redeemed = next(each for each in signed_in.trace.exchanges if each.step.title == "Redeem the code")
    page = Page(html(redeemed))
    assert page.text.index("The provider checks") < page.text.index("The relying party checks")
    rows = [page.cells[start : start + 4] for start in range(len(page.cells))]
    for check in redeemed.checks:
        assert [check.what, check.seen, check.expected, check.clause] in rows
