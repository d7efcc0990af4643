"""The client credentials grant: an application gets a token for itself, without any user — RFC6749-4.4."""

from typing import Any

from authlib.oauth2.rfc6749 import grants

from oidc_lab.domain.audit import Key
from oidc_lab.domain.authentication_request import ClaimsRequest
from oidc_lab.domain.tokens import Family
from oidc_lab.provider.audit import note
from oidc_lab.provider.context import context
from oidc_lab.provider.issue import keep_access_token
from oidc_lab.provider.refusal import refuse


class ClientCredentialsGrant(grants.ClientCredentialsGrant):
    """Authlib's grant over the lab's store; no refresh token is given, it can always ask again — RFC6749-4.4.3."""

    def validate_requested_scope(self) -> None:
        """Refuse every scope: those that are known here are all about a user — RFC6749-3.3."""
        if scope := self.request.payload.scope:
            refuse("scope_not_for_machines", client_id=self.client.client_id, scope=scope)

    def save_token(self, token: dict[str, Any]) -> None:
        """Keep what is handed out, in a family that has no user, session or grant."""
        family = Family(
            family_id=context().entropy.token(22),
            client_id=self.client.client_id,
            sub=None,
            sid=None,
            auth_time=None,
            offline=True,
        )
        context().store.tokens.begin_family(family)
        keep_access_token(token, family, ClaimsRequest())
        note(Key.CLIENT_CREDENTIALS, family=family)
