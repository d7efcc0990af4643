"""Providers in processes of their own on loopback ports, each with refresh tokens to begin with."""

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from oidc_lab.lab import data as demo
from tests.clients.conftest import ScriptedBrowser
from tests.provider.bench import CHALLENGE, SPA, VERIFIER

LAB, LAB_ON_FILE = "oidc-lab", "oidc-lab, store in a file"
MOCK, NODE = "oidc-provider-mock", "oidc-provider on node"

# Where `npm install oidc-provider` was run; without it, node's provider is not measured.
FOLDER = "OIDC_PROVIDER_FOLDER"

CONNECTIONS = 4
MOCK_CLIENT = ("shop", "secret")
REDIRECT_URI = "https://photos.example/callback"
ASKED = {
    "client_id": SPA, "redirect_uri": REDIRECT_URI, "response_type": "code", "scope": "openid email offline_access",
    "prompt": "consent", "state": "s", "nonce": "n", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
}  # fmt: skip

# The address is printed first; nothing is said of requests, as in the others.
MOCK_PROGRAM = """
import logging, os
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
logging.getLogger("werkzeug").setLevel(logging.ERROR)
import oidc_provider_mock
with oidc_provider_mock.run_server_in_thread() as server:
    print(f"http://localhost:{server.server_port}", flush=True)
    input()
"""

Served = tuple[str, list[dict[str, str]], dict[str, str]]


def why_not_node() -> str | None:
    """What is missing for a comparison with node's provider; None when it is there."""
    if shutil.which("node") is None:
        return "there is no node on this machine"
    if FOLDER not in os.environ:
        return f"npm install oidc-provider in a folder, and name the folder in {FOLDER}"
    there = (Path(os.environ[FOLDER]) / "node_modules" / "oidc-provider").is_dir()
    return None if there else f"{FOLDER} names a folder without node_modules/oidc-provider"


@contextmanager
def serving(name: str, scratch: Path) -> Iterator[Served]:
    """The token endpoint of a provider, a token request for each connection, and the headers of all of them."""
    command, begin = {
        LAB: ([sys.executable, "-m", "oidc_lab", "serve", "--port=0"], _lab),
        LAB_ON_FILE: ([sys.executable, "-m", "oidc_lab", "serve", "--port=0", f"--store=sqlite:///{scratch}/db"], _lab),
        MOCK: ([sys.executable, "-W", "ignore", "-c", MOCK_PROGRAM], _mock),
        NODE: (["node", f"{__file__[:-9]}oidc_provider.mjs", os.environ.get(FOLDER, ""), f"{CONNECTIONS}"], _node),
    }[name]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield begin(_first_line(process, "http"))
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _first_line(process: "subprocess.Popen[str]", having: str) -> str:
    return next(line for line in process.stdout if having in line)


def _lab(line: str) -> Served:
    issuer = re.search(r"http:\S+", line)[0]
    anna = next(each for each in demo.read_users(demo.folder()) if each.user.sub == "anna")
    return f"{issuer}/token", [_refreshing(_lab_token(issuer, anna), client_id=SPA) for _ in range(CONNECTIONS)], {}


def _lab_token(issuer: str, user: demo.DemoUser) -> str:
    browser = ScriptedBrowser(user, types_password=False)
    with browser.session:
        code = browser.opens(f"{issuer}/authorize?{urlencode(ASKED)}", REDIRECT_URI).answer["code"]
    return _redeemed(f"{issuer}/token", code, client_id=SPA, code_verifier=VERIFIER)


def _mock(line: str) -> Served:
    issuer = line.strip()
    forms = [_refreshing(_mock_token(issuer)) for _ in range(CONNECTIONS)]
    return (
        f"{issuer}/oauth2/token",
        forms,
        {"Authorization": "Basic " + b64encode(":".join(MOCK_CLIENT).encode()).decode()},
    )


def _mock_token(issuer: str) -> str:
    asked = {"client_id": "shop", "redirect_uri": REDIRECT_URI, "response_type": "code", "scope": "openid email"}
    sent_back = requests.post(
        f"{issuer}/oauth2/authorize", params=asked, data={"sub": "anna@mail.example"}, allow_redirects=False, timeout=10
    )
    code = parse_qs(urlsplit(sent_back.headers["location"]).query)["code"][0]
    return _redeemed(f"{issuer}/oauth2/token", code, auth=MOCK_CLIENT)


def _node(line: str) -> Served:
    said = json.loads(line)
    return said["token_endpoint"], [_refreshing(each, client_id=SPA) for each in said["refresh_tokens"]], {}


def _redeemed(endpoint: str, code: str, auth: tuple[str, str] | None = None, **proof: str) -> str:
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    return requests.post(endpoint, data=asked | proof, auth=auth, timeout=10).json()["refresh_token"]


def _refreshing(refresh_token: str, **proof: str) -> dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": refresh_token} | proof
