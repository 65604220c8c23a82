"""A channel's own account of raw bytes, for whoever asks by its kind: its folder's module `explaining`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast


class Account(Protocol):
    """Writes nothing, fails for nothing: what cannot be read says so."""

    def explained(self, files: Iterable[Path]) -> Iterator[dict[str, Any]]: ...

    def body(self, text: bytes) -> str:
        """What is new in a decoded text."""

    def sentence(self, code: str) -> str:
        """A remark in words."""


def of(kind: str) -> Account:
    return cast(Account, import_module(f"careline.channels.{kind}.explaining"))
