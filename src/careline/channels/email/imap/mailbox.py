"""A mailbox as its settings describe it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

MEGABYTE = 1024 * 1024


class Mailbox(msgspec.Struct, frozen=True, kw_only=True):
    host: str
    port: int = 993
    # tls: from the first byte. starttls: from the second sentence; a server without it is refused.
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    password: str = ""
    # XOAUTH2 instead of a password. Asked with True, it gives a token that was not in use before.
    token: Callable[[bool], str] | None = None
    # A certificate authority of the company's own, as PEM.
    authority: str = ""
    folder: str = "INBOX"
    # Take also what is there already; else only what comes from the first look on.
    existing: bool = False
    largest: int = 40 * MEGABYTE

    @property
    def source(self) -> str:
        """Numbers of one account mean nothing in another."""
        return f"{self.user}@{self.host}"
