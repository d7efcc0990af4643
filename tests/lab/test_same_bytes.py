"""One seed gives one trace, byte for byte, in any process; and a first import costs little."""

import os
import subprocess
import sys

import pytest

from oidc_lab import Lab

PROGRAM = """
import json, sys
from oidc_lab import Lab
with Lab(seed=int(sys.argv[1])) as lab:
    signed_in = lab.sign_in("web-shop", "anna", scopes="openid profile email address phone offline_access",
                            prompt="consent", claims={"userinfo": {"email": None, "birthdate": None}}).finish()
    refreshed = lab.refresh("web-shop", "anna", signed_in=signed_in).finish()
    signed_out = lab.sign_out("web-shop", "anna", signed_in=refreshed).finish()
    refused = lab.sign_in("city-guide", "ben", agrees=False).finish()
    for run in (signed_in, refreshed, signed_out, refused):
        print(run.trace.to_json())
        print(json.dumps(run.trace._repr_mimebundle_()))
        print(json.dumps(run._repr_mimebundle_()))
        print(repr(run), run.trace.refusal)
    print(repr(lab), lab.clock)
"""


def output(program, *arguments, hash_seed="0"):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", program, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout


def test_two_processes_with_one_seed_give_the_same_bytes_and_another_seed_gives_others():
    one, two = (output(PROGRAM, "7", hash_seed=each) for each in ("1", "4242"))
    assert len(one) > 10_000
    assert one == two
    assert output(PROGRAM, "8") != one


def test_another_seed_changes_what_is_drawn_and_nothing_else():
    def steps(seed):
        with Lab(seed) as lab:
            run = lab.sign_in("web-shop", "anna").finish()
        return [(each.step.title, each.step.clause) for each in run.trace.exchanges], run.result.tokens.access_token

    (one, token), (two, other) = steps(1), steps(2)
    assert one == two
    assert token != other


@pytest.mark.parametrize(
    "program", ["import oidc_lab", "from oidc_lab import Lab", "from oidc_lab import Lab; Lab().close()"]
)
def test_what_draws_and_tabulates_is_not_imported_before_it_is_needed(program):
    heavy = "{'pandas', 'matplotlib', 'ipywidgets', 'IPython', 'numpy'}"
    assert output(f"{program}; import sys; print(sorted({heavy} & set(sys.modules)))").strip() == b"[]"


def test_importing_the_package_loads_no_part_of_it():
    said = output("import oidc_lab, sys; print([name for name in sys.modules if name.startswith('oidc_lab.')])")
    assert said.strip() == b"[]"
