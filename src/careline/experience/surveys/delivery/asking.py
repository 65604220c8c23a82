"""Somebody is asked now, by hand or by a program: invited, decided about, and sent the survey."""

from __future__ import annotations

from collections.abc import Mapping

from careline import contact
from careline.accounts.actor import Actor
from careline.experience.surveys import actions
from careline.experience.surveys.delivery.sending import channel, send
from careline.experience.surveys.models import Response
from careline.kit.refusals import Conflicting, Refused


def ask(
    survey_id: int,
    person_id: int | None,
    *,
    way: str,
    actor: Actor,
    conversation: int | None = None,
    fields: Mapping[str, str] | None = None,
) -> Response:
    """The invitation that was sent. Refused, and nothing of it kept but the decision, when it may not be or cannot."""
    actor.must("conversations.reply")
    asked = actions.invite(survey_id, person_id, actor=actor, conversation=conversation, fields=fields, channel=way)
    try:
        assert asked.person_id is not None
        decision = contact.decide(
            asked.person_id, "surveys", channel(asked.pk, way), f"survey:{survey_id}:response:{asked.pk}", actor=actor
        )
        if not decision.allowed:
            raise Conflicting(contact.words(decision.reason, decision.terms))
        send(asked.pk, decision=decision, way=way)
    except Refused:
        Response.objects.filter(pk=asked.pk, state="invited").delete()
        raise
    return asked
