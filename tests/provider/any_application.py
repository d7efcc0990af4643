"""Any application that may be registered, and some that may not: by whom and in which profile — OIDCR-2."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from oidc_lab.domain.application import ApplicationType
from oidc_lab.domain.profile import Profile
from tests.provider.plain_rules import DOCUMENTED, LOGTO, MACHINE, NATIVE, SPA, STRICT, TRADITIONAL

HTTPS = [
    "https://shop.example/callback", "https://shop.example", "https://shop.example/?a=b&c=%2F", "https://[::1]:8443/cb",
    "https://xn--bcher-kva.example/%7Ecb", "https://shop.example:443/cb", "HTTPS://Shop.example/CB", "https://x/(a;b)@c",
]  # fmt: skip
LOOPBACK = ["http://127.0.0.1/callback", "http://[::1]:0/cb", "http://localhost:3000/callback?x"]
PRIVATE_USE = ["com.example.app:/callback", "com.example.app:cb", "com.example.app://callback/path"]
REDIRECT_URIS = {NATIVE: HTTPS + LOOPBACK + PRIVATE_USE, SPA: HTTPS, TRADITIONAL: HTTPS}

# Nobody may register these, or not for this type, or not in this profile.
WRONG: list[tuple[set[ApplicationType], set[Profile], dict[str, Any]]] = [
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"redirect_uris": ["javascript:alert(1)"]}),
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"redirect_uris": ["data:text/html,x"]}),
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"redirect_uris": ["https://shop.example/cb#fragment"]}),
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"redirect_uris": ["https://user@shop.example/cb"]}),
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"redirect_uris": ["https:///cb"]}),
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"redirect_uris": ["/callback"]}),
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"redirect_uris": ["https://shop..example/cb"]}),
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"redirect_uris": [f"https://{'a' * 64}.example/cb"]}),
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"post_logout_redirect_uris": ["com.example.app://."]}),
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"redirect_uris": ["https://shop.example/a b"]}),
    ({NATIVE, SPA, TRADITIONAL}, set(Profile), {"post_logout_redirect_uris": ["https://shop.example\n/"]}),
    ({NATIVE, SPA, TRADITIONAL}, {STRICT}, {"redirect_uris": ["https://*.shop.example/cb"]}),
    ({NATIVE, SPA, TRADITIONAL}, {LOGTO}, {"redirect_uris": ["https://shop.example/a/../b"]}),
    ({NATIVE, SPA, TRADITIONAL}, {LOGTO}, {"redirect_uris": ["https://*/cb"]}),
    ({SPA, TRADITIONAL}, {STRICT}, {"redirect_uris": ["http://localhost/cb"]}),
    ({SPA, TRADITIONAL}, {DOCUMENTED, STRICT}, {"redirect_uris": ["com.example.app:/cb"]}),
    ({NATIVE}, {DOCUMENTED, STRICT}, {"redirect_uris": ["http://shop.example/cb"]}),
    (set(ApplicationType), set(Profile), {"refresh_token_ttl_in_days": 0}),
    (set(ApplicationType), set(Profile), {"refresh_token_ttl_in_days": 181}),
    (set(ApplicationType), set(Profile), {"refresh_token_ttl_in_days": 1.5}),
    (set(ApplicationType), set(Profile), {"refresh_token_ttl_in_days": True}),
    ({SPA}, {DOCUMENTED}, {"refresh_token_ttl_in_days": 30}),
    ({MACHINE}, {LOGTO, STRICT}, {"refresh_token_ttl_in_days": 30}),
    ({NATIVE, SPA}, {DOCUMENTED, STRICT}, {"rotate_refresh_token": False}),
    ({MACHINE}, {LOGTO, STRICT}, {"rotate_refresh_token": False}),
    ({NATIVE, MACHINE}, set(Profile), {"always_issue_refresh_token": True}),
    ({NATIVE, SPA}, set(Profile), {"client_secret": "a secret"}),
    ({MACHINE}, set(Profile), {"redirect_uris": ["https://shop.example/cb"]}),
    ({MACHINE}, set(Profile), {"cors_allowed_origins": ["https://shop.example"]}),
    (set(ApplicationType), set(Profile), {"cors_allowed_origins": ["https://shop.example/"]}),
    (set(ApplicationType), set(Profile), {"name": ""}),
    (set(ApplicationType), set(Profile), {"name": "n" * 257}),
    (set(ApplicationType), set(Profile), {"id_token_ttl": timedelta(0)}),
]

TTLS = st.none() | st.sampled_from([1, 2, 10, 14, 30, 90, 180])
SWITCH = st.sampled_from([None, True, False])
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
ANY_URI = st.builds(
    "{}{}{}".format,
    st.sampled_from(["https://", "http://", "com.example:/", "x:", "//", ""]) | TEXT,
    st.text("aZ0.*:@[]%-_\u00fc", max_size=8),
    st.text("/?#&=.%20*;\\ ", max_size=8),
)

KINDS = st.sampled_from([SPA, TRADITIONAL, NATIVE])
URIS = st.fixed_dictionaries({
    kind: st.lists(st.sampled_from(uris), min_size=1, max_size=3, unique=True) for kind, uris in REDIRECT_URIS.items()
})  # fmt: skip
SETTINGS = st.fixed_dictionaries({
    "name": TEXT.map("A {}".format),
    "description": TEXT,
    "redirect_uris": URIS,
    "post_logout_redirect_uris": URIS,
    "cors_allowed_origins": st.sampled_from([[], ["https://shop.example", "http://[::1]:3000"]]),
    "always_issue_refresh_token": SWITCH,
    "rotate_refresh_token": SWITCH,
    "refresh_token_ttl_in_days": TTLS,
    "id_token_ttl": st.none() | st.integers(1, 86400).map(lambda seconds: timedelta(seconds=seconds)),
    "id_token_signed_response_alg": st.sampled_from(["RS256", "EdDSA"]),
    "backchannel_logout_session_required": st.booleans(),
    "custom_data": st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | TEXT, max_size=2),
})  # fmt: skip


def settings_for(kind: ApplicationType, profile: Profile, wanted: dict[str, Any]) -> dict[str, Any]:
    """What of the wanted settings a type has in a profile."""
    missing = set()
    if kind is NATIVE:
        missing.add("always_issue_refresh_token")
    if kind is not TRADITIONAL and profile is not LOGTO:
        missing.add("rotate_refresh_token")
    if kind is SPA and profile is DOCUMENTED:
        missing.add("refresh_token_ttl_in_days")
    return {
        name: value[kind] if name.endswith("redirect_uris") else value
        for name, value in wanted.items()
        if name not in missing
    }
