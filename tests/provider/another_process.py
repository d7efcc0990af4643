"""A provider in a process of its own, over a store that others use as well; told what to do line by line.

A line says which store, whose rules and which token requests; it is answered when the provider is there. After that
each line is the signal to send one of them, and is answered with what became of it.
"""

import json
import sys

from oidc_lab import Lab
from oidc_lab.domain.profile import Profile
from tests.provider.bench import send


def serve(number: str) -> None:
    """Do what standard input says until it ends. Each process draws from a seed of its own."""
    for line in sys.stdin:
        told = json.loads(line)
        with Lab(seed=f"process {number}", store=told["store"]) as lab:
            lab.provider.extensions["oidc_lab"].profile = Profile(told["profile"])
            print("ready", flush=True)
            for form in told["forms"]:
                sys.stdin.readline()
                response = send(lab, "/token", form)
                print(json.dumps([response.status_code, response.json]), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
