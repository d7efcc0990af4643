"""A live server knows its address before its application is made, and stops when told to."""

import time
from urllib.request import urlopen

import pytest

from oidc_lab.serve.server import LiveServer


def echo_of(url):
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [f"{url}{environ['PATH_INFO']}".encode()]

    return application


def test_the_application_is_made_with_the_address_it_answers_at():
    with LiveServer(echo_of) as server, urlopen(f"{server.url}/x") as answer:
        assert answer.read().decode() == f"{server.url}/x"


def test_it_listens_on_this_machine_only():
    with LiveServer(echo_of) as server:
        assert server.url == f"http://127.0.0.1:{server.port}"


def test_it_says_nothing_about_requests_that_went_well(capfd):
    with LiveServer(echo_of) as server, urlopen(server.url):
        pass
    assert capfd.readouterr() == ("", "")


def test_it_stops_quickly_and_frees_the_port():
    server = LiveServer(echo_of)
    begun = time.perf_counter()
    server.close()
    server.close()
    assert time.perf_counter() - begun < 0.4  # half a second is what werkzeug takes by itself
    with LiveServer(echo_of, port=server.port) as again:
        assert again.port == server.port


def test_a_port_in_use_is_an_error():
    with LiveServer(echo_of) as server, pytest.raises(OSError, match="in use"):
        LiveServer(echo_of, port=server.port)


def test_an_application_that_cannot_be_made_leaves_no_port_behind():
    def fails(url):
        taken.append(int(url.rsplit(":", 1)[1]))
        raise ValueError(url)

    taken = []
    with pytest.raises(ValueError, match=r"http://127\.0\.0\.1"):
        LiveServer(fails)
    with LiveServer(echo_of, port=taken[0]):
        pass
