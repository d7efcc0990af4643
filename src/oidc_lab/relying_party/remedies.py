"""What the relying party and the browser refuse by themselves: what happened, what to change — OIDCC-3.1.3.7.

The provider's refusals have their catalogue in the domain; these are those of the other side of the wire.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Remedy:
    """An end of a flow: `blame` is the parameter or setting at fault, `remedy` the smallest change that helps."""

    truth: str
    blame: str
    clause: str
    remedy: str


_CONFIGURATION = "Correct the provider's configuration, or the issuer that the application was given."
_SIGN_IN_ANEW = "Throw the answer away and start a new sign-in."
_OTHER_TOKEN = "Throw the tokens away; find out on which way the ID Token of somebody or something else came here."
_CLOCK = "Compare the clocks of both sides, and use an ID Token at once."

REMEDIES = {
    # Before anything is asked
    "not_sent": Remedy(
        "The message never left: its address leads nowhere, or nobody listens there.", "address", "RFC9110-4.2",
        "Look at the address; start the provider.",
    ),
    "issuer_mismatch": Remedy(
        "The configuration names another issuer than the one it was asked for.", "issuer", "OIDCD-4.3",
        "Give the application the issuer exactly as the provider writes it, slashes included.",
    ),
    "pkce_unsupported": Remedy(
        "The provider does not say that it checks code_verifier, so a stolen code would not be noticed.",
        "code_challenge_methods_supported", "RFC9700-2.1.1", "Use a provider that supports PKCE with S256.",
    ),
    "configuration_incomplete": Remedy(
        "The provider's configuration lacks an address, or has something else in its place.", "configuration",
        "OIDCD-3", _CONFIGURATION,
    ),
    "answer_unreadable": Remedy(
        "The answer is not what its specification says; often a page of something in between.", "answer",
        "RFC6749-5.1", "Look at the answer as it came, and find out who wrote it.",
    ),
    "keys_unreadable": Remedy(
        "What the provider publishes as its keys is no set of keys.", "jwks_uri", "OIDCC-10.1.1", _CONFIGURATION,
    ),
    "redirect_uri_missing": Remedy(
        "Nobody can be sent back to an application without a redirect URI.", "redirect_uri", "OIDCC-3.1.2.1",
        "Register a redirect URI; an application that acts for itself uses client credentials.",
    ),
    "refresh_token_missing": Remedy(
        "There is no refresh token to send.", "scope", "OIDCC-11",
        "Sign in with the scope offline_access and prompt=consent, or let the application always have one.",
    ),
    "logout_not_offered": Remedy(
        "The provider has no endpoint to sign out at.", "end_session_endpoint", "OIDCRIL-2.1",
        "End the application's own session, and leave the provider's alone.",
    ),
    "introspection_not_offered": Remedy(
        "The provider has no endpoint that tells what a token is worth.", "introspection_endpoint", "RFC8414-2",
        "Use the token and see, or read it where it is a signed one.",
    ),
    "revocation_not_offered": Remedy(
        "The provider has no endpoint to give a token back at.", "revocation_endpoint", "RFC8414-2",
        "Forget the token, and let its lifetime end.",
    ),
    # In the browser
    "no_shortcut": Remedy(
        "The sign-in page has no button that signs this user in with one click.", "password", "OIDCC-3.1.2.3",
        "Give the user's password.",
    ),
    "sent_elsewhere": Remedy(
        "The browser was sent to an address that is neither the provider's nor the one the answer shall go to.",
        "redirect_uri", "RFC9700-4.11", "Look at the Location header, and find out who put this address there.",
    ),
    "address_unreadable": Remedy(
        "The browser was sent to what is no address, so it could not go there.", "Location", "RFC3986-3.2.2",
        "Look at the Location header, or at the form's action, and find out who wrote it.",
    ),
    "blocked_by_cors": Remedy(
        "No answer said that pages of this origin may read it, or may send what the browser asked about; so the "
        "browser tells the page nothing but that the call failed.", "cors_allowed_origins", "FETCH-http-cors-protocol",
        "Add the page's origin to the application's CORS allowed origins, or call from a page that is listed.",
    ),
    "too_many_redirects": Remedy(
        "The pages lead round in circles.", "pages", "RFC9110-15.4", "Look which page sends the browser back.",
    ),
    "no_answer": Remedy(
        "The browser ended on a page of the provider from which nothing leads on.", "pages", "OIDCC-3.1.2.5",
        "Look at the last page: it may be waiting for something, or say what is wrong.",
    ),
    "provider_broke": Remedy(
        "The provider failed while it answered; that is its mistake, and it says nothing about the request.",
        "provider", "RFC9110-15.6", "Look into the provider's log; the same request may pass later.",
    ),
    # The answer that the browser brings
    "state_mismatch": Remedy(
        "The answer does not belong to this request: somebody may have put an answer of their own into the browser.",
        "state", "RFC6749-10.12", _SIGN_IN_ANEW,
    ),
    "iss_mismatch": Remedy(
        "The answer comes from another provider than the request went to: a mix-up, perhaps on purpose.", "iss",
        "RFC9207-2.4", _SIGN_IN_ANEW,
    ),
    "code_missing": Remedy(
        "The answer has neither a code nor an error.", "code", "OIDCC-3.1.2.7", _SIGN_IN_ANEW,
    ),
    # The token response
    "access_token_missing": Remedy(
        "The answer has no access token.", "access_token", "RFC6749-5.1", "Look at the answer as it came.",
    ),
    "token_type_unknown": Remedy(
        "The token is of a kind that this application does not know how to use.", "token_type", "OIDCC-3.1.3.3",
        "Ask for Bearer tokens.",
    ),
    "tokens_cacheable": Remedy(
        "The answer may be kept by caches, and with it the tokens.", "Cache-Control", "RFC6749-5.1",
        "Have the provider send Cache-Control: no-store with every token response.",
    ),
    "id_token_missing": Remedy(
        "There is an access token but nothing that says who signed in.", "scope", "OIDCC-3.1.3.3",
        "Ask for the scope openid.",
    ),
    # The ID Token
    "id_token_encryption": Remedy(
        "The ID Token is not in the form that was agreed on at registration.", "id_token", "OIDCC-3.1.3.7",
        "Register what the provider sends, or have it send what is registered: signed, not encrypted.",
    ),
    "id_token_unreadable": Remedy(
        "What came as an ID Token is none.", "id_token", "OIDCC-3.1.3.7", "Look at the answer as it came.",
    ),
    "id_token_iss": Remedy(
        "The ID Token was issued by another provider.", "iss", "OIDCC-3.1.3.7", _OTHER_TOKEN,
    ),
    "id_token_aud": Remedy(
        "The ID Token is meant for another application, or for one more.", "aud", "OIDCC-3.1.3.7", _OTHER_TOKEN,
    ),
    "id_token_azp": Remedy(
        "The ID Token was issued to another application.", "azp", "OIDCC-3.1.3.7", _OTHER_TOKEN,
    ),
    "id_token_signature": Remedy(
        "The signature is of none of the provider's keys, or the token was changed on the way.", "id_token",
        "OIDCC-3.1.3.7", "Fetch the keys again, for they may have been replaced; then believe nothing in the token.",
    ),
    "id_token_alg": Remedy(
        "The ID Token is signed by another algorithm than the one that was agreed on.",
        "id_token_signed_response_alg", "OIDCC-3.1.3.7",
        "Register the algorithm that the provider uses; never take the one that the token names.",
    ),
    "id_token_expired": Remedy("The ID Token's time is over.", "exp", "OIDCC-3.1.3.7", _CLOCK),
    "id_token_iat": Remedy(
        "The ID Token is older than anything that was just issued, or from the future.", "iat", "OIDCC-3.1.3.7", _CLOCK,
    ),
    "id_token_nonce": Remedy(
        "The ID Token answers another request: it may be a stolen one that is played again.", "nonce",
        "OIDCC-3.1.3.7", _SIGN_IN_ANEW,
    ),
    "id_token_auth_time": Remedy(
        "The user signed in longer ago than the request allows, or the token does not say when.", "max_age",
        "OIDCC-3.1.3.7", "Send the user to sign in again, with prompt=login.",
    ),
    "id_token_sub": Remedy("The ID Token names no user.", "sub", "OIDCC-2", _OTHER_TOKEN),
    "id_token_at_hash": Remedy(
        "The access token is not the one that was issued with this ID Token: one of the two was exchanged.",
        "at_hash", "OIDCC-3.1.3.8", _SIGN_IN_ANEW,
    ),
    # After the sign-in
    "refreshed_iss": Remedy("The refreshed ID Token has another issuer.", "iss", "OIDCC-12.2", _OTHER_TOKEN),
    "refreshed_sub": Remedy("The refreshed ID Token names another user.", "sub", "OIDCC-12.2", _OTHER_TOKEN),
    "refreshed_aud": Remedy(
        "The refreshed ID Token is not meant for all that the first one was meant for.", "aud", "OIDCC-12.2",
        _OTHER_TOKEN,
    ),
    "refreshed_azp": Remedy("The refreshed ID Token was issued to another one.", "azp", "OIDCC-12.2", _OTHER_TOKEN),
    "refreshed_iat": Remedy(
        "The refreshed ID Token is older than the first one.", "iat", "OIDCC-12.2", _CLOCK,
    ),
    "refreshed_auth_time": Remedy(
        "The refreshed ID Token tells of another sign-in.", "auth_time", "OIDCC-12.2", _OTHER_TOKEN,
    ),
    "refreshed_nonce": Remedy(
        "The refreshed ID Token answers another request.", "nonce", "OIDCC-12.2", _OTHER_TOKEN,
    ),
    "userinfo_unreadable": Remedy(
        "Userinfo came in another form than the one that was agreed on.", "userinfo", "OIDCC-5.3.2",
        "Register userinfo as plain JSON.",
    ),
    "userinfo_sub": Remedy(
        "Userinfo is about somebody else than the ID Token.", "sub", "OIDCC-5.3.2",
        "Believe none of these claims: the access token is another user's.",
    ),
    "introspection_active": Remedy(
        "The answer does not say whether the token is active.", "active", "RFC7662-2.2",
        "Take the token for dead; look at the answer as it came.",
    ),
    "revocation_status": Remedy(
        "The answer is neither the 200 that every token gets nor a refusal.", "status", "RFC7009-2.2",
        "Take the token for alive; look who answered.",
    ),
}  # fmt: skip

# In place of a remedy that says to list the origin.
SERVE_THE_PAGE = (
    "null stands for no origin at all, as of a page that is opened as a file, and cannot be listed: serve the page at "
    "an origin of its own, and list that."
)

UNHEARD = Remedy(
    "The provider says no more than this: its true reason stays in its own log.", "", "RFC6749-5.2",
    "Look into the provider's log at that moment.",
)  # fmt: skip
