"""Every clause that is cited can be followed, and every file says which one it is about."""

import ast
import re
from pathlib import Path

import pytest

import oidc_lab
from oidc_lab.domain.spec import link, title

SOURCE = Path(oidc_lab.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
CLAUSE = re.compile(r"\b(?:(?:OIDC[A-Z]*|OA[A-Z]{2}|RFC\d{3,5}|CSP3)-[0-9A-Z][0-9A-Za-z.]*|FETCH-[a-z-]+)")
# Files that join parts or say what a thing is in this project, and are about no clause of their own.
PLAIN = {
    "__init__.py", "app.py", "context.py", "store.py", "connection.py", "tables.py", "ledger.py", "message.py",
    "trace.py", "shown.py", "clock.py", "spec.py", "home.py", "steady.py", "web.py", "span.py", "told.py",
}  # fmt: skip


def cited() -> list[str]:
    texts = "\n".join(each.read_text("utf-8") for each in FILES)
    return sorted({found.rstrip(".") for found in CLAUSE.findall(texts)})


def test_many_clauses_are_cited():
    """OIDCC-3.1.3.7: the search finds what it is meant to find."""
    assert len(cited()) > 80
    assert "OIDCC-3.1.3.7" in cited()


@pytest.mark.parametrize("clause", cited())
def test_a_cited_clause_has_a_title_and_a_link(clause):
    """OIDCC-3.1.3.7"""
    _, section = clause.split("-", 1)
    assert link(clause).startswith("https://")
    assert link(clause).endswith(section)
    assert title(clause).endswith(section)


def test_a_link_leads_to_the_section():
    """OIDCC-3.1.3.7"""
    assert link("OIDCC-3.1.3.7") == "https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.3.1.3.7"
    assert link("RFC6749-4.1.2") == "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2"
    assert link("RFC6749-A.12") == "https://www.rfc-editor.org/rfc/rfc6749#appendix-A.12"
    assert title("RFC6749-A.12") == "RFC 6749, appendix A.12"
    assert link("RFC9207") == "https://www.rfc-editor.org/rfc/rfc9207"
    assert title("OIDCRIL") == "OpenID Connect RP-Initiated Logout 1.0"
    assert link("FETCH-cors-check") == "https://fetch.spec.whatwg.org/#cors-check"
    assert title("FETCH-cors-check") == "Fetch Standard, section cors-check"
    assert link("FETCH") == "https://fetch.spec.whatwg.org/"


@pytest.mark.parametrize(
    "wrong",
    ["", "OIDC-3", "RFC-3", "RFCx-1", "oidcc-3", "OIDCC-", "OIDCC-3.", "OIDCC-3 1", "RFC²-1", "FETCH-3", "OIDCC-cors"],
)
def test_what_is_no_clause_is_refused_with_the_known_prefixes(wrong):
    """OIDCC-3.1.3.7"""
    for ask in (link, title):
        with pytest.raises(ValueError, match="OIDCC, OIDCD"):
            ask(wrong)


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if file.relative_to(SOURCE).parts[0] in {"provider", "relying_party", "domain"}],
    ids=lambda file: str(file.relative_to(SOURCE)),
)
def test_the_first_line_of_a_file_ends_in_its_clause(file):
    """Specs are coordinates: see DESIGN.md."""
    first = (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").splitlines()[0]
    # The management API is the lab's own: no specification describes it.
    plain = file.name in PLAIN or file.parent.name == "management"
    assert re.search(rf" — (?:{CLAUSE.pattern}(?:, )?)+\.?$", first) or plain
