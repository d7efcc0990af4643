"""Puts the management API together: its parts, its guard, its errors and its description."""

from flask import Flask
from flask_smorest import Api  # type: ignore[import-untyped]  # it ships no types
from werkzeug.exceptions import HTTPException

from oidc_lab.domain.setting_rules import InvalidSetting
from oidc_lab.provider.context import Context
from oidc_lab.provider.management import (
    applications,
    drawn,
    findings,
    grants,
    living,
    logs,
    policy,
    profile,
    secrets,
    sessions,
    users,
)
from oidc_lab.provider.management.errors import Error, http_error, invalid_setting
from oidc_lab.provider.management.guard import check_token
from oidc_lab.provider.management.mount import API
from oidc_lab.provider.web import new_app

_PARTS = (applications, findings, policy, secrets, users, grants, sessions, living, logs, profile)

_TOKEN = "management_token"


class ManagementApi(Api):
    """flask-smorest's, with errors in our form; every answer that can be given is described, and no other."""

    ERROR_SCHEMA = Error
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        self._app.register_error_handler(HTTPException, http_error)
        self._app.register_error_handler(InvalidSetting, invalid_setting)


def management_app(given: Context) -> Flask:
    """Make the API of a provider."""
    app = new_app("oidc_lab.provider.management", given)
    app.extensions[drawn.EXTENSION] = given.entropy.child("management")
    app.url_map.strict_slashes = False
    app.config.update(
        API_TITLE="OIDC Lab, management",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=given.path + API,
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.before_request(check_token)
    api = ManagementApi(app, spec_kwargs={"info": {"description": _DESCRIPTION}, "security": [{_TOKEN: []}]})
    api.spec.components.security_scheme(_TOKEN, {"type": "http", "scheme": "bearer"})
    for part in _PARTS:
        api.register_blueprint(part.blueprint, url_prefix=given.path + API + part.PATH)
    return app


_DESCRIPTION = (
    "What trainers and tools see and change of a running provider. Every request brings the management token that the"
    " provider was started with. A change keeps the fields that are not sent; null takes a setting away."
)
