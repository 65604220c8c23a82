"""Finding by meaning: vectors of passages, kept by each process as they are, compared with a question all at once.

Where a language is not read for its meaning there are no vectors, and whoever searches is told.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

from careline.intelligence import embedding, shelf
from careline.service.knowledge import hot


@lru_cache(maxsize=32)
def encoder(language: str) -> embedding.Encoder | None:
    """None where meanings of a language are not understood."""
    found = embedding.encoder_of(language)
    return found if found.understands else None


def is_there(language: str) -> bool:
    return encoder(language) is not None


def vector_of(words: str, language: str) -> tuple[bytes | None, str]:
    """As a passage keeps it, with the model's name; nothing where meanings are not understood."""
    known = encoder(language)
    if known is None:
        return None, ""
    return shelf.packed(known.embed(words)), known.model_id


def _shelf(model_id: str, dimensions: int) -> shelf.Shelf[hot.Vector]:
    """Of all passages that have vectors of a model."""

    def counted(statement: Any) -> int:
        found = statement.one(model=model_id)
        return int(found.n) if found is not None else 0

    return shelf.Shelf(
        dimensions,
        last=lambda: counted(hot.LAST_VECTOR),
        count=lambda: counted(hot.VECTORS_THERE),
        after=lambda last, limit: hot.VECTORS.all(after=last, model=model_id, limit=limit),
        key=lambda one: one.edition_id,
        group=lambda one: (one.language, one.audience),
        alive=lambda ids: [one.n for one in hot.STILL_THERE.all(ids=ids)],
    )


_shelves: dict[str, shelf.Shelf[hot.Vector]] = {}
_making = threading.Lock()


def nearest(words: str, language: str, audiences: list[str], limit: int) -> dict[int, shelf.Near] | None:
    """Editions by how near their nearest passage is, -1 to 1, with its number; None where meanings are not
    understood."""
    known = encoder(language)
    if known is None:
        return None
    with _making:
        kept = _shelves.get(known.model_id)
        if kept is None:
            kept = _shelves[known.model_id] = _shelf(known.model_id, known.dimensions)
    kept.read()
    return kept.nearest(known.embed(words), {(language, one) for one in audiences}, limit)


def forget() -> None:
    """What a process keeps: for tests, and when a model is changed."""
    _shelves.clear()
    encoder.cache_clear()
