"""A flow's words held against the house's voice, as an agent's draft is; it keeps nobody from publishing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from careline.service.assist import voice
from careline.web.voicing import reasons


class Heard(msgspec.Struct, frozen=True):
    """Where in a flow, in which language, what and why; `instead` is what may stand there, "" where it is best left
    out, None where only whoever writes can know."""

    step: str
    language: str
    words: str
    why: str
    instead: str | None


def heard(raw: dict[str, Any] | None) -> list[Heard]:
    """In the order of the steps; of a flow that reads as nothing, nothing."""
    steps = (raw or {}).get("steps", {})
    if not isinstance(steps, dict):
        return []
    terms, why = voice.terms(), reasons()
    found: dict[Heard, None] = {}
    for step, language, said in _said(steps):
        for mark in voice.check(said, terms, languages=(language.partition("-")[0],)):
            # What stands in braces is filled when it is said.
            if mark.kind != "blank":
                found[Heard(step, language, mark.words, why[mark.kind], mark.instead)] = None
    return list(found)


def _said(steps: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, step in steps.items():
        for words in tables(step if isinstance(step, dict) else None):
            yield from ((name, language, said) for language, said in words.items() if isinstance(said, str))


def tables(step: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Every table of words in a step."""
    if step is None:
        return []
    found = [step.get(key) for key in ("words", "again", "confirm")]
    rows = step.get("options")
    found += [row.get("words") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [one for one in found if isinstance(one, dict)]
