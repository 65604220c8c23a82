"""Google and Microsoft as far as a mailbox needs them: consent in a browser, tokens, and who a token is of.

They speak as documented: RFC 6749 and 7636, errors with their codes, and with Microsoft a new refresh token each time.
"""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

CLIENT, SECRET = "client-1", "shh & +"
TOKEN_PATHS = {
    "/token": "google",
    "/common/oauth2/v2.0/token": "microsoft",
    "/firm.example/oauth2/v2.0/token": "microsoft",
}
SCOPES = {
    "google": "https://mail.google.com/",
    "microsoft": "offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
}


class Consents:
    def __init__(self) -> None:
        self.url = ""
        self.user = "help@shop.example"
        # Codes that were given, with what was asked; refresh tokens that hold; access tokens that open.
        self.codes: dict[str, dict[str, str]] = {}
        self.lasting: set[str] = set()
        self.open: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.seconds: Any = 3599
        self.instead: tuple[int, bytes] | None = None
        self.made = 0

    def new(self, kind: str) -> str:
        self.made += 1
        return f"{kind}-{self.made}"

    def agree(self, url: str) -> str:
        """What a person does who is sent to this address: gives the address they are sent back to."""
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = self.new("code")
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def take_back(self) -> None:
        """The person changes their mind: nothing opens anymore."""
        self.lasting.clear()
        self.open.clear()

    def token(self, provider: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client", "error_description": "The OAuth client was not found."}
        lasting = ""
        if form.get("grant_type") == "authorization_code":
            asked = self.codes.pop(form.get("code", ""), None)
            proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
            if (
                asked is None
                or asked["redirect_uri"] != form.get("redirect_uri")
                or asked["code_challenge"] != proof.decode().rstrip("=")
            ):
                return 400, {"error": "invalid_grant", "error_description": "Malformed auth code."}
            if provider == "microsoft" or asked.get("access_type") == "offline":
                lasting = self.new("refresh")
        elif form.get("grant_type") == "refresh_token":
            if form.get("refresh_token") not in self.lasting:
                return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            if provider == "microsoft":
                lasting = self.new("refresh")
        else:
            return 400, {"error": "unsupported_grant_type"}
        if provider == "microsoft" and form.get("scope") != SCOPES["microsoft"]:
            return 400, {"error": "invalid_scope"}
        access = self.new("access")
        self.open[access] = self.user
        told = {"access_token": access, "expires_in": self.seconds, "scope": SCOPES[provider], "token_type": "Bearer"}
        if lasting:
            self.lasting.add(lasting)
            told["refresh_token"] = lasting
        return 200, told

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        if path == "/introspect":
            user = self.open.get(form.get("token", ""))
            return 200, json.dumps({"active": user is not None, "username": user or ""}).encode()
        provider = TOKEN_PATHS[path]
        self.asked.append((provider, form))
        if self.instead is not None:
            return self.instead
        status, told = self.token(provider, form)
        return status, json.dumps(told).encode()


@contextmanager
def giving_consent() -> Iterator[Consents]:
    consents = Consents()

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            status, said = consents.answer(urlsplit(self.path).path, form)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_words: object) -> None:
            """Tests read what was asked."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    consents.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield consents
    finally:
        server.shutdown()
        server.server_close()
