"""The locks pin everything that is asked for, by hash, and name no place to get it from."""

import re
import tomllib

import pytest

LOCKS = ("lock.txt", "lock-test.txt", "lock-bench.txt", "uv.txt")
NAME = re.compile(r"^([A-Za-z0-9._-]+)==([^ ]+)")


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(path):
    """The pinned versions by name: a set each, since Pythons may need different ones."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := NAME.match(line):
            found.setdefault(normal(match[1]), set()).add(match[2])
    return found


def names(requirements):
    return {normal(re.match(r"[A-Za-z0-9._-]+", each)[0]) for each in requirements if isinstance(each, str)}


def direct(root):
    """What pyproject.toml asks for, to learn, to check and to compare speed."""
    asked = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    project, groups = asked["project"], asked["dependency-groups"]
    learn = names([*project["dependencies"], *project["optional-dependencies"]["lab"], *groups["build"]])
    check = learn | names(groups["test"]) | names(project["optional-dependencies"]["cluster"])
    return learn, check, check | names(groups["bench"])


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_place_on_disk(root, lock):
    text = (root / ".ci" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert " @ " not in text
    # a path, an option such as the address of an index, a comment
    assert not re.search(r"^(?!    --hash=)\s*[-/.#]", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(root, lock):
    text = (root / ".ci" / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert NAME.match(entry), entry
        assert "--hash=sha256:" in entry, entry


def test_every_direct_dependency_is_pinned(root):
    for asked, lock in zip(direct(root), LOCKS, strict=False):
        assert asked <= pins(root / ".ci" / lock).keys()


def test_what_is_tested_is_what_is_learnt_with(root):
    learn, check, compare = (pins(root / ".ci" / lock) for lock in LOCKS[:3])
    assert learn.items() <= check.items() <= compare.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_the_grammar_that_nobody_uses_stays_out(root, lock):
    assert not {"rfc3987-syntax", "lark"} & pins(root / ".ci" / lock).keys()


def test_the_readme_gives_a_reason_for_each_direct_dependency_and_no_other(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    section = readme.split("## What is installed and why", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", section, re.MULTILINE)
    assert {name for name, _ in rows} == direct(root)[2]
    assert len(rows) == len({name for name, _ in rows})
