"""A real browser keeps the pages' Content-Security-Policy, and the way back to the application stays open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest

from oidc_lab.pages import form_post, sign_in
from oidc_lab.pages.policy import content_security_policy, form_targets
from oidc_lab.pages.render import STYLESHEET

pytestmark = pytest.mark.browser

# (status, header fields, body) for a method, a path and a body.
Answer = tuple[int, dict[str, str], str]
HTML = {"Content-Type": "text/html; charset=utf-8"}


@contextmanager
def _site(answer: Callable[[str, str, str], Answer]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply("")

        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def reply(self, body: str) -> None:
            status, fields, page = answer(self.command, self.path, body)
            self.send_response(status)
            for name, value in {**fields, "Content-Length": str(len(page.encode()))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # By itself it would look only every half second whether it is to stop.
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def page(chromium):
    """Return a fresh window; `told` is what its console says, violations of a policy among it."""
    context = chromium.new_context()
    window = context.new_page()
    window.told = []
    window.on("console", lambda message: window.told.append(message.text))
    yield window
    context.close()


@pytest.fixture
def start_page():
    """Return the page of a third origin, to which the application's callback redirects on."""

    def answer(method: str, path: str, body: str) -> Answer:
        return 200, HTML, "<!doctype html><title>Welcome</title><link rel=icon href='data:,'>"

    with _site(answer) as origin:
        yield origin


@pytest.fixture
def application(start_page):
    """Return an application's origin; its callback keeps what it received and redirects on."""
    received = []

    def answer(method: str, path: str, body: str) -> Answer:
        received.append((method, path, parse_qs(body)))
        return 302, {"Location": f"{start_page}/welcome"}, ""

    with _site(answer) as origin:
        yield origin, received


def _provider(pages: dict[str, str], policy: str, location: str = "") -> Callable[[str, str, str], Answer]:
    def answer(method: str, path: str, body: str) -> Answer:
        if path == "/pages/style.css":
            return 200, {"Content-Type": "text/css"}, STYLESHEET.read_text(encoding="utf-8")
        if method == "POST":
            return 303, {"Location": location}, ""
        return 200, {**HTML, "Content-Security-Policy": policy}, pages[path]

    return answer


SIGN_IN = sign_in.sign_in_page(
    stylesheet="/pages/style.css",
    action="/sign-in",
    interaction="i",
    csrf="c",
    application="Photo Album",
    application_description="",
    demo_users=[sign_in.DemoUser(sub="alice", name="Alice", username="alice")],
)


def test_enter_signs_in_and_leads_through_the_callback_to_where_it_redirects_on(page, application, start_page):
    callback, received = application
    # `localhost` makes the callback's site another one than the provider's and the start page's.
    redirect_uri = callback.replace("127.0.0.1", "localhost") + "/cb"
    policy = content_security_policy(form_targets=form_targets(redirect_uri))
    with _site(_provider({"/": SIGN_IN}, policy, f"{redirect_uri}?code=x")) as provider:
        page.goto(provider)
        page.fill("#username", "alice")
        page.fill("#password", "secret")
        with page.expect_request(f"{provider}/sign-in") as sent:
            page.press("#password", "Enter")
        page.wait_for_url(f"{start_page}/welcome")
    assert parse_qs(sent.value.post_data)["action"] == ["sign-in"]
    assert received == [("GET", "/cb?code=x", {})]
    assert page.told == []


def test_a_demo_user_is_signed_in_with_one_click(page, application, start_page):
    callback, _ = application
    policy = content_security_policy(form_targets=form_targets(f"{callback}/cb"))
    with _site(_provider({"/": SIGN_IN}, policy, f"{callback}/cb")) as provider:
        page.goto(provider)
        with page.expect_request(f"{provider}/sign-in") as sent:
            page.click("#demo-user-alice")
        page.wait_for_url(f"{start_page}/welcome")
    assert parse_qs(sent.value.post_data) == {"interaction": ["i"], "csrf": ["c"], "demo_user": ["alice"]}
    assert page.told == []


@pytest.mark.parametrize("redirect_uri", ["com.example.app:/cb", "http://[::1]:9/cb", "http://lab.example:9/cb"])
def test_the_policy_lets_a_form_lead_to_each_kind_of_redirect_uri(page, redirect_uri):
    """Nobody answers there; the console tells whether the policy would have stopped the way."""
    policy = content_security_policy(form_targets=form_targets(redirect_uri))
    with _site(_provider({"/": SIGN_IN}, policy, redirect_uri)) as provider:
        page.goto(provider)
        with page.expect_response(f"{provider}/sign-in"):
            page.click("#cancel", no_wait_after=True)
        page.wait_for_timeout(200)
    assert [message for message in page.told if "Security Policy" in message] == []


@pytest.mark.parametrize("redirect_uri", ["com.example.app:/cb", "http://[::1]:9/cb", "http://lab.example:9/cb"])
def test_without_its_target_the_policy_would_stop_the_way_back(page, redirect_uri):
    """Holds the tests above to their cause: the browser does enforce `form-action` on redirects."""
    with _site(_provider({"/": SIGN_IN}, content_security_policy(), redirect_uri)) as provider:
        page.goto(provider)
        with page.expect_event("console", lambda message: "form-action" in message.text):
            page.click("#cancel", no_wait_after=True)


def test_a_form_post_response_submits_itself_under_its_policy(page, application, start_page):
    callback, received = application
    response = [("code", "x"), ("state", 'a&b"<'), ("submit", "y")]
    document = form_post.form_post_page(action=f"{callback}/cb", parameters=response)
    policy = content_security_policy(scripts=[form_post.SCRIPT_HASH], form_targets=form_targets(f"{callback}/cb"))
    with _site(_provider({"/": document}, policy)) as provider:
        page.goto(provider, wait_until="commit")
        page.wait_for_url(f"{start_page}/welcome")
    assert received == [("POST", "/cb", {name: [value] for name, value in response})]
    assert page.told == []


def test_a_form_post_response_can_be_sent_without_script(chromium, application, start_page):
    callback, received = application
    document = form_post.form_post_page(action=f"{callback}/cb", parameters=[("code", "x")])
    policy = content_security_policy(form_targets=form_targets(f"{callback}/cb"))
    context = chromium.new_context(java_script_enabled=False)
    with _site(_provider({"/": document}, policy)) as provider:
        window = context.new_page()
        window.goto(provider)
        window.click("#continue")
        window.wait_for_url(f"{start_page}/welcome")
    context.close()
    assert received == [("POST", "/cb", {"code": ["x"]})]


def test_a_script_that_is_not_named_does_not_run(page):
    document = SIGN_IN.replace("</main>", "</main><script>document.title = 'taken'</script>")
    policy = content_security_policy(scripts=[form_post.SCRIPT_HASH])
    with _site(_provider({"/": document}, policy)) as provider:
        page.goto(provider)
        assert page.title() == "Sign in to Photo Album · OIDC Lab"
    assert any("script" in message for message in page.told)


def test_the_stylesheet_is_applied_under_the_policy(page):
    with _site(_provider({"/": SIGN_IN}, content_security_policy())) as provider:
        page.goto(provider)
        assert page.locator("#sign-in").bounding_box()["height"] >= 44
    assert page.told == []
