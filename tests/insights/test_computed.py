"""Computed traits: what comes of a customer's moments, and that it follows what happens, as a slow reference has it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.customers import actions as people
from careline.customers import queries
from careline.customers.models import ComputedTrait, ComputedValue, Person, SegmentMember
from careline.insights.computed import keeping, verbs
from careline.insights.jobs import pass_over_segments
from careline.insights.segments import verbs as segments
from careline.kit import clock, personal
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from tests.insights.figured import COUNT, PLAN, SPENT, view


def values(name: str) -> dict[int, object]:
    return dict(ComputedValue.objects.filter(trait__name=name).values_list("person_id", "value"))


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (COUNT, 3), (SPENT, 35.5), (SPENT | {"how": "average"}, 17.75), (SPENT | {"how": "min"}, 10.5),
        (SPENT | {"how": "max"}, 25), (SPENT | {"how": "latest"}, 25), (SPENT | {"currency": "JPY"}, 700),
        ({"how": "first", "kind": "order.placed"}, "2026-03-01"),
        ({"how": "last", "kind": "order.placed"}, "2026-03-03"),
        (COUNT | {"where": [{"fact": "stage", "test": "is", "value": "buy"}]}, 1),
        (COUNT | {"where": [{"fact": "stage", "test": "is_not", "value": "buy"}]}, 2),
        (COUNT | {"where": [{"fact": "total_minor", "test": "at_least", "value": 1050}]}, 2),
        (COUNT | {"where": [{"fact": "stage", "test": "not_set"},
                            {"fact": "currency", "test": "contains", "value": "ur"}]}, 1),
        (PLAN, "gold"), ({"how": "sum", "kind": "product.viewed", "fact": "properties.seats"}, 7.25),
        (PLAN | {"where": [{"fact": "properties.seats", "test": "is", "value": 5}]}, "gold"),
    ],
)  # fmt: skip
def test_each_formula_gives_what_it_says(formula, value, ada, boss, order, nine):
    with time_machine.travel("2026-03-05T12:00Z", tick=False):
        for day, minor, currency, facts in (
            (1, 1050, "EUR", {}),
            (2, 2500, "EUR", {"stage": "buy"}),
            (3, 700, "JPY", {}),
        ):
            order(ada.pk, minor, clock.now().replace(day=day), currency, **facts)
        for plan, seats in (("gold", "5"), ("free", 7), ("gold", 0.25), (None, "many"), ("free", None), ("gold", None)):
            view(ada.pk, plan=plan, seats=seats)
        verbs.save("x", "X", formula, actor=boss)
    assert values("x") == {ada.pk: value}


def test_money_is_of_one_currency_that_of_the_house_unless_another_is_said(ada, boss, order, db):
    from careline.accounts.models import Organization

    Organization.objects.update(currency="EUR")
    order(ada.pk, 1234)
    order(ada.pk, 9900, currency="USD")
    kept = verbs.save("spent", "Spent", {name: SPENT[name] for name in ("how", "kind", "fact")}, actor=boss)
    assert kept.formula["currency"] == "EUR"
    assert values("spent") == {ada.pk: 12.34}


def test_the_day_is_that_of_the_house(ada, boss, order, nine, db):
    from careline.accounts.models import Organization

    Organization.objects.update(zone="Asia/Jakarta")
    order(ada.pk, at=nine.replace(hour=22))
    verbs.save("last", "Last order", {"how": "last", "kind": "order.placed"}, actor=boss)
    assert values("last") == {ada.pk: (nine + timedelta(days=1)).date().isoformat()}


def test_it_follows_what_happens_also_what_is_told_late(ada, boss, order, heard, nine):
    with time_machine.travel(nine, tick=False):
        verbs.save("orders", "Orders", COUNT | {"days": 30}, actor=boss)
        verbs.save("first", "First", {"how": "first", "kind": "order.placed"}, actor=boss)
        order(ada.pk, at=nine)
        heard()
        order(ada.pk, at=nine - timedelta(days=40))
        order(ada.pk, at=nine - timedelta(days=20))
        heard()
    assert values("orders") == {ada.pk: 2}
    assert values("first") == {ada.pk: (nine - timedelta(days=40)).date().isoformat()}


def test_time_alone_takes_moments_out_at_night_and_segments_follow(ada, cy, order, nine):
    with time_machine.travel(nine, tick=False):
        order(ada.pk)
        verbs.save("orders", "Orders", COUNT | {"days": 7}, actor=cy)
        segment = segments.save("Buys", {"of": "computed", "name": "orders", "test": "at_least", "value": 1}, actor=cy)
    assert segment.people == 1
    with time_machine.travel(nine + timedelta(days=8), tick=False):
        pass_over_segments()
    assert values("orders") == {}
    assert queries.segment(cy, segment.pk).people == 0


def test_a_merge_sums_both_and_a_split_gives_each_their_own_back(ada, cy, order, heard):
    twin = Person.objects.create(name="A. Moreau")
    verbs.save("spent", "Spent", SPENT, actor=cy)
    order(ada.pk, 1000)
    order(twin.pk, 550)
    heard()
    entry = people.merge(ada.pk, twin.pk, actor=cy)
    heard()
    assert values("spent") == {ada.pk: 15.5}
    people.split(entry.pk, actor=cy)
    heard()
    assert values("spent") == {ada.pk: 10, twin.pk: 5.5}


def test_a_split_gives_back_also_who_was_joined_on_the_other_side(ada, cy, order, heard):
    """Who stood for all was joined to the one that goes: it is the kept side of the entry that is let go."""
    one, other = (Person.objects.create(name=name) for name in ("One", "Other"))
    verbs.save("orders", "Orders", COUNT, actor=cy)
    for person in (ada, one, other):
        order(person.pk)
    entry = people.merge(ada.pk, one.pk, actor=cy)
    people.merge(other.pk, one.pk, actor=cy)
    heard()
    assert values("orders") == {other.pk: 3}
    people.split(entry.pk, actor=cy)
    heard()
    assert values("orders") == {other.pk: 2, ada.pk: 1}


def test_who_is_erased_has_no_value_and_an_export_names_those_there_are(ada, boss, order, heard):
    verbs.save("orders", "Orders", COUNT, actor=boss)
    order(ada.pk)
    heard()
    [row] = personal.export(ada.pk)["customers.ComputedValue"]
    assert (row["trait"], row["value"], row["moments"]) == ("orders", 1, 1)
    people.erase(ada.pk, actor=boss)
    keeping.everybody()
    heard()
    assert values("orders") == {}


def test_a_segment_follows_within_the_same_batch_and_the_line_tells(ada, cy, order, heard, line_of):
    verbs.save("spent", "Spent", SPENT, actor=cy)
    rule = {"of": "computed", "name": "spent", "test": "at_least", "value": 15}
    segment = segments.save("Spends", rule, actor=cy)
    order(ada.pk, 1000)
    heard()
    assert not SegmentMember.objects.exists()
    order(ada.pk, 500)
    heard()
    assert SegmentMember.objects.get(segment=segment.pk).person_id == ada.pk
    assert [one.kind for one in line_of(ada.pk)].count("segment.entered") == 1
    # Another formula moves nobody on their line.
    verbs.save("spent", "Spent", SPENT | {"how": "min"}, actor=cy)
    assert not SegmentMember.objects.exists()
    assert "segment.left" not in [one.kind for one in line_of(ada.pk)]


def test_one_that_a_segment_asks_for_is_not_taken_away(ada, cy):
    verbs.save("orders", "Orders", COUNT, actor=cy)
    rule = {"of": "all", "conditions": [{"of": "computed", "name": "orders", "test": "set"}]}
    segment = segments.save("Any", rule, actor=cy)
    with pytest.raises(Conflicting):
        people.remove_computed("orders", actor=cy)
    people.remove_segment(segment.pk, actor=cy)
    people.remove_computed("orders", actor=cy)
    assert not ComputedTrait.objects.exists()


def test_the_count_says_of_how_many_and_what_lies_in_the_middle(ada, cy, order):
    others = [Person.objects.create(name=f"P{n}") for n in range(3)]
    for times, person in enumerate([ada, *others[:2]], start=1):
        for _n in range(times):
            order(person.pk)
    found = verbs.preview(cy, COUNT)
    assert (found.people, found.of, found.median, found.least, found.most) == (3, 4, 2, 1, 3)
    assert not ComputedTrait.objects.exists()


def test_it_looks_only_where_its_writer_may_and_is_seen_by_who_sees_as_much(conversation, ada, hire, bo, dee, cy, boss):
    talks = {"how": "count", "kind": "conversation.opened"}
    near = hire("Rhea Near", role="analyst").as_actor()
    near = type(near)(**{name: getattr(near, name) for name in near.__struct_fields__} | {
        "permissions": near.permissions - {"inboxes.view_all"}, "inbox_ids": (conversation.inbox_id,)})  # fmt: skip
    assert verbs.preview(near, talks).people == 1
    assert verbs.preview(dee, talks).people == 0
    verbs.save("near", "Near", talks, actor=near)
    verbs.save("all", "All", talks, actor=cy)
    verbs.save("orders", "Orders", COUNT, actor=cy)
    assert [one.name for one in queries.computed_traits(bo)] == ["near", "orders"]
    assert [one.name for one in queries.computed_traits(dee)] == ["orders"]
    assert [one.name for one in queries.computed_of(bo, ada.pk)] == ["near"]
    assert queries.computed_of(dee, ada.pk) == []
    with pytest.raises(NotVisible):
        queries.computed_trait(dee, "near")
    with pytest.raises(Conflicting):
        verbs.save("all", "Mine", talks, actor=near)
    # A segment over it looks where its writer may, whatever is worked out from more than that.
    rule = {"of": "computed", "name": "all", "test": "set"}
    assert segments.count(cy, rule).people == 1
    assert segments.count(bo, rule).people == 0


def test_who_reads_no_figures_defines_none(bo, hire):
    with pytest.raises(NotAllowed):
        verbs.save("orders", "Orders", COUNT, actor=bo)
    verbs.save("orders", "Orders", COUNT, actor=hire("Ana Lyst", role="analyst").as_actor())


@pytest.mark.parametrize(
    "formula",
    [
        None, [], {}, COUNT | {"kind": "no.such"}, COUNT | {"kind": "segment.entered"}, COUNT | {"how": "guess"},
        COUNT | {"how": "sum"}, COUNT | {"how": "sum", "fact": "nothing"}, SPENT | {"currency": "XX"},
        PLAN | {"fact": "properties."}, PLAN | {"fact": "properties.a\0"}, PLAN | {"fact": "properties.\ud800"},
        PLAN | {"fact": "properties.a.b.c.d"}, COUNT | {"days": 0}, COUNT | {"days": 99999}, COUNT | {"more": 1},
        COUNT | {"where": [{"fact": "stage", "test": "is"}]}, COUNT | {"where": [{"fact": "x", "test": "set"}]},
        COUNT | {"where": [{"fact": "stage", "test": "at_least", "value": "many"}]},
        COUNT | {"where": [{"fact": "stage", "test": "set"}] * 11},
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_is_refused(formula, cy):
    with pytest.raises(Refused):
        verbs.preview(cy, formula)


def test_a_figure_beyond_all_measure_is_no_figure(ada, cy):
    for amount in (10**400, 5, -(10**15)):
        view(ada.pk, amount=amount)
    verbs.save("x", "X", {"how": "sum", "kind": "product.viewed", "fact": "properties.amount"}, actor=cy)
    assert values("x") == {ada.pk: 5}


def test_customers_by_how_they_answer_and_by_the_promises_broken_to_them(ada, cy, heard):
    """X56, X57: figures of answers are worked out as any other, and a broken promise is a moment."""
    low = {"how": "latest", "kind": "survey.answered", "fact": "score",
           "where": [{"fact": "metric", "test": "is", "value": "nps"}]}  # fmt: skip
    verbs.save("nps", "Recommends", low, actor=cy)
    critics = segments.save("Critics", {"of": "computed", "name": "nps", "test": "at_most", "value": 6}, actor=cy)
    let_down = segments.save("Let down", {"of": "happened", "kind": "promise.broken", "days": 30}, actor=cy)
    silent = segments.save(
        "Silent", {"of": "happened", "kind": "survey.answered", "test": "at_most", "times": 0}, actor=cy
    )

    def kept(segment) -> set[int]:
        return set(SegmentMember.objects.filter(segment=segment.pk).values_list("person_id", flat=True))

    def answered(metric: str, score: int) -> None:
        touchpoints.record(
            "survey.answered", person=ada.pk, actor=SYSTEM, source="test", survey="s", metric=metric, score=score,
            scale_max=10,
        )  # fmt: skip
        heard()

    assert kept(silent) == {ada.pk}
    answered("nps", 0)
    answered("csat", 10)
    assert (kept(critics), kept(silent)) == ({ada.pk}, set())
    answered("nps", 9)
    assert kept(critics) == set()
    touchpoints.record("promise.broken", person=ada.pk, actor=SYSTEM, source="test", promise="first-response")
    heard()
    assert kept(let_down) == {ada.pk}
