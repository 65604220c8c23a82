"""What rules and promises cost the line: a batch asks as many things as one message, however many rules there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careline.accounts.actor import Actor
from careline.service.conversations import actions as talks
from careline.service.conversations.hot import words
from careline.service.rules import hearing
from careline.service.sla import actions as promises
from careline.service.sla import reactions
from careline.service.sla.terms import Terms
from careline.touchpoints.models import Touchpoint
from careline.touchpoints.moments import Moment

pytestmark = pytest.mark.django_db
# None of them holds, so that what is counted is asking; the second is kept by all.
RULES, POLICIES = 20, ("email", "webchat", "sms")


@pytest.fixture
def ruled_house(boss, ruled):
    for n in range(RULES):
        ruled({"kind": "message.received"}, {"do": "tag", "tags": ["x"]}, name=f"No {n}",
              asked=[{"field": "text", "op": "contains", "value": f"word{n}"}])  # fmt: skip
    for channel in POLICIES:
        asked = {"all": [{"field": "channel", "op": "is", "value": channel}]}
        promises.keep_policy(promises.Ruling(name=channel, terms=Terms(first=60), conditions=asked), actor=boss)


def heard(inbox, ada, count: int) -> list[Moment]:
    """So many conversations begun, each with its first words."""
    customer = Actor.customer(ada.pk, inbox.pk, name=ada.name)
    known = set(Touchpoint.objects.values_list("id", flat=True))
    for n in range(count):
        who = words.who(email=f"n{count}.{n}@example.com")
        talks.open_with(actor=customer, inbox_id=inbox.pk, person=who, body="Hello")
    rows = Touchpoint.objects.exclude(id__in=known).order_by("recorded_at", "id")
    return [Moment(**{name: getattr(row, name) for name in Moment.__struct_fields__}) for row in rows]


def asked(room, moments: list[Moment]) -> int:
    with CaptureQueriesContext(connection) as found:
        room(moments)
    return sum("SAVEPOINT" not in one["sql"] for one in found.captured_queries)


def test_twelve_messages_ask_no_more_than_one(ruled_house, inbox, ada):
    one, many = heard(inbox, ada, 1), heard(inbox, ada, 12)
    rooms = (
        (hearing.hear, ("message.received", "conversation.opened"), 8),
        (reactions.promise, reactions.hearing.HEARD, 17),
    )
    for room, kinds, most in rooms:
        few, more = (asked(room, [one for one in moments if one.kind in kinds]) for moments in (one, many))
        assert few == more <= most
