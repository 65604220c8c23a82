"""Flows as text: they come back as they were, and what is wrong is told with its place."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from careline.kit.refusals import Refused
from careline.service.bots.core import text
from careline.service.bots.core.shapes import Flow
from tests.service.bots.flows import ORDER, graphs


def test_text_and_flow_are_the_same() -> None:
    flow = text.read(ORDER)
    assert text.read(text.write(flow)) == flow


@settings(max_examples=20, deadline=None)
@given(graphs())
def test_any_graph_is_written_as_it_is(flow: Flow) -> None:
    assert msgspec.convert(tomllib.loads(text.write(flow)), Flow) == flow


@pytest.mark.parametrize(("was", "now", "told"), [
    ('do = "say"', 'do = "sing"', "Line 6: Step “hello”: Invalid value 'sing'"),
    ('next = "find"', 'next = "fnd"', "Line 11: Step “number”: its exit “next” leads to “fnd”"),
    ("{status}", "{state}", "Line 31: Step “tell”: no step brings the value “state”"),
    ('check = "number"', 'check = "numbr"', "Line 11: Step “number”: Invalid enum value 'numbr' (check)."),
    ('into = "order"', "", "Line 11: Step “number”: Object missing required field `into`."),
    ('intents', 'intent', "Line 4: Object contains unknown field `intent`."),
    ('start = "hello"', 'start = "bye"', "Line 6: Step “hello”: no step leads here."),
    ('start = "hello"', 'start = "here"', "it starts at “here”, and there is no such step"),
    ('confirm = { en = "Cancel order {order}?" }', "", "Line 41: Step “cancel”: what cannot be undone needs words"),
    ('next = "more"', 'next = "which"', "Line 26: Step “which”: the flow goes round here without waiting"),
    ('words = { en = "I am', 'words = { en = "\\u0000', "Line 6: Step “hello”: Expected `str` matching regex"),
    ('name = "W', 'name = W', "This is no TOML: Invalid value (at line 2, column 8)."),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(was: str, now: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        text.read(ORDER.replace(was, now, 1))
    assert told in str(refused.value)


def test_ten_thousand_steps_are_refused_in_words() -> None:
    steps = "".join(f'[steps.s{n}]\ndo="end"\n' for n in range(10_000))
    with pytest.raises(Refused, match=r"at most 500 steps; this one has 10000\."):
        text.read('name="a"\nstart="s0"\n' + steps)
    with pytest.raises(Refused, match=r"at most 256 KB"):
        text.read("#" * 1_000_000)


def test_the_flow_on_the_page_reads_as_one() -> None:
    page = (Path(__file__).parents[3] / "docs" / "bots.md").read_text(encoding="utf-8")
    assert list(text.read(page.split("```toml\n")[1].split("```")[0]).steps) == ["number", "find", "tell"]
