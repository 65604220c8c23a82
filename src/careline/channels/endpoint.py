"""An inbox as its adapter sees it."""

from __future__ import annotations

from typing import Any

import msgspec


class Endpoint(msgspec.Struct, frozen=True):
    inbox_id: int
    key: str
    name: str
    secret: str
    settings: dict[str, Any]
    language: str = "en"
    # What is kept sealed and shown to nobody: passwords, keys.
    credentials: dict[str, str] = {}
