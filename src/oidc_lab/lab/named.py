"""Things that a lesson asks for by name, and what it is told when it mistypes one."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

Item = TypeVar("Item")


class UnknownName(KeyError):
    """There is nothing of this name: says what there is."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError itself would show it in quotes


class Named(Mapping[str, Item], Generic[Item]):
    """Things by name, in the order in which they came; an unknown name is answered with the known ones."""

    def __init__(self, kind: str, items: Mapping[str, Item]) -> None:
        self._kind, self._items = kind, dict(items)

    def __getitem__(self, name: str) -> Item:
        """The thing with this name. Raises UnknownName, a KeyError, that names those there are."""
        if name not in self._items:
            raise UnknownName(f"there is no {self._kind} {name!r}; there are {', '.join(self._items) or 'none'}")
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"{self._kind}s: {', '.join(self._items)}"

    def image(self) -> dict[str, Item]:
        """The things that are there now."""
        return dict(self._items)

    def restore(self, image: dict[str, Item]) -> None:
        """Have these things again, and no others."""
        self._items = dict(image)

    def add(self, name: str, item: Item) -> None:
        """Note one more."""
        self._items[name] = item
