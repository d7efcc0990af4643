"""What nobody can read as an address is shown as it is, and no view falls over — RFC3986-3.2.2."""

from dataclasses import replace

import pytest

from oidc_lab import Lab
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.message import Request, Response
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Trace
from oidc_lab.views.mermaid import mermaid
from tests.views.conftest import until
from tests.views.reading import Page, html

NO_ADDRESS = "http://["


@pytest.fixture
def sent_there(signed_in: Run) -> Trace:
    """A provider that sends the browser there, and a browser that brings the answer there."""
    made = list(signed_in.trace.exchanges)
    made[1] = replace(made[1], response=Response(303, (("Location", NO_ADDRESS),)))
    made[6] = replace(made[6], step=replace(made[6].step, request=Request("GET", NO_ADDRESS)))
    return Trace("Sent there", tuple(made))


def test_it_is_shown_as_it_came(sent_there: Trace) -> None:
    page = Page(html(sent_there))
    assert f"The browser is sent on to {NO_ADDRESS}" in page.text
    assert f"303 → {NO_ADDRESS}" in page.text
    assert f"GET {NO_ADDRESS}" in sent_there._repr_mimebundle_()["text/plain"]
    assert "Follow" not in mermaid(sent_there)
    for each in sent_there.exchanges:
        assert html(each)


def test_an_answer_that_is_brought_there_is_refused(lab: Lab) -> None:
    run = until(lab.sign_in("web-shop", "anna"), "The browser brings the answer back")
    run.replace_request(Request("GET", NO_ADDRESS))
    assert run.next_step is not None
    assert run.next_step.request.parameters == {}
    run.change(code="x")
    run.finish()
    assert run.refusal is not None
    assert (run.refusal.who, run.refusal.error) == (Party.RELYING_PARTY, "state_mismatch")
    assert html(run)
    assert html(lab.why(run))
