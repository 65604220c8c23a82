"""A house whose chat a bot answers: the demo company's intents, flows and a few of its articles."""

from __future__ import annotations

from typing import Any

from careline.accounts.actor import Actor


def answer(boss: Any, inbox: Any, **changed: Any) -> list[int]:
    """As the demo company does it; the numbers of its flows. Nothing is learned by meaning unless it is asked for."""
    from importlib.resources import files

    from careline.demo import answering as demo
    from careline.service.bots import actions, answering
    from careline.service.intents import actions as intents
    from careline.service.intents import learning

    for code, name, said in demo.INTENTS:
        intents.keep(code, name, actor=boss)
        intents.phrase(code, said, actor=boss, language="en")
    _learn(learning)
    flows = []
    for name, talks in demo.REHEARSALS.items():
        bot = actions.keep(files("careline.demo").joinpath(f"flows/{name}.toml").read_text(), actor=boss)
        for talk, events in talks.items():
            actions.rehearse(bot.pk, talk, events, actor=boss)
        actions.publish(bot.pk, actor=boss)
        flows.append(bot.pk)
    settings: dict[str, Any] = {"is_on": True, "flows": flows, "name": "Harbor bot"} | changed
    answering.answer(inbox.pk, answering.Settings(**settings), actor=boss)
    return flows


_learned: dict[str, Any] = {}


def _learn(learning: Any) -> None:
    """Once a run of tests; the same phrasings give the same head."""
    from careline.service.intents.models import Head

    if not _learned:
        learning.fit_due()
        _learned.update(Head.objects.filter(language="en").values().get())
    else:
        Head.objects.create(**(_learned | {"stamp": learning.stamp("en")}))


def write_articles(boss: Any) -> None:
    from careline.demo import reading
    from careline.service.knowledge import actions
    from careline.service.knowledge.shapes import Placed, Written

    for _shelf, audience, title, body, phrasings in reading.ARTICLES:
        if audience != "agents":
            written = Written(title=title, body=body, phrasings=phrasings)
            one = actions.create(written, Placed(audience=audience), actor=boss, language="en")
            actions.publish(one.pk, actor=boss)


def says(inbox: Any, words: str, *, visitor: str = "v1", channel_name: str = "Ada") -> int:
    """The customer's words, as the chat brings them, and all that follows from them."""
    from careline.service.conversations import actions
    from careline.service.conversations.hot import words as hot

    who = hot.who(name=channel_name, visitor=visitor, scope=f"inbox:{inbox.pk}")
    said = actions.receive(
        actor=Actor.customer(0, inbox.pk, name=channel_name), inbox_id=inbox.pk, person=who, body=words
    )  # fmt: skip
    follow()
    return said.conversation_id


_told: set[Any] = set()


def follow() -> None:
    """Everything on the line so far, given to rules, bots and routing, until nothing new comes."""
    from careline.service.bots import reactions as bots
    from careline.service.routing import reactions as routing
    from careline.service.rules import reactions as rules
    from careline.service.rules.reading import HEARD
    from careline.touchpoints.models import Touchpoint
    from careline.touchpoints.moments import Moment

    while rows := list(Touchpoint.objects.exclude(id__in=_told).order_by("recorded_at", "id")):
        _told.update(row.id for row in rows)
        moments = [Moment(**{name: getattr(row, name) for name in Moment.__struct_fields__}) for row in rows]
        rules.apply([one for one in moments if one.kind in HEARD])
        bots.follow([one for one in moments if one.kind in bots.HEARD])
        routing.follow([one for one in moments if one.kind in routing.HEARD])


def thread(conversation_id: int) -> list[Any]:
    from careline.service.conversations.models import Message

    return list(Message.objects.filter(conversation_id=conversation_id).order_by("seq"))


def last(conversation_id: int) -> Any:
    return [one for one in thread(conversation_id) if one.kind == "reply"][-1]


def talk(conversation_id: int) -> Any:
    from careline.service.conversations.models import Conversation

    return Conversation.objects.get(pk=conversation_id)
