"""MiniLM in memory."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from careline.intelligence.embedding.kept import IDLE, Kept

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

FOLDER = files("careline.intelligence.embedding") / "minilm"
# Beyond 256 tokens nothing is read; so much text holds them in any writing, and a megabyte is not cut into words.
LONGEST = 8000


class Reader(Kept["tuple[onnxruntime.InferenceSession, Tokenizer]"]):
    """A text is read alone, since its neighbors are none of its business."""

    def __init__(self, idle: float = IDLE) -> None:
        super().__init__(lambda: _load(), idle)

    def read(self, text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        session, tokenizer = self.ready()
        tokens = np.array([tokenizer.encode(text[:LONGEST]).ids], dtype=np.int64)
        vector: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = session.run(None, {"ids": tokens})[0][0]
        return vector


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
