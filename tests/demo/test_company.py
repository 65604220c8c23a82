"""The demo company: filled once, told the same ever after."""

from __future__ import annotations

from careline import demo
from careline.accounts import queries as accounts
from careline.customers import queries as customers
from careline.customers.models import ComputedValue
from careline.demo import company
from careline.experience.surveys.planned import Plan
from careline.insights.topics import queries as topics
from careline.service.routing import queries as routing
from careline.service.rules import queries as rules
from careline.service.sla import queries as sla
from careline.service.sla.models import Promise
from careline.touchpoints.models import Touchpoint
from careline.tracking import hot
from careline.tracking.models import Source


def test_it_tells_a_key_that_opens_the_tracking_api_and_the_same_again(db):
    told = demo.fill(customers=2, days=3)
    source = hot.source_of(told["write_key"])
    assert source is not None
    assert source.side == "server"
    assert demo.fill(customers=2, days=3) == told
    assert Source.objects.count() == 1
    assert company.again().told == told


def test_its_analyst_has_figures_of_every_order_and_segments_that_ask_for_them(db):
    demo.fill(customers=6, days=30)
    boss = company.again().owner
    orders = Touchpoint.objects.filter(kind="order.placed").count()
    figures = {one.name: one for one in customers.computed_traits(boss)}
    assert orders
    assert set(figures) == {"orders", "spent", "last_order"}
    assert sum(ComputedValue.objects.filter(trait__name="orders").values_list("value", flat=True)) == orders
    # And topics are looked for as soon as somebody works.
    assert topics.finding(boss).ended_at is None
    bought = next(one for one in customers.segments(boss) if one.name == "Bought twice or more")
    assert bought.people == ComputedValue.objects.filter(trait__name="orders", value__gte=2).count()


def test_whoever_is_helped_in_the_chat_is_asked_there(db):
    house = demo.fill(customers=2, days=3)
    [plan] = Plan.objects.all()
    assert (plan.is_on, plan.moment, plan.delay_minutes, plan.ways) == (
        True, "conversation.resolved", 0, ["conversation"],
    )  # fmt: skip
    assert (plan.survey.code, plan.survey.state) == ("after-help", "live")
    assert [str(one) for one in plan.inbox_ids] == [one["id"] for one in house["inboxes"] if one["kind"] == "webchat"]


def test_another_address_has_another_key(settings):
    here = company.write_key()
    assert company.write_key() == here
    settings.CARELINE_BASE_URL = "http://127.0.0.1:9999"
    assert company.write_key() != here


def test_it_works_by_hours_queues_promises_and_rules_of_its_own(db):
    demo.fill(customers=8, days=4)
    house = company.again()
    [hours] = accounts.organization().calendars.values()
    assert (len(hours["days"]["mon"]), len(hours["holidays"])) == (2, 8)
    # In force since ever: what is told of the past went by them.
    assert len(accounts.hours()) == 1
    assert [queue.name for queue in routing.queues(house.owner)] == ["Repairs", "Parcels", "Everything else"]
    assert [one.name for one in sla.policies(house.owner)] == ["Parcels that are late", "Everybody"]
    assert Promise.objects.exclude(outcome="").exists()
    assert [one.is_on for one in rules.rules(house.owner)] == [True, True, True, False]
    lena = house.agents["lena"]
    assert (lena.inbox_ids, lena.may("conversations.close")) == ((house.chat,), False)
