"""Answers that rest on what was found: each sentence is held against the passages it cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from careline.intelligence import embedding
from careline.intelligence import language as languages
from careline.intelligence.port.asking import LONGEST, PATIENCE, put
from careline.intelligence.port.outcomes import Outcome, Passage, Verdict
from careline.intelligence.redaction import Mask

INSTRUCTIONS = (
    "Answer the customer's question from the numbered passages alone, in the language of the question, in at most five"
    " short sentences. Cite the numbers of the passages you used. Where they do not answer it, set confident to false."
)
# A sentence is borne where half of its telling words stand in what it cites, or where it means the same.
SHARED, NEAR = 0.5, 0.55
_SENTENCE = re.compile(r"(?<=[.!?。！？؟])\s+|\n+")
_WORD = re.compile(r"[^\W_]{3,}")
# Where a sentence breaks into what can be true by itself, and the words that turn one of these around.
_CLAUSE = re.compile(
    r"[.!?;:,。！？؟،؛]\s*|\n+|\s+(?:but|because|if|when|while|unless|tetapi|karena|jika|kalau|bila)\s+", re.I
)
_NO = re.compile(
    r"\b(?:not|no|never|none|cannot|without|neither|nor|unable|tidak|bukan|jangan|tanpa|belum|tak)\b|n['’]t\b"
    r"|(?<!\w)(?:لا|ليس|ليست|لم|لن|غير|بدون|دون)(?!\w)",
    re.I,
)
# What must be there to the letter: amounts, dates, addresses of pages.
_EXACT = re.compile(r"https?://[^\s)\]]+|\d+(?:[.,:/-]\d+)*")


def answer(
    purpose: str,
    question: str,
    passages: Sequence[Passage],
    *,
    known: Iterable[str] = (),
    region: str | None = None,
    patience: float = PATIENCE,
) -> Outcome[str]:
    """An answer that rests on the passages and cites them; one that does not is asked for again once, then refused.

    Without a passage nothing is asked. `citations` are keys of passages.
    """
    if not passages:
        return Outcome(Verdict.UNSURE)
    from careline.intelligence.port import endpoint

    if not endpoint.is_configured():
        return Outcome(Verdict.UNCONFIGURED)
    mask = Mask(known, region=region)
    room = LONGEST // (len(passages) + 1)
    texts = [mask.hide(one.text[:room]) for one in passages]
    material = "\n\n".join(f"[{n}] {text}" for n, text in enumerate(texts, 1))
    material = f"Question: {mask.hide(question[:room])}\n\nPassages:\n{material}"
    rejected: list[str] = []
    found = put(
        purpose, INSTRUCTIONS, material, shape=_shape(), mask=mask, patience=patience, passages=passages,
        check=lambda said: _checked(said, texts, rejected),
        cited=lambda said: [passages[n - 1].key for n in dict.fromkeys(said.citations)] if said.confident else [],
    )  # fmt: skip
    return _outcome(found, rejected)


def _outcome(found: Outcome[Any], rejected: Sequence[str]) -> Outcome[str]:
    if found.value is None:
        verdict = Verdict.UNGROUNDED if rejected and found.verdict is Verdict.MALFORMED else found.verdict
    else:
        verdict = found.verdict if found.value.confident else Verdict.UNSURE
    if verdict is not found.verdict and found.call is not None:
        from careline.intelligence.models import Call

        Call.objects.filter(pk=found.call).update(verdict=verdict)
    value = found.value.text if found.value is not None and verdict is Verdict.ANSWERED else None
    return replace(found, verdict=verdict, value=value)


def _shape() -> Any:
    from pydantic import create_model

    return create_model("Answer", text=(str, ...), citations=(list[int], ...), confident=(bool, ...))


def _checked(said: Any, texts: Sequence[str], rejected: list[str]) -> Any:
    from pydantic_ai import ModelRetry

    if not said.confident:
        return said
    if wrong := fault_of(said.text, said.citations, texts):
        rejected.append(wrong)
        raise ModelRetry(wrong)
    rejected.clear()
    return said


def fault_of(text: str, citations: Sequence[int], texts: Sequence[str]) -> str | None:
    """What speaks against an answer, in words the model can act on; None where it is borne."""
    if not text.strip() or not citations:
        return "Say something and cite at least one passage."
    if strange := [n for n in citations if not 1 <= n <= len(texts)]:
        return f"There is no passage {strange[0]}."
    borne = "\n".join(texts[n - 1] for n in dict.fromkeys(citations))
    exact = set(_exact(borne))
    for sentence in filter(str.strip, _SENTENCE.split(text)):
        if strange_words := [one for one in _exact(sentence) if one not in exact]:
            return f"{strange_words[0]} stands in none of the passages you cited."
        if not _is_borne(sentence, borne):
            return "Each sentence must rest on the passages you cited."
        if _is_turned(sentence, borne):
            return "A sentence says the opposite of what you cited."
    return None


def _exact(text: str) -> list[str]:
    return [one.rstrip(".,;:!?") for one in _EXACT.findall(text)]


def _is_borne(sentence: str, borne: str) -> bool:
    words, there = _telling(sentence), _telling(borne)
    if not words or len(words & there) / len(words) >= SHARED:
        return True
    vector = embedding.embed(sentence)
    return any(float(vector @ embedding.embed(each)) >= NEAR for each in _SENTENCE.split(borne)[:40])


def _is_turned(sentence: str, borne: str) -> bool:
    """Says yes where what is likest to it says no, or the other way round."""
    there = [(_telling(clause), bool(_NO.search(clause))) for clause in _CLAUSE.split(borne)]
    for clause in _CLAUSE.split(sentence):
        words = _telling(clause)
        if len(words) < 2:
            continue
        alike = max((len(words & other) for other, _says_no in there), default=0)
        likest = {says_no for other, says_no in there if len(words & other) == alike}
        if alike >= len(words) * SHARED and bool(_NO.search(clause)) not in likest:
            return True
    return False


def _telling(text: str) -> set[str]:
    found = {word.casefold() for word in _WORD.findall(text)}
    return found - languages.ENGLISH - languages.OTHERS
