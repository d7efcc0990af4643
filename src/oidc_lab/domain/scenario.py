"""The runs that show what an advice is about: each is played over HTTP, with a clock that can be moved — RFC9700-4."""

from enum import StrEnum


class Scenario(StrEnum):
    """A short name; PLAYS says what happens in it."""

    SIGN_IN_REFUSED = "sign-in refused"
    CODE_IN_THE_CLEAR = "code in the clear"
    ANSWERED_ELSEWHERE = "answered elsewhere"
    SIGNED_OUT_NOT_SENT_BACK = "signed out, not sent back"
    BROWSER_CALL_REFUSED = "browser call refused"
    REFRESHED_WITHOUT_CONSENT = "refreshed without consent"
    ENDS_WITH_THE_SESSION = "ends with the session"
    REUSE_UNNOTICED = "reuse is not noticed"
    ENDS_WITH_THE_GRANT = "lives no longer than the grant"
    NO_REFRESH_TOKEN = "no refresh token"
    SECRET_EXPIRED = "secret expired"
    SECRET_NEVER_EXPIRES = "secret never expires"


PLAYS = {
    Scenario.SIGN_IN_REFUSED: "A sign-in is asked for with the URI of the advice as an application would send it; the"
    " provider answers with a page and sends nobody anywhere.",
    Scenario.CODE_IN_THE_CLEAR: "A user signs in; the redirect that carries the code goes to an http address, where"
    " everyone on the way can read it.",
    Scenario.ANSWERED_ELSEWHERE: "A user signs in through a request whose redirect URI nobody registered by itself; it"
    " fits a *, and the code is sent there.",
    Scenario.SIGNED_OUT_NOT_SENT_BACK: "A user signs in and out with a post_logout_redirect_uri, and stays there.",
    Scenario.BROWSER_CALL_REFUSED: "A user signs in; the code is redeemed with the Origin header of the application's"
    " page, and the answer does not permit the page to read it.",
    Scenario.REFRESHED_WITHOUT_CONSENT: "A user signs in with the scope openid alone, is never asked about offline"
    " access, and signs out; the refresh token still gives tokens.",
    Scenario.ENDS_WITH_THE_SESSION: "A user signs in with the scope openid alone; the application refreshes, the user"
    " signs out, and the next refresh is refused.",
    Scenario.REUSE_UNNOTICED: "A user signs in and agrees to offline access; the first refresh token is used twice, an"
    " hour apart, and both times gives tokens.",
    Scenario.ENDS_WITH_THE_GRANT: "A user signs in and agrees to offline access; the clock goes to the end of the"
    " grant, and a refresh token with time left is refused.",
    Scenario.NO_REFRESH_TOKEN: "The application asks for a token with client_credentials; the answer has no refresh"
    " token, and a request with grant_type=refresh_token is refused.",
    Scenario.SECRET_NEVER_EXPIRES: "The clock goes ten years on; a token request that brings the secret still gives"
    " tokens.",
    Scenario.SECRET_EXPIRED: "The clock goes to the secret's end; a token request that brings it is refused.",
}  # fmt: skip
