"""What many texts are about: groups with readable names, each text in one or in none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from careline.intelligence.embedding import Vector


@dataclass(frozen=True, slots=True)
class Topic:
    """`members` are places in the texts given, nearest to the middle first; `center` keeps a topic across runs."""

    name: str
    words: tuple[str, ...]
    members: tuple[int, ...]
    center: Vector


def of(
    texts: Sequence[str],
    *,
    most: int | None = None,
    locked: Sequence[Topic] = (),
    language: str = "en",
    vectors: Sequence[Vector] | None = None,
) -> list[Topic]:
    """Largest first. A locked topic keeps its name and center and takes what is near; the rest is grouped anew."""
    raise NotImplementedError
