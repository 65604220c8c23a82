"""May we contact this person now? One answer for each key, with its reason, on the person's line."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction

from careline import contact
from careline.accounts.actor import SYSTEM, Actor
from careline.contact import queries, reach, reasons
from careline.contact.models import Decision, Hold
from careline.customers.actions import merge, split
from careline.customers.models import Identity, Person
from careline.kit import clock, personal
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused


def ask(person: Person, key: str = "k", channel: str = "api", purpose: str = "survey") -> Decision:
    return contact.decide(person.pk, purpose, channel, key)


@pytest.mark.django_db
class TestDecide:
    def test_a_reachable_person_may_be_contacted(self, ada: Person, line_of: Any) -> None:
        yes = ask(ada)
        assert (yes.allowed, yes.reason) == (True, "")
        [moment] = line_of(ada.pk)
        assert moment.kind == "contact.decided"
        assert moment.facts == {"decision": yes.pk, "purpose": "survey", "channel": "api", "allowed": True}

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"blocked_at": datetime.fromisoformat("2026-01-01T00:00:00Z")}, reasons.BLOCKED),
            (
                {"erased_at": datetime.fromisoformat("2026-01-01T00:00:00Z"), "name": "", "search": "", "language": ""},
                reasons.ERASED,
            ),
        ],
    )
    def test_who_is_blocked_or_erased_is_left_in_peace(
        self, ada: Person, change: dict[str, Any], reason: str, line_of: Any
    ) -> None:
        Person.objects.filter(pk=ada.pk).update(**change)
        no = ask(ada)
        assert (no.allowed, no.reason) == (False, reason)
        assert line_of(ada.pk)[0].facts["reason"] == reason

    def test_a_channel_reaches_only_whom_it_knows(self, ada: Person) -> None:
        assert ask(ada, "k1", "api").allowed
        assert ask(ada, "k2", "webchat").reason == reasons.UNREACHABLE
        Identity.objects.create(person=ada, kind="visitor", scope="inbox:1", value="v", original="v")
        assert ask(ada, "k3", "webchat").allowed
        assert ask(ada, "k4", "carrier pigeon").reason == reasons.UNREACHABLE

    def test_every_channel_says_whom_it_reaches(self) -> None:
        assert reach.kinds_of("api") == {"external", "email"}
        assert reach.kinds_of("webchat") == {"visitor", "external"}

    def test_the_same_key_is_the_same_answer_even_when_things_have_changed(self, ada: Person, line_of: Any) -> None:
        yes = ask(ada)
        Person.objects.update(blocked_at=clock.now())
        again = ask(ada)
        assert (again.pk, again.allowed) == (yes.pk, True)
        assert not ask(ada, "another key").allowed
        assert len(line_of(ada.pk)) == 2

    @pytest.mark.parametrize("change", ["person", "purpose", "channel"])
    def test_a_key_asks_one_question(self, ada: Person, change: str) -> None:
        ask(ada)
        given = {"person": Person.objects.create() if change == "person" else ada}
        with pytest.raises(Conflicting):
            ask(**given, **({change: "other"} if change != "person" else {}))
        assert Decision.objects.count() == 1

    @pytest.mark.parametrize("empty", ["key", "purpose", "channel"])
    def test_a_question_names_everything(self, ada: Person, empty: str) -> None:
        with pytest.raises(Refused):
            ask(ada, **{empty: ""})
        with pytest.raises(Refused):
            ask(ada, **{empty: "a\0"})

    def test_nobody_is_decided_about_who_is_not_there(self, db: None) -> None:
        with pytest.raises(NotVisible):
            contact.decide(999_999, "survey", "api", "k")

    def test_what_holds_for_one_of_joined_people_holds_for_all(self, ada: Person) -> None:
        other = Person.objects.create(name="Ada M.", canonical=ada)
        assert ask(other, "k1").allowed, "the address of one is the address of both"
        contact.hold(other.pk, "Asked for silence", actor=SYSTEM)
        assert ask(ada, "k2").reason == ask(other, "k3").reason == reasons.HELD
        Hold.objects.all().delete()
        Person.objects.filter(pk=other.pk).update(blocked_at=clock.now())
        assert ask(ada, "k4").reason == reasons.BLOCKED

    def test_the_database_refuses_a_no_without_a_reason(self, ada: Person) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(key="k", person=ada, purpose="p", channel="c", allowed=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(key="", person=ada, purpose="p", channel="c", allowed=True)


@pytest.mark.django_db(transaction=True)
def test_racing_questions_of_one_key_get_one_answer(ada: Person, line_of: Any) -> None:
    answers: list[int] = []

    def run() -> None:
        try:
            answers.append(ask(ada).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert len(answers) == 6
    assert len(set(answers)) == Decision.objects.count() == len(line_of(ada.pk)) == 1


@pytest.mark.django_db(transaction=True)
def test_racing_people_of_one_key_get_one_answer_and_one_refusal(ada: Person) -> None:
    other = Person.objects.create(name="Other")
    said: list[str] = []

    def run(person: Person) -> None:
        try:
            said.append("answer" if ask(person) else "")
        except Conflicting:
            said.append("refusal")
        finally:
            connections.close_all()

    for _round in range(5):
        Decision.objects.all().delete()
        said.clear()
        threads = [threading.Thread(target=run, args=(person,)) for person in (ada, other)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(20)
        assert sorted(said) == ["answer", "refusal"]
        assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_question_waits_for_a_hold_that_is_being_written(ada: Person) -> None:
    answers: list[Decision] = []

    def run() -> None:
        try:
            answers.append(ask(ada))
        finally:
            connections.close_all()

    asking = threading.Thread(target=run)
    with transaction.atomic():
        contact.hold(ada.pk, "Asked for silence", actor=SYSTEM)
        asking.start()
        asking.join(0.5)
        assert answers == []
    asking.join(20)
    assert [one.reason for one in answers] == [reasons.HELD]


def decided_during(change: Callable[[], Any], ask_now: Callable[[], Decision]) -> Decision:
    """What is answered to who asked while the change was being written, and waited for it."""
    answers: list[Decision] = []

    def run() -> None:
        try:
            answers.append(ask_now())
        finally:
            connections.close_all()

    asking = threading.Thread(target=run)
    with transaction.atomic():
        change()
        asking.start()
        asking.join(0.5)
        assert answers == []
    asking.join(20)
    [answer] = answers
    return answer


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kept", ["ada", "twin"])
def test_who_is_joined_while_the_question_waits_is_asked_about_as_a_whole(ada: Person, bo: Actor, kept: str) -> None:
    twin = Person.objects.create(name="Ada M.")
    Identity.objects.create(person=twin, kind="email", value="a@m.example", original="a@m.example")
    assert ask(ada, "first", purpose="surveys").allowed
    sides = (ada.pk, twin.pk) if kept == "ada" else (twin.pk, ada.pk)
    answer = decided_during(lambda: merge(*sides, actor=bo), lambda: ask(twin, "second", purpose="surveys"))
    assert answer.reason == reasons.LIMIT


@pytest.mark.django_db(transaction=True)
def test_who_is_parted_while_the_question_waits_is_asked_about_alone(ada: Person, bo: Actor) -> None:
    twin = Person.objects.create(name="Ada M.")
    Identity.objects.create(person=twin, kind="email", value="a@m.example", original="a@m.example")
    joined = merge(ada.pk, twin.pk, actor=bo)
    assert ask(ada, "first", purpose="surveys").allowed
    answer = decided_during(lambda: split(joined.pk, actor=bo), lambda: ask(twin, "second", purpose="surveys"))
    assert answer.allowed


@pytest.mark.django_db
class TestHold:
    def test_a_hold_says_no_until_it_ends(self, ada: Person, bo: Actor) -> None:
        contact.hold(ada.pk, "Complaint is open", clock.now() + timedelta(hours=1), actor=bo)
        assert ask(ada, "k1").reason == reasons.HELD
        with time_machine.travel(clock.now() + timedelta(hours=2)):
            assert ask(ada, "k2").allowed

    def test_a_hold_without_end_lasts_until_it_is_released(self, ada: Person, bo: Actor, line_of: Any) -> None:
        held = contact.hold(ada.pk, "Asked for silence", actor=bo)
        assert not ask(ada, "k1").allowed
        contact.release(held.pk, actor=bo)
        assert ask(ada, "k2").allowed
        kinds = [moment.kind for moment in line_of(ada.pk)]
        assert kinds == ["contact.held", "contact.decided", "contact.released", "contact.decided"]
        assert line_of(ada.pk)[0].facts == {"hold": held.pk, "reason": "Asked for silence"}
        assert line_of(ada.pk)[0].actor_id == bo.id

    def test_one_of_two_holds_is_enough(self, ada: Person, bo: Actor) -> None:
        contact.hold(ada.pk, "One", actor=bo)
        contact.release(contact.hold(ada.pk, "Two", actor=bo).pk, actor=bo)
        assert not ask(ada).allowed

    def test_a_hold_is_released_once_and_not_after_its_end(self, ada: Person, bo: Actor) -> None:
        held = contact.hold(ada.pk, "One", actor=bo)
        contact.release(held.pk, actor=bo)
        with pytest.raises(Conflicting):
            contact.release(held.pk, actor=bo)
        short = contact.hold(ada.pk, "Two", clock.now() + timedelta(hours=1), actor=bo)
        with time_machine.travel(clock.now() + timedelta(hours=2)), pytest.raises(Conflicting):
            contact.release(short.pk, actor=bo)
        with pytest.raises(NotVisible):
            contact.release(999_999, actor=bo)

    @pytest.mark.parametrize("reason", ["", "  ", "a\0", "x" * 501])
    def test_a_hold_gives_a_reason(self, ada: Person, bo: Actor, reason: str) -> None:
        with pytest.raises(Refused):
            contact.hold(ada.pk, reason, actor=bo)
        assert not Hold.objects.exists()

    def test_a_hold_ends_in_the_future(self, ada: Person, bo: Actor) -> None:
        with pytest.raises(Refused, match="future"):
            contact.hold(ada.pk, "Late", clock.now(), actor=bo)
        now = clock.now()
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.create(person=ada, reason="Late", created_at=now, until=now)

    def test_who_may_not_edit_customers_holds_nothing(self, ada: Person) -> None:
        customer = Actor.customer(ada.pk, 1)
        with pytest.raises(NotAllowed):
            contact.hold(ada.pk, "Mine", actor=customer)
        held = contact.hold(ada.pk, "Theirs", actor=SYSTEM)
        for look in (lambda: contact.release(held.pk, actor=customer), lambda: queries.why(customer, ada.pk)):
            with pytest.raises(NotAllowed):
                look()


@pytest.mark.django_db
def test_the_log_says_why_in_the_readers_words(ada: Person, bo: Actor) -> None:
    ask(ada, "k1")
    held = contact.hold(ada.pk, "Complaint is open", actor=bo)
    ask(ada, "k2", purpose="newsletter")
    lines = queries.why(bo, ada.pk)
    assert [(line.allowed, line.purpose) for line in lines] == [(False, "newsletter"), (True, "survey")]
    assert lines[0].words == "This person is not to be contacted for now."
    assert lines[1].words
    assert len(queries.why(bo, ada.pk, limit=1)) == 1
    assert list(queries.holds(bo, ada.pk)) == [held]
    contact.release(held.pk, actor=bo)
    assert list(queries.holds(bo, ada.pk)) == []


@pytest.mark.django_db
def test_a_person_takes_along_what_was_decided_and_it_can_be_erased(ada: Person, bo: Actor) -> None:
    ask(ada)
    contact.hold(ada.pk, "Complaint is open", actor=bo)
    rows = personal.export(ada.pk)
    assert rows["contact.Decision"][0]["allowed"] is True
    assert rows["contact.Hold"][0]["reason"] == "Complaint is open"
    from careline.contact.personal import _erase_decisions, _erase_holds

    assert (_erase_decisions(ada.pk), _erase_holds(ada.pk)) == (1, 1)
    assert not Decision.objects.exists()
