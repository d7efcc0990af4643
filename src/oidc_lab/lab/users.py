"""The users of a provider, from Python: read, created, changed and deleted over its management API — OIDCC-5.1."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oidc_lab.domain.user import User
from oidc_lab.lab.audit_log import AuditLog
from oidc_lab.lab.kept import Kept
from oidc_lab.lab.management import Management
from oidc_lab.lab.named import Named, UnknownName


class RegisteredUser(User):
    """A user as the provider keeps it, with what can be done about it there; it stays as it was read."""

    _of: "Users"

    def update(self, **values: Any) -> "RegisteredUser":
        """Change username, claims (all of them) or password, and give the changed user; what is not named stays."""
        __tracebackhide__ = True
        return self._of.change(self.sub, values)

    def delete(self) -> None:
        """Delete the user at the provider, with everything that was given for this one."""
        self._of.delete(self.sub)

    def log(self) -> AuditLog:
        """What the audit log says of the user."""
        return AuditLog(self._of.management, sub=self.sub)


class Users(Kept[RegisteredUser]):
    """The users of a provider, by sub; the bench remembers the `passwords` that it gave."""

    kind, key = "user", "sub"
    columns = ("sub", "username", "claims", "one_click")

    def __init__(self, management: Management, own: Iterable[User], passwords: Named[str], *, keeps: bool) -> None:
        self._passwords = passwords
        super().__init__(management, {each.sub: self._attached(each) for each in own}, keeps=keeps)

    def create(
        self,
        username: str,
        *,
        password: str | None = None,
        claims: Mapping[str, Any] | None = None,
        sub: str | None = None,
        one_click: bool | None = None,
    ) -> RegisteredUser:
        """Add a user, who has a button on the sign-in page when there is no password."""
        __tracebackhide__ = True
        body: dict[str, Any] = {"username": username, "claims": claims}
        body["one_click"] = password is None if one_click is None else one_click
        body |= {name: value for name, value in (("password", password), ("sub", sub)) if value is not None}
        return self._with_password(self.management.ask("POST", "users", body=body), password)

    def all(self) -> Sequence[RegisteredUser]:
        """All of them, read at once."""
        return [self._known(each) for each in self._all()]

    def change(self, sub: str, values: Mapping[str, Any]) -> RegisteredUser:
        """Change a user."""
        __tracebackhide__ = True
        return self._with_password(self.management.ask("PATCH", "users", sub, body=values), values.get("password"))

    def own(self, name: str) -> RegisteredUser:
        """What the bench knows of a user, by sub, or by username when that is nobody's sub."""
        try:
            return super().own(name)
        except UnknownName:
            named = next((each for each in self.values() if each.username == name), None)
            if named is None:
                raise
            return named

    def _read(self, said: Mapping[str, Any]) -> RegisteredUser:
        return self._attached(User(sub=said["sub"], username=said["username"], claims=said["claims"]))

    def _attached(self, user: User) -> RegisteredUser:
        attached = RegisteredUser(sub=user.sub, username=user.username, claims=user.claims)
        # It is frozen; this is no field, so that it is neither compared nor shown.
        object.__setattr__(attached, "_of", self)
        return attached

    def _with_password(self, said: Mapping[str, Any], password: str | None) -> RegisteredUser:
        if password is not None:
            self._passwords.add(said["sub"], password)
        return self._known(said)
