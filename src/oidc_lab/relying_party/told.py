"""What of a message may stand in a file that is kept: everything but a password that somebody typed."""

_DOTS = "•" * 8


def told(name: str, value: str) -> str:
    """A value as it may be told: of a password no more than that there was one, not even how long it is."""
    return _DOTS if name == "password" and value else value
