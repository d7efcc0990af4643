"""Makes signing keys that nobody else has — OIDCC-10.1."""

from joserfc.jwk import KeySet, OKPKey, RSAKey


def fresh_keys() -> KeySet:
    """One key for each algorithm an application can register. What they signed is not believed after a new start."""
    rsa = RSAKey.generate_key(2048, {"alg": "RS256", "use": "sig"})
    ed25519 = OKPKey.generate_key("Ed25519", {"alg": "EdDSA", "use": "sig"})
    for key in (rsa, ed25519):
        key.ensure_kid()
    return KeySet([rsa, ed25519])
