"""From a draft to a version: only over rehearsals that go as they went."""

from __future__ import annotations

from typing import Any

import pytest

from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.bots.core.state import Answered, Happening, Heard
from tests.service.bots.flows import ORDER

ON_ITS_WAY: list[Happening] = [Heard("4711"), Answered({"status": "sent"}), Heard("no")]


@pytest.fixture
def bot(boss: Any) -> Any:
    from careline.service.bots import actions

    return actions.keep(ORDER, actor=boss)


def test_a_version_is_what_was_rehearsed(bot: Any, boss: Any) -> None:
    from careline.service.bots import actions, queries

    with pytest.raises(Refused, match="rehearsed at least once"):
        actions.publish(bot.pk, actor=boss)
    actions.rehearse(bot.pk, "On its way", ON_ITS_WAY, actor=boss)
    standing = queries.standing(boss, bot.pk)
    assert standing.failing == []
    assert ("which", "otherwise") in standing.coverage.taken
    assert ("which", "case 1") in standing.coverage.missed
    first = actions.publish(bot.pk, actor=boss)
    assert (first.number, first.taken, first.exits) == (1, 6, 14)
    with pytest.raises(Conflicting, match="published already"):
        actions.publish(bot.pk, actor=boss)

    # Other words are the same way, and a second version leaves the first as it was.
    actions.keep(ORDER.replace("Anything else?", "And now?"), actor=boss, bot_id=bot.pk)
    assert actions.publish(bot.pk, actor=boss).number == 2
    assert [one.text == ORDER for one in queries.versions(boss, bot.pk)] == [False, True]


def test_publishing_stops_on_a_rehearsal_that_goes_another_way(bot: Any, boss: Any) -> None:
    from careline.service.bots import actions, queries

    actions.rehearse(bot.pk, "On its way", ON_ITS_WAY, actor=boss)
    actions.keep(ORDER.replace('than = "paid"', 'than = "sent"'), actor=boss, bot_id=bot.pk)
    with pytest.raises(Refused, match=r"“On its way” goes another way from turn 3 on; nothing was published"):
        actions.publish(bot.pk, actor=boss)
    assert not queries.versions(boss, bot.pk).exists()
    differs = queries.standing(boss, bot.pk).rehearsals["On its way"]
    assert differs is not None
    assert (differs.was[0], differs.now) == (("speak", "tell"), [("person", "cancel")])
    # It is meant so: the rehearsal is kept anew, or forgotten.
    actions.rehearse(bot.pk, "On its way", ON_ITS_WAY[:1], actor=boss)
    assert actions.publish(bot.pk, actor=boss).number == 1
    actions.forget(bot.pk, "On its way", actor=boss)
    with pytest.raises(NotVisible):
        actions.forget(bot.pk, "On its way", actor=boss)


def test_a_draft_that_reads_as_no_flow_is_not_kept(bot: Any, boss: Any) -> None:
    from careline.service.bots import actions, queries

    with pytest.raises(Refused, match="Line 6"):
        actions.keep(ORDER.replace('do = "say"', 'do = "sing"', 1), actor=boss, bot_id=bot.pk)
    assert queries.one(boss, bot.pk).text == ORDER
    with pytest.raises(Conflicting, match="this name"):
        actions.keep(ORDER, actor=boss)


def test_who_writes_no_rules_sees_no_bots(bot: Any, bo: Any) -> None:
    from careline.service.bots import actions, queries

    with pytest.raises(NotAllowed):
        queries.one(bo, bot.pk)
    with pytest.raises(NotAllowed):
        actions.publish(bot.pk, actor=bo)
