"""What the issuer's address shows to a person."""

from oidc_lab.pages.home import home_page


def test_it_says_what_this_is_and_where_things_are(read, element, text):
    tree = read(
        home_page(
            stylesheet="s",
            issuer="https://op.example/",
            endpoints=[("Token", "https://op.example/token")],
            applications=[("Photo Album", "A web application")],
        )
    )
    shown = "".join(tree.itertext())
    assert "For teaching only." in shown
    assert "Do not use it in production" in shown
    assert text(tree, "issuer") == "https://op.example/"
    assert element(tree, "discovery").get("href") == "https://op.example/.well-known/openid-configuration"
    rows = ["".join(row.itertext()) for row in tree.iter("tr")]
    assert "Tokenhttps://op.example/token" in rows
    assert "Photo AlbumA web application" in rows


def test_empty_tables_are_left_out(read):
    tree = read(home_page(stylesheet="s", issuer="https://op.example", endpoints=[], applications=[]))
    assert not list(tree.iter("table"))


def test_it_leads_to_the_pages_of_users_and_trainers(read):
    given = {"stylesheet": "s", "issuer": "https://op.example", "endpoints": [], "applications": []}
    tree = read(home_page(**given, places=[("Your applications", "/your-applications")]))
    assert ("Your applications", "/your-applications") in [(link.text, link.get("href")) for link in tree.iter("a")]
