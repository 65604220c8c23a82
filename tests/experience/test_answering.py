"""An answer is kept at once, stands on the line when it is whole, and 0 is one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction

from careline.accounts.actor import SYSTEM
from careline.customers.models import Person
from careline.experience.surveys import actions, links, queries
from careline.experience.surveys.links import Link
from careline.experience.surveys.models import Response, Version
from careline.experience.surveys.shapes import Condition, Question, Quota
from careline.kit import clock, personal
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.touchpoints.models import Touchpoint
from tests.experience.asked import CSAT, NPS, SIZE, WHY, everybody, own


def test_a_whole_answer_stands_on_the_line_of_who_was_asked(publish, say, ada, boss, conversation, inbox, line_of):
    survey = publish(CSAT, WHY)
    asked = actions.invite(survey.pk, None, conversation=conversation.pk, actor=boss)
    say(own(asked), "csat", 2)
    assert not Touchpoint.objects.filter(kind="survey.answered").exists()
    say(own(asked), "why", "It took three days.")
    moment = line_of(ada.pk)[-1]
    assert (moment.kind, moment.source, moment.inbox_id) == ("survey.answered", f"response:{asked.pk}:csat", inbox.pk)
    assert (moment.actor_kind, moment.actor_id) == ("customer", ada.pk)
    assert moment.journey == f"conversation:{conversation.pk}"
    assert moment.facts == {
        "survey": "after-help", "metric": "csat", "question": "csat", "score": 2, "scale_min": 1, "scale_max": 5,
        "text": "It took three days.", "version": 1, "response": asked.pk, "conversation": conversation.pk,
    }  # fmt: skip


def test_nought_is_an_answer(publish, say, ada, boss, line_of):
    asked = actions.invite(publish(NPS).pk, ada.pk, actor=boss)
    answered = say(own(asked), "nps", "0", "Never again")
    assert (answered.state, answered.given["nps"].value) == ("complete", 0)
    moment = line_of(ada.pk)[-1]
    assert (moment.facts["score"], moment.facts["scale_min"], moment.facts["text"]) == (0, 0, "Never again")


def test_each_figure_is_a_moment_of_its_own_and_a_scale_is_none(publish, say, ada, boss, line_of):
    scale = Question(key="stars", type="scale", start=0, points=10, words={"en": "Stars?"})
    asked = actions.invite(publish(NPS, scale, CSAT).pk, ada.pk, actor=boss)
    for key, value in (("nps", 9), ("stars", 9), ("csat", 4)):
        say(own(asked), key, value)
    told = [(one.facts["metric"], one.facts["score"]) for one in line_of(ada.pk) if one.kind == "survey.answered"]
    assert told == [("nps", 9), ("csat", 4)]


def test_words_alone_stand_on_the_line_without_a_figure(publish, say, ada, boss, line_of):
    say(own(asked := actions.invite(publish(WHY).pk, ada.pk, actor=boss)), "why", "Lovely shop")
    moment = line_of(ada.pk)[-1]
    assert (moment.source, moment.facts["metric"]) == (f"response:{asked.pk}:", "")
    assert (moment.facts["text"], "score" in moment.facts) == ("Lovely shop", False)


def test_what_was_begun_is_told_after_half_an_hour_and_once(publish, say, ada, boss, line_of):
    asked = actions.invite(publish(CSAT, NPS).pk, ada.pk, actor=boss)
    say(own(asked), "csat", 1)
    assert actions.settle_due() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        assert (actions.settle_due(), actions.settle_due()) == (1, 0)
        with pytest.raises(Conflicting, match="stays as it is"):
            say(own(asked), "csat", 5)
        say(own(asked), "nps", 3)
    told = [one.facts["metric"] for one in line_of(ada.pk) if one.kind == "survey.answered"]
    assert told == ["csat", "nps"]


def test_an_answer_may_be_changed_until_it_is_sent_off(publish, say):
    survey = publish(CSAT, WHY)
    begun = say(everybody(survey), "csat", 2)
    assert say(own(begun), "csat", 4).given["csat"].value == 4
    say(own(begun), "why", None)
    with pytest.raises(Conflicting, match="answered already"):
        say(own(begun), "csat", 1)


def test_a_page_sent_twice_is_one_answer(publish, say):
    survey = publish(CSAT)
    one, other = (say(everybody(survey), "csat", 4, once="page:a") for _ in range(2))
    assert one.pk == other.pk
    assert Response.objects.count() == 1


def test_a_way_that_was_left_takes_its_answers_along(publish, say):
    bad = Question(key="bad", type="text", words={"en": "What?"}, when=[Condition(of="nps", test="at_most", value=6)])
    survey = publish(NPS, bad, WHY)
    begun = say(everybody(survey), "nps", 0)
    assert begun.stands_at == "bad"
    say(own(begun), "bad", "All of it")
    changed = say(own(begun), "nps", 10)
    assert (set(changed.given), changed.stands_at) == ({"nps"}, "why")
    with pytest.raises(Conflicting, match="not asked here"):
        say(own(begun), "bad", "Hm")


@pytest.mark.parametrize(
    ("key", "value"),
    [("csat", 0), ("csat", 6), ("csat", "x"), ("csat", None), ("csat", True), ("size", "m"), ("size", ["s"])],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(publish, say, key, value):
    survey = publish(CSAT if key == "csat" else SIZE)
    with pytest.raises(Refused):
        say(everybody(survey), key, value)
    assert not Response.objects.exists()


def test_beyond_a_quota_an_answer_is_surplus(publish, say):
    survey = publish(SIZE, WHY, quotas=[Quota(most=1, of="size", value="s")])
    assert say(own(say(everybody(survey), "size", "s")), "why", "").state == "complete"
    assert say(everybody(survey), "size", "s").state == "surplus"
    assert say(everybody(survey), "size", "l").state == "partial"


def test_a_full_survey_asks_nobody(publish, say):
    survey = publish(CSAT, quotas=[Quota(most=1)])
    assert not queries.opened(links.token("open", survey.pk)).is_over
    say(everybody(survey), "csat", 3)
    assert queries.opened(links.token("open", survey.pk)).is_over


def test_a_trial_is_marked_and_told_nobody(boss, publish, say):
    survey = publish(CSAT)
    kept = say(Link("trial", survey.pk), "csat", 5)
    assert (kept.is_test, kept.state, kept.told) == (True, "complete", [])
    assert not Touchpoint.objects.filter(kind__startswith="survey.").exists()
    assert queries.survey(boss, survey.pk).complete == 0
    assert [one.pk for one in queries.responses(boss, survey.pk, state="trial")] == [kept.pk]


class TestAdded:
    def test_what_was_answered_elsewhere_stands_when_it_was_answered(self, publish, ada, boss, line_of, nine):
        survey = publish(CSAT, WHY)
        at = nine - timedelta(days=400)
        kept = actions.add(survey.pk, {"csat": (2, "")}, person_id=ada.pk, at=at, actor=boss)
        moment = next(one for one in line_of(ada.pk) if one.kind == "survey.answered")
        assert (kept.state, moment.occurred_at, moment.facts["score"]) == ("complete", at, 2)

    def test_the_same_number_is_the_same_answer(self, publish, boss):
        survey = publish(CSAT)
        one, other = (actions.add(survey.pk, {"csat": (2, "")}, once="7", actor=boss) for _ in range(2))
        assert one.pk == other.pk

    def test_a_missing_or_strange_answer_is_named(self, publish, boss):
        survey = publish(CSAT, WHY)
        for given, field in (({"why": ("x", "")}, "csat"), ({"csat": (3, ""), "size": ("s", "")}, "size")):
            with pytest.raises(Refused) as refusal:
                actions.add(survey.pk, given, actor=boss)
            assert refusal.value.field == field


def test_who_is_erased_leaves_numbers_and_no_words(publish, say, ada, boss):
    survey = publish(CSAT, WHY, NPS, fields=["order"])
    asked = actions.invite(survey.pk, ada.pk, fields={"order": "A-17"}, actor=boss)
    waits = actions.invite(survey.pk, ada.pk, actor=boss)
    for key, value, words in (("csat", 2, ""), ("why", "My name is Ada", ""), ("nps", 0, "Call 020")):
        say(own(asked), key, value, words)
    exported = personal.export(ada.pk)["surveys.Response"]
    assert [one["answer"] for one in exported[0]["answers"]] == [2, "My name is Ada", 0]
    personal.erase(ada.pk)
    kept = Response.objects.get()
    assert not Response.objects.filter(pk=waits.pk).exists()
    assert {key: (one.value, one.words) for key, one in kept.given.items()} == {
        "csat": (2, ""), "why": (None, ""), "nps": (0, ""),
    }  # fmt: skip
    assert (kept.person_id, kept.fields) == (None, {})
    with pytest.raises(NotVisible):
        queries.opened(links.token("own", asked.pk))


def test_the_database_refuses_a_changed_version(publish):
    publish(CSAT)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Version.objects.update(number=2)


@pytest.mark.parametrize("wrong", [{"state": "complete"}, {"version": None}, {"is_test": True, "told": ["csat"]}])
def test_the_database_refuses_half_an_answer(publish, say, wrong):
    say(everybody(publish(CSAT, WHY)), "csat", 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.update(**wrong)


def test_a_joined_customer_is_called_as_they_are_called_now(publish, say, ada, boss):
    from careline.customers import actions as customers

    twin = Person.objects.create(name="A.")
    asked = actions.invite(publish(CSAT).pk, twin.pk, actor=boss)
    say(own(asked), "csat", 3)
    customers.merge(ada.pk, twin.pk, actor=SYSTEM)
    assert queries.response(boss, asked.pk).person_name == "Ada Moreau"


@pytest.mark.django_db(transaction=True)
def test_those_who_finish_at_once_do_not_overrun_a_quota(publish, say):
    survey = publish(CSAT, WHY, quotas=[Quota(most=2)])
    begun = [say(everybody(survey), "csat", 4).pk for _ in range(5)]
    start = threading.Barrier(len(begun))

    def finish(response_id: int) -> str:
        start.wait(30)
        try:
            return say(Link("own", response_id), "why", "Hm").state
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(begun)) as people:
        states = list(people.map(finish, begun))
    assert sorted(states) == ["complete", "complete", "surplus", "surplus", "surplus"]
    assert Response.objects.filter(state="complete").count() == 2
