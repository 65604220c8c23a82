"""MiniLM in memory: loaded when first asked, let go when nobody asked for a while."""

from __future__ import annotations

import threading
import time
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

FOLDER = files("careline.intelligence.embedding") / "minilm"
IDLE = 15 * 60.0
# Beyond 256 tokens nothing is read; so much text holds them in any writing, and a megabyte is not cut into words.
LONGEST = 8000


class Reader:
    """Any thread may ask; a text is read alone, since its neighbors are none of its business."""

    def __init__(self, idle: float = IDLE) -> None:
        self.idle = idle
        self._lock = threading.Lock()
        self._loaded: tuple[onnxruntime.InferenceSession, Tokenizer] | None = None
        self._asked = 0.0

    @property
    def is_loaded(self) -> bool:
        return self._loaded is not None

    def read(self, text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        session, tokenizer = self._ready()
        tokens = np.array([tokenizer.encode(text[:LONGEST]).ids], dtype=np.int64)
        vector: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = session.run(None, {"ids": tokens})[0][0]
        return vector

    def _ready(self) -> tuple[onnxruntime.InferenceSession, Tokenizer]:
        self._asked = time.monotonic()
        if (loaded := self._loaded) is not None:
            return loaded
        with self._lock:
            if self._loaded is None:
                self._loaded = _load()
                self._look_again(self.idle)
            return self._loaded

    def _look_again(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self._let_go)
        timer.daemon = True
        timer.start()

    def _let_go(self) -> None:
        with self._lock:
            left = self._asked + self.idle - time.monotonic()
            if left > 0:
                self._look_again(left)
            else:
                self._loaded = None


def _load() -> tuple[onnxruntime.InferenceSession, Tokenizer]:
    import onnxruntime
    from tokenizers import Tokenizer

    settings = onnxruntime.SessionOptions()
    # A text is too short to be shared among cores, and other requests wait for them.
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    # What a long text once took is given back.
    settings.enable_cpu_mem_arena = False
    session = onnxruntime.InferenceSession(
        (FOLDER / "minilm.int8.onnx").read_bytes(), settings, providers=["CPUExecutionProvider"]
    )
    return session, Tokenizer.from_str((FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
