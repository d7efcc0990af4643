"""Finds in the audit log — RFC9700-2.6."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from oidc_lab.domain.audit import Key, LogEntry, Result
from oidc_lab.provider.context import context
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.wire import Answer, Body, Choice
from oidc_lab.provider.management.wire_numbers import Digits, Moment
from oidc_lab.provider.management.wire_texts import Text
from oidc_lab.provider.store.log import LogFilter

PATH = "/logs"
blueprint = Blueprint("logs", __name__, description="What happened, to whom, and for which true reason.")

_USUAL, _MOST = 100, 1000


class ShownEntry(Answer):
    """One entry; `error` is what the wire said, `reason` and `truth` what was the matter."""

    number = fields.Integer(required=True)
    at = Moment(required=True)
    key = Choice(Key, required=True)
    result = Choice(Result, required=True)
    client_id = fields.String(required=True, allow_none=True)
    sub = fields.String(required=True, allow_none=True)
    sid = fields.String(required=True, allow_none=True)
    grant_id = fields.String(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    truth = fields.String(required=True, allow_none=True)
    details = fields.Dict(required=True)
    user_agent = fields.String(required=True)
    request_id = fields.String(required=True)


class Wanted(Body):
    """Which entries to find; `since` and `until` both belong to the time."""

    client_id = Text()
    sub = Text()
    key = Choice(Key)
    result = Choice(Result)
    since = Moment()
    until = Moment()
    after = Digits(
        least=0,
        most=2**31 - 1,
        metadata={"description": "A number: the entries that follow it. Without it, the newest are found."},
    )
    limit = Digits(least=1, most=_MOST, load_default=_USUAL)


@blueprint.at("")
@blueprint.operation(200, ShownEntry(many=True), query=Wanted)
def logs(wanted: Mapping[str, Any]) -> list[LogEntry]:
    """Find entries, oldest first: the newest `limit` of them, or with `after` the first `limit` that follow."""
    filtered = {name: value for name, value in wanted.items() if name != "limit"}
    newest = "after" not in filtered
    return context().store.log.find(LogFilter(**filtered), most=wanted["limit"], newest=newest)
