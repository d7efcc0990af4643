"""Reads usage patterns that a trainer can edit, and visits of one's own, and says exactly what is wrong in them."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oidc_lab.lab import data as demo
from oidc_lab.lab.data import DataError
from oidc_lab.lab.named import Named
from oidc_lab.lab.usage_entry import usage
from oidc_lab.lab.visit import InvalidVisit, visit
from oidc_lab.simulation.usage import Usage
from oidc_lab.simulation.visits import Visit, Visits

if TYPE_CHECKING:
    import pandas as pd

PATTERNS = "usage-patterns.toml"
NEEDED, KNOWN = ("user", "at"), ("user", "at", "what")


class Usages(Named[Usage]):
    """The usage patterns by id, in the order of the file."""

    def __init__(self, usages: Iterable[Usage]) -> None:
        super().__init__("usage pattern", {each.usage_id: each for each in usages})


def usages(data: Path | str | None = None) -> Usages:
    """The usage patterns of a data folder; those of the kit without one. Raises DataError."""
    return read_usages(demo.folder() if data is None else Path(data))


def read_usages(data: Path) -> Usages:
    """The usage patterns of a folder's `usage-patterns.toml`, or the kit's when it has none. Raises DataError."""
    return Usages(demo.read_entries(demo.or_the_kits(data, PATTERNS), "usage", "usage_id", usage))


def from_visits(source: "Path | str | pd.DataFrame", *, title: str = "") -> Usage:
    """A usage pattern of one's own: a CSV file, or a frame, with a row for each visit. Raises DataError.

    Columns: `user`, any name; `at`, a date and time as ISO 8601 has it, in UTC unless it says otherwise; `what`, if
    wanted, one of Happening's words, of which nothing means a token request. Rows may be in any order, and a row that
    is there twice counts once. The first visit of each user is the sign-in; what is told of a time before it is left
    out, and so are fractions of a second after it. A later sign-in of a user counts as a visit.
    """
    file = Path(source) if isinstance(source, str | Path) else None
    rows = _rows_of_frame(source) if file is None else _rows_of_file(file)
    where = Path("the frame") if file is None else file
    visits = Visits.of(_visits(where, rows))
    if not visits.users:
        raise DataError(where, "the rows", "nobody visits, so nobody signs in; write a row for each visit")
    name = title or ("Your own visits" if file is None else file.stem)
    says = f"The visits of {visits.users} {'user' if visits.users == 1 else 'users'}, from {where.name}."
    return Usage(usage_id=name, title=name, says=says, pattern=visits)


def _visits(file: Path, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Visit]:
    for place, row in rows:
        try:
            yield visit(row)
        except InvalidVisit as error:
            raise DataError(file, place, str(error)) from None


def _rows_of_frame(frame: "pd.DataFrame") -> Iterator[tuple[str, Mapping[str, Any]]]:
    columns = [str(each) for each in frame]
    _check_columns(Path("the frame"), "its columns", columns)
    for number, values in enumerate(frame.itertuples(index=False, name=None)):
        yield f"row {number}", dict(zip(columns, values, strict=True))


def _rows_of_file(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = csv.reader(demo.text_of(file).splitlines(keepends=True), strict=True)
    try:
        columns = [each.strip().lower() for each in next(reader, [])]
        _check_columns(file, "line 1", columns)
        for cells in reader:
            if not any(each.strip() for each in cells):
                continue
            if len(cells) != len(columns):
                many = f"{len(cells)} values are there: write {len(columns)}, for {', '.join(columns)}"
                raise DataError(file, f"line {reader.line_num}", many)
            yield f"line {reader.line_num}", dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        raise DataError(file, f"line {reader.line_num}", f"it is no CSV: {error}") from None


def _check_columns(file: Path, place: str, columns: list[str]) -> None:
    said = f"the columns are {', '.join(columns) or 'none'}"
    head = f"write the names of the columns there, with commas between them: {', '.join(NEEDED)}, and what if wanted"
    for name in NEEDED:
        if name not in columns:
            raise DataError(file, place, f"{name}: there is no such column, {said}; {head}")
    for name in columns:
        if name not in KNOWN:
            raise DataError(
                file, place, f"{name}: nothing is known of such a column; leave it out, there are {', '.join(KNOWN)}"
            )
        if columns.count(name) > 1:
            raise DataError(file, place, f"{name}: the column is there twice; leave one out")
