"""Conditions weighed without a database: what holds of which conversation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from careline.service.conversations.conditions.meeting import met
from careline.service.conversations.conditions.reading import read, written
from careline.service.conversations.conditions.shapes import Condition, Conditions, Subject, fields

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SUBJECT = Subject(
    id=7, at=NINE + timedelta(hours=3), person=1, inbox=2, channel="email", language="ar", priority=3,
    tags=("VIP", "Réfund"), team=None, assignee=5, subject="Late order", text="Where is it?\nI want my MONEY back",
    attributes={"plan": "Gold", "seats": 12, "since": "2025-06-01", "trial": False}, traits={"risk": 0.7},
    segments=frozenset({4}), is_open=False, opened_at=NINE, active_at=NINE + timedelta(hours=1), feeling=-1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "op", "value", "holds"),
    [
        ("channel", "is", "email", True), ("channel", "is_not", "email", False), ("inbox", "is", 2, True),
        ("language", "is", "ar", True), ("language", "not_set", None, False), ("priority", "at_least", 3, True),
        ("priority", "at_least", 4, False), ("tag", "is", "vip", True), ("tag", "is", "refund", True),
        ("tag", "is_not", "late", True), ("tag", "set", None, True), ("tag", "not_set", None, False),
        ("team", "not_set", None, True), ("team", "is", 1, False), ("team", "is_not", 1, True),
        ("assignee", "set", None, True), ("subject", "contains", "ORDER", True),
        ("text", "contains", "refund, money", True), ("text", "contains_not", "money", False),
        ("attribute:plan", "is", "gold", True), ("attribute:seats", "at_least", 12, True),
        ("attribute:seats", "contains", "1", True), ("attribute:since", "before", "2026-01-01", True),
        ("attribute:trial", "is", False, True), ("attribute:trial", "is", True, False),
        ("attribute:other", "is", "x", False), ("attribute:other", "is_not", "x", True),
        ("attribute:other", "at_most", 5, False), ("attribute:plan", "at_most", 5, False),
        ("attribute:trial", "at_most", 5, False), ("trait:risk", "at_least", 0.5, True), ("segment", "is", 4, True),
        ("segment", "is_not", 4, False), ("segment", "set", None, True), ("hours", "is", "closed", True),
        ("age", "at_least", 180, True), ("age", "at_least", 181, False), ("silence", "at_most", 120, True),
        ("feeling", "at_most", -1, True), ("feeling", "set", None, True), ("marked", "is", False, True),
        ("state", "is", "open", True), ("waiting_on", "is_not", "us", False),
    ],
)  # fmt: skip
def test_a_condition_holds_or_not(field, op, value, holds):
    assert met(Conditions(parts=(Condition(field, op, value),)), SUBJECT) is holds


HOLDS, FAILS = Condition("channel", "is", "email"), Condition("channel", "is", "sms")


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        (Conditions(), True), (Conditions("all", (HOLDS, FAILS)), False), (Conditions("any", (HOLDS, FAILS)), True),
        (Conditions("all", (HOLDS, Conditions("any", (FAILS, HOLDS)))), True),
        (Conditions("all", (HOLDS, Conditions("any", (FAILS,)))), False),
    ],
)  # fmt: skip
def test_groups_ask_for_all_or_any(conditions, holds):
    assert met(conditions, SUBJECT) is holds


@pytest.mark.parametrize(
    "tree",
    [
        Conditions(), Conditions("any", (HOLDS,)),
        Conditions("all", (Condition("team", "set"), Conditions("any", (Condition("age", "at_least", 0), FAILS)))),
        Conditions("all", (Condition("attribute:x", "is", False), Conditions("any", (Conditions("all", (HOLDS,)),)))),
    ],
)  # fmt: skip
def test_what_is_written_is_read_again(tree):
    assert read(written(tree)) == tree


def test_fields_say_what_an_answer_depends_on():
    assert fields(Conditions("all", (HOLDS, Conditions("any", (Condition("trait:risk", "set"),))))) == {
        "channel", "trait:risk",
    }  # fmt: skip
