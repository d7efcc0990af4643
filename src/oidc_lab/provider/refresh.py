"""The refresh grant: asks the policy, replaces the token or lets it live on, ends what reuse endangers — RFC6749-6."""

import hmac
from base64 import urlsafe_b64encode
from typing import Any, NoReturn

from authlib.oauth2.rfc6749 import TokenMixin, grants

from oidc_lab.domain import refresh_ended, refresh_policy
from oidc_lab.domain.application import Application
from oidc_lab.domain.audit import Key
from oidc_lab.domain.refresh_parameters import LeewayAnswer, OnReuse, RefreshPolicy
from oidc_lab.domain.refresh_policy import Limit, RefreshDecision
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.domain.tokens import RefreshToken
from oidc_lab.domain.user import User
from oidc_lab.provider.audit import note
from oidc_lab.provider.checked import KNOWN, UNKNOWN, checked, moment
from oidc_lab.provider.client import Client
from oidc_lab.provider.context import context
from oidc_lab.provider.issue import keep_access_token, keep_refresh_token, policy_for, user_of
from oidc_lab.provider.refusal import refuse
from oidc_lab.provider.store.tables import digest


class IssuedRefreshToken(TokenMixin):
    """A refresh token with the questions Authlib asks of one."""

    def __init__(self, token: RefreshToken, policy: RefreshPolicy) -> None:
        self.token, self.policy = token, policy
        self.family, self.claims = token.family, token.claims

    def get_scope(self) -> str:
        """The scopes the user agreed to."""
        return " ".join(sorted(self.token.scopes))


class RefreshTokenGrant(grants.RefreshTokenGrant):
    """Authlib's refresh grant over the lab's policy and store.

    The first failure decides, in this order: the token is known, this application's, not ended; the scope is not wider;
    the user is there; the token was not replaced before.
    """

    decision: RefreshDecision
    user: User

    def _validate_request_token(self, client: Client) -> IssuedRefreshToken:
        received = self.request.form.get("refresh_token")
        if not received:
            refuse("refresh_token_missing", client_id=client.client_id)
        kept = context().store.tokens.find(RefreshToken, digest(received))
        seen = UNKNOWN if kept is None else KNOWN
        checked("refresh_token", "RFC6749-5.2", seen, "a refresh token that was issued here", kept is not None)
        if kept is None:
            refuse("refresh_token_unknown", client_id=client.client_id)
        issued_to = kept.family.client_id
        checked("refresh_token's application", "RFC6749-6", client.client_id, issued_to, client.client_id == issued_to)
        if issued_to != client.client_id:
            refuse("refresh_token_of_another_application", client_id=client.client_id, issued_to=issued_to)
        policy = policy_for(client.application)
        refusal = refresh_policy.over(kept, policy, context().now)
        _note_time(kept, policy, refusal)
        if refusal:
            refuse_ended(refusal, kept, client.application, policy)
        return IssuedRefreshToken(kept, policy)

    def _validate_token_scope(self, token: IssuedRefreshToken) -> None:
        asked = frozenset((self.request.payload.scope or "").split())
        wider, agreed = asked - token.token.scopes, " ".join(sorted(token.token.scopes))
        if asked:
            checked("scope", "RFC6749-6", " ".join(sorted(asked)), f"none but {agreed}", not wider)
        if wider:
            refuse("scope_widened", family=token.family, beyond=" ".join(sorted(wider)))

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Ask the policy, then issue; a token that was replaced before may end more than itself."""
        issued: IssuedRefreshToken = self.request.refresh_token
        self.user = user_of(issued.family)
        self.decision = refresh_policy.decide(issued.token, issued.policy, context().now)
        refused = self.decision.refusal
        clause = "RFC9700-4.14.2" if refused is None else CATALOGUE[refused].clause
        checked("refresh policy", clause, self.decision.because, "a token that it honours", refused is None)
        if self.decision.refusal is not None:
            _end_what_reuse_endangers(issued.token, self.decision.revokes)
            refuse(self.decision.refusal, family=issued.family, replaced_at=issued.token.used_at)
        answer: tuple[int, dict[str, Any], list[tuple[str, str]]] = super().create_token_response()
        return answer

    def authenticate_user(self, refresh_token: IssuedRefreshToken) -> User:
        """The user who agreed."""
        return self.user

    def issue_token(self, user: User, refresh_token: IssuedRefreshToken) -> dict[str, Any]:
        """Make the token response; a token that is not replaced is given back as it came."""
        self.INCLUDE_NEW_REFRESH_TOKEN = self.decision.replaced
        token: dict[str, Any] = super().issue_token(user, refresh_token)
        if not self.decision.replaced:
            return token | {"refresh_token": self.request.form["refresh_token"]}
        if refresh_token.policy.leeway_answer is LeewayAnswer.SAME_SUCCESSOR:
            return token | {"refresh_token": _only_successor(self.request.form["refresh_token"])}
        return token

    def save_token(self, token: dict[str, Any]) -> None:
        """Keep what is handed out, and what became of the token that was sent."""
        kept: RefreshToken = self.request.refresh_token.token
        now, tokens = context().now, context().store.tokens
        keep_access_token(token, kept.family, kept.claims)
        if self.decision.replaced:
            self._keep_successor(token, kept)
        else:
            tokens.change(kept, expires_at=self.decision.expires_at, last_used_at=now)
            tokens.change_family(kept.family, last_used_at=now)
        if kept.family.grant_id is not None:
            context().store.grants.note_use(kept.family.grant_id, now)
        details = {"scope": token["scope"], "replaced": self.decision.replaced, "because": self.decision.because}
        note(Key.REFRESH, family=kept.family, details=details)

    def _keep_successor(self, token: dict[str, Any], kept: RefreshToken) -> None:
        now, tokens = context().now, context().store.tokens
        tokens.change(kept, used_at=kept.used_at or now, last_used_at=now, reuses=kept.reuses + self.decision.again)
        same = self.request.refresh_token.policy.leeway_answer is LeewayAnswer.SAME_SUCCESSOR
        if same and tokens.find(RefreshToken, digest(token["refresh_token"])) is not None:
            return
        # A second successor of one token is the sibling of the first, not its child.
        generation = kept.generation + 1
        keep_refresh_token(token, kept, expires_at=self.decision.expires_at, generation=generation)
        newest = max(generation, kept.family.generation)
        tokens.change_family(kept.family, last_used_at=now, generation=newest)

    def revoke_old_credential(self, refresh_token: IssuedRefreshToken) -> None:
        """Nothing: what became of it was noted when the new tokens were kept."""


def _only_successor(refresh_token: str) -> str:
    """Made from the token and a key that never leaves, so that nobody else can make it, and nobody has to keep it."""
    made = hmac.digest(context().successor_key.encode(), refresh_token.encode(), "sha256")
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _note_time(token: RefreshToken, policy: RefreshPolicy, refusal: str | None) -> None:
    if token.family.revoked_at is not None:
        seen, expected = f"revoked: {token.family.revoked_because}", "not revoked"
    else:
        ends = [f"{moment(each.at)} ({each.limit.name.lower()})" for each in refresh_policy.endings(token, policy)]
        seen, expected = moment(context().now), " and ".join(f"before {each}" for each in ends)
    clause = CATALOGUE[refusal].clause if refusal else "RFC9700-4.14.2"
    checked("refresh_token in time", clause, seen, expected or "a token without an end", refusal is None)


def refuse_ended(refusal: str, token: RefreshToken, application: Application, policy: RefreshPolicy) -> NoReturn:
    """Refuse a token whose time has ended, or whose family has, with what helps to see why."""
    ended = {ending.limit.value: ending.at for ending in refresh_policy.endings(token, policy)}
    if refusal not in ended:
        refuse(refusal, family=token.family, because=token.family.revoked_because)
    refuse(
        refusal,
        family=token.family,
        first_issued_at=token.family.first_issued_at,
        issued_at=token.issued_at,
        ended_at=ended[refusal],
        a_refresh_gives=refresh_ended.gain(policy),
        **_of_ttl(refusal, application),
    )


def _of_ttl(refusal: str, application: Application) -> dict[str, str]:
    if refusal != Limit.TTL:
        return {}
    adopted = application.client_id in context().adopted
    return {"a_longer_ttl": refresh_ended.longer(application, context().profile, adopted=adopted)}


def _end_what_reuse_endangers(token: RefreshToken, revokes: OnReuse) -> None:
    tokens, now, family = context().store.tokens, context().now, token.family
    if revokes is OnReuse.REVOKE_GRANT and family.grant_id is not None:
        context().store.grants.forget(family.grant_id)
        tokens.revoke_of_grant(family.grant_id, now, "refresh_token_reused")
    elif revokes is not OnReuse.REJECT:
        tokens.revoke_family(family.family_id, now, "refresh_token_reused")
