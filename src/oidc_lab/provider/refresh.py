"""The refresh grant: asks the policy, replaces the token, ends the family when one comes back — RFC6749-6."""

from typing import Any

from authlib.oauth2.rfc6749 import TokenMixin, grants

from oidc_lab.domain import refresh_policy
from oidc_lab.domain.refresh_policy import RefreshDecision
from oidc_lab.domain.tokens import RefreshToken
from oidc_lab.domain.user import User
from oidc_lab.provider.client import Client
from oidc_lab.provider.context import context
from oidc_lab.provider.issue import POLICY, keep_tokens
from oidc_lab.provider.refusal import refuse
from oidc_lab.provider.store.tables import digest


class IssuedRefreshToken(TokenMixin):
    """A refresh token with the questions Authlib asks of one."""

    def __init__(self, token: RefreshToken, decision: RefreshDecision) -> None:
        self.token, self.decision = token, decision
        self.family, self.claims = token.family, token.claims

    def get_scope(self) -> str:
        """The scopes the user agreed to."""
        return " ".join(sorted(self.token.scopes))


class RefreshTokenGrant(grants.RefreshTokenGrant):
    """Authlib's refresh grant over the lab's policy and store."""

    INCLUDE_NEW_REFRESH_TOKEN = True

    def _validate_request_token(self, client: Client) -> IssuedRefreshToken:
        received = self.request.form.get("refresh_token")
        if not received:
            refuse("refresh_token_missing", client_id=client.client_id)
        kept = context().store.tokens.find(RefreshToken, digest(received))
        if kept is None:
            refuse("refresh_token_unknown", client_id=client.client_id)
        if kept.family.client_id != client.client_id:
            issued_to = kept.family.client_id
            refuse("refresh_token_of_another_application", client_id=client.client_id, issued_to=issued_to)
        return IssuedRefreshToken(kept, self._ask_the_policy(kept))

    def _validate_token_scope(self, token: IssuedRefreshToken) -> None:
        asked = frozenset((self.request.payload.scope or "").split())
        if wider := asked - token.token.scopes:
            refuse("scope_widened", client_id=token.family.client_id, beyond=" ".join(sorted(wider)))

    def _ask_the_policy(self, token: RefreshToken) -> RefreshDecision:
        decision = refresh_policy.decide(token, POLICY, context().now)
        if decision.revokes_family:
            self._end_family(token)
        if decision.refusal is not None:
            refuse(decision.refusal, client_id=token.family.client_id, because=token.family.revoked_because)
        return decision

    def _end_family(self, token: RefreshToken) -> None:
        context().store.tokens.revoke_family(token.family.family_id, context().now, "refresh_token_reused")

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Replace the token, then issue; of several requests at once one replaces it, the rest are reuse."""
        token: RefreshToken = self.request.refresh_token.token
        if not context().store.tokens.consume(token, context().now):
            self._end_family(token)
            refuse("refresh_token_reused", client_id=token.family.client_id)
        answer: tuple[int, dict[str, Any], list[tuple[str, str]]] = super().create_token_response()
        return answer

    def authenticate_user(self, refresh_token: IssuedRefreshToken) -> User:
        """The user who agreed."""
        return context().store.users.find(refresh_token.family.sub) or refuse("user_gone")

    def save_token(self, token: dict[str, Any]) -> None:
        """Keep what is handed out."""
        issued: IssuedRefreshToken = self.request.refresh_token
        keep_tokens(token, issued.token, refresh_token_expires_at=issued.decision.expires_at)

    def revoke_old_credential(self, refresh_token: IssuedRefreshToken) -> None:
        """Nothing: it was marked as replaced before the new one was made."""
