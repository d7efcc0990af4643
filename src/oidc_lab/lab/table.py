"""Tables that show every value whole: a lesson reads addresses, scopes and reasons, which are long."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd


class Table(pd.DataFrame):  # type: ignore[misc]  # pandas ships no types
    """A frame that cuts no value when it is shown; what is made of it is one, too."""

    @property
    def _constructor(self) -> type["Table"]:
        return Table

    def __repr__(self) -> str:
        with pd.option_context("display.max_colwidth", None):
            return str(super().__repr__())

    def _repr_html_(self) -> str:
        with pd.option_context("display.max_colwidth", None):
            return str(super()._repr_html_())

    def to_html(self, *given: Any, **named: Any) -> Any:
        """As pandas does, with nothing cut."""
        with pd.option_context("display.max_colwidth", None):
            return super().to_html(*given, **named)


def tabulate(rows: Iterable[Mapping[str, Any]], columns: Iterable[str], *, missing: object = None) -> Table:
    """A row each. Numbers stay whole and texts texts where another row has none; `missing` stands there then."""
    listed, named = list(rows), list(columns)
    return Table({name: _column([row[name] for row in listed], missing) for name in named}, columns=named)


def _column(values: list[Any], missing: object) -> "pd.Series[Any]":
    # Left to itself, pandas writes 30.0, NaN and NaT in a column in which something is missing.
    if any(value is None for value in values):
        return pd.Series([missing if value is None else value for value in values], dtype=object)
    return pd.Series(values, dtype=None if values else object)
