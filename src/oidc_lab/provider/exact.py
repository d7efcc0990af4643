"""Answers that send a browser to an address exactly as it was registered — RFC6749-3.1.2, RFC9700-2.1."""

from typing import TYPE_CHECKING, cast

from flask import Response, redirect
from werkzeug.datastructures import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class ExactResponse(Response):
    """Werkzeug puts an address in order before it sends it: `app:///cb` would become `app:/cb`, another one."""

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """The headers as they go out, with Location as it was given."""
        given = self.headers.get("Location")
        if given is None or not given.isascii():
            return super().get_wsgi_headers(environ)
        del self.headers["Location"]
        try:
            headers = super().get_wsgi_headers(environ)
        finally:
            self.headers["Location"] = given
        headers["Location"] = given
        return headers


def see_other(address: str) -> Response:
    """Send a browser on with GET, also when it has just posted something — RFC9110-15.4.4, RFC9700-4.12."""
    return cast(Response, redirect(address, code=303, Response=ExactResponse))
