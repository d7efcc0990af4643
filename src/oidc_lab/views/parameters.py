"""What the well-known parameters and claims mean, in one line each — OIDCC-2, OIDCC-3.1, OIDCC-5.1."""

Meaning = tuple[str, str]

PARAMETERS: dict[str, Meaning] = {
    "response_type": ("what shall come back; code: a code to redeem", "OIDCC-3.1.2.1"),
    "client_id": ("which application asks", "RFC6749-2.2"),
    "client_secret": ("proves which application asks; here a test secret", "RFC6749-2.3.1"),
    "redirect_uri": ("where the answer goes; must be registered", "OIDCC-3.1.2.1"),
    "scope": ("what is asked for; openid makes it a sign-in", "OIDCC-3.1.2.1"),
    "state": ("ties the answer to this request of this browser", "RFC6749-10.12"),
    "nonce": ("ties the ID Token to this request", "OIDCC-3.1.2.1"),
    "code_challenge": ("hash of a secret that redeeming the code will need", "RFC7636-4.3"),
    "code_challenge_method": ("how the hash was made; S256: SHA-256", "RFC7636-4.3"),
    "code_verifier": ("the secret behind code_challenge", "RFC7636-4.5"),
    "prompt": ("what the user shall be shown: none, login, consent, select_account", "OIDCC-3.1.2.1"),
    "max_age": ("how many seconds old the sign-in may be", "OIDCC-3.1.2.1"),
    "response_mode": ("how the answer travels: query, fragment, form_post", "OAMR-2.1"),
    "login_hint": ("whom the application expects", "OIDCC-3.1.2.1"),
    "claims": ("claims asked for one by one", "OIDCC-5.5"),
    "display": ("how the pages shall be shown", "OIDCC-3.1.2.1"),
    "ui_locales": ("languages for the pages", "OIDCC-3.1.2.1"),
    "acr_values": ("how strongly the user shall sign in", "OIDCC-3.1.2.1"),
    "request": ("the request itself as a JWT", "OIDCC-6.1"),
    "request_uri": ("where the request lies as a JWT", "OIDCC-6.2"),
    "resource": ("for which API the token shall be", "RFC8707-2"),
    "code": ("used once, soon, by this application, for tokens", "OIDCC-3.1.2.5"),
    "iss": ("who answers: the issuer", "RFC9207-2"),
    "error": ("why it was refused, as a code", "RFC6749-5.2"),
    "error_description": ("the same for people; nothing to program by", "RFC6749-5.2"),
    "error_uri": ("where to read more", "RFC6749-5.2"),
    "grant_type": ("what is handed in for tokens", "RFC6749-4.1.3"),
    "refresh_token": ("gets new tokens without the user", "RFC6749-6"),
    "access_token": ("opens the API (and userinfo) for the application", "RFC6749-1.4"),
    "token_type": ("how to use the token; Bearer: who has it may use it", "RFC6750-1"),
    "expires_in": ("how many seconds the access token lives", "RFC6749-5.1"),
    "id_token": ("who signed in: claims signed by the provider", "OIDCC-2"),
    "id_token_hint": ("an ID Token handed out before: whom this is about", "OIDCRIL-2"),
    "post_logout_redirect_uri": ("where the user goes after sign-out; must be registered", "OIDCRIL-2"),
    "logout_hint": ("whom to sign out", "OIDCRIL-2"),
    "logout_token": ("tells an application that a session ended", "OIDCBCL-2.4"),
    "token": ("the token this is about", "RFC7009-2.1"),
    "token_type_hint": ("which kind of token it is", "RFC7009-2.1"),
    "interaction": ("the provider's own: which sign-in this page belongs to", ""),
    "csrf": ("the provider's own: proves that the form came from its page", ""),
    "demo_user": ("the lab's own: who signs in with one click", ""),
    "action": ("the provider's own: which button was pressed", ""),
    "username": ("typed by the user; only the provider sees it", ""),
    "password": ("typed by the user; only the provider sees it", ""),
}

_CORS = "FETCH-http-cors-protocol"

ORIGIN_HEADERS: dict[str, Meaning] = {
    "origin": ("whose page sends this; the browser writes it, a page cannot", "FETCH-origin-header"),
    "access-control-request-method": ("what the page wants to send", _CORS),
    "access-control-request-headers": ("headers that the page wants to send along", _CORS),
    "access-control-allow-origin": ("whose pages may read the answer", _CORS),
    "access-control-allow-methods": ("what they may send", _CORS),
    "access-control-allow-headers": ("which headers they may send along", _CORS),
    "access-control-expose-headers": ("which headers of the answer they may read besides", _CORS),
    "access-control-max-age": ("how many seconds the browser may remember this", _CORS),
}

CLAIMS: dict[str, Meaning] = {
    "alg": ("how the token is signed", "RFC7515-4.1.1"),
    "kid": ("with which key", "RFC7515-4.1.4"),
    "typ": ("what the token is", "RFC7519-5.1"),
    "iss": ("who says this: the issuer", "OIDCC-2"),
    "sub": ("whom it is about; never reassigned", "OIDCC-2"),
    "aud": ("for whom it is: the client_id", "OIDCC-2"),
    "azp": ("to whom it was issued", "OIDCC-2"),
    "exp": ("not to be accepted from then on", "OIDCC-2"),
    "iat": ("when it was issued", "OIDCC-2"),
    "nbf": ("not to be accepted before", "RFC7519-4.1.5"),
    "auth_time": ("when the user signed in", "OIDCC-2"),
    "nonce": ("repeats the request's nonce", "OIDCC-2"),
    "acr": ("how strongly the user signed in", "OIDCC-2"),
    "amr": ("by which means the user signed in", "OIDCC-2"),
    "at_hash": ("belongs to this access token", "OIDCC-3.1.3.6"),
    "c_hash": ("belongs to this code", "OIDCC-3.3.2.11"),
    "sid": ("which session at the provider", "OIDCBCL-2.1"),
    "jti": ("names this one token", "RFC7519-4.1.7"),
    "updated_at": ("when these claims last changed", "OIDCC-5.1"),
}

# What these names mean in the answer to an introspection request; elsewhere some of them mean something else.
INTROSPECTED: dict[str, Meaning] = {
    "active": ("whether the token is good at this moment", "RFC7662-2.2"),
    "scope": ("what it is good for", "RFC7662-2.2"),
    "client_id": ("to which application it was issued", "RFC7662-2.2"),
    "username": ("what the user is called at sign-in; for people to read", "RFC7662-2.2"),
    "token_type": ("how to use the token; Bearer: who has it may use it", "RFC7662-2.2"),
    "exp": ("when it ends", "RFC7662-2.2"),
    "iat": ("when it was issued", "RFC7662-2.2"),
    "sub": ("the user it stands for", "RFC7662-2.2"),
    "iss": ("who issued it", "RFC7662-2.2"),
}

MOMENTS = frozenset({"exp", "iat", "nbf", "auth_time", "updated_at"})
