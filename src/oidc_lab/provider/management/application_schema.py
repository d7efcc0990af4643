"""An application in JSON: what is answered, what a new one needs, what can be changed — OIDCR-2."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.setting_rules import (
    MAXIMUM_ID_TOKEN_TTL,
    MAXIMUM_NAME_LENGTH,
    MAXIMUM_TTL_IN_DAYS,
    SIGNING_ALGORITHMS,
)
from oidc_lab.domain.settings import SETTINGS, availability
from oidc_lab.provider.context import context
from oidc_lab.provider.discovery import metadata
from oidc_lab.provider.management.wire import Answer, Body, Choice, Fixed, Switch
from oidc_lab.provider.management.wire_numbers import Moment, Seconds, Whole
from oidc_lab.provider.management.wire_texts import Identifier, JsonObject, Text, Texts

_NAME = {"minLength": 1, "maxLength": MAXIMUM_NAME_LENGTH}
_SHOWN = {"readOnly": True, "additionalProperties": {"type": "string"}, "type": "object"}
_UNIQUE = {"uniqueItems": True}


def _described(name: str, **more: Any) -> dict[str, Any]:
    return {"description": SETTINGS[name].meaning, **more}


class _Settings:
    """The settings that can be given at any time; null stands for one that is not set."""

    description = Text(allow_none=True, metadata=_described("description"))
    redirect_uris = Texts(allow_none=True, metadata=_described("redirect_uris", **_UNIQUE))
    post_logout_redirect_uris = Texts(allow_none=True, metadata=_described("post_logout_redirect_uris", **_UNIQUE))
    cors_allowed_origins = Texts(allow_none=True, metadata=_described("cors_allowed_origins", **_UNIQUE))
    always_issue_refresh_token = Switch(allow_none=True, metadata=_described("always_issue_refresh_token"))
    rotate_refresh_token = Switch(allow_none=True, metadata=_described("rotate_refresh_token"))
    refresh_token_ttl_in_days = Whole(
        least=1, most=MAXIMUM_TTL_IN_DAYS, allow_none=True, metadata=_described("refresh_token_ttl_in_days")
    )
    id_token_ttl = Seconds(
        least=1,
        most=int(MAXIMUM_ID_TOKEN_TTL.total_seconds()),
        allow_none=True,
        metadata={"description": f"{SETTINGS['id_token_ttl'].meaning} In seconds."},
    )
    id_token_signed_response_alg = Text(
        allow_none=True, metadata=_described("id_token_signed_response_alg", enum=[*SIGNING_ALGORITHMS, None])
    )
    backchannel_logout_uri = Text(allow_none=True, metadata=_described("backchannel_logout_uri"))
    backchannel_logout_session_required = Switch(
        allow_none=True, metadata=_described("backchannel_logout_session_required")
    )
    custom_data = JsonObject(allow_none=True, metadata=_described("custom_data"))


_NAMES = tuple(name for name, each in vars(_Settings).items() if isinstance(each, fields.Field))


def endpoints() -> Mapping[str, str]:
    """Where an application finds the provider, by the names of its configuration; the same for all — OIDCD-3."""
    found = {name: value for name, value in metadata().items() if name.endswith("_endpoint") or name == "jwks_uri"}
    return {"openid_configuration": context().address("/.well-known/openid-configuration"), **found}


def reasons(application: Application) -> Mapping[str, str]:
    """The settings that an application's type does not have in the present profile, each with the reason."""
    effects = {name: availability(name, application.type, context().profile) for name in SETTINGS}
    return {name: effect.sentence for name, effect in effects.items() if not effect.available}


class ShownApplication(Answer, _Settings):
    """An application with all of its settings."""

    client_id = fields.String(required=True)
    type = Choice(ApplicationType, required=True)
    name = fields.String(required=True)
    created_at = Moment(required=True)
    endpoints = fields.Function(
        lambda _: endpoints(), metadata={**_SHOWN, "description": "Where it finds the provider."}
    )
    unavailable = fields.Function(
        reasons,
        metadata={**_SHOWN, "description": "The settings that this type does not have in the profile, and why."},
    )

    class Meta(Answer.Meta):
        """In the order of the table of settings."""

        fields = ("client_id", "type", "name", *_NAMES, "created_at", "endpoints", "unavailable")


class CreatedApplication(ShownApplication):
    """An application in the one answer that shows the value of its first secret."""

    client_secret = fields.String(required=True, allow_none=True)

    class Meta(ShownApplication.Meta):
        """The secret at the end."""

        fields = (*ShownApplication.Meta.fields, "client_secret")


class _Noted:
    """What is never sent, because the provider notes it or works it out."""

    created_at = Fixed("it is noted by the provider")
    endpoints = Fixed("it is where the provider is")
    unavailable = Fixed("it follows from the type and the profile")
    secrets = Fixed("secrets have an address of their own, below that of the application")


class ChangedApplication(Body, _Settings, _Noted):
    """What is to be changed; what is not sent stays as it is."""

    name = Text(metadata=_described("name", **_NAME))
    client_id = Fixed("it is drawn when the application is created, and never changed")
    type = Fixed("it is given when the application is created, and never changed")
    client_secret = Fixed("secrets have an address of their own, below that of the application")


class NewApplication(Body, _Settings, _Noted):
    """What a new application is to be."""

    type = Choice(ApplicationType, required=True, metadata=_described("type"))
    name = Text(required=True, metadata=_described("name", **_NAME))
    client_id = Identifier("Drawn by the provider; only what moves an application here that others know says it.")
    client_secret = Text(
        allow_none=True,
        metadata={
            "description": "Drawn by the provider, for a confidential type; only what moves an application here says"
            " it. With null it begins without one.",
            "minLength": 1,
        },
    )
