"""A step changed by a form: the rest of the text stays as somebody wrote it, comments and all."""

from __future__ import annotations

import tomllib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.kit.refusals import Refused
from careline.service.bots.core import mending, text
from careline.service.bots.core.shapes import Flow
from tests.service.bots.flows import ORDER, graphs

NOTED = ORDER.replace("[steps.find]", "# The shop's own orders.\n[steps.find]").replace(
    'do = "look"', 'do = "look"  # quick'
)


def test_one_step_is_changed_and_nothing_else() -> None:
    step = tomllib.loads(NOTED)["steps"]["number"] | {"tries": 3}
    changed = mending.put(NOTED, "number", step)
    assert changed.replace("tries = 3\n", "") == NOTED
    assert tomllib.loads(changed)["steps"]["number"]["tries"] == 3


def test_a_new_step_stands_after_the_one_it_follows() -> None:
    changed = mending.put(NOTED, "thanks", {"do": "say", "words": {"en": "Thanks."}, "next": "find"}, after="number")
    changed = mending.led(changed, "number", "next", "thanks")
    assert list(text.read(changed).steps)[:4] == ["hello", "number", "thanks", "find"]
    assert "# The shop's own orders.\n[steps.find]" in changed
    assert mending.drop(mending.led(changed, "number", "next", "find"), "thanks") == NOTED


def test_ways_of_options_and_cases_are_led_by_their_number() -> None:
    changed = mending.led(mending.led(NOTED, "more", "option 2", "person"), "which", "case 1", "bye")
    flow = text.parsed(changed)["steps"]
    assert (flow["more"]["options"][1]["next"], flow["which"]["cases"][0]["next"]) == ("person", "bye")
    assert "# quick" in changed


def test_a_step_is_renamed_wherever_it_is_led_to() -> None:
    changed = mending.rename(NOTED, "number", "ask_number")
    assert changed.count("ask_number") == 3
    assert "# quick" in changed
    assert mending.rename(changed, "ask_number", "number").count("ask_number") == 0
    assert text.read(mending.rename(NOTED, "hello", "hi")).start == "hi"
    with pytest.raises(Refused, match="is called “find” already"):
        mending.rename(NOTED, "number", "find")


def test_the_head_is_changed_above_the_steps() -> None:
    changed = mending.head(NOTED, {"name": "Orders", "intents": [], "knows": ["shop"]})
    assert changed.startswith('\nname = "Orders"\nstart = "hello"\nknows = ["shop"]\n\n[steps.hello]')
    assert text.read(changed).knows == ["shop"]


@settings(max_examples=30, deadline=None)
@given(graphs(), st.data())
def test_any_change_reads_as_it_is_meant(flow: Flow, data: st.DataObject) -> None:
    written = text.write(flow)
    raw = tomllib.loads(written)
    name = data.draw(st.sampled_from(sorted(raw["steps"])))
    step = msgspec.to_builtins(data.draw(graphs()).steps["s0"])
    raw["steps"][name] = step
    assert tomllib.loads(mending.put(written, name, step)) == raw
    del raw["steps"][name]
    assert tomllib.loads(mending.drop(written, name)).get("steps", {}) == raw["steps"]
