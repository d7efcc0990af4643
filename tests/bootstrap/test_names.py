"""What learners import from oidc_lab is there, and costs nothing before it is asked for."""

import subprocess
import sys
from types import ModuleType

import pytest

import oidc_lab


@pytest.mark.parametrize("name", oidc_lab.__all__)
def test_every_promised_name_is_there(name: str) -> None:
    found = getattr(oidc_lab, name)
    assert callable(found) or isinstance(found, ModuleType)


def test_a_name_that_is_not_promised_is_refused_by_its_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Lap'"):
        oidc_lab.__getattr__("Lap")


def test_importing_the_package_imports_none_of_its_parts() -> None:
    looked = "import sys, oidc_lab; print(sorted(name for name in sys.modules if name.startswith('oidc_lab.')))"
    said = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
