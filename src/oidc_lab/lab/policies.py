"""The refresh-token policies of real providers, as the data file has them, with their doubts — RFC6749-6."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.application import InvalidSetting
from oidc_lab.domain.policy_parameter import MEANING, NO_EFFECT, shown
from oidc_lab.domain.provider_policy import ProviderPolicy
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.lab import data as demo
from oidc_lab.lab.data import DataError
from oidc_lab.lab.named import Named
from oidc_lab.lab.policy_entry import provider_policy

if TYPE_CHECKING:  # pandas is imported when something is tabulated
    from oidc_lab.lab.table import Table

POLICIES = "provider-policies.json"
_SETTLES = "what it settles"
_PARAMETERS = (
    "issued", "ttl", "renew", "idle", "absolute", "rotate", "supersede", "leeway", "on_reuse", "max_live",
    "logout_revokes", "password_change_revokes",
)  # fmt: skip
_COLUMNS = ("policy", "provider", "variant", "client", *_PARAMETERS, "confidence", "not established")
# What says more of another parameter, in its column, and the word between them.
_MORE = {"rotate": (" ", "rotate_at"), "absolute": (" from ", "absolute_anchor")}
_KNOWN = ("format", "unit", "built_from", "confidence_values", "unverified", "parameters", "defaults", "policies")


class Policies(Named[ProviderPolicy]):
    """The policies by id, in the order of the file."""

    def __init__(self, policies: Iterable[ProviderPolicy]) -> None:
        super().__init__("policy", {each.policy_id: each for each in policies})

    def __repr__(self) -> str:
        doubtful = sum(each.doubtful for each in self.values())
        return f"{len(self)} policies of {len(self.providers)} providers and standards; {doubtful} are in doubt"

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    @property
    def providers(self) -> tuple[str, ...]:
        """The providers, each once."""
        return tuple(dict.fromkeys(each.provider for each in self.values()))

    @property
    def rules(self) -> dict[str, RefreshPolicy]:
        """The parameters alone, by id: what a simulation takes."""
        return {name: each.policy for name, each in self.items()}

    def table(self) -> "Table":
        """A row for each policy. A value that ends in ? is not established; the last column says what is known of it.

        Columns: `policy` (its id), `provider`, `variant`, `client`; parameters under their own names, lengths with
        their unit, a dash where one decides nothing; `confidence`; `not established`.
        """
        from oidc_lab.lab.table import tabulate

        return tabulate((_row(each) for each in self.values()), _COLUMNS)

    def compare(self, *policy_ids: str) -> "Table":
        """A row for each parameter in which policies differ, a column for each policy, and what the parameter settles.

        Raises UnknownName, a KeyError, for what is no policy; ValueError for fewer than two.
        """
        from oidc_lab.lab.table import tabulate

        if len(policy_ids) < 2:
            raise ValueError("it takes two policies to compare")
        compared = {policy_id: self[policy_id] for policy_id in policy_ids}
        rows = [
            {"parameter": name, **{key: shown(each, name) for key, each in compared.items()}, _SETTLES: meaning}
            for name, meaning in MEANING.items()
            if len({shown(each, name) for each in compared.values()}) > 1
        ]
        return tabulate(rows, ["parameter", *compared, _SETTLES])


def provider_policies(data: Path | str | None = None) -> Policies:
    """The policies of a data folder; those of the kit without one. Raises DataError."""
    return read_policies(demo.folder() if data is None else Path(data))


def read_policies(data: Path) -> Policies:
    """The policies of a folder's `provider-policies.json`, or the kit's when it has none. Raises DataError."""
    file = demo.or_the_kits(data, POLICIES)
    read = _object(file)
    entries, defaults = read["policies"], read.get("defaults", {})
    made = [_made(file, number, each, defaults) for number, each in enumerate(entries, start=1)]
    demo.refuse_twice(file, "policy", "id", [each.policy_id for each in made])
    return Policies(made)


def _row(of: ProviderPolicy) -> dict[str, str]:
    row = {"policy": of.policy_id, "provider": of.provider, "variant": of.variant, "client": of.client.value}
    row |= {name: _cell(of, name) for name in _PARAMETERS}
    second_hand = ", at second hand" if of.second_hand else ""
    return row | {"confidence": of.confidence.value + second_hand, "not established": "; ".join(of.doubts)}


def _cell(of: ProviderPolicy, name: str) -> str:
    between, other = _MORE.get(name, ("", name))
    more = NO_EFFECT if other == name else shown(of, other)
    return shown(of, name) if more == NO_EFFECT else shown(of, name) + between + more


def _object(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(demo.text_of(file), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(file, "the file", f"it is no JSON: {error}") from None
    if not isinstance(read, dict) or not isinstance(read.get("policies"), list):
        raise DataError(file, "the file", "it must be an object with a list of policies")
    if unknown := [name for name in read if name not in _KNOWN]:
        raise DataError(file, "the file", f"{unknown[0]}: there is no such field; there are {', '.join(_KNOWN)}")
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name that is there twice, JSON's readers take one and say nothing — RFC8259-4."""
    made = dict(pairs)
    for name, _ in pairs:
        if sum(name == other for other, _ in pairs) > 1:
            raise ValueError(f"{name!r} is there twice in one object")
    return made


def _made(file: Path, number: int, entry: Any, defaults: Any) -> ProviderPolicy:
    given = entry.get("id") if isinstance(entry, dict) else None
    name = f"policy {given!r}" if isinstance(given, str) else f"policy number {number}"
    try:
        return provider_policy(entry, defaults)
    except InvalidSetting as error:
        raise DataError(file, name, str(error)) from None
