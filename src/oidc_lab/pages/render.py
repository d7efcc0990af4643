"""Turns a template and its values into an HTML document; everything that comes from outside is escaped."""

import unicodedata
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from oidc_lab.pages.moment import exact_moment, from_now, moment

_HERE = Path(__file__).parent

STYLESHEET = _HERE / "static" / "style.css"
"""The one stylesheet of all pages; the provider serves it at `{issuer}/pages/style.css`."""

# Letters and symbols that Unicode calls printable although nothing is seen of them.
_BLANK_BUT_PRINTABLE = frozenset(" \u115f\u1160\u2800\u3164\uffa0")


def render(template: str, **values: object) -> str:
    """Render one of the package's templates."""
    return _ENVIRONMENT.get_template(template).render(values)


def initial(name: str) -> str:
    """Return the letter that stands for a name in its avatar."""
    return next((character.upper() for character in name if character.isalnum()), "?")


def is_invisible(character: str) -> bool:
    """Tell whether a reader would not see this character, or not see it as one of its own."""
    return (
        not character.isprintable()
        or character in _BLANK_BUT_PRINTABLE
        or unicodedata.category(character) in {"Mn", "Me"}
    )


def visible(text: str) -> Markup:
    """Escape a value and write its invisible characters as their code points."""
    if text.isascii() and text.isprintable() and " " not in text:
        return Markup.escape(text)
    return Markup("").join(_visible_character(character) for character in text)


def _visible_character(character: str) -> Markup:
    if not is_invisible(character):
        return Markup.escape(character)
    sign = "\u2423" if character == " " else f"U+{ord(character):04X}"
    return Markup('<span class="invisible">{}</span>').format(sign)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        # The files do not change while the provider runs; asking for their age costs more than rendering.
        auto_reload=False,
    )
    environment.filters.update(initial=initial, visible=visible)
    environment.filters.update(moment=moment, exact_moment=exact_moment, from_now=from_now)
    return environment


_ENVIRONMENT = _environment()
