"""A talk that was had, as something to rehearse: what the customer wrote, without who they are."""

from __future__ import annotations

import re

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.intelligence.redaction import Mask
from careline.kit.refusals import Refused
from careline.service.bots import queries
from careline.service.bots.core import machine
from careline.service.bots.core.shapes import Call, Look, Values
from careline.service.bots.core.state import Answered, Begun, Happening, Heard, Woken
from careline.service.bots.models import Run
from careline.service.conversations import queries as conversations
from careline.service.conversations.models import Conversation

# Of a conversation so many of the customer's messages, from its beginning.
MOST = 40
_HIDDEN = re.compile(r"\[([A-Z]+)_(\d+)\]")
# What stands for what was hidden, so that an answer that was an address still is one.
_STANDS = {
    "EMAIL": "customer{n}@example.com", "PHONE": "+1 202 555 01{n:02d}", "CARD": "4111 1111 1111 1111",
    "PERSON": "Sam", "NUMBER": "10{n:03d}", "ADDRESS": "192.0.2.{n}", "ACCOUNT": "DE89370400440532013000",
}  # fmt: skip


def runs(actor: Actor, bot_id: int, *, limit: int = 20) -> QuerySet[Run]:
    """Its latest in conversations one sees."""
    bot = queries.one(actor, bot_id)
    seen = Conversation.objects.visible_to(actor).values("pk")
    return Run.objects.filter(version__bot=bot, conversation__in=seen).order_by("-pk")[:limit]


def remembered(actor: Actor, bot_id: int, conversation_id: int) -> list[Happening]:
    """What would have happened in the draft. Refused: the customer has written nothing there."""
    bot = queries.one(actor, bot_id)
    found = conversations.one(actor, conversation_id)
    thread = conversations.thread(actor, conversation_id, limit=200)
    said = [one.body for one in thread if one.kind == "incoming" and one.body][:MOST]
    if not said:
        raise Refused(_("The customer has written nothing there."), field="conversation")
    run = Run.objects.filter(conversation_id=conversation_id).order_by("-pk").first()
    told: Values = run.state.get("values", {}) if run is not None else {}
    mask = Mask([part for part in (found.person_name or "").split() if len(part) > 2])
    flow, events = bot.draft, list[Happening]()
    state = machine.step(flow, machine.begin(flow), Begun()).state
    for words in (_stood_for(mask.hide(one)) for one in said):
        # What was awaited before they spoke had come.
        while state.awaits in ("answer", "time") and len(events) < machine.TURNS:
            node = flow.steps[state.at]
            takes = list(node.takes) if isinstance(node, Call | Look) else ["article", "link"]
            brought = {name: _bare(mask, told.get(name, name)) for name in takes}
            events.append(Woken() if state.awaits == "time" else Answered(brought))
            state = machine.step(flow, state, events[-1]).state
        if state.awaits == "nothing":
            break
        events.append(Heard(words))
        state = machine.step(flow, state, events[-1]).state
    return events


def _bare(mask: Mask, value: str | float | bool) -> str | float | bool:  # a value of a flow
    return _stood_for(mask.hide(value)) if isinstance(value, str) else value


def _stood_for(hidden: str) -> str:
    return _HIDDEN.sub(lambda found: _STANDS.get(found[1], "…").format(n=int(found[2]) % 100), hidden)
