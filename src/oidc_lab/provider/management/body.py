"""Reads the JSON of a request: strictly, and never so deep or so long that Python gives up — RFC8259."""

import json
from http import HTTPStatus
from math import isfinite
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from webargs.core import missing
from webargs.flaskparser import FlaskParser, abort

# A little more than a value of the domain may have, which stands a few levels deep in a body.
_DEEPEST = 40


class Parser(FlaskParser):
    """Refuses what is not JSON, and names the parameters of a query that do not exist."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {"query": ma.RAISE}

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The body, or `missing` when there is none."""
        text = req.get_data(cache=True)
        if not text:
            return missing
        if req.mimetype != "application/json":
            abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message="The body must be JSON: Content-Type: application/json")
        try:
            read = json.loads(text, parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            abort(HTTPStatus.BAD_REQUEST, message=f"The body is no JSON: {error}")
        if _too_deep(read):
            abort(HTTPStatus.BAD_REQUEST, message=f"The body is nested more than {_DEEPEST} deep.")
        return read


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"there is no number {constant}")


def _finite(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else _refuse(text)


def _too_deep(value: Any) -> bool:
    level, depth = [value], 0
    while level and depth <= _DEEPEST:
        inner = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level, depth = [each for values in inner for each in values], depth + 1
    return depth > _DEEPEST
