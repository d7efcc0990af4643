"""The demo data, and what a trainer is told who made a mistake in it."""

import shutil
from collections import Counter
from dataclasses import fields
from datetime import timedelta
from itertools import product

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.profile import Profile
from oidc_lab.lab import data
from oidc_lab.lab.data import DataError

STANDARD = {
    "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
    "phone_number_verified", "address", "updated_at",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """A trainer's copy of the data."""
    return shutil.copytree(data.folder(), tmp_path / "data")


@pytest.fixture
def edit(folder):
    def replace(file, old, new):
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return replace


def test_there_is_an_application_of_each_type():
    kinds = Counter(each.type for each in data.read_applications(data.folder()))
    assert set(kinds) == set(ApplicationType)


def test_there_are_six_users_who_have_every_standard_claim():
    """OIDCC-5.1"""
    users = data.read_users(data.folder())
    assert len(users) >= 6
    for each in users:
        assert set(each.user.claims) == STANDARD
        assert set(each.user.claims["address"]) >= {"formatted", "street_address", "locality", "postal_code", "country"}
        assert each.password not in repr(each)


def test_a_trainers_folder_is_used_with_or_without_keys(edit, folder):
    edit("applications.toml", 'name = "Web Shop"', 'name = "Corner Shop"')
    edit("users.toml", 'sub = "anna"', 'sub = "u-1"')
    (folder / data.TEST_KEYS).unlink()
    for given in (folder, str(folder)):
        with Lab(data=given) as lab:
            run = lab.sign_in("web-shop", "u-1").finish()
            assert run.result.sub == "u-1"
            assert run.title == "Anna Lindqvist signs in to Corner Shop"


def test_every_setting_can_stand_in_the_file(edit):
    """OIDCR-2"""
    folder = edit(
        "applications.toml",
        SHOP_TYPE,
        f"""{SHOP_TYPE}
cors_allowed_origins = ["https://shop.example", "http://localhost:3000"]
always_issue_refresh_token = true
rotate_refresh_token = false
refresh_token_ttl_in_days = 90
id_token_ttl = 300
id_token_signed_response_alg = "EdDSA"
backchannel_logout_uri = "https://shop.example/out"
backchannel_logout_session_required = true
custom_data = {{ team = "shop", floors = [1, 2] }}
""",
    )
    shop = next(each for each in data.read_applications(folder) if each.client_id == "web-shop")
    assert {each.name for each in fields(shop)} - set(shop.given) == {"created_at"}
    assert shop.id_token_ttl == timedelta(minutes=5)
    assert shop.cors_allowed_origins == ("https://shop.example", "http://localhost:3000")
    assert shop.custom_data == {"team": "shop", "floors": [1, 2]}
    assert (shop.always_issue_refresh_token, shop.rotate_refresh_token) == (True, False)


def test_the_head_of_the_file_tells_of_every_setting():
    head = (data.folder() / "applications.toml").read_text("utf-8").partition("[[application]]")[0]
    told = {line[2:].split(" ")[0].strip(",") for line in head.splitlines() if line.startswith("# ")}
    assert {each.name for each in fields(Application)} - {"name", "description", "created_at"} <= told


def test_the_demo_applications_can_run_in_every_profile():
    """RFC9700-2"""
    made = {each.client_id: each for each in data.read_applications(data.folder())}
    for each, profile in product(made.values(), Profile):
        each.check_for(profile)
    assert made["photo-album"].cors_allowed_origins == ("https://photos.example",)


def test_an_application_of_the_trainers_own_can_be_added(folder):
    with (folder / "applications.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[application]]\nclient_id = "mine"\ntype = "SPA"\nname = "Mine"\nredirect_uris = ["https://m.example/"]\n'
        )
    with Lab(data=folder) as lab:
        assert lab.sign_in("mine", "ben").finish().result.claims["aud"] == "mine"


SHOP, ANNA = "application 'web-shop'", "user 'anna'"
SHOP_TYPE = 'type = "Traditional"'

# What a trainer may have added to the shop, and what the message says.
ADDED = (
    ("refresh_token_ttl_in_days = 181", ["refresh_token_ttl_in_days", "1 to 180"]),
    ("refresh_token_ttl_in_days = true", ["refresh_token_ttl_in_days", "whole number"]),
    ('refresh_token_ttl_in_days = "14"', ["refresh_token_ttl_in_days", "whole number"]),
    ("rotate_refresh_token = 1", ["rotate_refresh_token", "true or false"]),
    ('always_issue_refresh_token = "on"', ["always_issue_refresh_token", "true or"]),
    ("id_token_ttl = 0", ["id_token_ttl", "from 1 to 15552000"]),
    ("id_token_ttl = 1.5", ["id_token_ttl", "whole number"]),
    ("id_token_ttl = true", ["id_token_ttl", "whole number"]),
    (f"id_token_ttl = {2**62}", ["id_token_ttl", "from 1 to 15552000"]),
    ('cors_allowed_origins = "https://shop.example"', ["cors_allowed_origins", "a list"]),
    ('cors_allowed_origins = ["https://shop.example/"]', ["cors_allowed_origins", "write https://shop.example"]),
    ('custom_data = "x"', ["custom_data", "a table"]),
    ("custom_data = { since = 2026-01-01 }", ["custom_data", "JSON"]),
    ('backchannel_logout_uri = "/out"', ["backchannel_logout_uri", "scheme"]),
    ("created_at = 2026-01-01T00:00:00Z", ["created_at", "no such field"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('client_id = "web-shop"\n', "", ["application number 1", "client_id", "missing"]),
        ('client_id = "web-shop"', "client_id = 7", ["application number 1", "client_id", "text in quotes"]),
        ('client_id = "web-shop"', 'client_id = ""', ["application ''", "client_id", "1 to 255"]),
        ('client_id = "web-shop"', 'client_id = "photo-album"', ["application 'photo-album'", "client_id", "twice"]),
        ('type = "Traditional"\n', "", [SHOP, "type", "missing"]),
        ('type = "Traditional"', 'type = "Web"', [SHOP, "type", "Native, SPA, Traditional, MachineToMachine"]),
        ('type = "Traditional"', "type = true", [SHOP, "type", "text in quotes"]),
        ('type = "Traditional"', 'type = "SPA"', [SHOP, "client_secret", "cannot keep a secret"]),
        ('type = "Traditional"', 'type = "MachineToMachine"', [SHOP, "redirect_uris", "signs nobody in"]),
        ('name = "Web Shop"\n', "", [SHOP, "name", "missing"]),
        ('name = "Web Shop"', 'name = ""', [SHOP, "name", "1 to 256"]),
        ('name = "Web Shop"', f'name = "{"x" * 257}"', [SHOP, "name", "1 to 256"]),
        ('name = "Web Shop"', 'name = "Web Shop"\ncolour = "red"', [SHOP, "colour", "no such field", "redirect_uris"]),
        ('name = "Web Shop"', 'name = "Web Shop"\nbackchannel_logout_session_required = "yes"',
         [SHOP, "backchannel_logout_session_required", "true or false"]),
        ('name = "Web Shop"', 'name = "Web Shop"\nid_token_signed_response_alg = "none"',
         [SHOP, "id_token_signed_response_alg", "RS256, EdDSA"]),
        ('["https://shop.example/callback"]', '"https://shop.example/callback"', [SHOP, "redirect_uris", "a list"]),
        ('["https://shop.example/callback"]', "[7]", [SHOP, "redirect_uris", "text in quotes"]),
        ('["https://shop.example/callback"]', '["shop.example"]', [SHOP, "redirect_uris", "shop.example", "scheme"]),
        ('["https://shop.example/goodbye"]', '["https://x/#a"]', [SHOP, "post_logout_redirect_uris", "fragment"]),
        ('client_secret = "test-secret-of-the-web-shop"\n', "", [SHOP, "client_secret", "missing"]),
        ('client_secret = "test-secret-of-the-web-shop"', 'client_secret = ""', [SHOP, "client_secret", "empty"]),
        ('client_secret = "test-secret-of-the-web-shop"', "client_secret = 1", [SHOP, "client_secret", "in quotes"]),
        *((SHOP_TYPE, f"{SHOP_TYPE}\n{line}", [SHOP, *says]) for line, says in ADDED),
        ('name = "City Guide"', 'name = "City Guide"\nalways_issue_refresh_token = true',
         ["application 'city-guide'", "always_issue_refresh_token", "a native application", "offline_access"]),
        ('name = "Night Report"', 'name = "Night Report"\ncors_allowed_origins = ["https://n.example"]',
         ["application 'night-report'", "cors_allowed_origins", "signs nobody in"]),
        ("[[application]]", "[application]", ["the file"]),
        ("[[application]]", "[[applications]]", ["the file", "applications", "[[application]]"]),
        ("[[application]]", "[[application", ["the file", "no TOML", "line"]),
    ],
)  # fmt: skip
def test_a_mistake_in_applications_names_file_entry_and_field(edit, old, new, says):
    folder = edit("applications.toml", old, new)
    with pytest.raises(DataError) as caught:
        data.read_applications(folder)
    for each in ("applications.toml", *says):
        assert each in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('sub = "anna"\n', "", ["user number 1", "sub", "missing"]),
        ('sub = "anna"', 'sub = ""', ["user ''", "sub", "1 to 255"]),
        ('sub = "anna"', f'sub = "{"a" * 256}"', ["user", "sub", "1 to 255"]),
        ('sub = "anna"', 'sub = "änna"', ["user 'änna'", "sub", "ASCII"]),
        ('sub = "anna"', 'sub = "ben"', ["user 'ben'", "sub", "twice"]),
        ('username = "anna"\n', "", [ANNA, "username", "missing"]),
        ('username = "anna"', 'username = ""', [ANNA, "username", "1 to 255"]),
        ('username = "anna"', 'username = "ben"', ["user 'ben'", "username", "twice"]),
        ('password = "violet-lamp-42"\n', "", [ANNA, "password", "missing"]),
        ('password = "violet-lamp-42"', 'password = ""', [ANNA, "password", "empty"]),
        ('password = "violet-lamp-42"', "password = 42", [ANNA, "password", "text in quotes"]),
        ('password = "violet-lamp-42"', 'password = "x"\nage = 7', [ANNA, "age", "no such field", "claims"]),
        ('birthdate = "1988-04-12"', "birthdate = 1988-04-12", [ANNA, "claims.birthdate", "text in quotes"]),
        ("email_verified = true", 'email_verified = "yes"', [ANNA, "claims.email_verified", "true or false"]),
        ("updated_at = 1767225600", "updated_at = inf", [ANNA, "claims.updated_at", "whole number"]),
        ("updated_at = 1767225600", "updated_at = true", [ANNA, "claims.updated_at", "whole number"]),
        ('country = "Sweden"', "country = 46", [ANNA, "claims.address.country", "text in quotes"]),
        ('gender = "female"', 'gender = "female"\nsub = "ben"', [ANNA, "claims.sub", "beside the claims"]),
    ],
)
def test_a_mistake_in_users_names_file_entry_and_field(edit, old, new, says):
    folder = edit("users.toml", old, new)
    with pytest.raises(DataError) as caught:
        data.read_users(folder)
    for each in ("users.toml", *says):
        assert each in str(caught.value)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"keys": []}', '{"keys": [{"kty": "RSA"}]}', '{"keys": 7}'])
def test_keys_that_cannot_be_read_name_their_file(folder, content):
    (folder / data.TEST_KEYS).write_text(content)
    with pytest.raises(DataError, match=r"test-signing-keys\.json, the file: it is no set of keys"):
        data.read_test_keys(folder)


def test_a_key_for_each_algorithm_is_needed(edit):
    folder = edit(data.TEST_KEYS, '"EdDSA"', '"Ed448"')
    with pytest.raises(DataError, match="keys: there is none whose alg is EdDSA"):
        data.read_test_keys(folder)


def test_a_missing_a_binary_and_a_misplaced_file_are_named(folder):
    (folder / "applications.toml").unlink()
    with pytest.raises(DataError, match=r"applications\.toml, the file: there is none in .*data"):
        Lab(data=folder)
    (folder / "applications.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="no text in UTF-8"):
        Lab(data=folder)
    (folder / "applications.toml").unlink()
    (folder / "applications.toml").mkdir()
    with pytest.raises(DataError, match="cannot be read"):
        Lab(data=folder)


@pytest.mark.parametrize("text", ["application = [1]", 'application = "shop"', "[[app]]", "[application.x]"])
def test_what_is_no_entry_has_no_place_in_the_file(folder, text):
    (folder / "applications.toml").write_text(text)
    with pytest.raises(DataError, match=r"only entries that begin with \[\[application\]\] belong here"):
        data.read_applications(folder)


def test_an_empty_file_is_a_lab_without_applications(folder):
    (folder / "applications.toml").write_text("")
    with Lab(data=folder) as lab:
        assert len(lab.applications) == 0
        with pytest.raises(KeyError, match="there is no application 'web-shop'; there are none"):
            lab.sign_in("web-shop", "anna")


def test_a_file_that_was_saved_by_a_windows_editor_is_read(tmp_path):
    folder = shutil.copytree(data.folder(), tmp_path / "data")
    for name in ("applications.toml", "users.toml"):
        (folder / name).write_text((folder / name).read_text("utf-8"), "utf-8-sig")
    assert data.read_applications(folder) == data.read_applications(data.folder())
    assert data.read_users(folder) == data.read_users(data.folder())
