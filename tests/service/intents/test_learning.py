"""What is learned of phrasings, when, and who judges until then."""

from __future__ import annotations

from typing import Any


def _taught(boss: Any, rows: list[tuple[str, str]], language: str | None = None) -> None:
    from careline.service.intents import actions

    for code in sorted({one for one, _text in rows}):
        actions.keep(code, code.replace("_", " ").capitalize(), actor=boss)
    actions.load(rows, actor=boss, language=language)


def test_a_head_is_fitted_where_phrasings_changed_and_meaning_is_understood(boss: Any) -> None:
    from careline.service.intents import actions, learning, queries
    from tests.service.intents.test_intents import SAID

    _taught(boss, SAID)
    before = queries.judge_for("en")
    assert [(one.language, one.due, one.fitted_at) for one in queries.learned(boss)] == [("en", True, None)]
    assert learning.fit_due() == 1
    assert learning.fit_due() == 0
    learned = queries.judge_for("en")
    assert learned is not before
    assert learned is queries.judge_for("en")
    # In words no phrasing holds.
    judged = learned.judge("the package still has not shown up at my door")
    assert judged.ranked[0][0] == "order_status"
    assert not learned.judge("what is the capital of France").known
    actions.phrase("returns", ["I would like to give this back"], actor=boss)
    [stands] = queries.learned(boss)
    assert (stands.due, stands.phrasings, stands.figures is not None) == (True, len(SAID) + 1, True)
    assert learning.fit_due() == 1
    assert queries.judge_for("en") is not learned


def test_a_language_whose_meanings_are_not_understood_is_judged_by_its_words(boss: Any) -> None:
    from careline.service.intents import learning, queries

    said = [
        ("order_status", "Di mana pesanan saya?"), ("order_status", "Kapan paket saya sampai?"),
        ("returns", "Saya mau mengembalikan barang"), ("returns", "Bagaimana cara retur barang?"),
    ]  # fmt: skip
    _taught(boss, said, language="id")
    [stands] = queries.learned(boss)
    assert (stands.understood, stands.due, learning.fit_due()) == (False, False, 0)
    assert queries.judge_for("id").judge("pesanan saya di mana ya").ranked[0][0] == "order_status"


def test_too_few_intents_are_no_head(boss: Any) -> None:
    from careline.service.intents import learning, queries

    _taught(boss, [("returns", "I want to return my shoes")])
    assert learning.fit_due() == 0
    assert queries.judge_for("en").judge("return my shoes").ranked[0][0] == "returns"
