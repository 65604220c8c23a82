"""What the engine looks at before it decides, and what goes first of it."""

from __future__ import annotations

import random
from datetime import timedelta

import msgspec
import pytest

from careline.accounts.actor import SYSTEM
from careline.channels.models import Membership
from careline.service.conversations import actions as talks
from careline.service.conversations.models import Conversation
from careline.service.routing import actions, engine, explaining, matching, placing, terms
from careline.service.routing.matching import Agent
from careline.service.routing.models import AgentSkill, Offer, Presence, Skill, Waiting

pytestmark = pytest.mark.django_db

S = timedelta(seconds=1)


def test_a_promise_that_breaks_soon_goes_before_those_who_waited_longer(queue, write, bo, ready, nine, standing):
    queue()
    first, second = write("a"), write("b", at=nine + 60 * S)
    promised = Conversation.objects.filter(pk=second)
    promised.update(due_at=nine + timedelta(minutes=20))
    actions.keep_capacity(bo.agent_id, 2, actor=SYSTEM)
    assert not actions.sweep(at=nine + 100 * S)
    assert Waiting.objects.get(pk=second).next_at == nine + timedelta(minutes=5)
    ready(bo, at=nine + 299 * S)
    engine.turn(at=nine + 299 * S)
    assert standing() == {first: bo.agent_id}
    actions.refuse(Offer.objects.get(state="made").pk, actor=bo, at=nine + 299 * S)
    ready(bo, at=nine + timedelta(minutes=15))
    engine.turn(at=nine + timedelta(minutes=15))
    assert standing() == {second: bo.agent_id}
    because = Offer.objects.get(state="made").because
    assert explaining.in_words(because) == "waited 14 min, promise due in 5 min, the only one free who can"
    assert "promise broken 2 min ago" in explaining.in_words({**because, "due_s": -120})
    promised.update(due_at=None)
    actions.sweep(at=nine + timedelta(minutes=15))
    assert Waiting.objects.get(pk=second).rank == nine + 60 * S


def test_it_decides_as_if_it_had_looked_at_everything(queue, write, colleague, ready, nine, standing):
    """Whatever it does not look at changes nothing: rows nobody is free for, those behind the hands there are."""
    chance = random.Random(7)
    names = ("Arabic", "Billing", "Returns")
    skills = [Skill.objects.create(name=name).pk for name in names]
    for n, skill in enumerate(skills):
        queue(names[n], skills={skill: 1 + n % 2}, conditions=tagged(names[n]))
    queue("Rest", head_start_minutes=3)
    for n, who in enumerate(("Eve A", "Una B", "Ira C", "Oki D")):
        them = colleague(who, **{name: chance.randint(1, 3) for name in chance.sample(names, 1 + n % 2)})
        actions.keep_capacity(them.agent_id, 2 * chance.randint(1, 3), actor=SYSTEM)
        ready(them, at=nine + timedelta(minutes=20))
    for n in range(14):
        number = write(f"p{n}", at=nine + chance.randint(0, 900) * S)
        if n % 4:
            talks.tag(number, actor=SYSTEM, tags=[chance.choice(names)])
            placing.place([number], at=nine + timedelta(minutes=16))
    agents = [
        Agent(
            one.agent_id, one.capacity, 0, frozenset(Membership.objects.values_list("inbox", flat=True)),
            skills=dict(AgentSkill.objects.filter(agent=one.agent_id).values_list("skill", "level")),
        )
        for one in Presence.objects.all()
    ]  # fmt: skip
    waiting = [
        matching.Waiting(one.pk, msgspec.json.decode(one.need, type=matching.Need), one.rank, one.last_id)
        for one in Waiting.objects.all()
    ]
    whole = {one.conversation: one.agent for one in matching.match(waiting, agents)}
    assert engine.turn(at=nine + timedelta(minutes=21)).decided == len(whole) < 14
    assert standing() == whole


@pytest.mark.parametrize("waiting", [2, 9])
def test_what_it_asks_does_not_grow_with_what_waits(
    queue, write, bo, ready, nine, waiting, django_assert_max_num_queries
):
    queue()
    for n in range(waiting):
        write(f"p{n}")
    actions.keep_capacity(bo.agent_id, 2, actor=SYSTEM)
    ready(bo)
    terms.house()
    with django_assert_max_num_queries(14):
        assert engine.turn(at=nine).decided == 1


def test_settings_are_read_anew_once_somebody_changes_them(queue):
    one = queue()
    known = terms.house()
    assert known is not None
    assert terms.house() is known
    one.answer_s = 77
    one.save()
    changed = terms.house()
    assert changed is not None
    assert changed.queues[one.pk].answer_s == 77
    one.delete()
    assert terms.house() is None


def tagged(name):
    return {"all": [{"field": "tag", "op": "is", "value": name}]}
