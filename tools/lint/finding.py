"""What a rule says about a place, and the parts of the tree that rules look at."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "careline"


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.sentence}"


@dataclass(frozen=True)
class Source:
    """One file, named as from the package: `service/conversations/actions.py`."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All of the tree, walked once for every rule."""
        return list(ast.walk(self.tree))

    @property
    def module(self) -> tuple[str, ...]:
        parts = tuple(self.path.removesuffix(".py").split("/"))
        return parts[:-1] if parts[-1] == "__init__" else parts

    @property
    def room(self) -> str:
        return room_of(self.module)


def room_of(module: tuple[str, ...]) -> str:
    """Rooms are top-level packages; the rooms inside service and experience stand one deeper."""
    deeper = module[:1] in {("service",), ("experience",)}
    return ".".join(module[: 2 if deeper else 1])


@cache
def sources(pattern: str) -> list[Source]:
    """Our own files: what was brought in whole, and migrations, have rules of their own."""
    found = sorted(path for path in SOURCE.rglob(pattern) if not {"vendor", "migrations"} & set(path.parts))
    return [Source(path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")) for path in found]
