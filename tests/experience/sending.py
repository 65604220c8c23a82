"""Plans of a test, and a way to customers that keeps what it was given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from careline import contact
from careline.contact.models import Scope
from careline.experience.surveys import delivery
from careline.experience.surveys.models import Invitation, Plan
from careline.experience.surveys.sending import inviting, planning
from careline.experience.surveys.sending.shapes import Planned
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.touchpoints.models import Touchpoint
from tests.experience.asked import CSAT

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Post:
    """Stands where surveys leave: (response, way) of each; `broken` ways lead nowhere."""

    def __init__(self) -> None:
        self.left: list[tuple[int, str]] = []
        self.broken: set[str] = set()
        self.channels = {"conversation": "webchat", "email": "email"}
        self.falls_over: Exception | None = None

    def channel(self, response_id: int, way: str) -> str:
        return self.channels[way]

    def send(self, response_id: int, *, decision: contact.Decision, way: str) -> delivery.Sent:
        assert (decision.allowed, decision.channel) == (True, self.channels[way])
        if self.falls_over is not None:
            raise self.falls_over
        if way in self.broken:
            raise Refused("This way leads nowhere.")
        self.left.append((response_id, way))
        return delivery.Sent(len(self.left), self.channels[way])


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    post = Post()
    monkeypatch.setattr(delivery, "channel", post.channel)
    monkeypatch.setattr(delivery, "send", post.send)
    return post


@pytest.fixture
def plan(boss: Any) -> Callable[..., Plan]:
    """A plan that is on: `plan(survey, share=50)`; with nothing said a day after a conversation is resolved."""

    def plan(survey: Any, *, on: bool = True, **said: Any) -> Plan:
        said = {"name": "After help", "kind": "after", "ways": ["email"]} | said
        made = planning.make_plan(survey.pk, Planned(**said), actor=boss)
        if on:
            planning.switch_on(made.pk, actor=boss)
        made.refresh_from_db()
        return made

    return plan


def happened(
    kind: str, person: int, at: datetime, inbox: int | None = None, journey: str | None = None, **facts: Any
) -> None:
    """On the line, and heard of."""
    from django.db import transaction

    from careline import touchpoints
    from careline.accounts.actor import SYSTEM

    with transaction.atomic():
        number = touchpoints.record(
            kind, person=person, inbox=inbox, actor=SYSTEM, source="test", occurred_at=at, journey=journey, **facts
        )
    heard(number)


def heard(*numbers: Any) -> None:
    rows = Touchpoint.objects.filter(id__in=numbers).order_by("occurred_at", "id")
    inviting.write([_moment(one) for one in rows])


def _moment(one: Touchpoint) -> Any:
    from careline.touchpoints import Moment

    return Moment(**{name: getattr(one, name) for name in Moment.__struct_fields__})


@pytest.fixture(autouse=True)
def hour(organization: Any) -> Any:
    """Monday at nine, and nothing is silent or limited but what a test says."""
    Scope.objects.update(caps=[], talks="ignored", promise_days=0)
    with time_machine.travel(NINE, tick=False) as hour:
        yield hour


def later(hour: Any, **span: int) -> None:
    hour.move_to(clock.now() + timedelta(**span))


def order(ada: Any, **facts: Any) -> None:
    facts = {"order": "A-17", "total_minor": 4200, "currency": "EUR"} | facts
    happened("order.placed", ada.pk, clock.now(), journey=f"order:{facts['order']}", **facts)


@pytest.fixture
def after_orders(publish: Any, plan: Any, ada: Any) -> Plan:
    """A survey a day after each order, with the order's number."""
    made: Plan = plan(publish(CSAT, fields=["order"]), moment="order.placed")
    return made


def only() -> Invitation:
    return Invitation.objects.get()
