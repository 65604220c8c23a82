"""Pages made of nothing but the parts, served under the strict policy, so that a browser can look at them."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

from django.template import engines
from django.utils import translation
from jinja2 import ChoiceLoader, FileSystemLoader
from typing_extensions import override

from careline.web.assets import FOLDER
from careline.web.viewer import Viewer
from tests.web import samples

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
OWN = Path(__file__).parent / "templates"
SCREENS = [
    "kit", "desk", "desk_empty", "desk_broken", "customer", "people", "settings", "door", "setup", "chat", "errors/403",
]  # fmt: skip
# Drawn alike but for their words.
FAULTS = ["errors/404", "errors/500", "errors/csrf", "errors/offline"]


def draw(name: str, language: str = "en", theme: str = "system", density: str = "comfortable") -> str:
    viewer = Viewer(
        language=language, zone="UTC", theme=theme, density=density, name="Ines Calder", email="ines@shop.example",
        role="Agent",
    )  # fmt: skip
    with translation.override(language):
        environment = engines["jinja2"].now().env  # type: ignore[attr-defined]  # the backend's own
        overlay = environment.overlay(loader=ChoiceLoader([FileSystemLoader(OWN), environment.loader]))
        return str(
            overlay.get_template(f"{name}.html").render(
                request=SimpleNamespace(viewer=viewer),
                csrf_token="a-token",
                rows=samples.rows(language),
                chosen=1001,
                messages=samples.messages(language),
                moments=samples.moments(newest_first=name == "customer"),
                person=samples.person(language),
                composer=samples.composer(language),
                language=language,
            )
        )


class Gallery:
    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        gallery = self

        class Room(SimpleHTTPRequestHandler):
            @override
            def do_GET(self) -> None:
                path = self.path.split("?")[0]
                if path.startswith("/static/"):
                    self.path = "/" + path.split("/", 3)[3]
                    return super().do_GET()
                body = gallery.pages.get(path, "").encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return None

            @override
            def end_headers(self) -> None:
                self.send_header("Content-Security-Policy", POLICY)
                super().end_headers()

            @override
            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Room, directory=str(FOLDER)))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join(5)
        self.server.server_close()

    def hang(self, name: str, **options: str) -> str:
        """Draw a page and say where it hangs."""
        path = f"/{name}-" + "-".join(options.values())
        self.pages[path] = draw(name, **options)
        return self.url + path
