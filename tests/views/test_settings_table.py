"""The table of settings as text."""

from oidc_lab.domain.settings import SETTINGS
from oidc_lab.views.settings_table import markdown


def test_each_setting_has_its_rows_and_no_two_rows_say_the_same():
    rows = [line.strip("| ").split(" | ") for line in markdown().splitlines()[2:]]
    assert all(len(row) == 4 for row in rows)
    assert len({tuple(row[1:]) for row in rows}) == len(rows)
    for each in SETTINGS.values():
        assert any(f"{each.label} (`{each.name}`)" in row[0] for row in rows)


def test_types_and_profiles_are_named_and_a_missing_setting_has_its_reason():
    text = markdown()
    assert "| Traditional web | strict | On: a new token at every request." in text
    assert "| Native, Single page app | all | *Not available.* It cannot keep a secret" in text
    assert "| all | all | It is kept and given back as it is" in text


def test_a_star_is_a_star():
    assert r"\* stands for a part of host or path" in markdown()
