"""Whether somebody is upset, at once or by and by."""

from __future__ import annotations

import pytest

from careline.service.intents import upset


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        (["Where is my order?", "That is wrong again", "Terrible, still waiting"], True),
        (["That is wrong again", "Terrible, still waiting"], True),
        (["Terrible, still waiting"], False),
        # One that is better between them, or an answer to a question, is no turn.
        (["That is wrong again", "A-1042", "Terrible, still waiting"], False),
        (["Great, thank you", "No", "No thanks"], False),
        (["I lost my card", "Sorry, I lost my card on the 17th"], False),
        # It was no better before: nothing has turned, whatever else may be said of it.
        (["This is bad", "This is awful", "That is wrong again", "Terrible, still waiting"], False),
        ([], False),
    ],
)
def test_two_sour_messages_in_a_row_are_a_turn(said: list[str], turned: bool) -> None:
    assert upset.has_turned(said) is turned
