"""One question, way by way: may they be asked now, and does this way lead to them? What is decided is what is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from careline import contact
from careline.accounts.actor import SYSTEM
from careline.contact import outlook
from careline.contact import reasons as rules
from careline.experience.surveys import actions, delivery
from careline.experience.surveys.models import Invitation, Response
from careline.experience.surveys.sending import reasons
from careline.kit import clock, sentences
from careline.kit.refusals import Refused

# While somebody talks with us we ask again after so long: a decision about it would stand.
TALK_LASTS = timedelta(hours=6)


class Outcome(msgspec.Struct, frozen=True):
    """Sent when there is a response, to be asked again when there is a time, else refused or without a way."""

    reason: str = ""
    terms: dict[str, Any] = {}
    way: str = ""
    response: Response | None = None
    outbound: int | None = None
    until: datetime | None = None
    refused: bool = False


def tried(one: Invitation, key: str, purpose: str, ways: Sequence[str]) -> Outcome:
    """In the caller's transaction, which holds the person and the invitation."""
    response = one.response or _invited(one)
    found = Outcome(sentences.kept(reasons.NO_WAY))
    for way in ways:
        found = _by(one, response, key, purpose, way)
        if found.response is not None or found.until is not None or not _is_of_way(found):
            break
    if found.response is None and one.response is None:
        response.delete()  # nobody has its link
    return found


def _by(one: Invitation, response: Response, key: str, purpose: str, way: str) -> Outcome:
    assert one.person_id is not None
    try:
        channel = delivery.channel(response.pk, way)
        if _only_talks(one, purpose, channel):
            return Outcome(rules.TALKING, until=clock.now() + TALK_LASTS)
        # Where this way turns out to lead nowhere, nothing was decided either: the next may still be allowed.
        with transaction.atomic():
            decision = contact.decide(one.person_id, purpose, channel, f"{key}:{way}")
            if decision.allowed:
                sent = delivery.send(response.pk, decision=decision, way=way)
                return Outcome(way=way, response=response, outbound=sent.outbound)
    except Refused as refusal:
        return Outcome(sentences.kept(refusal))
    until = decision.retry_at if decision.retry_at is not None and decision.retry_at < one.ends_at else None
    return Outcome(decision.reason, decision.terms, until=until, refused=True)


def _only_talks(one: Invitation, purpose: str, channel: str) -> bool:
    """Whether nothing but an open talk stands in the way for good, and there is time to wait for its end."""
    if clock.now() + TALK_LASTS >= one.ends_at or one.person_id is None:
        return False
    looks = outlook.outlook(SYSTEM, one.person_id, purpose, channel).looks
    return [look.about for look in looks if not look.passes and look.until is None] == ["talk"]


def _invited(one: Invitation) -> Response:
    """The link of their own, with the facts its hidden fields still ask for."""
    version = one.plan.survey.versions.order_by("-number").first()
    names = version.form.fields if version is not None else []
    return actions.invite(
        one.plan.survey_id, one.person_id, actor=SYSTEM, conversation=one.conversation,
        fields={name: value for name, value in one.fields.items() if name in names},
    )  # fmt: skip


def _is_of_way(found: Outcome) -> bool:
    """Whether another way may lead where this did not."""
    return not found.refused or found.reason in reasons.OF_A_WAY or bool(found.terms.get("channel"))
