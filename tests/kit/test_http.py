"""The way out to other people's servers never leads into the private network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from careline.kit import http

seen: list[str | None] = []


@pytest.fixture
def neighbor() -> Iterator[str]:
    """A server on the private network; /away sends visitors on to it."""

    seen.clear()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302 if self.path == "/away" else 200)
            self.send_header("Location", "/secret")
            self.send_header("Set-Cookie", "left=behind")
            seen.append(self.headers.get("Cookie"))
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"secret")

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_private_network_is_refused(neighbor: str) -> None:
    with http.client() as client, pytest.raises(httpx.ConnectError, match="leads into the private network"):
        client.get(neighbor)


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "0x7f000001", "2130706433", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_however_the_address_is_written(neighbor: str, host: str) -> None:
    port = neighbor.rpartition(":")[2]
    with http.client() as client, pytest.raises(httpx.ConnectError, match=r"private network|is not known"):
        client.get(f"http://{host}:{port}")


def test_a_name_is_looked_up_once_so_that_no_second_answer_leads_elsewhere(
    neighbor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(neighbor.rpartition(":")[2])
    answers = [["93.184.215.14", "10.0.0.7"], ["127.0.0.1"]]
    asked: list[str] = []

    def lookup(host: Any, *args: Any, **more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with http.client() as client, pytest.raises(httpx.ConnectError, match=r"rebinding\.example leads into the private"):
        client.get(f"http://rebinding.example:{port}")
    assert asked == ["rebinding.example"]


def test_a_public_name_is_connected_to_at_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[Any] = []

    def lookup(host: Any, port: int, *args: Any, **more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", port))]

    def connect(address: Any, *args: Any, **more: Any) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    with http.client() as client, pytest.raises(httpx.ConnectError):
        client.get("http://public.example/")
    assert connected == [("93.184.215.14", 80)]


def test_the_private_network_may_be_allowed_and_redirects_are_not_followed(settings: Any, neighbor: str) -> None:
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    with http.client(headers={"X-Ours": "1"}) as client:
        assert client.get(neighbor).text == "secret"
        assert client.get(f"{neighbor}/away").status_code == 302
        assert client.headers["User-Agent"] == "Careline"
    # What one answer leaves behind does not travel with the next request.
    assert seen == [None, None]


def test_proxies_of_the_environment_are_not_used(neighbor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", neighbor)
    with http.client() as client, pytest.raises(httpx.ConnectError, match="private network"):
        client.get("http://10.1.2.3/")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not http.is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert http.is_public(address)
