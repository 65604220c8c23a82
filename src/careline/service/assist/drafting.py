"""With a language model, where one is configured: a draft, other words for what is written, another language, in short.

Whatever the other side does, an agent gets words or a verdict that says why not, and goes on without. Nothing is sent.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.kit.refusals import NotVisible, Refused
from careline.service.assist.suggesting import asked, suggest
from careline.service.conversations import queries
from careline.service.conversations.hot.shapes import ListRow, ThreadRow

How = Literal["shorter", "kinder", "formal"]
PATIENCE = 12.0
# So many wait for a model at once in a process; whoever comes then is told, since others need its threads.
AT_ONCE = 2
# After it was slow or away, nobody waits for it again for so long.
REST = 20.0
LINES, LONGEST = 40, 6000
# A thread of so many lines is summed up, in at most so many sentences.
LONG, SENTENCES = 16, 4
_HOW = {
    "shorter": "Say the same in fewer words.",
    "kinder": "Say the same more warmly, without flattery and without new promises.",
    "formal": "Say the same more formally.",
}
_EXACT = re.compile(r"https?://[^\s)\]]+|[^\s@]+@[^\s@]+\.\w+|\d+(?:[.,:/-]\d+)*")
_places = threading.BoundedSemaphore(AT_ONCE)
_rests_until = 0.0
_summaries: OrderedDict[tuple[int, int, str], Summed] = OrderedDict()
_SUMMARIES = 500


class Worded(msgspec.Struct, frozen=True):
    """`words` is None where there are none; `verdict` says why, in one of the words of intelligence.port, or "busy"."""

    verdict: str
    words: str | None = None
    # Addresses of what a draft rests on.
    sources: tuple[str, ...] = ()


class Summed(msgspec.Struct, frozen=True):
    """Sentences of a thread, its own or, by a model, new ones; for the lines up to `seq`."""

    seq: int
    sentences: tuple[str, ...]
    by_model: bool = False


def is_there() -> bool:
    from careline.intelligence import port

    return port.is_configured()


def draft(conversation_id: int, *, actor: Actor) -> Worded:
    """An answer from what is suggested, citing it; none where nothing is suggested or it does not answer."""
    found, person = _talk(conversation_id, actor)
    lines = queries.thread(actor, found.id, limit=LINES)
    suggested = [one for one in suggest(actor, found.id).items if one.words]
    from careline.intelligence import port

    passages = [port.Passage(f"{one.source}:{one.item}", f"{one.claim}\n{one.words}", one.score) for one in suggested]
    if not passages:
        return Worded("unsure")

    def put() -> Any:
        return port.answer("draft", asked(lines) or found.subject, passages, known=_known(person), patience=PATIENCE)

    said = _asked(put)
    urls = {f"{one.source}:{one.item}": one.url for one in suggested}
    cited = tuple(filter(None, (urls.get(key, "") for key in getattr(said, "citations", ()))))
    return Worded(_verdict(said), getattr(said, "value", None), cited)


def reword(conversation_id: int, words: str, how: How, *, actor: Actor) -> Worded:
    """The same in other words: every number, link and address of it, and none besides."""
    _found, person = _talk(conversation_id, actor)
    told = f"Reword the draft of a reply to a customer, in its own language. {_HOW[how]} Give the new draft alone."
    return _again("reword", told, _bounded(words), person)


def translate(conversation_id: int, words: str, into: str, *, actor: Actor) -> Worded:
    """In the language of a code such as "id"."""
    _found, person = _talk(conversation_id, actor)
    return _again("translate", _into(into), _bounded(words), person)


def translate_message(conversation_id: int, message_id: UUID, into: str, *, actor: Actor) -> Worded:
    """A message of the thread, for whoever reads it."""
    found, person = _talk(conversation_id, actor)
    line = next((one for one in queries.thread(actor, found.id, limit=500) if one.id == message_id), None)
    if line is None or line.kind == "system" or not line.body.strip():
        raise NotVisible(_("There is no such message."))
    return _again("translate", _into(into), line.body[:LONGEST], person)


def customers_language(conversation_id: int, *, actor: Actor) -> str:
    """What a reply is translated into: the language the customer writes."""
    from careline.service.assist.suggesting import speech

    found, person = _talk(conversation_id, actor)
    said = [one.body for one in queries.thread(actor, found.id, limit=LINES) if one.kind == "incoming"]
    return speech.of(said[0] if said else "", person.language)


def summed(conversation_id: int, *, actor: Actor, anew: bool = False) -> Summed:
    """The matter in a few sentences of its own; `anew` asks a model for better ones, where there is one."""
    found = queries.one(actor, conversation_id)
    key = (found.id, found.last_seq, "model" if anew and is_there() else "")
    if key in _summaries:
        return _summaries[key]
    lines = [one for one in reversed(queries.thread(actor, found.id, limit=200)) if one.kind in ("incoming", "reply")]
    made = _by_model(found, lines, actor) if key[2] else None
    if made is None:
        from careline.intelligence import summary

        sentences = summary.of([one.body for one in lines], most=SENTENCES).splitlines()
        made = Summed(found.last_seq, tuple(sentences))
        key = (*key[:2], "")
    _summaries[key] = made
    while len(_summaries) > _SUMMARIES:
        _summaries.popitem(last=False)
    return made


def _by_model(found: ListRow, lines: list[ThreadRow], actor: Actor) -> Summed | None:
    from careline.intelligence import port

    person = customers.beside(actor, found.person_id)
    talk = "\n".join(f"{'Customer' if one.kind == 'incoming' else 'We'}: {one.body}" for one in lines)[-LONGEST:]
    told = (
        f"Sum up this talk for a colleague in at most {SENTENCES} short sentences, each on its own line. Add nothing."
    )
    said = _asked(lambda: port.ask("summary", told, talk, shape=str, known=_known(person), patience=PATIENCE))
    words = getattr(said, "value", None)
    if not words or not _exact(words) <= _exact(talk):
        return None
    sentences = [line.strip() for line in words.splitlines() if line.strip()][:SENTENCES]
    return Summed(found.last_seq, tuple(sentences), by_model=True) if sentences else None


def _talk(conversation_id: int, actor: Actor) -> tuple[ListRow, customers.Glance]:
    found = queries.one(actor, conversation_id)
    actor.must("conversations.reply")
    return found, customers.beside(actor, found.person_id)


def _known(person: customers.Glance) -> list[str]:
    """What of the profile may not leave."""
    return [person.name, *person.name.split(), *(one.original for one in person.identities)]


def _into(code: str) -> str:
    return f"Translate the message into the language with the code {code!r}. Give the translation alone, add nothing."


def _bounded(words: str) -> str:
    if not words.strip() or len(words) > LONGEST:
        raise Refused(_("Write something first, at most %(most)s characters.") % {"most": LONGEST}, field="body")
    return words


def _again(purpose: str, told: str, words: str, person: customers.Glance) -> Worded:
    from careline.intelligence import port

    said = _asked(lambda: port.ask(purpose, told, words, shape=str, known=_known(person), patience=PATIENCE))
    new = (getattr(said, "value", None) or "").strip()
    if not new:
        return Worded(_verdict(said))
    # A number or an address that is another one is worse than none.
    if _exact(new) != _exact(words) or len(new) > 4 * len(words) + 200:
        return Worded("ungrounded")
    return Worded("answered", new)


def _exact(words: str) -> set[str]:
    return {one.rstrip(".,;:!?") for one in _EXACT.findall(words)}


def _verdict(said: Any) -> str:
    return "busy" if said is None else str(said.verdict)


def _asked(put: Callable[[], Any]) -> Any:
    """careline.intelligence.port.Outcome, or None where too many wait, or it rests."""
    global _rests_until
    if not is_there():
        from careline.intelligence import port

        return port.Outcome(port.Verdict.UNCONFIGURED)
    if time.monotonic() < _rests_until:
        return None
    with _place() as free:
        if not free:
            return None
        said = put()
        if said.verdict in ("slow", "down"):
            _rests_until = time.monotonic() + REST
        return said


@contextmanager
def _place() -> Iterator[bool]:
    free = _places.acquire(blocking=False)
    try:
        yield free
    finally:
        if free:
            _places.release()


def forget() -> None:
    """What a process keeps: for tests."""
    global _rests_until
    _rests_until = 0.0
    _summaries.clear()
