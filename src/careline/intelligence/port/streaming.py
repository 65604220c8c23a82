"""Words as they come, for somebody who watches."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Iterable, Iterator

from careline.intelligence.port import endpoint
from careline.intelligence.port.asking import LONGEST, agent, fenced
from careline.intelligence.port.calls import Asking, is_affordable
from careline.intelligence.port.outcomes import Verdict
from careline.intelligence.redaction import Mask

PATIENCE = 30.0
# A placeholder is not longer; so much is held back after an opening bracket.
BRACKET = 16


class Stream:
    """To be read once; `verdict` is None until it has ended, then says whether all came."""

    def __init__(self, prompt: str, told: str, mask: Mask, call: Asking | None, patience: float) -> None:
        self.verdict: Verdict | None = None
        self._asked = prompt, told, patience
        self._mask, self._call = mask, call
        self._came: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._left = threading.Event()
        self._usage = (0, 0, "")

    def __iter__(self) -> Iterator[str]:
        if self._call is None:
            return
        worker = threading.Thread(target=self._work, daemon=True)
        worker.start()
        held = ""
        try:
            while (piece := self._came.get()) is not None:
                held += piece
                ready, held = _apart(held)
                if ready:
                    yield self._mask.restore(ready)
            if held:
                yield self._mask.restore(held)
        finally:
            self._left.set()
            worker.join()
            requests, tokens, trouble = self._usage
            assert self.verdict is not None
            self._call.close(self.verdict, requests=requests, tokens=tokens, trouble=trouble)

    def _work(self) -> None:
        try:
            endpoint.load()
            asyncio.run(self._run())
            self.verdict = Verdict.ANSWERED
        except Exception as error:
            self.verdict, self._usage = endpoint.verdict_of(error), (1, 0, type(error).__name__)
        finally:
            self._came.put(None)

    async def _run(self) -> None:
        prompt, told, patience = self._asked
        async with (
            asyncio.timeout(patience),
            endpoint.client(patience) as made,
            agent(made, told, str, patience).run_stream(prompt) as found,
        ):
            async for piece in found.stream_text(delta=True, debounce_by=None):
                self._came.put(piece)
                if self._left.is_set():  # whoever watched has gone
                    break
            self._usage = (found.usage.requests, found.usage.total_tokens, "")


def stream(
    purpose: str,
    instructions: str,
    text: str,
    *,
    known: Iterable[str] = (),
    region: str | None = None,
    patience: float = PATIENCE,
) -> Stream:
    """Words as they come, what was hidden put back; where the endpoint fails it ends, and `verdict` says why."""
    mask = Mask(known, region=region)
    material = mask.hide(text[:LONGEST])
    prompt, told = fenced(instructions, material)
    if not endpoint.is_configured():
        unasked = Verdict.UNCONFIGURED
    elif not is_affordable(prompt + told):
        unasked = Verdict.OVER_BUDGET
    else:
        call = Asking(purpose, instructions + material, hidden=mask.hidden)
        return Stream(prompt, told, mask, call, patience)
    made = Stream(prompt, told, mask, None, patience)
    made.verdict = unasked
    return made


def _apart(held: str) -> tuple[str, str]:
    """What can be shown, and what may be the beginning of a placeholder."""
    at = held.rfind("[")
    if at < 0 or "]" in held[at:] or len(held) - at > BRACKET:
        return held, ""
    return held[:at], held[at:]
