"""Segments: what a rule means, and that membership follows what happens, as a slow reference works it out."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
import time_machine

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.customers import actions as people
from careline.customers import queries, rules, traits
from careline.customers.models import Person, Segment, SegmentMember
from careline.insights import patience
from careline.insights.segments import keeping, verbs
from careline.kit.refusals import NotAllowed, NotVisible, Refused
from careline.service.conversations import actions as conversations
from careline.service.conversations.models import Conversation
from tests.insights import beside
from tests.insights.world import World

ORDERED = {"of": "happened", "kind": "order.placed"}


@pytest.fixture
def order():
    def order(person: Person, at=None, **facts) -> None:
        touchpoints.record(
            "order.placed", person=person.pk, actor=SYSTEM, source="test", occurred_at=at, order="A-1",
            total_minor=100, currency="EUR", **facts,
        )  # fmt: skip

    return order


def members(segment) -> set[int]:
    return set(SegmentMember.objects.filter(segment=segment.pk).values_list("person_id", flat=True))


def of_any(*conditions):
    return {"of": "any", "conditions": list(conditions)}


def of_all(*conditions):
    return {"of": "all", "conditions": list(conditions)}


def test_a_customer_enters_and_leaves_by_what_happens_and_both_stand_on_the_line(conversation, ada, cy, heard, line_of):
    waiting = verbs.save("Waiting", {"of": "service", "what": "waiting"}, actor=cy)
    assert waiting.people == 1
    conversations.reply(conversation.pk, actor=cy, body="Which order?", client_id="r1")
    heard()
    assert queries.segment(cy, waiting.pk).people == 0
    conversations.hear(
        conversation.pk, actor=beside.customer(ada, conversation), body="A-17.", client_id="second", person_id=ada.pk
    )
    heard()
    assert members(waiting) == {ada.pk}
    told = [(one.kind, one.facts) for one in line_of(ada.pk) if one.kind.startswith("segment.")]
    assert told == [("segment.left", {"segment": waiting.pk}), ("segment.entered", {"segment": waiting.pk})]


def test_writing_a_rule_moves_nobody_on_their_line(ada, cy, order, line_of):
    order(ada)
    segment = verbs.save("Bought", ORDERED, actor=cy)
    verbs.save("Bought", {**ORDERED, "times": 2}, actor=cy, segment_id=segment.pk)
    assert members(segment) == set()
    assert [one.kind for one in line_of(ada.pk)] == ["order.placed"]


def test_time_alone_takes_people_out_at_night(ada, cy, order, nine):
    with time_machine.travel(nine, tick=False):
        order(ada)
        segment = verbs.save("Lately", {**ORDERED, "days": 7}, actor=cy)
        never = verbs.save("Not lately", {**ORDERED, "days": 7, "test": "at_most", "times": 0}, actor=cy)
    assert (members(segment), members(never)) == ({ada.pk}, set())
    with time_machine.travel(nine + timedelta(days=8), tick=False):
        keeping.everybody()
    assert (members(segment), members(never)) == (set(), {ada.pk})


def test_newcomers_belong_where_nothing_must_have_happened(cy, heard):
    never = verbs.save("Never bought", {**ORDERED, "test": "at_most", "times": 0}, actor=cy)
    made = people.find_or_create([], actor=cy, name="New").person
    heard()
    assert members(never) == {made.pk}


def test_two_who_are_joined_belong_as_one_and_parted_each_as_before(ada, cy, order, heard, line_of):
    twin = Person.objects.create(name="A. Moreau")
    twice = verbs.save("Twice", {**ORDERED, "times": 2}, actor=cy)
    once = verbs.save("Once", ORDERED, actor=cy)
    order(ada)
    order(twin)
    heard()
    entry = people.merge(ada.pk, twin.pk, actor=cy)
    heard()
    assert (members(twice), members(once)) == ({ada.pk}, {ada.pk})
    people.split(entry.pk, actor=cy)
    heard()
    assert (members(twice), members(once)) == (set(), {ada.pk, twin.pk})
    told = [(one.kind, one.facts["segment"]) for one in line_of(twin.pk) if one.kind.startswith("segment.")]
    assert told == [("segment.entered", once.pk), ("segment.left", twice.pk)]


def test_a_segment_looks_only_where_its_writer_may(conversation, ada, elsewhere, bo, dee, cy):
    rule = {"of": "service", "what": "open"}
    assert verbs.count(bo, rule).people == 1
    assert verbs.count(dee, rule).people == 0
    of_bo, of_cy = verbs.save("Bo's", rule, actor=bo), verbs.save("Everybody's", rule, actor=cy)
    assert [one.name for one in queries.segments(bo)] == ["Bo's"]
    assert [one.name for one in queries.segments(dee)] == []
    assert {one.name for one in queries.segments(cy)} == {"Bo's", "Everybody's"}
    with pytest.raises(NotVisible):
        queries.in_segment(dee, of_bo.pk)
    with pytest.raises(NotVisible):
        verbs.save("Mine", rule, actor=bo, segment_id=of_cy.pk)
    assert queries.segments_of(dee, ada.pk) == []
    assert [name for _pk, name, _since in queries.segments_of(bo, ada.pk)] == ["Bo's"]


def test_who_may_only_look_writes_no_segment(hire):
    analyst = hire("Ana Lyst", role="analyst").as_actor()
    assert verbs.count(analyst, ORDERED).people == 0
    with pytest.raises(NotAllowed):
        verbs.save("X", ORDERED, actor=analyst)


@pytest.mark.parametrize(
    "rule",
    [
        None, [], {}, {"of": "all", "conditions": []}, of_any(of_all()), {"of": "happened"},
        {"of": "happened", "kind": "segment.entered"}, {"of": "happened", "kind": "no.such"},
        {"of": "attribute", "name": "nothing", "test": "set"}, {"of": "trait", "name": "x", "test": "is"},
        {"of": "trait", "name": "x", "test": "at_least", "value": "many"},
        {"of": "trait", "name": "x", "test": "before", "value": "soon"},
        {"of": "service", "what": "open", "hours": 3}, {"of": "service", "what": "waiting", "hours": 0},
        {"of": "trait", "name": "a\0", "test": "set"}, {**ORDERED, "days": 0}, {**ORDERED, "times": -1},
        of_all(*[ORDERED] * 41), of_all(of_all(of_all(of_all(of_all(ORDERED))))),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(rule, cy):
    with pytest.raises(Refused):
        verbs.count(cy, rule)


def test_an_erased_customer_belongs_nowhere(ada, cy, boss, order, heard):
    order(ada)
    segment = verbs.save("Bought", ORDERED, actor=cy)
    people.erase(ada.pk, actor=boss)
    keeping.everybody()
    heard()
    assert members(segment) == set()


def test_a_rule_whose_attribute_is_gone_keeps_its_members(ada, cy, boss):
    people.define_attribute("plan", "Plan", "text", actor=boss)
    people.set_attributes(ada.pk, {"plan": "gold"}, actor=cy)
    segment = verbs.save("Gold", {"of": "attribute", "name": "plan", "test": "is", "value": "gold"}, actor=cy)
    people.drop_attribute("plan", actor=boss)
    keeping.everybody()
    assert members(segment) == {ada.pk}


class Town:
    """People to whom anything happens, at random but the same for one seed."""

    def __init__(self, seed: int, conversation, actor, order) -> None:
        self.random, self.actor, self.order, self.inbox = random.Random(seed), actor, order, conversation.inbox_id
        self.people = [Person.objects.create(name=f"P{n}").pk for n in range(7)] + [conversation.person_id]
        self.talk, self.merges, self.steps = conversation.pk, [], 0

    def happen(self) -> None:
        self.steps += 1
        verb = self.random.choice([
            self.buy, self.buy, self.look, self.describe, self.score, self.join, self.part, self.talk_on, self.newcomer,
        ])  # fmt: skip
        verb(self.random.choice(self.people))

    def buy(self, person: int) -> None:
        self.order(Person.objects.get(pk=person), stage=self.random.choice([None, "buy"]))

    def look(self, person: int) -> None:
        touchpoints.record("page.viewed", person=person, actor=SYSTEM, source="test")

    def describe(self, person: int) -> None:
        values = {"plan": self.random.choice(["gold", "Silver", None]), "seats": self.random.choice([1, 5, 9.5, None])}
        people.set_attributes(person, values, actor=self.actor)

    def score(self, person: int) -> None:
        traits.set(person, "churn", self.random.choice([0.1, 0.9, "high", True]), actor=SYSTEM)
        touchpoints.record("customer.described", person=person, actor=SYSTEM, source="source:1", traits=["churn"])

    def join(self, person: int) -> None:
        other = self.random.choice(self.people)
        if queries.canonical(person) != queries.canonical(other):
            self.merges.append(people.merge(person, other, actor=self.actor).pk)

    def part(self, _person: int) -> None:
        if self.merges:
            people.split(self.merges.pop(self.random.randrange(len(self.merges))), actor=self.actor)

    def talk_on(self, _person: int) -> None:
        if self.random.random() < 0.5:
            conversations.reply(self.talk, actor=self.actor, body="Yes.", client_id=f"c{self.steps}")
        elif Conversation.objects.get(pk=self.talk).state == "open":
            conversations.resolve(self.talk, actor=self.actor)
        else:
            conversations.reopen(self.talk, actor=self.actor)

    def newcomer(self, _person: int) -> None:
        self.people.append(people.find_or_create([], actor=self.actor, name="New").person.pk)


RULES = [
    ORDERED, {**ORDERED, "times": 3, "days": 10}, {**ORDERED, "test": "at_most", "times": 1},
    {"of": "happened", "stage": "buy", "days": 5}, {"of": "happened", "journey": "order", "times": 2},
    {"of": "attribute", "name": "plan", "test": "is", "value": "gold"},
    {"of": "attribute", "name": "plan", "test": "contains", "value": "SILV"},
    {"of": "attribute", "name": "plan", "test": "not_set"},
    {"of": "attribute", "name": "seats", "test": "at_least", "value": 5},
    {"of": "trait", "name": "churn", "test": "at_most", "value": 0.5},
    {"of": "trait", "name": "churn", "test": "is_not", "value": "high"},
    {"of": "service", "what": "waiting"}, {"of": "service", "what": "conversations", "test": "at_most", "times": 0},
    {"of": "service", "what": "waiting", "hours": 30}, {"of": "service", "what": "waiting_on_customer", "hours": 48},
    {"of": "service", "what": "waiting_on_customer", "test": "at_most", "times": 0, "hours": 24},
    {"of": "service", "what": "effort", "times": 2}, {"of": "service", "what": "effort", "test": "at_most", "times": 1},
]  # fmt: skip


def any_rule(chance: random.Random, deep: int = 0):
    if deep < 2 and chance.random() < 0.5:
        return {
            "of": chance.choice(["all", "any"]),
            "conditions": [any_rule(chance, deep + 1) for _n in range(chance.randint(1, 3))],
        }
    return chance.choice(RULES)


def live(seed: int, conversation, cy, boss, order, heard, nine, steps: int) -> None:
    people.define_attribute("plan", "Plan", "text", actor=boss)
    people.define_attribute("seats", "Seats", "number", actor=boss)
    chance, now = random.Random(seed), nine
    town = Town(seed, conversation, cy, order)
    with time_machine.travel(now, tick=False) as clock:
        kept = [verbs.save(f"S{n}", any_rule(chance), actor=cy) for n in range(6)]
        for _step in range(steps):
            for _n in range(chance.randint(1, 6)):
                town.happen()
            if chance.random() < 0.3:
                now += timedelta(days=chance.randint(1, 6))
                clock.move_to(now)
                keeping.everybody()
            heard()
            world = World()
            for segment in kept:
                rule = rules.read(segment.rule)
                assert members(segment) == beside.members(rule, now, world), (seed, segment.rule)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_equals_a_slow_reference(seed, conversation, cy, boss, order, heard, nine):
    live(seed, conversation, cy, boss, order, heard, nine, steps=8)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 150))
def test_what_is_kept_equals_a_slow_reference_in_many_towns(seed, conversation, cy, boss, order, heard, nine):
    live(seed, conversation, cy, boss, order, heard, nine, steps=30)


def test_counts_say_of_how_many_and_when(ada, cy, order):
    order(ada)
    Person.objects.create(name="Else")
    counted = verbs.count(cy, ORDERED)
    assert (counted.people, counted.of) == (1, 2)
    assert Segment.objects.count() == 0


def test_whoever_writes_a_rule_does_not_wait_for_its_count_without_end(db, monkeypatch):
    monkeypatch.setattr(patience, "LONGEST", "10ms")
    with pytest.raises(Refused, match="Counting takes too long"), patience.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
