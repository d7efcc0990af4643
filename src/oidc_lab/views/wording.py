"""Messages in few words: the same labels in the diagram, in Mermaid, in text and above the unfolding parts."""

from datetime import timedelta
from urllib.parse import parse_qsl

from oidc_lab.relying_party.message import Headers, Request, Response, split
from oidc_lab.relying_party.seen import page_title
from oidc_lab.relying_party.told import told
from oidc_lab.relying_party.trace import Refusal, Step, Trace
from oidc_lab.views.html import shortened

TRUTH = "The true reason, which never passes over the wire"

# Values that say something are shown whole, values drawn by chance only as far as they can be told apart.
_WHOLE = frozenset({"client_id", "error", "grant_type", "prompt", "response_mode", "response_type", "scope"})
_TIGHT = 50
_TELLING = frozenset({"access_token", "id_token", "refresh_token", "issuer", "sub", "keys", "active"})


_UNITS = (
    ("days", timedelta(days=1)),
    ("hours", timedelta(hours=1)),
    ("minutes", timedelta(minutes=1)),
    ("seconds", timedelta(seconds=1)),
)


def path(url: str) -> str:
    """The path of an address; the host goes without saying."""
    parts = split(url)
    return parts.path or ("/" if parts.netloc else url)


def line(request: Request) -> str:
    """Method and path."""
    return f"{request.method} {path(request.url)}"


def parameters(request: Request) -> list[tuple[str, str]]:
    """The parameters as they may be told, in the order of the wire: of query, fragment and form."""
    parts = split(request.url)
    form = request.body if "=" in request.body and not request.body.lstrip().startswith(("{", "[")) else ""
    pairs = [pair for each in (parts.query, parts.fragment, form) for pair in parse_qsl(each, keep_blank_values=True)]
    return [(name, told(name, value)) for name, value in pairs]


def label(request: Request, most: int) -> str:
    """Method, path and as many parameters as there is room for, values shortened; of a preflight what it asks about."""
    if about := _asked_about(request.headers):
        return shortened(f"{line(request)}: {about}?", most)
    shown = shortened(line(request), most)
    pairs = [f"{name}={_value(name, value, 7 if most < _TIGHT else 12)}" for name, value in parameters(request)]
    mark = "?" if split(request.url).query else "#" if split(request.url).fragment else " "
    for index, pair in enumerate(pairs):
        longer = f"{shown}{mark if index == 0 else '&'}{pair}"
        left = len(pairs) - index - 1
        if len(longer) + (2 if left else 0) > most:
            return f"{shown}{mark if index == 0 else '&'}…" if len(shown) + 3 <= most else shown
        shown = longer
    return shown


def answer(response: Response | None, most: int = 60) -> str:
    """An answer in few words: `303 → /sign-in`, `200 page: Sign in`, `400 invalid_grant`."""
    if response is None:
        return ""
    target = response.header("Location")
    if target is not None:
        return shortened(f"{response.status} → {_target(target)}", most)
    if methods := response.header("Access-Control-Allow-Methods"):
        return shortened(f"{response.status} {methods} for {response.header('Access-Control-Allow-Origin')}", most)
    said = response.json()
    if isinstance(said, dict):
        return shortened(f"{response.status} {said.get('error') or _names(said, most - 4)}", most)
    title = page_title(response.body)
    return shortened(f"{response.status} page: {title}", most) if title else f"{response.status} {response.phrase}"


def raw(message: Request | Response) -> str:
    """A message as it was on the wire."""
    if isinstance(message, Request):
        first = f"{message.method} {message.url}"
    else:
        first = f"{message.status} {message.phrase}".strip()
    return "\n".join([first, *(f"{name}: {value}" for name, value in message.headers), "", message.body])


def refused(refusal: Refusal) -> str:
    """Who refused, and with which code."""
    return f"the {refusal.who} refused: {refusal.error}"


def between(step: Step) -> str:
    """Who sends to whom."""
    return f"{step.sender} → {step.receiver}"


def later(trace: Trace, number: int) -> str:
    """How long after the message before it a message (counted from 1) went, when the clock was moved between."""
    if number == 1:
        return ""
    passed = trace.exchanges[number - 1].at - trace.exchanges[number - 2].at
    if passed < timedelta(seconds=1):
        return ""
    for name, unit in _UNITS:
        if passed >= 2 * unit and not passed % unit:
            return f"{passed // unit} {name} later"
    return f"{passed} later"


def lines(trace: Trace) -> list[str]:
    """A line for each message, and one for the refusal that ended the run."""
    shown = []
    for number, each in enumerate(trace.exchanges, 1):
        shown += [f"   {waited}" for waited in [later(trace, number)] if waited]
        status = f"  {each.response.status}" if each.response else ""
        shown.append(f"{number:2} {each.step.sender} -> {each.step.receiver}: {line(each.request)}{status}")
        shown += [f"   {TRUTH}: {truth}" for truth in each.truth]
    if trace.refusal is not None:
        shown.append(f"   {refused(trace.refusal)}")
    return shown


def wrapped(words: str, most: int, lines: int) -> list[str]:
    """Break into at most so many lines; what is too long ends in an ellipsis."""
    rows: list[str] = [""]
    for word in words.split():
        if rows[-1] and len(rows[-1]) + 1 + len(word) > most:
            rows.append("")
        rows[-1] = f"{rows[-1]} {shortened(word, most)}".strip()
    return rows if len(rows) <= lines else [*rows[: lines - 1], f"{rows[lines - 1][: most - 2]} …"]


def _value(name: str, value: str, most: int) -> str:
    return value.replace(" ", "+") if name in _WHOLE else shortened(value, most)


def _asked_about(headers: Headers) -> str:
    """Which method and headers a browser asks about, in a preflight."""
    given = {name.lower(): value for name, value in headers}
    names, method = given.get("access-control-request-headers"), given.get("access-control-request-method", "")
    return f"{method}, {names}" if names else method


def _target(location: str) -> str:
    parts = split(location)
    return f"{parts.netloc}{parts.path}" or location


def _names(said: dict[str, object], most: int) -> str:
    names = sorted(said, key=lambda name: name not in _TELLING)
    shown = "JSON"
    for index, name in enumerate(names):
        longer = f"{shown}{', ' if index else ': '}{name}"
        if len(longer) + (3 if index + 1 < len(names) else 0) > most:
            return f"{shown}, …" if index else shown
        shown = longer
    return shown
