"""A language model's endpoint as others run them, over HTTP, that says what a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Says = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


class Endpoint:
    """`says` answers the nth request, the last of them all that follow; `asked` holds what came in."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.says: list[Says] = []
        self.closing = threading.Event()
        outer = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append(body)
                outer.keys.append(self.headers["Authorization"])
                with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has gone
                    outer.says[min(len(outer.asked), len(outer.says)) - 1](self, body)
                self.close_connection = True

            def log_message(self, *_words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def told(self) -> str:
        """All that ever left the house."""
        return json.dumps(self.asked, ensure_ascii=False)

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def answered(door: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, kind: str = "application/json") -> None:
    door.send_response(status)
    door.send_header("Content-Type", kind)
    door.send_header("Content-Length", str(len(body)))
    door.end_headers()
    door.wfile.write(body)


def completion(text: str, *, tokens: int = 40) -> bytes:
    return json.dumps({
        "id": "c1", "object": "chat.completion", "created": 1, "model": "tests",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": tokens // 2, "completion_tokens": tokens - tokens // 2, "total_tokens": tokens},
    }).encode()  # fmt: skip


def words(text: str, *, tokens: int = 40) -> Says:
    return lambda door, _body: answered(door, completion(text, tokens=tokens))


def grounded(text: str, citations: list[int], *, confident: bool = True) -> Says:
    return words(json.dumps({"text": text, "citations": citations, "confident": confident}))


def raw(body: bytes, *, status: int = 200, kind: str = "application/json") -> Says:
    return lambda door, _body: answered(door, body, status=status, kind=kind)


def pieces(*texts: str, broken: bool = False) -> Says:
    """As server-sent events; `broken`: the line is cut before the end."""

    def say(door: BaseHTTPRequestHandler, _body: dict[str, Any]) -> None:
        door.send_response(200)
        door.send_header("Content-Type", "text/event-stream")
        door.end_headers()
        for text in texts:
            delta = {"role": "assistant", "content": text}
            chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "tests",
                     "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}  # fmt: skip
            door.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            door.wfile.flush()
        door.wfile.write(b'data: {"id": "c1", "choi\n\n' if broken else b"data: [DONE]\n\n")

    return say


def dripping(endpoint: Endpoint) -> Says:
    """A letter at a time, for ever: each comes soon enough, the whole never."""

    def say(door: BaseHTTPRequestHandler, _body: dict[str, Any]) -> None:
        door.send_response(200)
        door.send_header("Content-Type", "application/json")
        door.end_headers()
        while not endpoint.closing.is_set():
            door.wfile.write(b" ")
            door.wfile.flush()
            time.sleep(0.02)

    return say
