"""The policies of real providers: as the file has them, with every doubt, and what is wrong in a trainer's own file."""

import json
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from oidc_lab import Lab, provider_policies
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.policy_parameter import MEANING, matters
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import OnReuse, RefreshPolicy, Rotate
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.lab import data
from oidc_lab.lab.data import DataError
from oidc_lab.lab.named import UnknownName
from oidc_lab.lab.policies import POLICIES, read_policies

FILE = json.loads((data.folder() / POLICIES).read_text("utf-8"))
ENTRIES = {each["id"]: each for each in FILE["policies"]}
SHIPPED = provider_policies()
EACH = pytest.mark.parametrize("name", ENTRIES)


def seconds(value):
    return int(value.total_seconds()) if isinstance(value, timedelta) else value


def test_there_are_59_policies_of_26_providers_in_the_order_of_the_file():
    assert list(SHIPPED) == list(ENTRIES)
    assert (len(SHIPPED), len(SHIPPED.providers)) == (59, 26)
    assert SHIPPED.providers[:3] == ("Logto", "node-oidc-provider", "Auth0")
    assert repr(SHIPPED) == "59 policies of 26 providers and standards; 26 are in doubt"
    assert SHIPPED.rules["auth0-spa"] is SHIPPED["auth0-spa"].policy


@EACH
def test_every_number_and_word_is_that_of_the_file(name):
    """RFC6749-6"""
    read, entry = SHIPPED[name], ENTRIES[name]
    given = dict(entry["parameters"])
    if given["rotate"] == "after_fraction":
        assert read.policy.rotate_at == 70
        assert given.pop("rotate_at") == 0.7
    assert {each: seconds(getattr(read.policy, each)) for each in given} == given
    beyond = {each.name for each in fields(RefreshPolicy)} - set(entry["parameters"])
    assert beyond == {"extend_on_use", "rotate_until_anchor"}
    assert (read.provider, read.variant, read.client, read.sender_constrained) == tuple(
        entry[each] for each in ("provider", "variant", "client", "sender_constrained")
    )
    ranges = {key: each if isinstance(each, str) else [*map(seconds, each)] for key, each in read.allowed.items()}
    assert ranges == entry["allowed_ranges"]
    session = dict(entry["sso_session"] or {})
    assert read.session_note == session.pop("note", "")
    assert {key: seconds(each) for key, each in read.session.items()} == session
    assert [vars(each) for each in read.sources] == [{"address_inferred": False, **each} for each in entry["sources"]]
    assert (read.confidence, read.notes) == (entry["confidence"], entry["notes"])
    assert read.unverified == {key: each or "" for key, each in entry["unverified"].items()}
    assert list(read.not_established) == entry["not_established"]
    assert list(read.not_expressible) == entry["not_expressible"]


def test_the_head_of_the_file_has_every_parameter_and_the_defaults_that_hold():
    """RFC6749-6"""
    head = {name: seconds(getattr(RefreshPolicy(), name)) for name in FILE["defaults"]}
    assert head == FILE["defaults"]
    assert list(FILE["defaults"]) == list(FILE["parameters"])
    assert {name for each in ENTRIES.values() for name in each["parameters"]} == set(FILE["parameters"])


def test_the_file_is_stored_in_one_form():
    assert (data.folder() / POLICIES).read_text("utf-8") == json.dumps(FILE, indent=2, ensure_ascii=False) + "\n"


def test_no_policy_of_which_something_is_not_established_passes_for_verified():
    """RFC9700-4.14.2"""
    for each in SHIPPED.values():
        assert each.doubtful == (each.confidence != "verified") == bool(each.doubts)
        assert each.sources


# What a table shows of a policy besides who it is of.
SHOWN = {"ttl", "renew", "idle", "absolute", "rotate", "supersede", "leeway", "on_reuse", "max_live"}
EVENTS = {"logout_revokes", "password_change_revokes"}


@EACH
def test_the_table_shows_no_value_that_is_not_established_without_a_mark(name):
    """RFC9700-4.14.2"""
    table = SHIPPED.table().set_index("policy")
    assert list(table.index) == list(SHIPPED)
    row, doubts = table.loc[name], SHIPPED[name].unverified
    marked = {column for column in (*SHOWN, *EVENTS) if "?" in row[column]}
    assert marked == (doubts.keys() & (SHOWN | EVENTS)) | ({"rotate"} if "rotate_at" in doubts else set())
    for doubt in SHIPPED[name].doubts:
        assert doubt in row["not established"]
    assert bool(row["not established"]) == SHIPPED[name].doubtful


def test_the_table_reads_as_people_write():
    """RFC6749-6"""
    table = SHIPPED.table().set_index("policy")
    row = table.loc["logto-web"]
    assert (row.ttl, row.absolute, row.rotate) == ("14 d", "180 d from grant", "after_fraction 70 %")
    assert table.loc["authentik-1h", "rotate"] == "when_remaining 1 h ?"
    assert table.loc["pingone", "absolute"] == "180 d ? from first_token"
    assert table.loc["auth0-online", "idle"] == "not established ?"
    assert table.loc["spring-public", "issued"] == "no"
    assert set(table.loc["spring-public", list(SHOWN)]) == {"—"}
    assert table.loc["supabase", "confidence"] == "mixed, at second hand"
    assert "180 d ? from first_token" in SHIPPED._repr_html_()


def test_a_comparison_has_the_parameters_that_differ_and_no_others():
    """RFC9700-4.14.2"""
    table = SHIPPED.compare("entra-public", "entra-web")
    assert table.to_dict("records") == [
        {
            "parameter": "password_change_revokes",
            "entra-public": "yes",
            "entra-web": "no",
            "what it settles": MEANING["password_change_revokes"],
        }
    ]
    spas = SHIPPED.compare("auth0-spa", "entra-spa", "okta-org-spa").set_index("parameter")
    assert list(spas.loc["ttl"])[:3] == ["30 d", "1 d", "90 d"]
    assert list(spas.loc["max_live"])[:3] == ["200", "none known", "not established ?"]
    assert list(spas.loc["supersede"])[:3] == ["revoke", "keep", "revoke"]
    assert "renew" not in spas.index
    assert SHIPPED.compare("hydra", "hydra").empty


def test_a_comparison_needs_two_and_names_what_there_is():
    with pytest.raises(ValueError, match="it takes two policies"):
        SHIPPED.compare("hydra")
    with pytest.raises(UnknownName, match="there is no policy 'auth1'; there are logto-spa, logto-native"):
        SHIPPED.compare("hydra", "auth1")


# The file's four rows of Logto, and the applications of this kit that have them; rotation is on for an SPA and a
# native application when it is set, and the kit's own default is off.
LOGTO = {
    "logto-spa": (ApplicationType.SPA, True),
    "logto-native": (ApplicationType.NATIVE, True),
    "logto-web": (ApplicationType.TRADITIONAL, True),
    "logto-web-norotate": (ApplicationType.TRADITIONAL, False),
}


@pytest.mark.parametrize(("name", "kind", "rotates"), [(name, *how) for name, how in LOGTO.items()])
def test_the_rows_of_logto_are_what_the_profile_does(name, kind, rotates):
    """RFC9700-4.14.2: two readings of one product agree in all but one word.

    The file's parameters have no `revoke_grant`: they count what is revoked with one family. Logto revokes the grant
    (`consumed token: destroy + revoke(grantId)`, the row's own source), so the profile says so, and of one user and one
    application more than one family can end.
    """
    application = Application(client_id="a", type=kind, name="A", rotate_refresh_token=rotates)
    coded = policy_of(application, Profile.LOGTO)
    assert coded.on_reuse is OnReuse.REVOKE_GRANT
    assert any("revoke(grantId)" in each.figure for each in SHIPPED[name].sources)
    assert SHIPPED[name].policy == replace(coded, on_reuse=OnReuse.REVOKE_FAMILY)


def test_a_bound_public_application_has_the_row_of_a_confidential_one():
    """RFC9449-5: `logto-web` says so of itself."""
    application = Application(client_id="a", type=ApplicationType.SPA, name="A", rotate_refresh_token=True)
    coded = policy_of(application, Profile.LOGTO, sender_constrained=True)
    assert replace(coded, on_reuse=OnReuse.REVOKE_FAMILY) == SHIPPED["logto-web"].policy


def test_a_row_that_does_not_rotate_keeps_a_leeway_that_decides_nothing():
    """RFC9700-4.14.2"""
    policy = SHIPPED["logto-web-norotate"].policy
    assert (policy.rotate, policy.leeway) == (Rotate.NEVER, timedelta(seconds=3))
    assert not matters(policy, "leeway")


@pytest.fixture
def folder(tmp_path):
    """A trainer's copy of the data."""
    return shutil.copytree(data.folder(), tmp_path / "data")


def write(folder, content):
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / POLICIES).write_text(text, "utf-8")


def test_a_lab_reads_its_own_folder_when_it_is_asked_and_the_kits_without_one(folder):
    write(folder, {"policies": [ENTRIES["hydra"]]})
    with Lab(data=folder) as lab:
        assert list(lab.policies) == ["hydra"]
        assert lab.policies is lab.policies
        assert list(provider_policies(str(folder))) == ["hydra"]
    write(folder, "{")
    with Lab(data=folder) as lab, pytest.raises(DataError, match=r"provider-policies\.json, the file: it is no JSON"):
        _ = lab.policies
    (folder / POLICIES).unlink()
    with Lab(data=folder) as lab:
        assert list(lab.policies) == list(SHIPPED)
    with Lab() as lab:
        assert list(lab.policies) == list(SHIPPED)


def test_reading_policies_does_not_cost_pandas():
    code = "import sys; from oidc_lab import provider_policies as p; assert p(); assert 'pandas' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_trainers_policy_needs_no_more_than_what_differs_and_has_the_files_own_defaults(folder):
    entry = {"id": "mine", "provider": "Mine", "variant": "v", "client": "any", "confidence": "memory"}
    entry |= {"sources": ENTRIES["hydra"]["sources"], "parameters": {"ttl": 60, "extend_on_use": True}}
    write(folder, {"policies": [entry], "defaults": {"max_live": 3}})
    read = read_policies(folder)["mine"]
    assert read.policy == RefreshPolicy(ttl=timedelta(minutes=1), extend_on_use=True, max_live=3)
    assert read.doubtful


SLOT = {"id": "p", "provider": "P", "variant": "v", "client": "any", "confidence": "verified", "parameters": {}}
SLOT |= {"sources": [{"title": "t", "url": "https://a.example/", "figure": "f", "confidence": "verified"}]}
ROTATING = {"ttl": 60, "rotate": "always"}


def parameters(**given):
    return SLOT | {"parameters": given}


def source(**given):
    return SLOT | {"sources": [SLOT["sources"][0] | given]}


def without(name):
    return {key: each for key, each in SLOT.items() if key != name}


WHOLE = f"whole number from 1 to {2**31 - 1}"
MISTAKES = [
    (without("id"), ["policy number 1", "id", "missing"]),
    (SLOT | {"id": 7}, ["policy number 1", "id: 7", "text"]),
    (SLOT | {"id": " "}, ["policy ' '", "id", "not empty"]),
    (7, ["policy number 1", "7", "an object"]),
    (without("sources"), ["sources", "missing"]),
    (SLOT | {"sources": []}, ["sources: []", "one source at least"]),
    (SLOT | {"sources": "the web"}, ["sources: 'the web'", "a list"]),
    (SLOT | {"sources": [1]}, ["sources[0]: 1", "an object"]),
    (source(figure=""), ["sources[0].figure", "not empty"]),
    (source(url="javascript:alert(1)"), ["sources[0].url", "https://"]),
    (source(url="https://a b/"), ["sources[0].url", "https://"]),
    (source(confidence="mixed"), ["sources[0].confidence", "verified, verified-secondary, memory"]),
    (source(confidence="sure"), ["sources[0].confidence: 'sure'", "memory"]),
    (source(address_inferred=1), ["sources[0].address_inferred: 1", "true or false"]),
    (source(date="today"), ["sources[0].date", "no such field", "title, url"]),
    (SLOT | {"colour": "red"}, ["colour: 'red'", "no such field", "parameters"]),
    (SLOT | {"client": "spa"}, ["client: 'spa'", "any, confidential, public-spa, public-native"]),
    (SLOT | {"client": ["any"]}, ["client: ['any']", "one of"]),
    (SLOT | {"sender_constrained": "no"}, ["sender_constrained", "true or false"]),
    (SLOT | {"confidence": "certain"}, ["confidence: 'certain'", "verified, verified-secondary, mixed, memory"]),
    (SLOT | {"confidence": "mixed"}, ["unverified", "must name what is not established"]),
    (SLOT | {"unverified": {"ttl": None}}, ["confidence: 'verified'", "mixed", "not established: ttl"]),
    (SLOT | {"not_established": ["the default"]}, ["confidence", "mixed", "the default"]),
    (SLOT | {"unverified": ["ttl"]}, ["unverified", "an object"]),
    (SLOT | {"unverified": {"age": None}}, ["unverified.age", "no such field", "ttl"]),
    (SLOT | {"unverified": {"ttl": 3}}, ["unverified.ttl: 3", "text"]),
    (SLOT | {"not_established": "much"}, ["not_established: 'much'", "a list of texts"]),
    (SLOT | {"not_expressible": [""]}, ["not_expressible: ''", "not empty"]),
    (SLOT | {"notes": None}, ["notes: None", "text"]),
    (SLOT | {"allowed_ranges": {"ttl": [2, 1]}}, ["allowed_ranges.ttl: [2, 1]", "not be above"]),
    (SLOT | {"allowed_ranges": {"ttl": [1]}}, ["allowed_ranges.ttl: [1]", "[least, most]"]),
    (SLOT | {"allowed_ranges": {"age": "any"}}, ["allowed_ranges.age", "no such field", "ttl"]),
    (SLOT | {"sso_session": {"idle": 0}}, ["sso_session.idle: 0", WHOLE]),
    (SLOT | {"sso_session": 3}, ["sso_session: 3", "an object"]),
    (SLOT | {"sso_session": {"age": 1}}, ["sso_session.age", "no such field"]),
    (SLOT | {"parameters": []}, ["parameters: []", "an object"]),
    (parameters(age=1), ["parameters.age: 1", "no such field", "issued, ttl"]),
    (parameters(issued=1), ["parameters.issued: 1", "true or false"]),
    (parameters(ttl=0), ["parameters.ttl: 0", WHOLE]),
    (parameters(idle=-1), ["parameters.idle: -1", WHOLE]),
    (parameters(absolute=1.5), ["parameters.absolute: 1.5", WHOLE]),
    (parameters(ttl=True), ["parameters.ttl: True", WHOLE]),
    (parameters(ttl="14 d"), ["parameters.ttl: '14 d'", WHOLE]),
    (parameters(ttl=2**31), [f"parameters.ttl: {2**31}", WHOLE]),
    (parameters(leeway=-1), ["parameters.leeway: -1", "from 0 to"]),
    (parameters(leeway=None), ["parameters.leeway: None", "from 0 to"]),
    (parameters(leeway_reuses=-1), ["parameters.leeway_reuses: -1", "from 0 to"]),
    (parameters(leeway_depth=0), ["parameters.leeway_depth: 0", "from 1 to"]),
    (parameters(max_live=0), ["parameters.max_live: 0", "from 1 to"]),
    (parameters(logout_revokes="yes"), ["parameters.logout_revokes: 'yes'", "true or false"]),
    (parameters(renew="half"), ["parameters.renew: 'half'", "full, remaining"]),
    (parameters(on_reuse="panic"), ["parameters.on_reuse: 'panic'", "reject, revoke_family, revoke_grant"]),
    (parameters(rotate="often"), ["parameters.rotate: 'often'", "never, always, after_fraction, after_age"]),
    (parameters(absolute=9, absolute_anchor="birth"), ["parameters.absolute_anchor: 'birth'", "first_token"]),
    (parameters(rotate_at=1), ["parameters.rotate_at: 1", "0, or left out", "never"]),
    (parameters(rotate="always", rotate_at=0.7), ["parameters.rotate_at: 0.7", "0, or left out", "always"]),
    (parameters(ttl=60, rotate="after_fraction"), ["parameters.rotate_at: 0", "above 0 and up to 1"]),
    (parameters(ttl=60, rotate="after_fraction", rotate_at=1.01), ["parameters.rotate_at: 1.01", "up to 1"]),
    (parameters(ttl=60, rotate="after_fraction", rotate_at=70), ["parameters.rotate_at: 70", "up to 1"]),
    (parameters(ttl=60, rotate="after_fraction", rotate_at=0.705), ["rotate_at: 0.705", "whole hundredths"]),
    (parameters(ttl=60, rotate="after_fraction", rotate_at=0.001), ["rotate_at: 0.001", "whole hundredths"]),
    (parameters(ttl=60, rotate="after_fraction", rotate_at="70 %"), ["rotate_at: '70 %'", "a fraction"]),
    (parameters(ttl=60, rotate="after_age"), ["parameters.rotate_at: 0", WHOLE]),
    (parameters(ttl=60, rotate="when_remaining", rotate_at=0), ["parameters.rotate_at: 0", WHOLE]),
    (parameters(rotate="after_fraction", rotate_at=0.7), ["parameters.rotate: 'after_fraction'", "needs a ttl"]),
    (parameters(rotate="when_remaining", rotate_at=60), ["parameters.rotate: 'when_remaining'", "needs a ttl"]),
    (parameters(extend_on_use=True), ["parameters.extend_on_use: True", "needs a ttl"]),
    (parameters(absolute_anchor="grant"), ["parameters.absolute_anchor: 'grant'", "no absolute lifetime"]),
    (parameters(ttl=60, leeway=3), ["parameters.leeway: 3", "rotate is never"]),
    (parameters(**ROTATING, supersede="keep", leeway=3), ["parameters.leeway: 3", "supersede is keep"]),
    (parameters(**ROTATING, leeway_reuses=2), ["parameters.leeway_reuses: 2", "no leeway"]),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "says"), MISTAKES)
def test_a_mistake_names_file_policy_field_value_and_rule(folder, entry, says):
    write(folder, {"policies": [entry]})
    with pytest.raises(DataError) as caught:
        read_policies(folder)
    place = "" if "number" in says[0] or says[0] == "policy ' '" else "policy 'p'"
    for each in ("provider-policies.json", place, *says):
        assert each in str(caught.value)


def test_the_slot_of_the_mistakes_is_itself_without_one(folder):
    whole = [
        SLOT,
        parameters(**ROTATING, leeway=3) | {"id": "q"},
        parameters(rotate="after_age", rotate_at=1) | {"id": "r"},
    ]
    write(folder, {"policies": whole})
    assert list(read_policies(folder)) == ["p", "q", "r"]


@pytest.mark.parametrize("hundredths", range(1, 101))
def test_every_whole_percentage_can_be_written(folder, hundredths):
    """RFC8259-6: 0.57 is no exact binary number."""
    write(folder, {"policies": [parameters(ttl=60, rotate="after_fraction", rotate_at=hundredths / 100)]})
    assert read_policies(folder)["p"].policy.rotate_at == hundredths


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "the file: it is no JSON"),
        ("[]", "the file: it must be an object with a list of policies"),
        ('{"policies": {}}', "the file: it must be an object with a list of policies"),
        ('{"policies": [], "more": 1}', "the file: more: there is no such field"),
        ('{"policies": [], "policies": []}', "'policies' is there twice in one object"),
        ({"policies": [SLOT, SLOT]}, "policy 'p': id: 'p' is there twice"),
        ({"policies": [SLOT], "defaults": {"age": 1}}, "policy 'p': defaults.age: 1 cannot be used: there is no such"),
        ({"policies": [SLOT], "defaults": 3}, "policy 'p': defaults: 3 cannot be used: it must be an object"),
        ("[" * 100_000, "the file: it is no JSON"),
    ],
)
def test_a_file_that_is_none_says_what_it_should_be(folder, content, says):
    write(folder, content)
    with pytest.raises(DataError) as caught:
        read_policies(folder)
    assert says in str(caught.value)
    assert "provider-policies.json" in str(caught.value)


def test_of_a_folder_that_is_not_there_nothing_of_the_kit_is_read_instead(tmp_path):
    """A mistyped folder would otherwise go unnoticed."""
    with pytest.raises(DataError, match="elsewhere, the folder: there is none in"):
        provider_policies(tmp_path / "elsewhere")
