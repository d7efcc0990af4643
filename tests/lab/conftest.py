"""What both sides of a bench know, in a form in which two benches can be compared."""

import sqlite3
import zlib
from contextlib import closing

import pytest


def drawn(image):
    """How far a source came; a child that has drawn nothing is as if it were not born yet."""
    own, children = image
    return own, [each for each in map(drawn, children) if each != (0, [])]


def state(lab):
    """The provider's whole store, clock, cookies, chance, refusals, what the bench knows, and its runs."""
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.deserialize(zlib.decompress(lab._store.image()))
        tables = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {each: copy.execute(f"SELECT * FROM {each} ORDER BY rowid").fetchall() for each in tables}
    cookies = {name: sorted(map(str, map(vars, each))) for name, each in lab.image().items() if each}
    known = repr(lab.applications.image()), repr(lab.users.image()), lab.passwords.image()
    refusals = [repr(each) for each in lab.refusals], [repr(each) for each in lab._heard()]
    runs = [each.trace.to_json() for each in lab.history]
    return rows, lab.clock.now, cookies, drawn(lab._chance.image()), refusals, known, lab.profile, runs


@pytest.fixture(scope="session")
def state_of():
    return state
