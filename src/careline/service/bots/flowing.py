"""A flow at work in a conversation: each event is given to the machine, and what it wants is done."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from careline.customers.models import Identity
from careline.service.bots import articles, handing, looking
from careline.service.bots.core import machine, text
from careline.service.bots.core.shapes import Call, Flow, Look, Offer, Value
from careline.service.bots.core.state import (
    Answered,
    Begun,
    Fetch,
    Finish,
    Happening,
    Later,
    Person,
    Phrase,
    Speak,
    State,
    Wanted,
)  # fmt: skip
from careline.service.bots.models import Run, Version
from careline.service.bots.talking import PHRASES, Talk
from careline.service.conversations import actions as talks
from careline.service.conversations.hot.shapes import Source

CALL = "call"


@lru_cache(maxsize=64)
def flow_of(version_id: int) -> Flow:
    """A version never changes."""
    return text.read(Version.objects.get(pk=version_id).text)


def state_of(run: Run) -> State:
    return msgspec.convert(run.state, State)


def begin(talk: Talk, version: Version) -> None:
    flow = flow_of(version.pk)
    talk.rest()
    talk.run.version, talk.run.misses, talk.run.offered = version, 0, []
    state = machine.begin(flow, _known(talk, flow), verified=looking.is_verified(talk))
    talk.run.state = msgspec.to_builtins(state)
    move(talk, Begun())


def move(talk: Talk, happening: Happening) -> None:
    """One event, and those that come of it at once; a flow that is gone meanwhile leads to a person."""
    if talk.run.version_id is None:
        handing.hand(talk, "failed")
        return
    flow = flow_of(talk.run.version_id)
    todo: list[Happening] = [happening]
    while todo and not talk.is_over:
        moved = machine.step(flow, state_of(talk.run), todo.pop())
        talk.run.state = msgspec.to_builtins(moved.state)
        for wanted in moved.commands:
            found = _do(talk, flow, wanted)
            if found is not None:
                todo.append(found)


def _do(talk: Talk, flow: Flow, wanted: Wanted) -> Answered | None:
    """What comes of it at once, where something does."""
    if isinstance(wanted, Speak):
        link = _link(talk, flow, wanted.step)
        talk.say(talk.worded(wanted.words), [talk.worded(one) for one in wanted.options], link)
    elif isinstance(wanted, Phrase):
        talk.say(talk.told(PHRASES[wanted.phrase]))
    elif isinstance(wanted, Later):
        talk.wait(wanted.minutes)
    elif isinstance(wanted, Person):
        handing.hand(talk, wanted.reason)
    elif isinstance(wanted, Finish):
        _finish(talk, wanted)
    else:
        return _fetch(talk, flow, wanted)
    return None


def _fetch(talk: Talk, flow: Flow, wanted: Fetch) -> Answered | None:
    node = flow.steps[wanted.step]
    if isinstance(node, Call):
        talk.ask_outside(CALL)
        return None
    found: dict[str, Value] | None = None
    if isinstance(node, Look):
        found = looking.look(talk, node, state_of(talk.run).values)
    elif isinstance(node, Offer):
        article = articles.answer(None, str(wanted.sends.get(node.about, "")), talk.run.language)
        if article is not None:
            found = {"article": article.extract, "link": article.sources[0].url}
    return Answered(failed=True) if not found else Answered(values=found)


def _link(talk: Talk, flow: Flow, step: str) -> list[Source]:
    """The article that was offered, where the words that are said next name it."""
    link = state_of(talk.run).values.get("link")
    words = getattr(flow.steps.get(step), "words", None) or {}
    if not isinstance(link, str) or not any("{article}" in one for one in words.values()):
        return []
    return [Source(link.rpartition("/")[2].replace("-", " "), link)]


def _finish(talk: Talk, wanted: Finish) -> None:
    talk.rest()
    if wanted.resolves:
        talk.conversation = talks.resolve(talk.conversation.pk, actor=talk.actor)
        talk.end(Run.Outcome.FINISHED)


def _known(talk: Talk, flow: Flow) -> dict[str, Value]:
    """What it may begin with, where we know it."""
    if not flow.knows:
        return {}
    person = talk.person()
    rows = Identity.objects.filter(person_id=person.pk, kind__in=["email", "phone"], verified=True).order_by("pk")
    known: dict[str, Value] = {"name": person.name, "language": talk.run.language}
    known |= {one.kind: one.original for one in rows}
    return {name: known[name] for name in flow.knows if known.get(name)}
