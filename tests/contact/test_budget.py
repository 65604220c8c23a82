"""Two machines that answer each other stop."""

from __future__ import annotations

from careline.contact.budget import Counts, decided


def test_one_answer_to_one_address_in_one_conversation_a_day():
    assert decided(Counts()).allowed
    again = decided(Counts(to_address=1))
    assert (again.allowed, again.why, again.alarm) == (False, "address", False)
    assert "within a day" in again.reason


def test_a_mailbox_that_answers_too_much_trips_the_breaker_and_says_so_once():
    first = decided(Counts(of_mailbox=100))
    assert (first.allowed, first.why, first.alarm) == (False, "mailbox", True)
    after = decided(Counts(of_mailbox=0, tripped=True))
    assert (after.allowed, after.why, after.alarm) == (False, "tripped", False)
    assert decided(Counts(of_mailbox=100), per_mailbox=500).allowed


def test_two_machines_stop_after_one_answer_each_and_a_thousand_strangers_after_a_hundred():
    sent = 0
    for _mail in range(1000):
        verdict = decided(Counts(to_address=min(sent, 1), of_mailbox=sent))
        sent += verdict.allowed
    assert sent == 1
    strangers = alarms = 0
    tripped = False
    for _stranger in range(1000):
        verdict = decided(Counts(of_mailbox=strangers, tripped=tripped))
        strangers, alarms, tripped = strangers + verdict.allowed, alarms + verdict.alarm, tripped or verdict.alarm
    assert (strangers, alarms) == (100, 1)
