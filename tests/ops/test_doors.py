"""What the one process lets in: its own host names, bodies it can take, and nobody who holds up others."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from tests.house import PLAIN
from tests.live.firm import Firm

DOORS = ["/sign-in", "/chat/nobody", "/api/v1/conversations", "/api/v1/inboxes", "/v1/track", "/static/nothing"]


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "@127.0.0.1", ""])
def test_another_sites_name_is_not_answered_to(house, path, name):
    answer = PLAIN.get(house.url + path, headers={"Host": name})
    assert (answer.status_code, "CARELINE_ALLOWED_HOSTS" in answer.text) == (400, True)


def test_our_names_are_and_whoever_probes_may_use_any(house):
    for name in ("localhost", f"LOCALHOST:{house.port}", "127.0.0.1", "[::1]"):
        assert PLAIN.get(f"{house.url}/sign-in", headers={"Host": name}, follow_redirects=True).status_code == 200
    assert PLAIN.get(f"{house.url}/livez", headers={"Host": "10.0.0.7"}).status_code == 200


def test_whoever_sends_half_a_body_keeps_nobody_waiting(house):
    head = (
        f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nContent-Length: 200000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    ).encode()
    stalled = [socket.create_connection(("127.0.0.1", house.port)) for _n in range(10)]
    try:
        for one in stalled:
            one.sendall(head + b"x" * 100_000)
        time.sleep(0.3)  # until all of them are inside, which nothing tells
        assert PLAIN.get(f"{house.url}/sign-in", follow_redirects=True, timeout=60).status_code == 200
    finally:
        for one in stalled:
            one.close()


def answered(send: Callable[[], httpx.Response]) -> httpx.Response:
    """Who is answered in the middle of sending may lose the answer with the connection, and asks again."""
    for _try in range(20):
        with suppress(httpx.NetworkError, httpx.RemoteProtocolError):
            return send()
    raise AssertionError("nobody answered")


@pytest.mark.parametrize(
    ("kind", "cookie", "most"),
    [
        ("application/x-www-form-urlencoded", "careline_session=x", 2),
        ("multipart/form-data; boundary=b", "careline_session=x", 26),
        ("multipart/form-data; boundary=b", "", 2),
    ],
)
def test_what_is_too_large_for_a_page_is_called_so(house, kind, cookie, most):
    """And a stranger, who may send no file anywhere, is not read to the end of one."""
    headers = {"Content-Type": kind, "Accept-Language": "id"} | ({"Cookie": cookie} if cookie else {})
    PLAIN.cookies.clear()
    pieces = [b"x" * (1024 * 1024)] * 30
    answer = answered(lambda: PLAIN.post(f"{house.url}/sign-in", content=iter(pieces), headers=headers))
    assert answer.status_code == 413
    assert f"{most} MB" in answer.text


def test_what_is_too_large_for_the_api_is_a_problem(house):
    headers = {"Authorization": f"Bearer {Firm(house).owner.token}"}
    content = b"x" * (27 * 1024 * 1024)
    answer = answered(lambda: PLAIN.post(f"{house.url}/api/v1/files", content=content, headers=headers))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_stranger_to_the_api_is_answered_long_before_the_end(house):
    head = (
        f"POST /api/v1/imports HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nContent-Length: 400000000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", house.port), timeout=60) as line:
        line.sendall(head + b"x" * 3_000_000)
        assert line.recv(100).startswith(b"HTTP/1.1 401 ")
