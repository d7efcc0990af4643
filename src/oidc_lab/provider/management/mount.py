"""Puts the management API beside the provider; it is made when it is first asked for, because making it takes time."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

API = "/api"


class Mount:
    """Sends what is at a path or below it to an application of its own, and everything else on."""

    def __init__(self, rest: "WSGIApplication", path: str, make: "Callable[[], WSGIApplication]") -> None:
        self._rest, self._path, self._make = rest, path, make

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        below = path == self._path or path.startswith(f"{self._path}/")
        return (self._made if below else self._rest)(environ, start_response)

    @cached_property
    def _made(self) -> "WSGIApplication":
        # Two first requests at once make it twice; it keeps nothing, so the second replaces the first.
        return self._make()
