"""Text in figures: how wide it is, lines that fit, and characters that are drawn as they are."""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any
from unicodedata import category

FONT = "DejaVu Sans"

# How much wider than its outlines text may be drawn.
_HINTED = 1.03


def folded(words: str, inches: float, points: float, width: int = 1000) -> str:
    """Words in lines that are no longer than so many inches and characters; a word too long by itself is broken."""
    longest, space = max(inches * 72, 6 * points), wide(" ", points)
    lines, used = [""], 0.0
    for word in (piece for long in words.split() for piece in _pieces(long, longest, points)):
        length = wide(word, points)
        if lines[-1] and (used + space + length > longest or len(lines[-1]) + 1 + len(word) > width):
            lines, used = [*lines, word], length
        else:
            lines[-1], used = f"{lines[-1]} {word}".lstrip(), used + space + length
    return "\n".join(lines)


def balanced(words: str, inches: float, points: float, width: int = 1000) -> str:
    """As folded, but no line is much shorter than the others: no word is left alone on the last one."""
    best, narrower = folded(words, inches, points, width), inches
    while (narrower := narrower * 0.97) > inches * 0.75:
        lines = folded(words, narrower, points, width)
        if lines.count("\n") > best.count("\n"):
            break
        best = lines
    return best


def brief(words: str, inches: float, points: float) -> str:
    """The beginning of a name that is too long, with dots that say that it goes on."""
    if wide(words, points) <= inches * 72:
        return words
    fitting = (words[:many].rstrip() + "…" for many in range(len(words) - 1, 0, -1))
    return next((each for each in fitting if wide(each, points) <= inches * 72), "…")


def _pieces(word: str, longest: float, points: float) -> Iterator[str]:
    while wide(word, points) > longest:
        fitting = next(many for many in range(len(word) - 1, 0, -1) if many == 1 or wide(word[:many], points) < longest)
        yield word[:fitting]
        word = word[fitting:]
    yield word


@lru_cache(4096)
def wide(words: str, points: float) -> float:
    """How many points wide the longest line of a text is."""
    font = _font()
    font.set_size(points, 72)
    return max(_advance(font, line) for line in _drawable(words).split("\n")) * _HINTED


def _advance(font: Any, line: str) -> float:
    font.set_text(f"{line}.", 0.0)  # a space at the end would not count
    whole = font.get_width_height()[0]
    font.set_text(".", 0.0)
    return float(whole - font.get_width_height()[0]) / 64


def literal(words: str) -> str:
    """Text as it is: matplotlib reads mathematics between two dollars, and hides labels that begin with _.

    A box stands for a character that the font does not have.
    """
    return ("\N{THIN SPACE}" if words.startswith("_") else "") + _drawable(words).replace("$", r"\$")


def _drawable(words: str) -> str:
    known = _characters()
    return "".join(each if each == "\n" or ord(each) in known else _instead(each) for each in words)


def _instead(character: str) -> str:
    if character.isspace():
        return " "
    return "" if category(character) == "Cf" else "\N{WHITE SQUARE}"


@cache
def _font() -> Any:
    from matplotlib.font_manager import findfont, get_font

    return get_font(findfont(FONT))


@cache
def _characters() -> frozenset[int]:
    return frozenset(_font().get_charmap())
