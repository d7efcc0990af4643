"""The one form in which the management API says no: code, status, message, and what is wrong with which field."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, NoReturn

from flask import Response, jsonify
from marshmallow import Schema, fields
from webargs.flaskparser import abort
from werkzeug.exceptions import HTTPException

from oidc_lab.domain.setting_rules import InvalidSetting

# Never given back, whatever is wrong with them.
_SECRET = frozenset({"password", "client_secret"})


class Fault(Schema):
    """What is wrong with one field."""

    value = fields.Raw(allow_none=True, metadata={"description": "What was sent; … when it is secret."})
    rule = fields.String(required=True, metadata={"description": "The rule that it breaks."})


class Error(Schema):
    """Why a request was not done."""

    code = fields.Integer(required=True)
    status = fields.String(required=True)
    message = fields.String(required=True)
    errors = fields.Dict(
        keys=fields.String(), values=fields.Nested(Fault), required=True, metadata={"description": "By field."}
    )


def http_error(error: HTTPException) -> Response:
    """The answer for what Flask, marshmallow or a route refuses; the headers that belong to it stay."""
    said: Mapping[str, Any] = getattr(error, "data", None) or {}
    faults = said.get("errors") or dict(_faults(said.get("messages", {}), getattr(error, "exc", None)))
    message = said.get("message") or _sentence(faults) or error.description or error.name
    answer = _answer(error.code or HTTPStatus.INTERNAL_SERVER_ERROR, str(message), faults)
    allowed = [(name, value) for name, value in error.get_headers() if name == "Allow"]
    answer.headers.extend([*allowed, *(said.get("headers") or {}).items()])
    return answer


def invalid_setting(error: InvalidSetting) -> Response:
    """The answer for what a rule of the domain refuses."""
    return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), {error.setting: _fault(error.value, error.rule)})


def refuse_field(field: str, value: object, rule: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> NoReturn:
    """Refuse a request because of one field."""
    abort(status, message=rule, errors={field: _fault(value, rule)})


def not_found(what: str, name: str) -> NoReturn:
    """Refuse a request about something that is not there."""
    abort(HTTPStatus.NOT_FOUND, message=f"there is no {what} {name!r}")


def _answer(status: int, message: str, faults: Mapping[str, Any]) -> Response:
    body = {"code": int(status), "status": HTTPStatus(status).phrase, "message": message, "errors": faults}
    answer = jsonify(body)
    answer.status_code = int(status)
    return answer


def _fault(value: object, rule: str) -> dict[str, object]:
    return {"value": value, "rule": rule}


def _sentence(faults: Mapping[str, Mapping[str, object]]) -> str:
    return "; ".join(f"{field}: {fault['rule']}" for field, fault in faults.items())


def _faults(messages: Mapping[str, Any], cause: Any) -> Iterator[tuple[str, dict[str, object]]]:
    """Marshmallow's messages, which are nested as the fields are, after the place where they came from."""
    sent = getattr(cause, "data", None)
    for problems in messages.values():
        for path, rule in _flat(problems, ()):
            value = "…" if _SECRET & set(path) else _value(sent, path)
            yield ".".join(path), _fault(value, rule)


def _flat(problems: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(problems, Mapping):
        for name, inner in problems.items():
            yield from _flat(inner, path if name == "_schema" else (*path, str(name)))
    else:
        yield path or ("body",), " ".join(map(str, problems))


def _value(sent: Any, path: tuple[str, ...]) -> object:
    for name in path:
        if isinstance(sent, Mapping):
            sent = sent.get(name)
        elif isinstance(sent, list) and name.isdecimal() and int(name) < len(sent):
            sent = sent[int(name)]
        else:
            return None
    return sent
