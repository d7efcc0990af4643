"""Makes the Flask applications that serve a provider: their time, chance and store, one transaction a request."""

from contextlib import ExitStack

from flask import Flask, Response, g

from oidc_lab.provider.context import EXTENSION, Context, context
from oidc_lab.provider.exact import ExactResponse
from oidc_lab.provider.page import protect

# In octets: many times what any request needs. A longer one is not read into memory.
_LONGEST_BODY = 500_000


def new_app(name: str, given: Context) -> Flask:
    """Make an application without any route yet."""
    app = Flask(name, static_folder=None)
    app.extensions[EXTENSION] = given
    app.response_class = ExactResponse
    app.config["MAX_CONTENT_LENGTH"] = _LONGEST_BODY
    # What belongs together stands together.
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it, the class it declares not
    _one_transaction_a_request(app)
    app.after_request(protect)
    return app


def _one_transaction_a_request(app: Flask) -> None:
    """Commit before the answer leaves, also when it is a refusal; roll back when the request broke."""

    @app.before_request
    def begin() -> None:
        g.transaction = ExitStack()
        g.transaction.enter_context(context().store.unit())

    @app.after_request
    def commit(response: Response) -> Response:
        if response.status_code < 500:
            g.pop("transaction").close()
        return response

    @app.teardown_request
    def roll_back(error: BaseException | None) -> None:
        if unfinished := g.pop("transaction", None):
            broken = error or RuntimeError("the request ended without an answer")
            unfinished.__exit__(type(broken), broken, broken.__traceback__)
