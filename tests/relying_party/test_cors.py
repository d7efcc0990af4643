"""A page in a browser: what goes out, what its browser asks first, and what it keeps from the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.relying_party.cors import from_page
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Ledger, Verdict
from oidc_lab.relying_party.message import FORM, Request, Response, get, post
from oidc_lab.relying_party.steps import answer, ask, call, visit
from oidc_lab.relying_party.trace import Exchange

PAGE, PROVIDER = "https://photos.example", "https://provider.test"
ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS = (
    f"Access-Control-Allow-{each}" for each in ("Origin", "Methods", "Headers")
)
BEARER = (("Authorization", "Bearer at"),)
USERINFO = get(f"{PROVIDER}/userinfo", headers=BEARER)
PERMITTED = ((ALLOW_ORIGIN, PAGE), (ALLOW_METHODS, "GET, POST"), (ALLOW_HEADERS, "Authorization, Content-Type"))
READABLE = Response(200, ((ALLOW_ORIGIN, PAGE),), "read")


def asking(*steps):
    """A flow that sends these and gives the bodies of the answers."""
    read = []
    for each in steps:
        sent = yield each
        read.append(answer(sent).body)
    return read


def called(request, *answers, origin=PAGE, ledger=None):
    """Call from a page; gives the requests that went out and what the page read."""
    flow = from_page(asking(ask("Call", "OIDCC-5.3.1", request)), origin, ledger or Ledger())
    sent, step = [], next(flow)
    for each in answers:
        sent.append(step.request)
        try:
            step = flow.send(Exchange(step, each, None))
        except StopIteration as end:
            return sent, end.value
    raise AssertionError(f"{step.title} was not answered")


def blocked(request, *answers, **named):
    ledger = Ledger()
    with pytest.raises(FlowRefused) as caught:
        called(request, *answers, ledger=ledger, **named)
    assert (caught.value.who, caught.value.error) == (Party.BROWSER, "blocked_by_cors")
    last = ledger.checks[-1]
    assert (last.who, last.verdict, last.error) == (Party.BROWSER, Verdict.FAILED, "blocked_by_cors")
    return last.what, last.clause


def headers(request):
    return {name: value for name, value in request.headers if name != "Content-Type"}


SIMPLE = [
    get(f"{PROVIDER}/jwks"),
    Request("HEAD", f"{PROVIDER}/jwks"),
    post(f"{PROVIDER}/token", {"code": "c"}),
    get(f"{PROVIDER}/jwks", headers=(("Accept", "application/json"), ("accept-language", "de"))),
    Request("POST", f"{PROVIDER}/x", (("content-type", f"{FORM.upper()}; charset=utf-8"),), "a=b"),
    Request("POST", f"{PROVIDER}/x", (("Content-Type", "text/plain"),), "a"),
]


@pytest.mark.parametrize("request_", SIMPLE)
def test_what_any_page_may_send_goes_out_at_once_with_its_origin(request_):
    """FETCH-cors-safelisted-request-header, FETCH-origin-header"""
    (sent,), read = called(request_, READABLE)
    assert dict(sent.headers)["Origin"] == PAGE
    assert (sent.method, sent.url, sent.body) == (request_.method, request_.url, request_.body)
    assert set(request_.headers) < set(sent.headers)
    assert read == ["read"]


@pytest.mark.parametrize(
    ("request_", "asked"),
    [
        (USERINFO, {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}),
        (
            Request("POST", f"{PROVIDER}/x?y=1", (("X-Z", "1"), ("Content-Type", "application/json"), *BEARER), "{}"),
            {
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type,x-z",
            },
        ),
        (Request("DELETE", f"{PROVIDER}/x"), {"Access-Control-Request-Method": "DELETE"}),
    ],
)
def test_before_anything_else_is_sent_the_browser_asks(request_, asked):
    """FETCH-cors-preflight-fetch: with method and headers, but without their values, a body or anything secret."""
    allowed = ((ALLOW_ORIGIN, PAGE), (ALLOW_METHODS, "DELETE"), (ALLOW_HEADERS, "authorization, content-type, x-z"))
    (preflight, sent), read = called(request_, Response(204, allowed), READABLE)
    assert (preflight.method, preflight.url, preflight.body) == ("OPTIONS", request_.url, "")
    assert dict(preflight.headers) == {**asked, "Origin": PAGE}
    assert sent.headers == (*request_.headers, ("Origin", PAGE))
    assert read == ["read"]


def test_the_preflight_is_a_message_of_its_own():
    """FETCH-cors-preflight-fetch"""
    step = next(from_page(asking(ask("Call", "OIDCC-5.3.1", USERINFO)), PAGE, Ledger()))
    assert (step.title, step.clause) == (
        "The browser asks whether the page may send this",
        "FETCH-cors-preflight-fetch",
    )
    assert (step.sender, step.receiver) == (Party.RELYING_PARTY, Party.PROVIDER)


def test_the_preflight_goes_where_the_call_goes():
    """RFC6749-1.1: a browser asks the API itself whether a page may call it."""
    step = next(from_page(asking(call("Call", "OIDCC-5.3.1", USERINFO)), PAGE, Ledger()))
    assert (step.request.method, step.receiver) == ("OPTIONS", Party.API)


@pytest.mark.parametrize(
    ("came", "what", "clause"),
    [
        (Response(204), ALLOW_ORIGIN, "FETCH-cors-check"),
        (Response(204, ((ALLOW_ORIGIN, "https://other.example"), *PERMITTED[1:])), ALLOW_ORIGIN, "FETCH-cors-check"),
        (Response(302, PERMITTED), "status", "FETCH-cors-preflight-fetch"),
        (Response(199, PERMITTED), "status", "FETCH-cors-preflight-fetch"),
        (Response(300, PERMITTED), "status", "FETCH-cors-preflight-fetch"),
        (Response(403, PERMITTED), "status", "FETCH-cors-preflight-fetch"),
        (Response(204, PERMITTED[:2]), ALLOW_HEADERS, "FETCH-cors-preflight-fetch"),
        (Response(204, (*PERMITTED[:2], (ALLOW_HEADERS, "x"))), ALLOW_HEADERS, "FETCH-cors-preflight-fetch"),
        (Response(204, (*PERMITTED[:2], (ALLOW_HEADERS, "*"))), ALLOW_HEADERS, "FETCH-cors-preflight-fetch"),
    ],
)
def test_a_browser_that_is_not_permitted_sends_nothing(came, what, clause):
    """FETCH-cors-preflight-fetch: a * does not speak for the Authorization header."""
    assert blocked(USERINFO, came, READABLE) == (what, clause)


@pytest.mark.parametrize("said", ["authorization", "AUTHORIZATION", "x , Authorization", "*,authorization"])
def test_names_of_headers_are_compared_whatever_their_case(said):
    """FETCH-cors-preflight-fetch"""
    assert called(USERINFO, Response(200, (*PERMITTED[:2], (ALLOW_HEADERS, said))), READABLE)[1] == ["read"]


def test_a_star_speaks_for_every_other_header_and_method():
    """FETCH-cors-preflight-fetch"""
    stars = ((ALLOW_ORIGIN, "*"), (ALLOW_METHODS, "*"), (ALLOW_HEADERS, "*"))
    asked = Request("PUT", f"{PROVIDER}/x", (("X-Z", "1"),))
    assert called(asked, Response(204, stars), READABLE)[1] == ["read"]


@pytest.mark.parametrize("said", ["GET, POST", "delete", ""])
def test_a_method_that_not_every_page_may_send_has_to_be_permitted(said):
    """FETCH-cors-preflight-fetch: its letters count as they are."""
    came = Response(204, ((ALLOW_ORIGIN, PAGE), (ALLOW_METHODS, said)))
    assert blocked(Request("DELETE", f"{PROVIDER}/x"), came) == (ALLOW_METHODS, "FETCH-cors-preflight-fetch")


def test_a_method_that_every_page_may_send_need_not_be_listed():
    """FETCH-cors-safelisted-method"""
    ledger = Ledger()
    assert called(USERINFO, Response(204, (PERMITTED[0], PERMITTED[2])), READABLE, ledger=ledger)[1] == ["read"]
    (check,) = (each for each in ledger.checks if each.what == ALLOW_METHODS)
    assert (check.verdict, check.who) == (Verdict.NOT_NEEDED, Party.BROWSER)


NOT_READABLE = [
    (), ((ALLOW_ORIGIN, ""),), ((ALLOW_ORIGIN, f"{PAGE}/"),), ((ALLOW_ORIGIN, "https://other.example"),),
    ((ALLOW_ORIGIN, "null"),), ((ALLOW_ORIGIN, f"{PAGE}, *"),), ((ALLOW_ORIGIN, PAGE), (ALLOW_ORIGIN, PAGE)),
    ((ALLOW_ORIGIN, PAGE.upper()),),
]  # fmt: skip


@pytest.mark.parametrize("said", NOT_READABLE)
@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_that_does_not_name_the_origin_is_kept_from_the_page(said, status):
    """FETCH-cors-check: character by character, and once."""
    assert blocked(get(f"{PROVIDER}/jwks"), Response(status, said, "secret")) == (ALLOW_ORIGIN, "FETCH-cors-check")


@pytest.mark.parametrize("status", [200, 400, 401])
@pytest.mark.parametrize("said", [PAGE, "*"])
def test_an_answer_that_names_the_origin_or_all_is_read_whatever_its_status(said, status):
    """FETCH-cors-check: an error is for the page, too."""
    ledger = Ledger()
    came = Response(status, (("access-control-allow-origin", said),), "body")
    assert called(get(f"{PROVIDER}/jwks"), came, ledger=ledger)[1] == ["body"]
    (check,) = ledger.checks
    assert (check.clause, check.seen, check.expected) == ("FETCH-cors-check", said, f"{PAGE} or *")
    assert (check.verdict, check.who) == (Verdict.PASSED, Party.BROWSER)


@pytest.mark.parametrize(
    ("method", "named"), [("GET", {}), ("HEAD", {}), ("POST", {"Origin": PAGE}), ("PUT", {"Origin": PAGE})]
)
@pytest.mark.parametrize("address", [f"{PAGE}/x", f"{PAGE}:443/x", f"{PAGE.upper()}/x"])
def test_a_page_reads_its_own_origin_without_asking(method, named, address):
    """FETCH-origin-header, RFC6454-5: what differs in spelling alone is the same origin."""
    ledger = Ledger()
    (sent,), read = called(Request(method, address, BEARER), Response(200, (), "own"), ledger=ledger)
    assert {name: value for name, value in sent.headers if name == "Origin"} == named
    assert read == ["own"]
    assert [each.verdict for each in ledger.checks] == [Verdict.NOT_NEEDED]


@pytest.mark.parametrize(
    "address", ["http://photos.example/", "https://photos.example:444/", "https://a.photos.example/"]
)
def test_another_scheme_host_or_port_is_another_origin(address):
    """RFC6454-5"""
    assert blocked(get(address), Response(200)) == (ALLOW_ORIGIN, "FETCH-cors-check")


def test_a_page_without_an_origin_says_null():
    """RFC6454-7.3: as of a file; an answer may name it."""
    for said in ("null", "*"):
        (sent,), read = called(get(f"{PROVIDER}/jwks"), Response(200, ((ALLOW_ORIGIN, said),), "x"), origin="null")
        assert (headers(sent), read) == ({"Origin": "null"}, ["x"])


@pytest.mark.parametrize(
    "origin", ["", "photos.example", f"{PAGE}/", f"{PAGE}:443", "https://*.example", "ftp://x", "*"]
)
def test_what_no_browser_sends_is_no_origin_of_a_page(origin):
    """RFC6454-6.2"""
    with pytest.raises(ValueError, match="no page has the origin"):
        from_page(asking(), origin, Ledger())


def test_what_the_browser_itself_sends_is_left_alone():
    """RFC6454-7: a person who goes to a page is no page that calls."""
    step = visit("Go", "OIDCC-3.1.2.1", USERINFO)
    flow = from_page(asking(step), PAGE, Ledger())
    assert next(flow) is step
    with pytest.raises(StopIteration) as end:
        flow.send(Exchange(step, Response(200, (), "page"), None))
    assert end.value.value == ["page"]


def test_what_was_really_sent_is_what_is_checked():
    """FETCH-cors-check: a learner may have changed the address on the way."""
    flow = from_page(asking(ask("Call", "OIDCC-5.3.1", get(f"{PAGE}/x"))), PAGE, Ledger())
    step = next(flow)
    elsewhere = ask(step.title, step.clause, get(f"{PROVIDER}/x"))
    with pytest.raises(FlowRefused, match="blocked_by_cors"):
        flow.send(Exchange(elsewhere, Response(200), None))


def test_a_refusal_of_the_flow_itself_and_its_end_come_through():
    """OIDCC-3.1.1"""

    def refusing():
        yield ask("Call", "OIDCC-5.3.1", get(f"{PROVIDER}/x"))
        raise FlowRefused(Party.PROVIDER, "invalid_grant")

    flow = from_page(refusing(), PAGE, Ledger())
    step = next(flow)
    with pytest.raises(FlowRefused, match="invalid_grant"):
        flow.send(Exchange(step, READABLE, None))
    with pytest.raises(StopIteration) as end:
        next(from_page(asking(), PAGE, Ledger()))
    assert end.value.value == []


def test_a_flow_that_is_given_up_is_closed():
    """OIDCC-3.1.1: what it holds is let go."""
    ended = []

    def watched():
        try:
            yield ask("Call", "OIDCC-5.3.1", get(f"{PROVIDER}/x"))
        finally:
            ended.append(True)

    inner = watched()
    flow = from_page(inner, PAGE, Ledger())
    next(flow)
    flow.close()
    assert ended == [True]


@pytest.mark.parametrize("address", ["https://a:b/", "https://a:b:c/token", "nowhere"])
def test_what_is_no_address_is_left_to_whoever_sends_it(address):
    """RFC3986-3.2.3"""
    step = next(from_page(asking(ask("Call", "OIDCC-3.1.3.1", get(address))), PAGE, Ledger()))
    assert (step.request.url, headers(step.request)) == (address, {"Origin": PAGE})


@given(url=st.text() | st.text().map("https://{}".format), method=st.sampled_from(["GET", "POST", "DELETE"]))
def test_any_address_is_sent_as_it_is_or_asked_about(url, method):
    """RFC3986-4.1: what is no address fails where it is sent."""
    request = Request(method, url)
    step = next(from_page(asking(ask("Call", "OIDCC-5.3.1", request)), PAGE, Ledger()))
    assert step.request.url == url
    assert step.request.method in {method, "OPTIONS"}
