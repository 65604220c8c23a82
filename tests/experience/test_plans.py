"""Whom a plan means: after what, of whom a share, in which waves; what became of it is counted and opens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from careline.customers.models import Identity, Person
from careline.experience.surveys.models import Invitation, Response
from careline.experience.surveys.sending import drawing, due, planning, queries, waves
from careline.experience.surveys.sending.shapes import MOMENTS, FactTest, Planned
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotVisible, Refused
from tests.experience.asked import CSAT, NPS, own
from tests.experience.sending import NINE, after_orders, happened, hour, order, plan, post

__all__ = ["after_orders", "hour", "plan", "post"]


ASKED_OF = {
    "conversation.opened": {"channel": "webchat"}, "order.placed": {"total_minor": 100, "currency": "EUR"},
    "visit.checked-in": {"place": "Pier 3"}, "event.tracked": {"name": "Trial ended"}, "group.joined": {"group": "g"},
    "segment.entered": {"segment": 1}, "segment.left": {"segment": 1}, "moment.added": {"way": "call", "author": "Bo"},
}  # fmt: skip


@pytest.mark.parametrize("kind", MOMENTS)
def test_after_every_kind_of_moment(kind, publish, plan, post, ada, conversation, hour):
    plan(publish(CSAT), moment=kind)
    facts = dict(ASKED_OF.get(kind, {}))
    if kind.startswith("conversation."):
        facts["conversation"] = conversation.pk
    if kind in ("order.placed", "order.delivered"):
        facts["order"] = "A-1"
    happened(kind, ada.pk, clock.now(), **facts)
    assert Invitation.objects.get().person_id == ada.pk


def test_facts_and_inboxes_say_about_what(publish, plan, post, ada, inbox, elsewhere, boss):
    survey = publish(CSAT)
    plan(
        survey,
        moment="order.placed",
        facts=[FactTest("total_minor", "at_least", "5000"), FactTest("currency", "is", "eur")],
    )
    for number, total, currency in (("1", 5000, "EUR"), ("2", 4999, "EUR"), ("3", 9000, "USD")):
        order(ada, order=number, total_minor=total, currency=currency)
    assert [one.journey for one in Invitation.objects.all()] == ["order:1"]
    plan(survey, moment="visit.checked-in", inbox_ids=[inbox.pk])
    happened("visit.checked-in", ada.pk, clock.now(), inbox=inbox.pk, place="Pier 3")
    happened("visit.checked-in", ada.pk, clock.now(), inbox=elsewhere.pk, place="Pier 4")
    assert [one.inbox_id for one in Invitation.objects.filter(journey="")] == [inbox.pk]


def test_a_fact_inside_a_fact_and_one_that_is_not_there():
    facts = {"properties": {"plan": "Pro", "seats": 3, "trial": False}, "tags": ["vip", "new"]}
    for fact, test, value, holds in (
        ("properties.plan", "is", "pro", True), ("properties.plan", "is_not", "pro", False),
        ("properties.seats", "at_most", "3", True), ("properties.seats", "is", "3.0", True),
        ("properties.trial", "is", "false", True), ("tags", "is", "vip", True), ("tags", "is_not", "old", True),
        ("properties.none", "is", "", False), ("properties.none", "is_not", "x", True),
        ("properties.none", "at_least", "0", False), ("properties.plan.deeper", "is", "x", False),
    ):  # fmt: skip
        assert FactTest(fact, test, value).holds(facts) is holds, (fact, test, value)


def test_of_many_a_share_is_drawn_and_drawn_again_the_same():
    drawn = {person for person in range(4000) if drawing.is_drawn(30, 7, person)}
    assert 0.27 < len(drawn) / 4000 < 0.33
    assert drawn == {person for person in range(4000) if drawing.is_drawn(30, 7, person)}
    assert drawn != {person for person in range(4000) if drawing.is_drawn(30, 8, person)}
    assert not any(drawing.is_drawn(0, 7, person) for person in range(100))
    assert all(drawing.is_drawn(100, 7, person) for person in range(100))


def test_a_share_of_each_wave_is_everybody_after_enough_of_them():
    for person in range(300):
        assert sum(drawing.is_drawn(25, 7, person, wave) for wave in range(4)) == 1


def test_who_is_not_drawn_is_counted_and_spared(publish, plan, post, ada, boss, hour):
    one = plan(publish(CSAT), moment="order.placed", share=0, delay_minutes=0)
    order(ada)
    due.send_due()
    counts = queries.plan(boss, one.survey_id, one.pk).counts
    assert (counts.eligible, counts.drawn, counts.spared, post.left) == (1, 0, 1, [])


def test_the_figures_add_up_and_each_opens(publish, plan, post, say, ada, boss, hour):
    one = plan(publish(NPS, CSAT), moment="order.placed", delay_minutes=0)
    for number in ("1", "2", "3"):
        order(ada, order=number)
    due.send_due()
    first, second, _third = Response.objects.order_by("pk")
    say(own(first), "nps", 0)
    say(own(second), "nps", 9)
    say(own(second), "csat", 4)
    counts = queries.plan(boss, one.survey_id, one.pk).counts
    assert (counts.eligible, counts.drawn, counts.sent, counts.begun, counts.complete) == (3, 3, 3, 2, 1)
    for sort in queries.SORTS:
        rows = queries.asked(boss, one.survey_id, one.pk, sort=sort)
        assert len(rows) == getattr(counts, sort), sort
    [shown] = queries.asked(boss, one.survey_id, one.pk, sort="complete")
    assert (shown.person_name, shown.response, shown.response_state) == ("Ada Moreau", second.pk, "complete")


def test_what_happened_in_an_inbox_is_seen_by_who_works_there(publish, plan, post, ada, inbox, cy, dee, hour):
    from msgspec.structs import replace

    one = plan(publish(CSAT), moment="visit.checked-in")
    happened("visit.checked-in", ada.pk, clock.now(), inbox=inbox.pk, place="Pier 3")
    reader = replace(dee, permissions=dee.permissions | {"surveys.view"})
    assert queries.plan(cy, one.survey_id, one.pk).counts.eligible == 1
    assert queries.plan(reader, one.survey_id, one.pk).counts.eligible == 0
    assert queries.asked(reader, one.survey_id, one.pk, sort="eligible") == []
    blind = replace(cy, permissions=cy.permissions - {"customers.view"})
    assert queries.asked(blind, one.survey_id, one.pk)[0].person_id is None
    with pytest.raises(Refused):
        queries.plans(dee, one.survey_id)


def test_it_says_whom_it_would_have_asked(publish, plan, post, ada, boss, hour):
    survey = publish(CSAT)
    for days in (1, 10, 29, 31):
        happened("order.placed", ada.pk, NINE - timedelta(days=days), order=str(days), total_minor=days, currency="EUR")
    said = {"name": "x", "kind": "after", "moment": "order.placed"}
    found = queries.expected(boss, survey.pk, Planned(**said))
    assert (found.moments, found.people, found.drawn) == (3, 1, 1)
    dear = Planned(**said, facts=[FactTest("total_minor", "at_least", "20")], share=0)
    found = queries.expected(boss, survey.pk, dear)
    assert (found.moments, found.people, found.drawn) == (1, 1, 0)
    assert not Invitation.objects.exists()


def test_a_wave_asks_everybody_we_know_an_address_of_once(publish, plan, post, ada, boss, hour):
    people = [Person.objects.create(name=name) for name in ("Emil", "Pia", "Noor")]
    for one in people[:2]:
        Identity.objects.create(person=one, kind="email", value=f"{one.name}@x.example", original="x")
    Person.objects.filter(pk=people[1].pk).update(canonical=people[0].pk)
    survey = publish(NPS)
    wave = plan(survey, kind="wave", begins_on=date(2026, 3, 4), every=1, unit="months", hour=10)
    assert (waves.write_due(), waves.next_at(wave)) == (0, datetime(2026, 3, 4, 10, tzinfo=UTC))
    expected = queries.expected(boss, survey.pk, queries.planned(wave), wave.pk)
    assert (expected.people, expected.drawn) == (2, 2)
    hour.move_to(datetime(2026, 3, 4, 10, tzinfo=UTC))
    assert (waves.write_due(), waves.write_due()) == (2, 0)
    assert {one.person_id for one in Invitation.objects.all()} == {ada.pk, people[0].pk}
    assert (due.send_due(), len(post.left)) == (2, 2)
    hour.move_to(datetime(2026, 4, 4, 10, 1, tzinfo=UTC))
    assert (waves.write_due(), Invitation.objects.count()) == (2, 4)


def test_a_wave_draws_as_python_does(publish, plan, post, organization, hour):
    for number in range(40):
        one = Person.objects.create(name=f"P{number}")
        Identity.objects.create(person=one, kind="email", value=f"p{number}@x.example", original="x")
    wave = plan(publish(NPS), kind="wave", begins_on=date(2026, 1, 2), every=4, unit="weeks", hour=10, share=40)
    hour.move_to(datetime(2026, 3, 27, 10, tzinfo=UTC))  # the fourth: number 3
    assert waves.write_due() == 40
    wave.refresh_from_db()
    assert wave.wave == 3
    drawn = {one.person_id: one.state == "waiting" for one in Invitation.objects.all()}
    assert drawn == {person: drawing.is_drawn(40, wave.pk, person, 3) for person in drawn}
    assert 0 < sum(drawn.values()) < 40


def test_waves_keep_the_last_day_of_a_month_and_a_missed_one_is_left_out(publish, plan, post, ada, hour):
    wave = plan(publish(NPS), kind="wave", begins_on=date(2026, 3, 31), every=1, hour=9, ends_days=7)
    hour.move_to(datetime(2026, 4, 25, 9, tzinfo=UTC))
    assert waves.write_due() == 0
    assert waves.next_at(wave) == datetime(2026, 4, 30, 9, tzinfo=UTC)
    hour.move_to(datetime(2026, 4, 30, 9, tzinfo=UTC))
    assert waves.write_due() == 1


def test_a_plan_is_made_by_who_may_and_says_what_is_wrong(publish, boss, cy, elsewhere, plan):
    from careline.experience.surveys import actions

    survey = publish(CSAT)
    good = {"name": "Help", "kind": "after"}
    with pytest.raises(Refused):
        planning.make_plan(survey.pk, Planned(**good), actor=cy)
    for wrong, field in (
        ({"name": " "}, "name"), ({"moment": "message.received"}, "moment"), ({"purpose": "outreach"}, "purpose"),
        ({"kind": "wave"}, "begins_on"), ({"inbox_ids": [10**6]}, "inbox_ids"), ({"share": 101}, None),
        ({"ways": []}, None), ({"facts": [FactTest("a\0", "is", "x")]}, "facts"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            planning.make_plan(survey.pk, Planned(**good | wrong), actor=boss)
        assert refusal.value.field == field, wrong
    with pytest.raises(NotVisible):
        planning.make_plan(
            survey.pk, Planned(**good | {"kind": "wave", "begins_on": date(2026, 3, 4), "segment_id": 9}), actor=boss
        )
    one = plan(survey)
    planning.change_plan(one.pk, Planned(**good | {"share": 20}), actor=boss)
    one.refresh_from_db()
    assert (one.is_on, one.share) == (True, 20)
    actions.close(survey.pk, actor=boss)
    planning.switch_off(one.pk, actor=boss)
    with pytest.raises(Conflicting):
        planning.switch_on(one.pk, actor=boss)
    planning.drop_plan(one.pk, actor=boss)
    with pytest.raises(NotVisible):
        queries.plan(boss, survey.pk, one.pk)


def test_an_anonymous_survey_is_sent_to_nobody(publish, plan):
    with pytest.raises(Conflicting, match="one link for everybody"):
        plan(publish(CSAT, anonymous=True))
