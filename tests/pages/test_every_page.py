"""What holds for each page people see."""

import re

import pytest

from oidc_lab.pages import form_post
from oidc_lab.pages.render import STYLESHEET

PAGES = [
    "sign_in",
    "select_account",
    "consent",
    "confirm_sign_out",
    "form_post",
    "signed_out",
    "still_signed_in",
    "error",
    "home",
    "sign_in_without_an_application",
    "your_applications",
    "door",
    "applications",
    "application",
]
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{ 7*7 }}\u202e&amp;"


@pytest.fixture(params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_list_of_pages_is_complete(every_page):
    assert sorted(every_page("x")) == sorted(PAGES)


def test_a_page_says_its_language_and_has_one_heading_and_one_main_landmark(every_page, read, name):
    tree = read(every_page("Photo Album")[name])
    assert tree.tag == "html"
    assert tree.get("lang") == "en"
    assert len(list(tree.iter("h1"))) == 1
    assert len(list(tree.iter("main"))) == 1
    assert tree.findtext("head/title")


def test_a_page_is_the_same_bytes_for_the_same_values(every_page, name):
    assert every_page("x")[name] == every_page("x")[name]


def test_hostile_values_stay_text(every_page, read, name):
    harmless, hostile = (read(every_page(value)[name]) for value in ("x", HOSTILE))
    assert not list(hostile.iter("img"))
    assert len(list(hostile.iter("script"))) == len(list(harmless.iter("script")))
    assert "49" not in "".join(hostile.itertext())


def test_hostile_values_are_shown_and_not_dropped(every_page, read, name):
    tree = read(every_page(HOSTILE)[name])
    shown = "".join(tree.itertext()) + "".join(element.get("value", "") for element in tree.iter())
    assert "<script>alert(2)</script>" in shown.replace("\u2423", " ")


def test_a_page_has_no_style_of_its_own_and_no_event_handler(every_page, read, name):
    for element in read(every_page(HOSTILE)[name]).iter():
        assert element.tag != "style"
        assert "style" not in element.attrib
        assert not [attribute for attribute in element.attrib if attribute.startswith("on")]


def test_a_page_loads_its_stylesheet_and_nothing_else(every_page, read, name):
    tree = read(every_page("x")[name])
    links = {element.get("href") for element in tree.iter("link")}
    assert {link for link in links if link[:5] != "data:"} <= {"/pages/style.css"}
    assert not [element for element in tree.iter() if element.get("src") is not None]
    assert [script.text for script in tree.iter("script")] in ([], [form_post.SCRIPT])


def test_what_can_be_operated_has_an_id_and_inputs_have_a_label(every_page, read, name):
    tree = read(every_page("x")[name])
    labels = {label.get("for") for label in tree.iter("label")}
    inputs = [element for element in tree.iter("input") if element.get("type") != "hidden"]
    assert {element.get("id") for element in inputs} == labels
    assert all(element.get("name") for element in tree.iter("input"))
    assert all(element.get("id") and element.get("type") == "submit" for element in tree.iter("button"))


def test_each_head_of_a_table_says_what_it_heads(every_page, read, name):
    """WCAG 2.2, 1.3.1."""
    for table in read(every_page("x")[name]).iter("table"):
        assert {head.get("scope") for head in table.findall("thead/tr/th")} == {"col"}
        assert {head.get("scope") for head in table.findall("tbody/tr/th")} <= {"row"}
        assert table.get("aria-label") or table.get("aria-labelledby")


def test_a_cell_that_stands_alone_bears_the_head_of_its_column(every_page, read, name):
    """Where a window is narrow a row becomes a list, and the stylesheet shows each cell's own label."""
    for table in read(every_page("x")[name]).iter("table"):
        if "stacked" not in table.get("class", ""):
            continue
        heads = [head.text for head in table.findall("thead/tr/th")]
        for row in table.findall("tbody/tr"):
            for head, cell in zip(heads, row, strict=True):
                assert cell.tag == "th" or cell.get("data-label") in {head, "Why"}


def test_an_id_occurs_once(every_page, read, name):
    ids = [element.get("id") for element in read(every_page("x")[name]).iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_what_is_referred_to_is_on_the_page(every_page, read, name):
    tree = read(every_page("x")[name])
    ids = {element.get("id") for element in tree.iter()}
    for element in tree.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "for"):
            assert element.get(attribute) is None or element.get(attribute) in ids


def test_forms_post_what_they_were_given(every_page, read, name):
    for form in read(every_page("x")[name]).iter("form"):
        if form.get("role") == "search":  # changes nothing, so that it can be asked for again
            assert form.get("method") == "get"
            continue
        assert form.get("method") == "post"
        assert {field.get("value") for field in form.iter("input") if field.get("type") == "hidden"} == {"x"}


def test_the_footer_says_that_this_provider_is_for_teaching(every_page, read, name):
    # The form post page is passed through, not looked at.
    expected = None if name == "form_post" else "OIDC Lab · teaching provider"
    assert read(every_page("x")[name]).findtext("body/footer") == expected


def test_the_stylesheet_asks_for_nothing_from_elsewhere():
    assert not re.search(r"url\(|@import|https?:", STYLESHEET.read_text(encoding="utf-8"))


def test_each_class_of_a_page_is_known_to_the_stylesheet(every_page, read, name):
    style = STYLESHEET.read_text(encoding="utf-8")
    used = " ".join(element.get("class", "") for element in read(every_page("x" * 41)[name]).iter()).split()
    assert [word for word in used if not re.search(rf"\.{word}\b", style)] == []


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        *[("ink", ground, 4.5) for ground in ("paper", "card", "tint")],
        *[("quiet", ground, 4.5) for ground in ("paper", "card", "tint")],
        *[("accent", ground, 4.5) for ground in ("card", "tint", "paper")],
        ("on-accent", "accent", 4.5),
        ("on-accent", "accent-strong", 4.5),
        ("problem", "problem-tint", 4.5),
        ("problem", "card", 4.5),
        ("mark-ink", "mark", 4.5),
        ("control", "card", 3.0),
    ],
)
def test_text_and_controls_stand_out_from_their_ground(scheme, ink, ground, least):
    """WCAG 2.2, 1.4.3 and 1.4.11."""
    blocks = STYLESHEET.read_text(encoding="utf-8").split(":root {")[1:]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[scheme]))
    assert _contrast(colours[ink], colours[ground]) >= least
