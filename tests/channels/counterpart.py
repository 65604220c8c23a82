"""The other side of a push channel: a real HTTP server in a thread, on one port for its whole life."""

from __future__ import annotations

import http.server
import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

Answer = tuple[int, bytes]


def well(key: str, _body: bytes) -> Answer:
    return 200, json.dumps({"id": f"ext-{key}"}).encode()


class Counterpart:
    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        # Every request that was read whole: webhook-id, headers and body.
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Callable[[str, bytes], Answer] = lambda key, _body: (
            200,
            json.dumps({"id": f"ext-{key}"}).encode(),
        )
        self._server: http.server.ThreadingHTTPServer | None = None

    @property
    def keys(self) -> list[str]:
        return [key for key, _headers, _body in self.requests]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What a careful receiver keeps: one message for each key, in the order of their first arrival."""
        kept = {}
        for key, _headers, body in self.requests:
            kept.setdefault(key, json.loads(body))
        return list(kept.values())

    def start(self) -> None:
        counterpart = self

        class Hook(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                key = self.headers.get("webhook-id", "")
                counterpart.requests.append((key, {k.lower(): v for k, v in self.headers.items()}, body))
                status, said = counterpart.answer(key, body)
                if status == 0:  # hangs up in the middle
                    self.connection.close()
                    return
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_args: object) -> None:
                pass

        http.server.ThreadingHTTPServer.allow_reuse_address = True
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Hook)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def kill(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
            time.sleep(0.01)
