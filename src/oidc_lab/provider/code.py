"""The code grant: where a code is issued, checked and used once — RFC6749-4.1, OIDCC-3.1.3.2."""

from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, grants
from flask import Response

from oidc_lab.domain.application import Application
from oidc_lab.domain.audit import Key
from oidc_lab.domain.authentication_request import AuthenticationRequest
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.refresh_policy import first_expiry
from oidc_lab.domain.refresh_settings import always_issues, issues_refresh_token
from oidc_lab.domain.session import Session
from oidc_lab.domain.tokens import CODE_LIFETIME, Code, Family
from oidc_lab.domain.user import User
from oidc_lab.provider.audit import note
from oidc_lab.provider.authentication_request import read_authentication_request
from oidc_lab.provider.authorization_response import authorization_response, destination
from oidc_lab.provider.checked import KNOWN, UNKNOWN, checked, moment
from oidc_lab.provider.client import Client, identify_client, only_redirect_uri
from oidc_lab.provider.context import context
from oidc_lab.provider.deeds import evict
from oidc_lab.provider.issue import keep_access_token, keep_refresh_token, policy_for, user_of
from oidc_lab.provider.refusal import RefusalError, refuse
from oidc_lab.provider.server import Payload
from oidc_lab.provider.store.tables import digest


class IssuedCode(AuthorizationCodeMixin):
    """A code with the questions Authlib asks of one."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.family, self.claims = code.family, code.claims

    def get_redirect_uri(self) -> None:
        """None: it was compared when the code was found, as the profile says."""

    def get_scope(self) -> str:
        """The scopes it stands for."""
        return " ".join(sorted(self.code.scopes))

    def get_nonce(self) -> str | None:
        """The nonce of its request, unchanged."""
        return self.code.nonce

    def get_auth_time(self) -> int | None:
        """When the user signed in, in seconds since 1970."""
        return None if self.family.auth_time is None else int(self.family.auth_time.timestamp())

    def get_acr(self) -> None:
        """None: there is one way to sign in here."""

    def get_amr(self) -> None:
        """None: how somebody signed in is not told."""


class AuthorizationCodeGrant(grants.AuthorizationCodeGrant):
    """Authlib's code grant over the lab's store; a code ends with its first use, however many come at once."""

    asked: AuthenticationRequest
    session: Session
    agreed: Grant

    @classmethod
    def check_authorization_endpoint(cls, request: Any) -> bool:
        """Serve every request: a response_type that is not supported is refused with its reason, below."""
        return True

    # -- the authorization endpoint

    @staticmethod
    def validate_no_multiple_request_parameter(request: Any) -> None:
        """Refuse when it is not clear whom an answer would reach; the other parameters come later."""
        if repeated := {"client_id", "redirect_uri"} & set(request.payload.repeated):
            refuse("redirect_parameter_repeated", repeated=", ".join(sorted(repeated)))

    def validate_authorization_request(self) -> str:
        """Identify the application, then read the rest; from there on refusals go to its redirect URI."""
        payload: Payload = self.request.payload
        self.request.client = client = identify_client(payload.client_id, payload.redirect_uri)
        try:
            if payload.repeated:
                refuse("parameter_repeated", repeated=", ".join(payload.repeated))
            self.asked = read_authentication_request(payload.data, client.application)
        except RefusalError as error:
            error.redirect_uri = payload.redirect_uri
            error.client_id = client.client_id
            raise
        return self.asked.redirect_uri

    def create_authorization_response(self, redirect_uri: str, grant_user: User) -> Response:
        """Send the application a code."""
        self.request.user = grant_user
        code = self.generate_authorization_code()
        self.save_authorization_code(code, self.request)
        return authorization_response(destination(self.request.payload.data), {"code": code})

    def generate_authorization_code(self) -> str:
        """Draw a code from the bench."""
        return context().entropy.token()

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Keep a code and the family that will descend from it."""
        asked, now = self.asked, context().now
        family = self._new_family()
        context().store.tokens.begin_family(family)
        kept = Code(
            digest=digest(code),
            family=family,
            redirect_uri=asked.redirect_uri,
            scopes=asked.scopes,
            claims=asked.claims,
            nonce=asked.nonce,
            code_challenge=asked.code_challenge,
            expires_at=now + CODE_LIFETIME,
        )
        context().store.tokens.keep(kept)
        note(Key.AUTHORIZATION, family=family, details={"scope": " ".join(sorted(asked.scopes))})

    def _new_family(self) -> Family:
        application: Application = self.request.client.application
        offline, profile = "offline_access" in self.asked.scopes, context().profile
        return Family(
            family_id=context().entropy.token(22),
            client_id=application.client_id,
            sub=self.session.sub,
            sid=self.session.sid,
            auth_time=self.session.auth_time,
            offline=offline or (context().rules.always_issued_is_offline and always_issues(application, profile)),
            grant_id=self.agreed.grant_id,
            grant_began_at=self.agreed.created_at,
        )

    # -- the token endpoint

    def query_authorization_code(self, code: str, client: Client) -> IssuedCode:
        """Find a code and check that this client may use it now; refuses with the reason when not."""
        kept, now = context().store.tokens.find(Code, digest(code)), context().now
        checked("code", "RFC6749-5.2", KNOWN if kept else UNKNOWN, "a code that was issued here", kept is not None)
        if kept is None:
            refuse("code_unknown", client_id=client.client_id)
        owner = kept.family.client_id
        checked("code's application", "RFC6749-4.1.3", client.client_id, owner, client.client_id == owner)
        if owner != client.client_id:
            refuse("code_of_another_application", client_id=client.client_id, issued_to=owner)
        checked("code's use", "RFC6749-4.1.2", kept.used_at or "not used", "not used", kept.used_at is None)
        if kept.used_at is not None:
            self._refuse_second_use(kept)
        if kept.family.revoked_at is not None:
            refuse("code_revoked", family=kept.family, because=kept.family.revoked_because)
        until = f"before {moment(kept.expires_at)}"
        checked("code in time", "RFC6749-4.1.2", now, until, now < kept.expires_at)
        if now >= kept.expires_at:
            refuse("code_expired", family=kept.family, expired_at=kept.expires_at.isoformat())
        if kept.family.grant_over(now, context().rules.grant_lifetime):
            refuse("code_grant_expired", family=kept.family)
        received = self.request.form.get("redirect_uri") or only_redirect_uri(client.application)
        checked("redirect_uri", "RFC6749-4.1.3", received, kept.redirect_uri, received == kept.redirect_uri)
        if received != kept.redirect_uri:
            refuse(
                "code_redirect_uri_differs",
                family=kept.family,
                registered=(kept.redirect_uri,),
                received=received or "",
            )
        return IssuedCode(kept)

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Use the code up, then issue. Who comes second in a race is told the same as who comes later."""
        code: Code = self.request.authorization_code.code
        if not context().store.tokens.consume(code, context().now):
            self._refuse_second_use(code)
        answer: tuple[int, dict[str, Any], list[tuple[str, str]]] = super().create_token_response()
        return answer

    def authenticate_user(self, authorization_code: IssuedCode) -> User:
        """The user who signed in."""
        return user_of(authorization_code.family)

    def generate_token(self, **asked: Any) -> dict[str, Any]:
        """Make the token response; the user's agreement or the application's setting puts a refresh token in it."""
        code: Code = self.request.authorization_code.code
        application: Application = self.request.client.application
        offline = "offline_access" in code.scopes
        issues = issues_refresh_token(application, context().profile, offline=offline)
        asked["include_refresh_token"] = issues and policy_for(application).issued
        token: dict[str, Any] = super().generate_token(**asked)
        return token

    def save_token(self, token: dict[str, Any]) -> None:
        """Keep what is handed out."""
        code: Code = self.request.authorization_code.code
        now, family = context().now, code.family
        keep_access_token(token, family, code.claims)
        details = {"scope": token["scope"], "refresh_token": "refresh_token" in token}
        if "refresh_token" in token:
            details |= self._begin_refreshing(token, code)
        if family.grant_id is not None:
            context().store.grants.note_use(family.grant_id, now)
        note(Key.CODE_EXCHANGE, family=family, details=details)

    def _begin_refreshing(self, token: dict[str, Any], code: Code) -> dict[str, int]:
        """Keep a family's first refresh token; gives what the log says besides."""
        policy, now = policy_for(self.request.client.application), context().now
        keep_refresh_token(token, code, expires_at=first_expiry(policy, now))
        context().store.families.begin(code.family, now)
        return {} if policy.max_live is None else {"families_ended": evict(code.family, policy)}

    def delete_authorization_code(self, authorization_code: IssuedCode) -> None:
        """Nothing: a used code is kept as used, so that a second use is recognised."""

    def _refuse_second_use(self, code: Code) -> None:
        # RFC6749-4.1.2: what the first use gave ends too, in whichever order the two are served.
        store, now, family = context().store, context().now, code.family
        if context().rules.revocation_ends_grant and family.grant_id is not None:
            store.grants.forget(family.grant_id)
            store.tokens.revoke_of_grant(family.grant_id, now, "code_used")
        else:
            store.tokens.revoke_family(family.family_id, now, "code_used")
        refuse("code_used", family=family)
