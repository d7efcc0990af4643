"""Things that a provider keeps, by name: what a lesson reads of them is what the provider answers at that moment."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from oidc_lab.lab.management import Management
from oidc_lab.lab.named import UnknownName

if TYPE_CHECKING:
    import pandas as pd

Item = TypeVar("Item")


class Kept(Mapping[str, Item], Generic[Item]):
    """Things of one kind; what the bench `brought` is listed first."""

    kind: str
    key: str
    columns: tuple[str, ...]

    def __init__(self, management: Management, brought: Mapping[str, Item], *, keeps: bool) -> None:
        """`keeps` says whether what was read stays known; otherwise others may change it meanwhile."""
        self.management = management
        self._keeps = keeps
        self._own = dict(brought) if keeps else {}
        self._first = {name: place for place, name in enumerate(brought)}

    @abstractmethod
    def _read(self, said: Mapping[str, Any]) -> Item:
        """Make a thing of an answer."""

    def own(self, name: str) -> Item:
        """What the bench knows of a thing: the application's own copy, say. It asks for what it does not know."""
        return self._own[name] if name in self._own else self[name]

    def __getitem__(self, name: str) -> Item:
        """The thing with this name. Raises UnknownName, a KeyError, that names those there are."""
        try:
            # These would lead to other addresses than that of a thing.
            if not isinstance(name, str) or name in {"", ".", ".."}:
                raise LookupError(name)
            return self._known(self.management.ask("GET", f"{self.kind}s", name))
        except LookupError:
            there = ", ".join(self) or "none"
            raise UnknownName(f"there is no {self.kind} {name!r}; there are {there}") from None

    def __iter__(self) -> Iterator[str]:
        return iter([str(each[self.key]) for each in self._all()])

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return f"{self.kind}s: {', '.join(self)}"

    def table(self) -> "pd.DataFrame":
        """All of them, a row each."""
        from oidc_lab.lab.table import tabulate

        return tabulate(self._rows(self._all()), self.columns).set_index(self.key)

    def delete(self, name: str) -> None:
        """Delete one, and everything that was given because of it. Raises UnknownName when there is none."""
        known = self[name]
        self.management.ask("DELETE", f"{self.kind}s", name)
        self._own.pop(name, known)

    def image(self) -> dict[str, Item]:
        """What the bench knows by itself now."""
        return dict(self._own)

    def restore(self, image: dict[str, Item]) -> None:
        """Know that again, and nothing else."""
        self._own = dict(image)

    def _known(self, said: Mapping[str, Any]) -> Item:
        """Read an answer, and keep what it says for runs."""
        thing = self._read(said)
        if self._keeps:
            self._own[said[self.key]] = thing
        return thing

    def _all(self) -> list[dict[str, Any]]:
        """Those that the bench brought come first, in the order in which it did."""
        found: list[dict[str, Any]] = self.management.ask("GET", f"{self.kind}s")
        return sorted(found, key=lambda each: self._first.get(each[self.key], len(self._first)))

    def _rows(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return found
