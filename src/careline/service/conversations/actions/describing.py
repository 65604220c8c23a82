"""What the organization's own attributes say of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Func, JSONField, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import actions as customers
from careline.customers import queries
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.conversations import conditions, endings
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.models import Conversation

OF = "conversation"


@transaction.atomic
def describe(
    conversation_id: int, values: Mapping[str, Any], *, actor: Actor, at: datetime | None = None
) -> Conversation:
    """What is given changes; None takes the value away. The line names what changed, never to what."""
    conversation = taken(conversation_id, actor=actor, permission="conversations.reply")
    kept = customers.checked_attributes({name: one for name, one in values.items() if one is not None}, of=OF)
    before = conversation.attributes
    after = {name: one for name, one in before.items() if name not in values} | kept
    if after == before:
        return conversation
    conversation.attributes = after
    changed = sorted(name for name in values if before.get(name) != after.get(name))
    labels = {one.name: one.label for one in queries.attributes(OF).filter(name__in=changed)}
    return written(
        conversation,
        actor=actor,
        at=at or clock.now(),
        kind="conversation.described",
        verb="described",
        attributes=changed,
        labels=[labels.get(name, name) for name in changed],
    )


@transaction.atomic
def ask_attribute(name: str, when: Any, *, actor: Actor) -> None:
    """Asked of whoever resolves a conversation of which these conditions hold (in their raw form); None: of nobody."""
    actor.must("organization.manage")
    known = queries.attributes(None).filter(name="" if "\0" in name else name)
    if not known.exists():
        raise NotVisible(_("There is no such attribute."))
    if not known.filter(of=OF).exists():
        raise Conflicting(_("Only attributes of conversations are asked."))
    known.update(asked=None if when is None else conditions.written(conditions.checked(when)))


def must_be_told(conversation: Conversation, *, actor: Actor) -> None:
    """Refuse where an attribute that is asked was not said. Machines are not asked."""
    if actor.agent_id is None:
        return
    asked = endings.still_asked(conversation.pk, conversation.attributes)
    if asked:
        sentence = _("Say first, beside the thread: %(what)s.") % {"what": ", ".join(one.label for one in asked)}
        raise Refused(sentence, field=endings.FIELD)


@transaction.atomic
def drop_attribute(name: str, *, actor: Actor) -> int:
    """Take an attribute of customers or of conversations and all its values away; returns how many had one."""
    is_ours = "\0" not in name and queries.attributes(OF).filter(name=name).exists()
    holders = customers.drop_attribute(name, actor=actor)
    if not is_ours:
        return holders
    without = Func(
        F("attributes"), Cast(Value(name), TextField()), template="%(expressions)s", arg_joiner=" - ",
        output_field=JSONField(),
    )  # fmt: skip
    return Conversation.objects.filter(attributes__has_key=name).update(attributes=without)
