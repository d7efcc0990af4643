"""Writes an object alike in every process: what is in a set, such as scopes, stands in order — RFC6749-3.3."""

from dataclasses import fields
from typing import Any


class Steady:
    """A dataclass (made with `repr=False`) whose repr does not hang on Python's hash seed."""

    def __repr__(self) -> str:
        shown: Any = self
        parts = (f"{each.name}={_written(getattr(self, each.name))}" for each in fields(shown) if each.repr)
        return f"{type(self).__name__}({', '.join(parts)})"


def _written(value: object) -> str:
    if isinstance(value, frozenset) and value:
        return f"frozenset({{{', '.join(sorted(map(repr, value)))}}})"
    return repr(value)
