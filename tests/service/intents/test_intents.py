"""Intents and their phrasings: kept once, imported row by row, and judged without a model."""

from __future__ import annotations

from typing import Any

import pytest

from careline.kit.refusals import NotAllowed, NotVisible, Refused
from careline.service.intents.judging import Lexical

SAID = [
    ("order_status", "Where is my order?"), ("order_status", "When will my parcel arrive?"),
    ("order_status", "Has my order been sent yet?"), ("order_status", "Track my parcel"),
    ("returns", "I want to return my shoes"), ("returns", "How do I send an item back?"),
    ("returns", "Return label for my item please"), ("returns", "Can I return what I bought?"),
]  # fmt: skip


@pytest.fixture
def known(boss: Any) -> None:
    from careline.service.intents import actions

    actions.keep("order_status", "Order status", actor=boss)
    actions.keep("returns", "Returns", actor=boss)


def test_the_judge_without_a_model_knows_what_is_phrased_alike() -> None:
    judge = Lexical(SAID)
    for text, intent in (("wheres my ordr", "order_status"), ("RETURN THE SHOES", "returns")):
        judged = judge.judge(text)
        assert (judged.ranked[0][0], judged.known) == (intent, True)
        assert judged.margin > 0
    assert not judge.judge("quantum chromodynamics").known
    assert not judge.judge("").known
    assert not judge.judge("\ufffd" * 1_000_000).known


@pytest.mark.parametrize("phrasings", [[], [("a", "hello")]])
def test_a_judge_of_little_or_nothing_judges_still(phrasings: list[tuple[str, str]]) -> None:
    assert Lexical(phrasings).judge("hello").known == bool(phrasings)
    assert not Lexical(phrasings).judge("xyz").known


def test_rows_are_added_known_or_refused(known: None, boss: Any) -> None:
    from careline.service.intents import actions, queries

    found = actions.load(
        [*SAID, ("returns", "i want to return my SHOES!"), ("refund", "money back"), ("returns", "?!")], actor=boss
    )
    assert (found.added, found.known) == (len(SAID), 1)
    assert [row for row, _why in found.refused] == [10, 11]
    assert "no intent “refund”" in found.refused[0][1]
    assert queries.judge().judge("where is my order").ranked[0][0] == "order_status"


def test_what_says_nearly_the_same_is_shown(known: None, boss: Any) -> None:
    from careline.service.intents import actions, queries

    actions.load([*SAID, ("returns", "Where is my order"), ("returns", "I want to return the shoes")], actor=boss)
    found = queries.near(boss)
    assert found[0].clashes
    assert {found[0].one[1], found[0].other[1]} == {"Where is my order?", "Where is my order"}
    assert ("I want to return my shoes", False) in [(one.one[1], one.clashes) for one in found]


def test_who_writes_no_bots_changes_no_intents(known: None, boss: Any, bo: Any) -> None:
    from careline.service.intents import actions, queries

    with pytest.raises(NotAllowed):
        actions.phrase("returns", ["back"], actor=bo)
    with pytest.raises(NotAllowed):
        queries.near(bo)
    with pytest.raises(Refused):
        actions.keep("Re turns", "Returns", actor=boss)
    actions.drop("returns", actor=boss)
    with pytest.raises(NotVisible):
        actions.drop("returns", actor=boss)
