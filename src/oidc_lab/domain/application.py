"""What an application is and what its type means for OAuth — OIDCR-2."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from oidc_lab.domain import advising, differences, origin, redirect_uri, setting_rules, settings
from oidc_lab.domain.advice import Advices
from oidc_lab.domain.application_type import (
    AUTHENTICATION_METHODS,
    LABEL,
    OAUTH_MAPPING,
    ONE,
    ApplicationType,
    OAuthMapping,
)
from oidc_lab.domain.differences import Differences
from oidc_lab.domain.entropy import Entropy
from oidc_lab.domain.frozen import freeze
from oidc_lab.domain.profile import RULES, Profile, Rules
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.setting_rules import MAXIMUM_NAME_LENGTH, NAME, NAME_RULE, SIGNING_ALGORITHMS, InvalidSetting

__all__ = [
    "AUTHENTICATION_METHODS", "CLIENT_ID_LENGTH", "LABEL", "MAXIMUM_NAME_LENGTH", "NAME", "NAME_RULE", "OAUTH_MAPPING",
    "ONE", "SIGNING_ALGORITHMS", "Application", "ApplicationType", "InvalidSetting", "OAuthMapping", "draw_client_id",
]  # fmt: skip

CLIENT_ID_LENGTH = 21
_DRAWN = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")

# The fields that have a name of their own in the table of settings.
_IN_TABLE = {"client_secret": "secrets"}

_DEFAULT = RULES[Profile.DOCUMENTED]


@dataclass(frozen=True, kw_only=True)
class Application:
    """A registered application; on the wire it is a client and `client_id` is its name.

    `client_secret` is what the application itself keeps (the store has only its digest); None for public types.
    A setting that is None was not set: what holds then is said in domain/settings, by profile.
    Raises InvalidSetting when a setting breaks its rule, or is one that no profile has for this type.
    """

    client_id: str
    type: ApplicationType
    name: str
    description: str = ""
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    cors_allowed_origins: tuple[str, ...] = ()
    client_secret: str | None = field(default=None, repr=False)
    always_issue_refresh_token: bool | None = None
    rotate_refresh_token: bool | None = None
    refresh_token_ttl_in_days: int | None = None
    id_token_ttl: timedelta | None = None
    id_token_signed_response_alg: str = "RS256"
    backchannel_logout_uri: str | None = None
    backchannel_logout_session_required: bool = False
    custom_data: Mapping[str, Any] = field(default_factory=dict, hash=False)
    created_at: datetime | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.type, ApplicationType):
            raise InvalidSetting("type", self.type, f"it must be one of {', '.join(ApplicationType)}")
        for name, (what, _) in _LISTS.items():
            self._check_shape(name, what)
        for name in self.given:
            if missing := settings.refused_everywhere(_IN_TABLE.get(name, name), self.type):
                raise self._refused(name, missing.sentence)
        for name, problem in _RULES.items():
            value = getattr(self, name)
            if rule := problem(value):
                raise InvalidSetting(name, "…" if name == "client_secret" and value else value, rule)
        for name, (_, problem_of_one) in _LISTS.items():
            for each in getattr(self, name):
                if rule := problem_of_one(each):
                    raise InvalidSetting(name, each, rule)
        self._check_backchannel_logout_uri()
        object.__setattr__(self, "custom_data", self._frozen_custom_data())

    def _check_shape(self, name: str, what: str) -> None:
        values = getattr(self, name)
        if rule := setting_rules.texts(values, what):
            raise InvalidSetting(name, values, rule)
        object.__setattr__(self, name, tuple(values))

    def _check_backchannel_logout_uri(self) -> None:
        """OIDCBCL-2.2: absolute, without a fragment; plain http for a confidential application, or on this machine."""
        uri = self.backchannel_logout_uri
        if uri is None:
            return
        rule = redirect_uri.problem(uri)
        if rule is None and not uri.lower().startswith(("http://", "https://")):
            rule = "it must be an https URI (OIDCBCL-2.2)"
        if rule is None and redirect_uri.is_plain(uri) and not self.confidential:
            rule = "plain http is for confidential applications and the loopback (OIDCBCL-2.2)"
        if rule:
            raise InvalidSetting("backchannel_logout_uri", uri, rule)

    def _frozen_custom_data(self) -> Mapping[str, Any]:
        if not isinstance(self.custom_data, Mapping):
            raise InvalidSetting("custom_data", self.custom_data, "it must be a JSON object")
        try:
            frozen: Mapping[str, Any] = freeze(self.custom_data)
        except ValueError as error:
            raise InvalidSetting("custom_data", self.custom_data, str(error)) from None
        return frozen

    def _refused(self, name: str, reason: str) -> InvalidSetting:
        value = "…" if name == "client_secret" else getattr(self, name)
        rule = f"{ONE[self.type]} does not have it. {reason.removesuffix('.')}"
        return InvalidSetting(name, list(value) if isinstance(value, tuple) else value, rule)

    def check_for(self, profile: Profile) -> None:
        """Raise InvalidSetting when a setting is set that this type does not have in `profile`, or may not have so."""
        for name in self.given:
            effect = settings.availability(_IN_TABLE.get(name, name), self.type, profile)
            if not effect.available:
                raise self._refused(name, effect.sentence)
        for name in ("redirect_uris", "post_logout_redirect_uris"):
            for each in getattr(self, name):
                if rule := redirect_uri.problem_in(profile, each, self.type):
                    raise InvalidSetting(name, each, rule)

    @property
    def given(self) -> tuple[str, ...]:
        """The names of the fields that were set: those that are not as they are when nobody says anything."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) != _unset(each))

    @property
    def oauth(self) -> OAuthMapping:
        """What this application's type means on the wire."""
        return OAUTH_MAPPING[self.type]

    @property
    def confidential(self) -> bool:
        """Whether it can keep a secret — RFC6749-2.1."""
        return self.oauth.confidential

    def requires_pkce(self, rules: Rules = _DEFAULT) -> bool:
        """Whether its authorization requests must carry a code challenge — RFC9700-2.1.1."""
        return self.oauth.requires_pkce or (rules.pkce_for_all and bool(self.oauth.response_types))

    def accepts_redirect_uri(self, uri: str, rules: Rules = _DEFAULT) -> bool:
        """Whether an answer may be sent to `uri`."""
        native = self.type is ApplicationType.NATIVE
        return redirect_uri.matches(uri, self.redirect_uris, any_loopback_port=native, rules=rules)

    def accepts_post_logout_redirect_uri(self, uri: str, rules: Rules = _DEFAULT) -> bool:
        """Whether a signed-out user may be sent to `uri`; no port may vary here — OIDCRIL-3."""
        return redirect_uri.matches(uri, self.post_logout_redirect_uris, any_loopback_port=False, rules=rules)

    def differences(self) -> Differences:
        """What each profile does with each setting."""
        return differences.of(self)

    def advice(
        self,
        profile: Profile = Profile.DOCUMENTED,
        *,
        rules: Rules | None = None,
        secrets: Iterable[Secret] = (),
        now: datetime | None = None,
    ) -> Advices:
        """What will hurt in `profile`, whose rules `rules` may replace; secrets are looked at when they are given."""
        return advising.about(self, profile, rules=rules, secrets=tuple(secrets), now=now)


def draw_client_id(entropy: Entropy) -> str:
    """A new application's client_id: 21 characters of 0-9 and a-z, as the product's."""
    drawn = ""
    while len(drawn) < CLIENT_ID_LENGTH:
        drawn += "".join(each for each in entropy.token() if each in _DRAWN)
    return drawn[:CLIENT_ID_LENGTH]


def _unset(each: Any) -> object:
    """What a field is when nobody says anything; MISSING when somebody must."""
    return each.default if each.default_factory is MISSING else each.default_factory()


def _secret(value: object) -> str | None:
    return "it must not be empty" if value == "" else setting_rules.text(value)


def _unless_unset(problem: Callable[[object], str | None]) -> Callable[[object], str | None]:
    return lambda value: None if value is None else problem(value)


_RULES: Mapping[str, Callable[[object], str | None]] = {
    "client_id": setting_rules.identifier,
    "name": setting_rules.name,
    "description": setting_rules.text,
    "client_secret": _unless_unset(_secret),
    "always_issue_refresh_token": _unless_unset(setting_rules.switch),
    "rotate_refresh_token": _unless_unset(setting_rules.switch),
    "refresh_token_ttl_in_days": _unless_unset(setting_rules.ttl_in_days),
    "id_token_ttl": _unless_unset(setting_rules.id_token_ttl),
    "id_token_signed_response_alg": setting_rules.algorithm,
    "backchannel_logout_uri": _unless_unset(setting_rules.text),
    "backchannel_logout_session_required": setting_rules.switch,
    "created_at": _unless_unset(setting_rules.moment),
}

_LISTS: Mapping[str, tuple[str, Callable[[str], str | None]]] = {
    "redirect_uris": ("URIs", redirect_uri.problem),
    "post_logout_redirect_uris": ("URIs", redirect_uri.problem),
    "cors_allowed_origins": ("origins", origin.problem),
}
