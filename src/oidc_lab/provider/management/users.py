"""Lists, creates, reads, changes and deletes users; a password goes in and never comes out — OIDCC-5.1."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask.views import MethodView
from sqlalchemy.exc import IntegrityError
from werkzeug.security import generate_password_hash

from oidc_lab.domain.audit import Key
from oidc_lab.domain.user import User
from oidc_lab.provider.audit import note
from oidc_lab.provider.context import context
from oidc_lab.provider.deeds import revoke_at_password_change
from oidc_lab.provider.management import drawn
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.errors import not_found, refuse_field
from oidc_lab.provider.management.user_schema import ChangedUser, Listed, NewUser, ShownUser

PATH = "/users"
blueprint = Blueprint("users", __name__, description="The people who can sign in.")


@blueprint.at("")
class Users(MethodView):
    """All users."""

    @blueprint.operation(200, ShownUser(many=True))
    def get(self) -> list[Listed]:
        """List the users by username."""
        demo = {each.sub for each in context().store.users.demo()}
        return [Listed(each, each.sub in demo) for each in context().store.users.all()]

    @blueprint.operation(201, ShownUser, body=NewUser, refuses=(409,))
    def post(self, sent: dict[str, Any]) -> Listed:
        """Create a user, who can sign in with the password, or with one click."""
        sub = sent.get("sub") or drawn.unused_sub()
        user = User(sub=sub, username=sent["username"], claims=sent.get("claims") or {})
        if context().store.users.find(sub) is not None:
            refuse_field("sub", sub, f"there is a user {sub!r} already; give it another sub", 409)
        password_hash = _hashed(sent)
        one_click = sent.get("one_click", False)
        with _free_username(user):
            context().store.users.add(user, password_hash=password_hash, demo=one_click)
        details = {"username": user.username, "claims": sorted(user.claims), "one_click": one_click}
        note(Key.USER_CREATED, sub=sub, details=details)
        return Listed(user, one_click)


@blueprint.at("/<sub>")
class OneUser(MethodView):
    """One user."""

    @blueprint.operation(200, ShownUser, refuses=(404,))
    def get(self, sub: str) -> Listed:
        """Read a user."""
        return _listed(sub)

    @blueprint.operation(200, ShownUser, body=ChangedUser, refuses=(404, 409))
    def patch(self, sent: dict[str, Any], sub: str) -> Listed:
        """Change a user; what is not sent stays as it is."""
        before = _listed(sub)
        claims = sent.get("claims", before.user.claims) or {}
        after = replace(before.user, username=sent.get("username", before.user.username), claims=claims)
        password_hash, ended = _hashed(sent), 0
        with _free_username(after):
            context().store.users.change(after)
        if password_hash is not None:
            context().store.users.set_password_hash(sub, password_hash)
            ended = revoke_at_password_change(sub)
        if changed := _changed(before.user, after, password=password_hash is not None):
            changed |= {"families_ended": ended} if ended else {}
            note(Key.USER_CHANGED, sub=sub, details=changed)
        return replace(before, user=after)

    @blueprint.operation(204, refuses=(404,))
    def delete(self, sub: str) -> None:
        """Delete a user and everything that was given for one."""
        gone = _listed(sub)
        context().store.users.delete(sub)
        note(Key.USER_DELETED, sub=sub, details={"username": gone.user.username})


def _listed(sub: str) -> Listed:
    user = context().store.users.find(sub) or not_found("user", sub)
    return Listed(user, context().store.users.find_demo(sub) is not None)


@contextmanager
def _free_username(user: User) -> Iterator[None]:
    """Refuse a request whose username is somebody else's."""
    try:
        with context().store.transaction() as connection, connection.begin_nested():
            yield
    except IntegrityError:
        taken = f"there is a user who signs in as {user.username!r} already; give another username"
        refuse_field("username", user.username, taken, 409)


def _hashed(sent: dict[str, Any]) -> str | None:
    return generate_password_hash(sent["password"]) if "password" in sent else None


def _changed(before: User, after: User, *, password: bool) -> dict[str, Any]:
    """What the log says of a change: of claims only the names, because they are about a person."""
    changed: dict[str, Any] = {}
    if before.username != after.username:
        changed["username"] = {"before": before.username, "after": after.username}
    names = {*before.claims, *after.claims}
    if differing := sorted(name for name in names if before.claims.get(name) != after.claims.get(name)):
        changed["claims"] = differing
    return changed | ({"password": "changed"} if password else {})
