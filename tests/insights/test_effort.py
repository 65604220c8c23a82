"""Effort counted from what happened, by the definition the page of analysis states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.insights.effort import CAP, Effort, of_talk
from careline.insights.reactions import count_effort
from careline.touchpoints import Moment
from careline.touchpoints.models import Touchpoint

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(hours: float, kind: str, *, by: str = "customer", talk: int = 1, channel: str = "email", **facts) -> Moment:
    when = NINE + timedelta(hours=hours)
    source = f"conversation:{talk}"
    named = {"conversation": talk, **({"channel": channel} if kind.startswith(("message", "conversation.o")) else {})}
    return Moment(uuid4(), kind, 1, 7, None, 1, by, None, source, source, when, when, named | facts)


def opened(hours: float = 0, **given) -> list[Moment]:
    return [at(hours, "conversation.opened", **given), at(hours, "message.received", **given)]


def assigned(hours: float, agent: int | None = None, team: int | None = None) -> Moment:
    return at(hours, "conversation.assigned", by="agent", agent_id=agent, team_id=team)


def test_two_more_contacts_a_switch_and_a_transfer_are_four():
    """The vector of the definition."""
    earlier = [at(-100, "conversation.opened", talk=8), at(-50, "conversation.opened", talk=9, channel="email")]
    talk = [*opened(channel="sms"), assigned(1, 3), assigned(2, 4), at(3, "message.sent", by="agent")]
    found = of_talk(talk, earlier)
    assert found == Effort(contacts=2, transfers=1, switches=1)
    assert found.total == 4


def test_an_answer_in_time_costs_nothing():
    talk = [*opened(), assigned(1, 3), at(5, "message.sent", by="agent"), at(6, "message.received")]
    assert of_talk(talk) == Effort()


@pytest.mark.parametrize(
    ("channel", "hours", "waits"), [("email", 23.9, 0), ("email", 24.1, 1), ("webchat", 0.16, 0), ("webchat", 0.2, 1)]
)
def test_patience_is_shorter_beside_a_chat(channel, hours, waits):
    assert of_talk([*opened(channel=channel), at(hours, "message.sent", by="agent", channel=channel)]).waits == waits


def test_asking_again_after_a_long_wait_is_one_more_contact_however_often():
    asked = [at(30, "message.received"), at(31, "message.received"), at(40, "message.sent", by="agent")]
    assert of_talk([*opened(), *asked]) == Effort(contacts=1, waits=1)
    assert of_talk([*opened(), at(1, "message.received"), at(2, "message.sent", by="agent")]) == Effort()


def test_coming_back_after_a_resolution_counts_and_our_reopening_does_not():
    back = [at(50, "conversation.reopened"), at(50, "message.received")]
    assert of_talk([*opened(), at(1, "message.sent", by="agent"), *back]).contacts == 1
    ours = [at(50, "conversation.reopened", by="agent")]
    assert of_talk([*opened(), at(1, "message.sent", by="agent"), *ours]).contacts == 0


def test_a_week_without_a_word_is_another_matter():
    day = 24
    near = [at(-12 * day, "conversation.opened", talk=7), at(-6 * day, "conversation.opened", talk=8)]
    assert of_talk(opened(), near).contacts == 2  # each within a week of the next
    far = [at(-8 * day, "conversation.opened", talk=8)]
    assert of_talk(opened(), far).contacts == 0
    assert of_talk(opened(by="agent"), near).contacts == 0, "we wrote first"


def test_the_queue_in_between_and_the_team_of_an_agent_are_no_transfer():
    assert of_talk([*opened(), assigned(1, 3), assigned(2), assigned(3, 3)]).transfers == 0
    assert of_talk([*opened(), assigned(1, team=5), assigned(2, 3, team=5)]).transfers == 0
    assert of_talk([*opened(), assigned(1, team=5), assigned(2, team=6), assigned(3, 4, team=6)]).transfers == 1
    assert of_talk([*opened(), assigned(1, 3), assigned(2), assigned(3, 4)]).transfers == 1


def test_more_of_one_thing_is_not_told_apart():
    assert of_talk([*opened(), *(assigned(n, n) for n in range(1, 20))]).transfers == CAP


def recorded(person: int, kind: str, hours: float, actor: Actor, **facts: object) -> None:
    touchpoints.record(
        kind, person=person, actor=actor, source="conversation:5", occurred_at=NINE + timedelta(hours=hours),
        conversation=5, **facts,
    )  # fmt: skip


def moments() -> list[Moment]:
    return [Moment(*row) for row in Touchpoint.objects.order_by("id").values_list(*touchpoints.moments.COLUMNS)]


def counted() -> list[dict[str, object]]:
    return list(
        Touchpoint.objects.filter(kind="effort.counted").order_by("occurred_at", "id").values_list("facts", flat=True)
    )


@pytest.mark.django_db
def test_it_is_written_where_it_changed_and_only_there(ada):
    customer = Actor.customer(ada.pk, 1)
    recorded(ada.pk, "conversation.opened", 0, customer, channel="email")
    recorded(ada.pk, "message.received", 0, customer, channel="email", message=uuid4(), seq=1, first=True)
    count_effort(moments())
    assert counted() == [], "an easy talk leaves nothing"
    recorded(ada.pk, "message.sent", 30, SYSTEM, channel="email", message=uuid4(), seq=2)
    count_effort(moments())
    assert counted() == [
        {"conversation": 5, "effort": 1, "channel": "email", "contacts": 0, "waits": 1, "transfers": 0, "switches": 0}
    ] or counted() == [{"conversation": 5, "effort": 1, "channel": "email", "waits": 1}]
    count_effort(moments())
    assert len(counted()) == 1
