"""What was learned of intents: names and arrays, kept as bytes that hold no code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np

from careline.intelligence import embedding
from careline.intelligence.embedding import Vector, Vectors

FORMAT = 1
# How many of the nearest phrasings say whether we have heard anything of the kind.
NEAREST = 5
# Of the two halves of a score, the probability of the first intent counts so much.
SURE = 0.5
RANKED = 5


@dataclass(frozen=True, slots=True)
class Judgement:
    """`ranked` are the likeliest intents with their probability, best first; below the threshold it is none of them."""

    ranked: tuple[tuple[str, float], ...]
    score: float
    threshold: float

    @property
    def is_known(self) -> bool:
        return self.score >= self.threshold

    @property
    def margin(self) -> float:
        """How far the first is before the second."""
        return self.ranked[0][1] - self.ranked[1][1]


class _Stored(msgspec.Struct, array_like=True):
    format: int
    model_id: str
    language: str | None
    threshold: float
    intents: list[str]
    weights: bytes
    bias: bytes
    phrasings: bytes


@dataclass(frozen=True)
class Head:
    """`weights` float32[intents, n] and `bias` float32[intents] give probabilities, `phrasings` float32[m, n] nearness.

    `language` is what it was taught in; where the house speaks several, each has its head.
    """

    intents: tuple[str, ...]
    weights: Vectors
    bias: Vector
    phrasings: Vectors
    threshold: float
    model_id: str = embedding.MODEL_ID
    language: str | None = "en"

    def judge(self, text: str) -> Judgement:
        return self.judge_vector(self._encoder.embed(text))

    def judge_vector(self, vector: Vector) -> Judgement:
        """For a text that is read already, by the encoder `model_id` names. Of nothing the score is nothing."""
        chances, nearness = self._chances(vector[None])[0], self.nearness(vector[None])[0]
        best = np.argsort(-chances, kind="stable")[:RANKED]
        score = float(SURE * chances[best[0]] + nearness) if vector.any() else 0.0
        ranked = tuple((self.intents[n], round(float(chances[n]), 4)) for n in best)
        return Judgement(ranked, round(score, 4), self.threshold)

    def scores(self, vectors: Vectors) -> tuple[list[str], Vector]:
        """Of many at once: the first intent of each and how known it is."""
        chances = self._chances(vectors)
        first = chances.argmax(1)
        scores: Vector = SURE * chances[np.arange(len(first)), first] + self.nearness(vectors)
        return [self.intents[n] for n in first], scores

    def nearness(self, vectors: Vectors) -> Vector:
        """The mean cosine of the nearest phrasings; rows at a time, so that many texts take little memory."""
        near = min(NEAREST, len(self.phrasings))
        found = [
            np.partition(vectors[at : at + 256] @ self.phrasings.T, -near, axis=1)[:, -near:].mean(1)
            for at in range(0, len(vectors), 256)
        ]
        return np.concatenate(found) if found else np.zeros(0, dtype=np.float32)

    def _chances(self, vectors: Vectors) -> Vectors:
        raw = vectors @ self.weights.T + self.bias
        raised = np.exp(raw - raw.max(axis=1, keepdims=True))
        chances: Vectors = raised / raised.sum(axis=1, keepdims=True)
        return chances

    @cached_property
    def _encoder(self) -> embedding.Encoder:
        return embedding.encoder_named(self.model_id)

    def to_bytes(self) -> bytes:
        stored = _Stored(
            FORMAT, self.model_id, self.language, self.threshold, list(self.intents),
            self.weights.astype("<f4").tobytes(), self.bias.astype("<f4").tobytes(),
            self.phrasings.astype("<f2").tobytes(),
        )  # fmt: skip
        return msgspec.msgpack.encode(stored)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Head:
        """ValueError where the bytes are no head or of an encoder that is no more: then it is to be fitted anew."""
        try:
            read = msgspec.msgpack.decode(stored, type=_Stored)
            width = embedding.encoder_named(read.model_id).dimensions
            if read.format != FORMAT:
                raise ValueError(read.format)
            weights = _array(read.weights, "<f4", [len(read.intents), width])
            bias = _array(read.bias, "<f4", [len(read.intents)])
            phrasings = _array(read.phrasings, "<f2", [-1, width])
        except (msgspec.DecodeError, KeyError, ValueError) as error:
            raise ValueError("These are no intents this version can read.") from error
        return cls(tuple(read.intents), weights, bias, phrasings, read.threshold, read.model_id, read.language)


def _array(raw: bytes, kind: str, shape: Sequence[int]) -> Vectors:
    return np.frombuffer(raw, dtype=kind).reshape(shape).astype(np.float32)
