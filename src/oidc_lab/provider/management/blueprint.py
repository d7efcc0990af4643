"""A part of the API: flask-smorest's blueprint, with one typed word for what an operation takes and answers."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar, cast

import marshmallow as ma
from flask_smorest import Blueprint as SmorestBlueprint  # type: ignore[import-untyped]  # it ships no types

from oidc_lab.provider.management.body import Parser

View = TypeVar("View", bound=Callable[..., Any])
Schema = type[ma.Schema] | ma.Schema

_OF_A_BODY = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


class Blueprint(SmorestBlueprint):
    """Its requests are read strictly, and each of its answers is described."""

    ARGUMENTS_PARSER = Parser()

    def operation(
        self,
        status: int,
        answer: Schema | None = None,
        *,
        body: Schema | None = None,
        query: Schema | None = None,
        refuses: tuple[int, ...] = (),
    ) -> Callable[[View], View]:
        """Say what an operation takes, what it answers, and with which statuses it refuses besides 401 and 422."""

        def decorate(view: View) -> View:
            decorated: Any = view
            for each in (HTTPStatus.UNAUTHORIZED, *refuses, *(_OF_A_BODY if body else ())):
                decorated = self.alt_response(each, HTTPStatus(each).name)(decorated)
            decorated = self.response(status, answer)(decorated)
            if query is not None:
                decorated = self.arguments(query, location="query")(decorated)
            if body is not None:
                decorated = self.arguments(body)(decorated)
            return cast(View, decorated)

        return decorate

    def at(self, rule: str, *methods: str) -> Callable[[View], View]:
        """Put a view, or a class of views, at an address below that of the part."""
        options = {"methods": methods} if methods else {}
        return cast(Callable[[View], View], self.route(rule, **options))
