"""The catalogue of refusals: what the wire says, what really happened, what to change — RFC6749-5.2.

The wire is terse on purpose: an attacker who guesses learns nothing. The truth goes to the lab's own channel.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Refusal:
    """One way to say no.

    `error` and `status` are what the specification prescribes; `description` goes over the wire, `truth` does
    not; `blame` is the parameter or setting at fault; `remedy` the smallest change that makes the request pass.
    """

    code: str
    error: str
    description: str
    truth: str
    blame: str
    clause: str
    remedy: str
    status: int = 400


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A refusal as it happened; `details` are values seen and expected, never a secret, code or token."""

    refusal: Refusal
    at: datetime
    endpoint: str
    client_id: str | None
    details: tuple[tuple[str, str], ...] = ()


_GRANT = "The grant is invalid, expired, revoked or was issued to another client."
_CLIENT = "Client authentication failed."
_TOKEN = "The access token is invalid, expired or revoked."

_ENTRIES = (
    # Authorization endpoint, answered by a page: the redirect URI is not to be trusted — RFC6749-4.1.2.1
    Refusal(
        "client_id_missing", "invalid_request", "The parameter client_id is missing.",
        "The request does not say which application it comes from.", "client_id", "RFC6749-4.1.1",
        "Send the application's client_id.",
    ),
    Refusal(
        "client_unknown", "invalid_client", "The client is not known here.",
        "No application with this client_id is registered at this provider.", "client_id", "RFC6749-4.1.2.1",
        "Copy the client_id from the application's registration; check that it is registered at this issuer.",
    ),
    Refusal(
        "redirect_uri_missing", "invalid_request", "The parameter redirect_uri is missing.",
        "OpenID Connect requires redirect_uri in every request, also when only one is registered.",
        "redirect_uri", "OIDCC-3.1.2.1", "Send one of the registered redirect URIs.",
    ),
    Refusal(
        "redirect_uri_unregistered", "invalid_request", "The redirect URI is not registered for this client.",
        "The received redirect URI is none of the registered ones, which this provider compares character by character "
        "(in the profile logto: after putting both in order).",
        "redirect_uri", "RFC9700-2.1", "Register the received value, or send one that is registered.",
    ),
    Refusal(
        "redirect_parameter_repeated", "invalid_request", "A parameter is included more than once.",
        "client_id or redirect_uri was sent twice, so it is not clear whom an answer would reach.",
        "client_id", "RFC6749-3.1", "Send each parameter once.",
    ),
    Refusal(
        "application_signs_nobody_in", "unauthorized_client", "The client may not use this endpoint.",
        "A machine-to-machine application acts for itself; no user signs in to it.", "type", "RFC6749-4.4",
        "Use an application of type Native, SPA or Traditional to sign users in.",
    ),
    # Authorization endpoint, answered at the redirect URI — RFC6749-4.1.2.1, OIDCC-3.1.2.6
    Refusal(
        "parameter_repeated", "invalid_request", "A parameter is included more than once.",
        "A parameter appeared twice; which of the values counts would be a guess.", "parameters",
        "RFC6749-3.1", "Send each parameter once.",
    ),
    Refusal(
        "response_type_missing", "invalid_request", "The parameter response_type is missing.",
        "The request does not say what it wants back.", "response_type", "OIDCC-3.1.2.1",
        "Send response_type=code.",
    ),
    Refusal(
        "response_type_unsupported", "unsupported_response_type", "Only response_type=code is supported.",
        "Tokens are not handed out through the browser here, only codes.", "response_type", "OIDCC-3.1.2.6",
        "Send response_type=code.",
    ),
    Refusal(
        "response_mode_unsupported", "invalid_request", "The response_mode is not supported.",
        "The value of response_mode is none of query, fragment and form_post.", "response_mode", "OAMR-2.1",
        "Send one of query, fragment and form_post, or leave it out.",
    ),
    Refusal(
        "form_post_needs_web", "invalid_request", "form_post requires an http or https redirect URI.",
        "A browser can post a form to a web address only, not to a private-use scheme.", "response_mode",
        "OAFP-2", "Use response_mode=query with this redirect URI.",
    ),
    Refusal(
        "scope_missing", "invalid_scope", "The request asks for no scope that is known here.",
        "scope is missing, empty, or has only values that this provider does not know (offline_access counts "
        "only with prompt=consent).", "scope",
        "RFC6749-3.3", "Send scope=openid, and more scopes for more claims.",
    ),
    Refusal(
        "scope_malformed", "invalid_scope", "The scope contains characters that are not allowed.",
        "A scope consists of printable ASCII without the quotation mark and the backslash.", "scope",
        "RFC6749-3.3", "Send the scopes as words with one space between.",
    ),
    Refusal(
        "challenge_missing", "invalid_request", "The parameter code_challenge is missing.",
        "An application that cannot keep a secret needs PKCE to bind the code to it.", "code_challenge",
        "RFC7636-4.4.1", "Send code_challenge and code_challenge_method=S256.",
    ),
    Refusal(
        "challenge_missing_in_profile", "invalid_request", "The parameter code_challenge is missing.",
        "This profile asks PKCE of every application, also of those that can keep a secret: it notices a code that "
        "somebody else put into the browser.", "code_challenge",
        "RFC9700-2.1.1", "Send code_challenge and code_challenge_method=S256.",
    ),
    Refusal(
        "challenge_method_alone", "invalid_request", "The parameter code_challenge is missing.",
        "The request has a code_challenge_method and nothing that it could be the method of.", "code_challenge",
        "RFC7636-4.3", "Send code_challenge as well, or neither.",
    ),
    Refusal(
        "challenge_malformed", "invalid_request", "The code_challenge is malformed.",
        "An S256 challenge has 43 characters of the base64url alphabet.", "code_challenge", "RFC7636-4.2",
        "Send BASE64URL(SHA256(code_verifier)) without padding.",
    ),
    Refusal(
        "challenge_method_refused", "invalid_request", "Only code_challenge_method=S256 is supported.",
        "The method is plain (also the meaning of leaving it out) or unknown; plain protects nobody who can "
        "read the request.", "code_challenge_method", "RFC9700-2.1.1", "Send code_challenge_method=S256.",
    ),
    Refusal(
        "prompt_unknown", "invalid_request", "The prompt has a value that is not supported.",
        "prompt has a value other than none, login, consent and select_account.", "prompt", "OIDCC-3.1.2.1",
        "Send known values only.",
    ),
    Refusal(
        "prompt_none_with_others", "invalid_request", "prompt=none cannot be combined with other values.",
        "The request asks for a page and forbids one at the same time.", "prompt", "OIDCC-3.1.2.1",
        "Send none alone, or leave it out.",
    ),
    Refusal(
        "max_age_malformed", "invalid_request", "max_age must be a number of seconds.",
        "max_age is not a whole number, or it is negative.", "max_age", "OIDCC-3.1.2.1",
        "Send a number of seconds, such as 3600.",
    ),
    Refusal(
        "claims_malformed", "invalid_request", "The claims parameter is malformed.",
        "claims is not a JSON object with the members userinfo and id_token as described.", "claims",
        "OIDCC-5.5", 'Send for example {"userinfo": {"email": null}}.',
    ),
    Refusal(
        "acr_essential", "unmet_authentication_requirements",
        "The requested authentication context cannot be provided.",
        "The request makes an acr essential, and this provider knows one way of signing in only.", "claims",
        "OIDCC-5.5.1.1", "Ask for the acr without essential, or leave it out.",
    ),
    Refusal(
        "authorization_hint_untrusted", "invalid_request", "The id_token_hint is not valid.",
        "The hint was not signed by this provider's keys for this issuer, or it was changed on the way.",
        "id_token_hint", "OIDCC-3.1.2.1", "Send an ID Token of this provider, unchanged, or leave it out.",
    ),
    Refusal(
        "authorization_hint_of_another_application", "invalid_request", "The id_token_hint is not valid.",
        "The hint was issued to another application; a hint is about the user's session with this one.",
        "id_token_hint", "OIDCC-3.1.2.1", "Send an ID Token that this application received, or leave it out.",
    ),
    Refusal(
        "request_not_supported", "request_not_supported", "The request parameter is not supported.",
        "Request objects are not supported here, and ignoring one would mean ignoring what it says.",
        "request", "OIDCC-3.1.2.6", "Send the parameters in the query.",
    ),
    Refusal(
        "request_uri_not_supported", "request_uri_not_supported",
        "The request_uri parameter is not supported.",
        "Request objects by reference are not supported here.", "request_uri", "OIDCC-3.1.2.6",
        "Send the parameters in the query.",
    ),
    Refusal(
        "registration_not_supported", "registration_not_supported",
        "The registration parameter is not supported.",
        "Applications are registered at this provider beforehand.", "registration", "OIDCC-3.1.2.6",
        "Register the application and send its client_id.",
    ),
    Refusal(
        "login_required", "login_required", "The user must sign in.",
        "prompt=none forbids a page, and nobody is signed in in this browser.",
        "prompt", "OIDCC-3.1.2.6", "Send the request without prompt=none, so that the user can sign in.",
    ),
    Refusal(
        "authentication_too_old", "login_required", "The user must sign in again.",
        "prompt=none forbids a page, and the last sign-in is longer ago than max_age.", "max_age",
        "OIDCC-3.1.2.1", "Send the request without prompt=none, or with a larger max_age.",
    ),
    Refusal(
        "other_user_expected", "login_required", "Another user is signed in than the request asks for.",
        "id_token_hint (or a requested sub) names another user than the one who is signed in.",
        "id_token_hint", "OIDCC-3.1.2.1", "Leave the hint out, or have the expected user sign in.",
    ),
    Refusal(
        "consent_required", "consent_required", "The user must agree.",
        "prompt=none forbids a page, and the user has not yet agreed to what is asked for.", "scope",
        "OIDCC-3.1.2.6", "Send the request once without prompt=none; the agreement is remembered.",
    ),
    Refusal(
        "native_needs_interaction", "interaction_required", "The user has to be asked.",
        "Any program can take on the name of a native application, so in this profile prompt=none is never enough for "
        "one.", "prompt", "RFC8252-8.6", "Leave prompt=none out.",
    ),
    Refusal(
        "user_declined", "access_denied", "The user declined.",
        "The user pressed Cancel or Deny.", "user", "RFC6749-4.1.2.1",
        "Nothing is wrong: show the user that the sign-in was cancelled.",
    ),
    # Pages on the way
    Refusal(
        "interaction_unknown", "invalid_request", "This sign-in is no longer open.",
        "The page belongs to a request that was answered, is older than an hour, or came from another browser.",
        "interaction", "OIDCC-3.1.2.3", "Start again at the application.",
    ),
    Refusal(
        "form_untrusted", "invalid_request", "The form did not come from this provider's page.",
        "The form's CSRF token is missing or is not the one this provider put into the page.", "csrf",
        "RFC6749-10.12", "Load the page again and send the form from there.",
    ),
    Refusal(
        "user_unknown", "", "The user name or the password is not right.",
        "Nobody signs in with this user name. The page says the same as for a wrong password, so that nobody "
        "learns here which names exist.", "username", "OIDCC-3.1.2.3", "Type a user name that is there.", status=200,
    ),
    Refusal(
        "password_wrong", "", "The user name or the password is not right.",
        "The user exists, and this is not the password.", "password", "OIDCC-3.1.2.3",
        "Type the password. Those of the demo users are test data: they stand beside the page in the stepper, in the "
        "Users section of the lab's panel, and in lab.passwords.", status=200,
    ),
    # The pages on which users and trainers look after applications, answered there
    Refusal(
        "grant_unknown", "invalid_request", "There is no such access to take away.",
        "The user who is signed in let no application have what this form names: it was taken away earlier, or is "
        "another user's.", "grant", "RFC6749-1.3", "Load the page again, and choose what is there.",
    ),
    Refusal(
        "management_token_wrong", "", "This is not the management token.",
        "Somebody came to the trainer's pages with another token than the one the provider was started with.", "token",
        "RFC6750-2", "Enter the management token that the provider was started with.", status=200,
    ),
    # Token endpoint — RFC6749-5.2
    Refusal(
        "token_parameter_repeated", "invalid_request", "A parameter is included more than once.",
        "A parameter appeared twice in the body.", "parameters", "RFC6749-3.2", "Send each parameter once.",
    ),
    Refusal(
        "grant_type_missing", "invalid_request", "The parameter grant_type is missing.",
        "The body has no grant_type; a body that is not form-encoded looks the same.", "grant_type",
        "RFC6749-5.2", "Send grant_type=authorization_code as application/x-www-form-urlencoded.",
    ),
    Refusal(
        "grant_type_unsupported", "unsupported_grant_type", "The grant_type is not supported.",
        "This provider does not know the grant type.", "grant_type", "RFC6749-5.2",
        "Send one of the metadata's grant_types_supported.",
    ),
    Refusal(
        "grant_type_not_allowed", "unauthorized_client", "The client may not use this grant_type.",
        "Applications of this type do not have this grant type.", "type", "RFC6749-5.2",
        "Use an application of a type that has it.",
    ),
    Refusal(
        "credentials_missing", "invalid_client", _CLIENT,
        "The request carries no client authentication, and this application has a secret.", "client_secret",
        "RFC6749-3.2.1", "Send the secret, with client_secret_basic or client_secret_post.", status=401,
    ),
    Refusal(
        "credentials_malformed", "invalid_client", _CLIENT,
        "The Authorization header is not Basic and the base64 of client_id:client_secret.", "Authorization",
        "RFC6749-2.3.1", "Encode client_id and client_secret as form values, join them with a colon, then base64.",
        status=401,
    ),
    Refusal(
        "credentials_in_two_places", "invalid_request", "More than one method of client authentication.",
        "The request has credentials in the header and in the body (or two different client_ids).",
        "client_secret", "RFC6749-2.3", "Use one method at a time.",
    ),
    Refusal(
        "client_not_recognised", "invalid_client", _CLIENT,
        "No application with this client_id is registered at this provider.", "client_id", "RFC6749-5.2",
        "Copy the client_id from the application's registration.", status=401,
    ),
    Refusal(
        "secret_wrong", "invalid_client", _CLIENT,
        "The secret is not the application's.", "client_secret", "RFC6749-5.2",
        "Copy the secret again; look for blanks and for the secret of another application.", status=401,
    ),
    Refusal(
        "secret_expired", "invalid_client", _CLIENT,
        "The secret was the application's until it expired.", "client_secret", "RFC6749-5.2",
        "Give the application a new secret, and take the old one away.", status=401,
    ),
    Refusal(
        "secret_unexpected", "invalid_client", _CLIENT,
        "A public application sent a secret; it has none, so somebody is mistaken about its type.",
        "client_secret", "RFC6749-2.3", "Leave the secret out, or use a Traditional web application.",
        status=401,
    ),
    Refusal(
        "code_missing", "invalid_request", "The parameter code is missing.",
        "The body has no code.", "code", "RFC6749-4.1.3", "Send the code from the redirect URI.",
    ),
    Refusal(
        "code_unknown", "invalid_grant", _GRANT,
        "This provider never issued this code; a code cut short on the way looks the same.", "code",
        "RFC6749-5.2", "Send the code as it was received, decoded once.",
    ),
    Refusal(
        "code_of_another_application", "invalid_grant", _GRANT,
        "The code was issued to another application.", "client_id", "RFC6749-4.1.3",
        "Redeem a code with the client_id it was asked for with.",
    ),
    Refusal(
        "code_expired", "invalid_grant", _GRANT,
        "The code was redeemed after its 60 seconds.", "code", "RFC6749-4.1.2",
        "Redeem the code at once; check that nothing on the way waits.",
    ),
    Refusal(
        "code_revoked", "invalid_grant", _GRANT,
        "What the code stands for was taken back before it was redeemed: by signing out, or because the user or the "
        "application took it away.", "code",
        "RFC6749-5.2", "Have the user sign in again.",
    ),
    Refusal(
        "code_grant_expired", "invalid_grant", _GRANT,
        "The user's agreement has a lifetime of its own, and it ended before the code was redeemed.", "grant",
        "RFC6749-5.2", "Have the user sign in and agree again.",
    ),
    Refusal(
        "code_used", "invalid_grant", _GRANT,
        "The code was used before. One of the two was not the application, so what the first use gave has "
        "ended too.", "code", "RFC6749-4.1.2",
        "Redeem each code once: look for a callback that runs twice (a reload, two tabs, a retry).",
    ),
    Refusal(
        "code_redirect_uri_differs", "invalid_grant", _GRANT,
        "redirect_uri is not the one that the authorization request had.", "redirect_uri", "RFC6749-4.1.3",
        "Send the same value in both requests.",
    ),
    Refusal(
        "verifier_missing", "invalid_grant", _GRANT,
        "The authorization request had a code_challenge, and code_verifier is missing.", "code_verifier",
        "RFC7636-4.5", "Send the code_verifier whose challenge was sent.",
    ),
    Refusal(
        "verifier_malformed", "invalid_grant", _GRANT,
        "A code_verifier has 43 to 128 letters, digits, and - . _ ~.", "code_verifier", "RFC7636-4.1",
        "Draw 32 random octets and encode them as base64url.",
    ),
    Refusal(
        "verifier_wrong", "invalid_grant", _GRANT,
        "The SHA-256 of code_verifier is not the code_challenge: another client's code, or a verifier that was "
        "drawn anew in between.", "code_verifier", "RFC7636-4.6",
        "Keep the verifier with the state, and send the one that belongs to this sign-in.",
    ),
    Refusal(
        "verifier_unexpected", "invalid_grant", _GRANT,
        "A code_verifier came for a code that was asked for without a challenge: somebody may have taken the "
        "challenge out on the way.", "code_verifier", "RFC9700-4.8.2",
        "Send code_challenge in the authorization request too.",
    ),
    Refusal(
        "refresh_token_missing", "invalid_request", "The parameter refresh_token is missing.",
        "The body has no refresh_token.", "refresh_token", "RFC6749-6", "Send the refresh token.",
    ),
    Refusal(
        "refresh_token_unknown", "invalid_grant", _GRANT,
        "This provider never issued this refresh token.", "refresh_token", "RFC6749-5.2",
        "Send the token as it was received.",
    ),
    Refusal(
        "refresh_token_of_another_application", "invalid_grant", _GRANT,
        "The refresh token was issued to another application.", "client_id", "RFC6749-6",
        "Redeem it with the client_id it was issued to.",
    ),
    Refusal(
        "refresh_token_expired", "invalid_grant", _GRANT,
        "The refresh token's lifetime is over. When a replacing token only inherits what was left, it ends when the "
        "first one would have, however often it was refreshed.", "refresh_token", "RFC6749-6",
        "Have the user sign in again. Where the application can have a longer TTL (refresh_token_ttl_in_days), that "
        "would end later.",
    ),
    Refusal(
        "refresh_token_idle", "invalid_grant", _GRANT,
        "No token of this sign-in was used for longer than the policy lets it rest.", "refresh_token", "RFC9700-4.14.2",
        "Have the user sign in again; refresh before the time is over.",
    ),
    Refusal(
        "family_too_old", "invalid_grant", _GRANT,
        "The sign-in is longer ago than the policy lets its refresh tokens live, however often they were replaced.",
        "refresh_token", "RFC9700-4.14.2", "Have the user sign in again.",
    ),
    Refusal(
        "grant_expired", "invalid_grant", _GRANT,
        "The user's agreement has a lifetime of its own, which no refresh extends, and it is over. Refresh tokens "
        "that would live longer end with it.", "grant", "RFC6749-5.2", "Have the user sign in and agree again.",
    ),
    Refusal(
        "session_over", "invalid_grant", _GRANT,
        "The token was given without the scope offline_access, so it is bound to the user's session in the browser, "
        "and that is over.", "scope", "OIDCC-11",
        "Ask for offline_access with prompt=consent, or have the user sign in again.",
    ),
    Refusal(
        "refresh_token_spent", "invalid_grant", _GRANT,
        "The refresh token was replaced earlier; nothing else ends because of that.", "refresh_token",
        "RFC9700-4.14.2", "Store the new refresh token of every answer; refresh in one place only.",
    ),
    Refusal(
        "refresh_token_reused", "invalid_grant", _GRANT,
        "The refresh token was replaced earlier and came back. Either somebody copied it, or the application used it "
        "twice; the provider cannot tell which, so everything of this sign-in has ended.",
        "refresh_token", "RFC9700-4.14.2",
        "Store the new refresh token of every answer; refresh in one place only.",
    ),
    Refusal(
        "family_revoked", "invalid_grant", _GRANT,
        "What this sign-in gave was taken back: by reuse of a code or token, by signing out, a new password or one "
        "sign-in too many, or because the user or the application took it away.", "refresh_token", "RFC6749-5.2",
        "Have the user sign in again.",
    ),
    Refusal(
        "scope_widened", "invalid_scope", "The scope goes beyond what the user granted.",
        "A refresh asked for a scope that the user never agreed to.", "scope", "RFC6749-6",
        "Ask for the same scopes or fewer.",
    ),
    Refusal(
        "user_gone", "invalid_grant", _GRANT,
        "The user who signed in has been deleted since.", "user", "RFC6749-5.2",
        "Have a user sign in who is there.",
    ),
    Refusal(
        "scope_not_for_machines", "invalid_scope", "The client may not ask for this scope.",
        "Every scope that is known here reads something about a user, and a machine-to-machine application acts for "
        "itself.", "scope", "RFC6749-3.3", "Leave the scope out.",
    ),
    # UserInfo endpoint — RFC6750-3.1
    Refusal(
        "bearer_missing", "", "",
        "The request carries no access token.", "Authorization", "RFC6750-3.1",
        "Send Authorization: Bearer and the access token.", status=401,
    ),
    Refusal(
        "bearer_malformed", "invalid_request", "The Authorization header is malformed.",
        "The header names the scheme Bearer, but not one token after it.", "Authorization", "RFC6750-2.1",
        "Send Authorization: Bearer and the access token.",
    ),
    Refusal(
        "bearer_in_two_places", "invalid_request", "The access token was sent in more than one way.",
        "The token is in the header and in the body, or twice in the body.", "access_token", "RFC6750-2",
        "Send it in one way.",
    ),
    Refusal(
        "bearer_unknown", "invalid_token", _TOKEN,
        "This provider never issued this access token; an ID Token or a refresh token is none.",
        "access_token", "RFC6750-3.1", "Send the access_token of the token response.", status=401,
    ),
    Refusal(
        "bearer_expired", "invalid_token", _TOKEN,
        "The access token's hour is over.", "access_token", "RFC6750-3.1",
        "Get a new one with the refresh token.", status=401,
    ),
    Refusal(
        "bearer_grant_expired", "invalid_token", _TOKEN,
        "The user's agreement has a lifetime of its own, and it is over; what was given because of it ends with it.",
        "grant", "RFC6750-3.1", "Have the user sign in and agree again.", status=401,
    ),
    Refusal(
        "bearer_session_over", "invalid_token", _TOKEN,
        "The token was given without the scope offline_access, so it ended with the user's session in the browser.",
        "scope", "OIDCC-11", "Have the user sign in again.", status=401,
    ),
    Refusal(
        "bearer_revoked", "invalid_token", _TOKEN,
        "The token was taken back: by reuse of its code or of a refresh token, by signing out, or because the user "
        "or the application took it away.", "access_token", "RFC6750-3.1", "Have the user sign in again.", status=401,
    ),
    Refusal(
        "scope_insufficient", "insufficient_scope", "The access token lacks the scope openid.",
        "The token was asked for without openid, so it is no OpenID Connect token.", "scope", "OIDCC-5.3",
        "Ask for scope=openid.", status=403,
    ),
    # Introspection endpoint: the wire says active: false, which is no error — RFC7662-2.2
    Refusal(
        "introspection_token_missing", "invalid_request", "The parameter token is missing.",
        "The body has no token.", "token", "RFC7662-2.1", "Send the token in question.",
    ),
    Refusal(
        "introspected_unknown", "", "",
        "This provider never gave out an access or refresh token with this value; one that was cut short on the way "
        "looks the same.", "token", "RFC7662-2.2", "Send the token as it was received.", status=200,
    ),
    Refusal(
        "introspected_jwt", "", "",
        "The value is a JWT, such as an ID Token: who it is meant for reads it with the provider's public keys. Access "
        "and refresh tokens of this provider are none.", "token", "RFC7662-2.2",
        "Send an access token or a refresh token.", status=200,
    ),
    Refusal(
        "introspected_of_another_application", "", "",
        "A public application asked about another one's token. It has no secret, so it could be anybody; only a "
        "confidential application is told about all tokens.", "token", "RFC7662-4",
        "Let a confidential application ask, as an API does.", status=200,
    ),
    # Revocation endpoint — RFC7009-2.2.1
    Refusal(
        "revocation_token_missing", "invalid_request", "The parameter token is missing.",
        "The body has no token.", "token", "RFC7009-2.1", "Send the token that is to end.",
    ),
    Refusal(
        "revocation_of_jwt", "unsupported_token_type", "Tokens of this type cannot be revoked.",
        "The value is a JWT, such as an ID Token: who it is meant for reads it without asking, so nobody can take it "
        "back.", "token", "RFC7009-2.2.1", "Send an access token or a refresh token.",
    ),
    Refusal(
        "revocation_of_another_application", "invalid_grant", _GRANT,
        "The token was issued to another application, and lives on.", "client_id", "RFC7009-2.1",
        "Revoke a token with the client_id it was issued to.",
    ),
    Refusal(
        "revocation_of_another_application_invalid", "invalid_request", "The client may not revoke this token.",
        "The token was issued to another application, and lives on. In this profile a confidential application is told "
        "that its request is invalid.", "client_id", "RFC7009-2.1",
        "Revoke a token with the client_id it was issued to.",
    ),
    Refusal(
        "revocation_of_another_application_ignored", "", "",
        "The token was issued to another application, and lives on. In this profile a public application is answered "
        "as if the token had ended.", "client_id", "RFC7009-2.1",
        "Revoke a token with the client_id it was issued to.", status=200,
    ),
    # Calls from pages of other origins, at every endpoint that answers them — RFC6454-7
    Refusal(
        "origin_not_allowed", "invalid_request", "The origin is not allowed for this client.",
        "A page of another origin sent the request, and this application's pages do not live there. Nothing was done, "
        "and the browser keeps the answer from the page.", "cors_allowed_origins", "RFC6454-7",
        "Add the origin to the application's CORS allowed origins.",
    ),
    Refusal(
        "origin_unlisted", "", "",
        "No application lists the origin of the page, so its browser was not told that it may read the answer, or send "
        "what it asked about; the page learns no more than that it failed.", "cors_allowed_origins", "RFC6454-7",
        "Add the origin to the application's CORS allowed origins.", status=200,
    ),
    # End session endpoint — OIDCRIL-4
    Refusal(
        "logout_parameter_repeated", "invalid_request", "A parameter is included more than once.",
        "A parameter appeared twice.", "parameters", "RFC6749-3.1", "Send each parameter once.",
    ),
    Refusal(
        "logout_hint_untrusted", "invalid_request", "The id_token_hint is not valid.",
        "The hint was not signed by this provider's keys for this issuer, or it was changed on the way.",
        "id_token_hint", "OIDCRIL-2", "Send an ID Token of this provider, unchanged; an expired one is fine.",
    ),
    Refusal(
        "logout_client_differs", "invalid_request", "client_id and id_token_hint do not agree.",
        "The hint was issued to another application than client_id names.", "client_id", "OIDCRIL-2",
        "Send the client_id that the ID Token was issued to, or leave it out.",
    ),
    Refusal(
        "logout_client_unknown", "invalid_client", "The client is not known here.",
        "No application with this client_id is registered at this provider.", "client_id", "OIDCRIL-2",
        "Send the client_id of a registered application.",
    ),
    Refusal(
        "logout_uri_refused", "invalid_request", "The post-logout redirect URI is not registered.",
        "The received value is none of the registered ones. In this profile that stops the sign-out: the user is still "
        "signed in.", "post_logout_redirect_uri", "OIDCRIL-3",
        "Register the received value, or send one that is registered.",
    ),
    Refusal(
        "logout_redirect_unproven", "invalid_request", "The redirect was not proven.",
        "The address is registered, but no id_token_hint says that the request comes from the application; in this "
        "profile the user is signed out and not sent there.", "id_token_hint", "OIDCRIL-3",
        "Send the ID Token of the sign-in as id_token_hint.",
    ),
    Refusal(
        "logout_uri_unregistered", "invalid_request", "The post-logout redirect URI is not registered.",
        "The received value is none of the registered ones, which this provider compares character by character; the "
        "user is signed out but not sent there.", "post_logout_redirect_uri", "OIDCRIL-3",
        "Register the received value, or send one that is registered.",
    ),
)  # fmt: skip

CATALOGUE = {refusal.code: refusal for refusal in _ENTRIES}
