"""Authlib's authorization server, with the lab's clients, store and refusals — RFC6749-3."""

from typing import Any, cast

from authlib.integrations.flask_oauth2 import AuthorizationServer as FlaskAuthorizationServer
from authlib.oauth2 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import OAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from flask import Flask, Response, current_app, request
from werkzeug.datastructures import MultiDict

from oidc_lab.domain.tokens import ACCESS_TOKEN_LIFETIME
from oidc_lab.provider.client import Client, authenticate_client, find_client
from oidc_lab.provider.context import context
from oidc_lab.provider.refusal import RefusalError, record, refuse

_EXTENSION = "oidc_lab.authorization_server"


class Payload(OAuth2Payload):
    """Parameters from one place: the query or the body, never a mixture — RFC6749-3.2."""

    def __init__(self, parameters: MultiDict[str, str]) -> None:
        self._parameters = parameters

    @property
    def data(self) -> MultiDict[str, str]:
        """The first value of each parameter."""
        return self._parameters

    @property
    def repeated(self) -> list[str]:
        """The parameters that came more than once."""
        return [name for name in self._parameters if len(self._parameters.getlist(name)) > 1]


def with_values(parameters: MultiDict[str, str]) -> MultiDict[str, str]:
    """Leave out the parameters that were sent without a value, as if they were omitted — RFC6749-3.1, RFC6749-3.2."""
    return MultiDict([(name, value) for name, value in parameters.items(multi=True) if value])


def posted() -> MultiDict[str, str]:
    """The parameters of a form-encoded body; any other body has none — RFC6749-3.2."""
    form_encoded = request.method == "POST" and request.mimetype == "application/x-www-form-urlencoded"
    return with_values(request.form) if form_encoded else MultiDict()


class PostedRequest(OAuth2Request):
    """The present request as Authlib wants to see it; what counts of it is the body."""

    def __init__(self) -> None:
        # The issuer's address and not the request's: behind a proxy the latter may lack its https.
        super().__init__(request.method, context().address(request.path), headers=request.headers)
        self._form = posted()
        self.payload = Payload(self._form)

    @property
    def form(self) -> MultiDict[str, str]:
        """The body's parameters."""
        return self._form


class AuthorizationServer(FlaskAuthorizationServer):
    """Looks clients up in the store, draws tokens from the bench, answers refusals from the catalogue."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, query_client=find_client, save_token=lambda token, request: None)
        self.register_token_generator("default", BearerTokenGenerator(_draw, _draw, _lifetime))

    def create_oauth2_request(self, request: OAuth2Request | None) -> OAuth2Request:
        """The request given, or the present one."""
        return request if isinstance(request, OAuth2Request) else PostedRequest()

    def authenticate_client(self, request: OAuth2Request, methods: list[str], endpoint: str = "token") -> Client:
        """Find out which application sends a request."""
        return authenticate_client(request)

    def get_token_grant(self, request: OAuth2Request) -> Any:
        """The grant that a token request is about."""
        if repeated := request.payload.repeated:
            refuse("token_parameter_repeated", repeated=", ".join(repeated))
        if not request.payload.grant_type:
            refuse("grant_type_missing")
        found = [each for each in self._token_grants if each[0].check_token_endpoint(request)]
        if not found:
            refuse("grant_type_unsupported", grant_type=request.payload.grant_type)
        grant, extensions = found[0]
        return _made(grant(request, self), extensions)

    def create_token_response(self, request: OAuth2Request | None = None) -> Response:
        """Answer a token request; refusals that Authlib does not expect here are answered as well."""
        try:
            return cast(Response, super().create_token_response(request))
        except OAuth2Error as error:
            return self.handle_error_response(request, error)

    def handle_error_response(self, request: OAuth2Request | None, error: OAuth2Error) -> Response:
        """Answer a refusal in JSON — RFC6749-5.2 — and tell the lab why."""
        if isinstance(error, RefusalError):
            record(error)
        response = cast(Response, super().handle_error_response(request, error))
        _challenge(response, error)
        return response


def authorization_server() -> AuthorizationServer:
    """The server of the present application."""
    return cast(AuthorizationServer, current_app.extensions[_EXTENSION])


def install(app: Flask) -> AuthorizationServer:
    """Give an application its server."""
    server = AuthorizationServer(app)
    app.extensions[_EXTENSION] = server
    return server


def _challenge(response: Response, error: OAuth2Error) -> None:
    # RFC6749-5.2: who tried the header is told which scheme the header can have.
    if error.error == "invalid_client" and "Authorization" in request.headers:
        response.headers["WWW-Authenticate"] = f'Basic realm="{context().issuer}"'


def _draw(**_: Any) -> str:
    return context().entropy.token()


def _lifetime(client: Client, grant_type: str) -> int:
    return int(ACCESS_TOKEN_LIFETIME.total_seconds())


def _made(grant: Any, extensions: Any) -> Any:
    for extension in extensions or ():
        extension(grant)
    return grant
