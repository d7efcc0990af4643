"""What a secret of an application is, without its value."""

from datetime import UTC, datetime, timedelta

import pytest

from oidc_lab.domain.application import InvalidSetting
from oidc_lab.domain.secret import Secret

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_secret_is_over_at_the_moment_at_which_it_expires():
    """OIDCR-3.2"""
    secret = Secret(name="January", created_at=NOW, expires_at=NOW + DAY)
    assert not secret.expired(NOW)
    assert not secret.expired(NOW + DAY - timedelta(microseconds=1))
    assert secret.expired(NOW + DAY)


def test_a_secret_without_an_end_never_expires():
    """OIDCR-3.2"""
    assert not Secret(name="Default secret", created_at=NOW).expired(NOW + 100_000 * DAY)


@pytest.mark.parametrize("name", ["x", "x" * 256, "Käse 1"])
def test_a_name_of_a_secret_is_what_people_read(name):
    """RFC6749-2.3.1"""
    assert Secret(name=name, created_at=NOW).name == name


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 257}, "name"),
        ({"name": " \t"}, "name"),
        ({"created_at": datetime(2026, 1, 1)}, "created_at"),  # noqa: DTZ001
        ({"expires_at": datetime(2026, 1, 2)}, "expires_at"),  # noqa: DTZ001
        ({"expires_at": NOW}, "expires_at"),
        ({"expires_at": NOW - DAY}, "expires_at"),
    ],
)
def test_a_wrong_value_is_named(changes, setting):
    """RFC6749-2.3.1"""
    with pytest.raises(InvalidSetting) as caught:
        Secret(**{"name": "January", "created_at": NOW, **changes})
    assert caught.value.setting == setting
