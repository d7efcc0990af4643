"""Says what a * in a registered URI stands for, where a profile has it at all — RFC9700-2.1."""

WILDCARD = "*"


def owned(host: str) -> bool:
    """Whether a host with a * names an owner: its last two labels stand as they are."""
    return not any(WILDCARD in label for label in host.split(".")[-2:])


def host_fits(host: str, pattern: str) -> bool:
    """Whether a host has as many labels as the pattern, and each * stands for one character or more of a label."""
    labels, known = host.split("."), pattern.split(".")
    return len(labels) == len(known) and all(
        stands_for(one, other, least=1) for one, other in zip(known, labels, strict=True)
    )


def stands_for(pattern: str, text: str, least: int = 0) -> bool:
    """Whether each * stands for some of the text, of `least` characters; their number does not make this slow."""
    first, *middle = pattern.split(WILDCARD)
    if not middle:
        return text == pattern
    last, position = middle.pop(), len(first)
    for piece in middle:
        found = text.find(piece, position + least)
        if found < 0:
            return False
        position = found + len(piece)
    return text.startswith(first) and text.endswith(last) and len(text) - len(last) >= position + least
