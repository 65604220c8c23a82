"""A flow's words are held against the house's voice while it is written, and keep nobody from publishing."""

from __future__ import annotations

from typing import Any

from careline.service.assist import voice
from careline.service.bots import sketching
from careline.service.bots.core import text
from careline.web.bots import voicing

FLOW = """name = "Where is it?"
start = "choose"
intents = []

[steps.choose]
do = "choose"
words = { en = "We guarantee it comes, {name}.", id = "Kami menjamin." }
options = [
  { words = { en = "ETA please" }, next = "goodbye" },
]

[steps.goodbye]
do = "end"
words = { en = "You should have waited. We guarantee it." }
"""


def test_every_word_a_flow_says_is_held_against_the_voice(cy: Any) -> None:
    voice.keep(voice.Terms(words=(("ETA", "when it arrives"),)), actor=cy)
    found = voicing.heard(text.parsed(FLOW))
    assert [(one.step, one.language, one.words) for one in found] == [
        ("choose", "en", "We guarantee"), ("choose", "id", "Kami menjamin"), ("choose", "en", "ETA"),
        ("goodbye", "en", "You should have"), ("goodbye", "en", "We guarantee"),
    ]  # fmt: skip
    assert found[2].instead == "When it arrives"
    # Languages are not held against the lists of others, and what cannot be drawn says nothing.
    assert voicing.heard(None) == voicing.heard({"steps": "x"}) == voicing.heard({"steps": {"a": 1}}) == []


def test_the_editor_marks_it_and_publishing_goes_on(cy: Any, desk: Any, bot: Any) -> None:
    assert "Not your voice" not in desk.get(f"/bots/{bot.pk}").content.decode()
    sketching.keep(bot.pk, bot.text.replace("I am a bot.", "We guarantee it."), actor=cy, begun_from=bot.changed_at)
    shown = desk.get(f"/bots/{bot.pk}").content.decode()
    assert "Not your voice" in shown
    assert "Promises what nobody can" in shown
    from careline.service.bots import actions

    assert actions.publish(bot.pk, actor=cy).number == 1
