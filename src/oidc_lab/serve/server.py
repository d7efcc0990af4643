"""Serves an application on a loopback port, for browsers and for tools that need a real address."""

import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOOPBACK = "127.0.0.1"
# Seconds between two looks at whether to stop. The usual half second, once a test, is most of a test suite.
POLL = 0.05


class QuietHandler(WSGIRequestHandler):
    """Answers one request a connection, and says nothing about requests that went well.

    A handler of our own keeps HTTP/1.0: a connection a browser keeps open would be served after close().
    """

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Leaves the trace to the lab; errors are still logged."""


class LiveServer:
    """An application on a port, from the moment it is made until it is closed.

    The issuer must be known before the provider is built, and the port before the issuer. So the socket comes
    first, and make_app is called with its url: http://127.0.0.1:PORT. Requests that arrive meanwhile wait.
    """

    def __init__(
        self,
        make_app: "Callable[[str], WSGIApplication]",
        port: int = 0,
        *,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        listener = listening(port)
        self._on_close = on_close
        try:
            self.port: int = listener.getsockname()[1]
            self.url = f"http://{LOOPBACK}:{self.port}"
            self._server = make_server(
                LOOPBACK,
                self.port,
                make_app(self.url),
                threaded=True,
                request_handler=QuietHandler,
                fd=listener.fileno(),
            )
        finally:
            listener.close()  # the server has a socket of its own for the same port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops answering and frees the port; closing twice does no harm."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._on_close()

    def wait(self) -> None:
        """Stays until somebody closes it, or presses Ctrl-C: a wait without end would not hear it on Windows."""
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def listening(port: int) -> socket.socket:
    """A loopback socket that takes connections; 0 is any free port."""
    if not 0 <= port <= 65535:  # asked here, because create_server would leave its socket open
        raise OverflowError(f"{port} is not a port")
    return socket.create_server((LOOPBACK, port))
