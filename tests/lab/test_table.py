"""Tables of what a provider keeps: numbers stay whole, texts are not cut, and what is missing is not called NaN."""

from datetime import timedelta

import matplotlib as mpl
import pytest
from matplotlib import pyplot

from oidc_lab import Lab, decode, explain
from oidc_lab.domain.audit import DrawnLog
from oidc_lab.domain.setting_rules import InvalidSetting
from oidc_lab.lab.table import tabulate
from oidc_lab.relying_party.introspection import Introspected
from oidc_lab.relying_party.token import Tokens

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}
URIS = [f"https://shop.example/a-long-way-to-come-back/{number}" for number in range(3)]


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


def test_whole_numbers_stay_whole_beside_what_was_not_set(lab):
    lab.applications["web-shop"].update(refresh_token_ttl_in_days=30, id_token_ttl=timedelta(minutes=5))
    table = lab.applications.table()
    assert table["refresh_token_ttl_in_days"].tolist() == [30, None, None, None]
    assert type(table.loc["web-shop", "refresh_token_ttl_in_days"]) is int
    assert table.loc["photo-album", "id_token_ttl"] is None
    assert "30.0" not in table.to_html()


def test_lists_are_words_and_are_not_cut(lab):
    """OIDCR-2"""
    lab.applications["web-shop"].update(redirect_uris=URIS)
    table = lab.applications.table()
    assert table.loc["web-shop", "redirect_uris"] == ", ".join(URIS)
    narrow = table[["redirect_uris"]]
    for shown in (table._repr_html_(), narrow._repr_html_(), narrow.to_html(), repr(narrow), repr(narrow.loc[:])):
        assert ", ".join(URIS) in shown
    assert ", ".join(URIS) in table.loc[["web-shop"]].T._repr_html_()


def test_a_secret_without_an_end_has_an_empty_one(lab):
    secrets = lab.applications["web-shop"].secrets
    assert secrets.table()["expires_at"].tolist() == [""]
    second = secrets.create("Second", days=10)
    assert secrets.table()["expires_at"].tolist() == ["", second.expires_at]
    assert "NaT" not in secrets.table()._repr_html_()


def test_a_table_without_rows_has_its_columns():
    empty = tabulate([], ["a", "b"])
    assert list(empty.columns) == ["a", "b"]
    assert empty.empty


def test_the_scopes_of_a_grant_are_words(lab):
    """RFC6749-3.3"""
    lab.sign_in("photo-album", "anna", **OFFLINE).finish()
    assert lab.grants.table()["scopes"].tolist() == ["offline_access openid"]
    assert "frozenset" not in lab.grants.table()._repr_html_()


def test_what_an_entry_does_not_say_is_empty(lab):
    """RFC9700-2.6"""
    lab.sign_in("photo-album", "anna", prompt="none").finish()
    lab.users.create("zoe")
    table = lab.audit_log.table()
    assert not table.isna().any().any()
    assert table.iloc[-1][["application", "error", "reason", "because"]].tolist() == [""] * 4
    assert "NaN" not in lab.audit_log._repr_html_() + repr(table)


def test_the_log_says_which_of_several_reasons_it_was(lab):
    """RFC9700-2.6"""
    signed_in = lab.sign_in("photo-album", "anna", **OFFLINE).finish()
    lab.grants.revoke(sub="anna")
    lab.userinfo("photo-album", "anna", signed_in=signed_in).finish()
    assert lab.audit_log.table().iloc[-1]["because"] == "grant_revoked"
    [entry] = lab.audit_log.entries(result="Error")
    shown = lab.audit_log._repr_html_()
    assert "<td>grant_revoked</td>" in shown
    assert len(entry.truth) > 50
    assert entry.truth.replace("'", "&#x27;") in shown.replace("'", "&#x27;")


def test_the_log_draws_itself_on_axes(lab, monkeypatch):
    """RFC9700-2.6"""
    mpl.use("Agg")
    lab.sign_in("photo-album", "anna").finish()
    lab.sign_in("web-shop", "ben", prompt="none").finish()
    lab.users.create("zoe")
    _, given = pyplot.subplots()
    assert lab.audit_log.plot(given) is given
    assert given.get_title(loc="left") == "photo-album was busiest with 4 of 6 entries; 1 went wrong"
    assert "no application" in [each.get_text() for each in given.get_legend().get_texts()]
    only = lab.applications["web-shop"].log().plot(key="Authorization")
    assert only.get_title(loc="left") == "web-shop: 1 entry; 1 went wrong"
    pyplot.close("all")
    monkeypatch.setattr(DrawnLog, "drawing", None)
    with pytest.raises(RuntimeError, match="from oidc_lab import Lab"):
        lab.audit_log.plot()


def test_an_application_knows_where_to_find_the_provider(lab):
    """OIDCD-3"""
    shop = lab.applications["web-shop"]
    metadata = lab.sign_in(shop, "anna").finish().trace.exchanges[0].response.json()
    there = dict(shop.endpoints)
    assert there.pop("openid_configuration") == lab.issuer + "/.well-known/openid-configuration"
    assert len(there) > 5
    assert there == {name: metadata[name] for name in there}


def test_grants_are_taken_away_by_whose_they_are(lab):
    """RFC7009-2"""
    for application, user in (("web-shop", "anna"), ("photo-album", "anna"), ("web-shop", "ben")):
        lab.sign_in(application, user).finish()
    lab.grants.revoke(sub="anna", client_id="web-shop")
    assert {(each.sub, each.client_id) for each in lab.grants} == {("anna", "photo-album"), ("ben", "web-shop")}
    lab.grants.revoke(client_id="web-shop")
    assert [each.sub for each in lab.grants] == ["anna"]
    with pytest.raises(LookupError, match="no grant with sub 'ben' and client_id 'web-shop'"):
        lab.grants.revoke(sub="ben", client_id="web-shop")
    [left] = lab.grants
    for wrong in ({}, {"grant_id": left.grant_id, "sub": "ben"}):
        with pytest.raises(ValueError, match="say which grant"):
            lab.grants.revoke(**wrong)
    assert len(lab.grants) == 1


def test_a_mistake_is_shown_where_it_was_made_and_not_in_frames_of_the_lab(lab):
    mine = lab.applications.create(name="Mine", type="SPA")
    mistakes = (
        lambda: mine.update(nmae="x", id_token_ttl=0),
        lambda: lab.applications.create(name="", type="SPA"),
        lambda: lab.register(mine),
        lambda: lab.users.create(""),
        lambda: lab.users["anna"].update(username=""),
    )
    for mistake in mistakes:
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - where, not which
            mistake()
        frames = [each for each in caught.traceback if "oidc_lab" in str(each.path)]
        assert len(frames) > 2
        assert not [each.name for each in frames if not each.locals.get("__tracebackhide__")]
    assert issubclass(InvalidSetting, ValueError)


def test_what_is_in_a_set_is_written_in_order(lab):
    """A lesson is the same in every process, whatever its hash seed."""
    scopes = frozenset(["profile", "email", "address", "phone", "openid", "offline_access"])
    inside = "scopes=frozenset({'address', 'email', 'offline_access', 'openid', 'phone', 'profile'})"
    tokens = Tokens(access_token="hidden", token_type="Bearer", scopes=scopes)
    assert repr(tokens) == f"Tokens(token_type='Bearer', expires_in=None, {inside})"
    assert inside in repr(Introspected(active=True, scopes=scopes))
    lab.sign_in("web-shop", "anna", scopes=sorted(scopes), prompt="consent").finish()
    assert inside in repr(lab.grants.find()[0])
    assert "_of" not in repr(lab.grants.find()[0])
    assert repr(Tokens(access_token="a", token_type="b", scopes=frozenset())).endswith("scopes=frozenset())")


def test_a_lesson_imports_what_it_reads_tokens_and_failures_with(lab):
    """RFC7519-3.1"""
    run = lab.sign_in("web-shop", "anna").finish()
    assert decode(run.result.tokens.id_token).claims["sub"] == "anna"
    assert explain(lab.sign_in("web-shop", "ben", prompt="none").finish()).causes[0].code == "login_required"
