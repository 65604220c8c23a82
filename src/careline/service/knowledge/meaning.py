"""Finding by meaning: vectors of passages, kept by each process as they are, compared with a question all at once.

The tools of meaning may not be there, or not know a language: then there are no vectors, and whoever searches is told.
"""

from __future__ import annotations

import struct
import threading
from functools import lru_cache
from importlib import import_module
from typing import Any

from careline.service.knowledge import hot

# Read from the database in pieces.
PIECE = 5000
# Vectors turned into float32 at once: what is compared is kept in a quarter of the memory.
BLOCK = 2048
# The group of what is an edition's no more.
GONE = -1


@lru_cache(maxsize=32)
def encoder(language: str) -> Any:
    """careline.intelligence.embedding.Encoder of a language; None where meanings are not understood."""
    try:
        found = import_module("careline.intelligence.embedding").encoder_of(language)
    except (ImportError, NotImplementedError):
        return None
    return found if found.understands else None


def is_there(language: str) -> bool:
    return encoder(language) is not None


def vector_of(words: str, language: str) -> tuple[bytes | None, str]:
    """As a passage keeps it, with the model's name; nothing where meanings are not understood."""
    known = encoder(language)
    if known is None:
        return None, ""
    return _packed(known.embed(words)), known.model_id


def _packed(vector: Any) -> bytes:
    """In eight bits a number, behind what to multiply them by: a quarter of the memory, and read twice as quickly."""
    largest = float(abs(vector).max()) or 1.0
    rounded: bytes = (vector * (127 / largest)).round().astype("int8").tobytes()
    return struct.pack("<f", largest / 127) + rounded


class _Shelf:
    """All vectors of one model in this process. What was taken back stays in it until much has been, and is left out
    by the statement that draws what was found."""

    def __init__(self, model_id: str, dimensions: int) -> None:
        self.np: Any = import_module("numpy")
        self.model_id, self.dimensions = model_id, dimensions
        self.lock = threading.Lock()
        self.empty()

    def empty(self) -> None:
        np = self.np
        self.last = 0
        self.ids, self.editions, self.groups = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int32)
        self.rows, self.scales = np.zeros((0, self.dimensions), np.int8), np.zeros(0, np.float32)
        self.names: dict[tuple[str, str], int] = {}

    def read(self) -> None:
        there = hot.VECTORS_THERE.one(model=self.model_id)
        assert there is not None  # it counts
        with self.lock:
            if len(self.editions) > 2 * there.there + 1000:
                self.empty()
            while there.last > self.last:
                piece = hot.VECTORS.all(after=self.last, model=self.model_id, limit=PIECE)
                if not piece:
                    break
                self.add(piece)

    def add(self, piece: list[hot.Vector]) -> None:
        np = self.np
        packed = np.frombuffer(b"".join(one.vector for one in piece), np.uint8).reshape(len(piece), self.dimensions + 4)
        groups = [self.names.setdefault((one.language, one.audience), len(self.names)) for one in piece]
        # Passages an edition had before it was published anew.
        first = {one.edition_id: one.first_id for one in piece}
        again = np.flatnonzero(np.isin(self.editions, list(first)))
        old = [at for at in again if self.ids[at] < first[int(self.editions[at])]]
        self.groups = self.groups.copy()  # whoever looks at this moment keeps theirs
        self.groups[old] = GONE
        self.ids = np.concatenate([self.ids, np.array([one.id for one in piece], np.int64)])
        self.rows = np.concatenate([self.rows, packed[:, 4:].view(np.int8)])
        self.scales = np.concatenate([self.scales, packed[:, :4].copy().view("<f4")[:, 0]])
        self.editions = np.concatenate([self.editions, np.array([one.edition_id for one in piece], np.int64)])
        self.groups = np.concatenate([self.groups, np.array(groups, np.int32)])
        self.last = piece[-1].id

    def nearest(self, vector: Any, language: str, audiences: list[str], limit: int) -> dict[int, float]:
        """The nearest passage of each edition."""
        np = self.np
        with self.lock:
            editions, groups, rows, scales = self.editions, self.groups, self.rows, self.scales
            mine = [number for (code, whom), number in self.names.items() if code == language and whom in audiences]
        scores = np.empty(len(editions), np.float32)
        for at in range(0, len(editions), BLOCK):
            scores[at : at + BLOCK] = rows[at : at + BLOCK].astype(np.float32) @ vector
        scores *= scales
        scores[~np.isin(groups, mine)] = -2
        # Several passages are of one edition.
        near = np.argpartition(-scores, min(4 * limit, len(scores) - 1))[: 4 * limit] if len(scores) else []
        found: dict[int, float] = {}
        for at in sorted(near, key=lambda one: -scores[one]):
            if scores[at] > -1:
                found.setdefault(int(editions[at]), float(scores[at]))
        return dict(list(found.items())[:limit])


_shelves: dict[str, _Shelf] = {}
_making = threading.Lock()


def nearest(words: str, language: str, audiences: list[str], limit: int) -> dict[int, float] | None:
    """Editions by how near their nearest passage is, -1 to 1; None where meanings are not understood."""
    known = encoder(language)
    if known is None:
        return None
    with _making:
        shelf = _shelves.get(known.model_id)
        if shelf is None:
            shelf = _shelves[known.model_id] = _Shelf(known.model_id, known.dimensions)
    shelf.read()
    return shelf.nearest(known.embed(words), language, audiences, limit)


def forget() -> None:
    """What a process keeps: for tests, and when a model is changed."""
    _shelves.clear()
    encoder.cache_clear()
