"""Keeps a JSON object as it was given: nobody changes it afterwards, and it equals the same made again — RFC8259-4."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, NoReturn

# Deeper than anyone reads, and far from where Python's own recursion ends.
MAXIMUM_DEPTH = 32


def _refuse(*_: object, **__: object) -> NoReturn:
    raise TypeError("this cannot be changed; make a new one instead")


class FrozenDict(dict[str, Any]):
    """A dict that stays as it is."""

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)


class FrozenList(list[Any]):
    """A list that stays as it is."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenList, (list(self),)


def freeze(value: object, depth: int = 0) -> Any:
    """A frozen copy. Raises ValueError, with what is wrong, for what JSON has no word for — RFC8259-3."""
    if depth > MAXIMUM_DEPTH:
        raise ValueError(f"it is nested more than {MAXIMUM_DEPTH} deep")
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, Mapping):
        return FrozenDict({_key(key): freeze(each, depth + 1) for key, each in value.items()})
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return FrozenList(freeze(each, depth + 1) for each in value)
    raise ValueError(f"{value!r} is nothing that JSON has")


def _finite(value: float) -> float:
    if isfinite(value):
        return value
    raise ValueError(f"JSON has no number {value!r}")


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    raise ValueError(f"its key {key!r} must be text")
