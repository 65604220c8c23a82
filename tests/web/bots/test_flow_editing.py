"""A flow being written: its text and the form of a step are one work."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from careline.service.bots.core import text
from careline.web.bots import editing, form, picture, playing
from tests.service.bots.flows import ORDER


def posted(written: str, step: str, **fields: str) -> dict[str, str]:
    """What the form of a step brings, as it was drawn, but for the fields named here (`_` stands for a dot)."""
    raw = text.parsed(written)["steps"][step]
    found = {"text": written.replace("\n", "\r\n"), "s.step": step, "s.name": step}
    found["s.was"] = msgspec.json.encode(raw).decode()
    for name, value in raw.items():
        if isinstance(value, dict):
            found |= {f"s.{name}.{key}": str(one) for key, one in value.items()}
            found[f"s.{name}"] = form.pairs({key: form.shown(one) for key, one in value.items()})
        elif name in ("options", "cases"):
            for n, row in enumerate(value):
                place = f"s.{name}.{n}"
                found |= {f"{place}.{key}": form.shown(one) for key, one in row.items() if key != "words"}
                found |= {f"{place}.words.{code}": one for code, one in row.get("words", {}).items()}
        else:
            said = "on" if value is True else form.shown(value)
            found[f"s.{name}"] = ", ".join(value) if isinstance(value, list) else said
    return found | fields


def sent(written: str, step: str, fields: dict[str, str]) -> editing.Work:
    return editing.sent(posted(written, step) | fields, "en")


@pytest.mark.parametrize("step", list(text.parsed(ORDER)["steps"]))
def test_a_form_that_nobody_touched_changes_nothing(step: str) -> None:
    work = sent(ORDER, step, {})
    assert (work.text, work.faults, work.is_turned) == (ORDER, [], False)


def test_a_field_changes_its_line_alone() -> None:
    work = sent(ORDER, "number", {"s.words.id": "Nomor pesanan?"})
    assert work.raw is not None
    assert work.raw["steps"]["number"]["words"]["id"] == "Nomor pesanan?"
    assert [one for one in work.text.splitlines() if one not in ORDER.splitlines()] == [
        'words = { en = "What is the order\'s number?", id = "Nomor pesanan?" }'
    ]


def test_what_was_written_into_the_text_meanwhile_stays() -> None:
    fields = posted(ORDER, "number") | {"text": ORDER.replace("Goodbye.", "See you."), "s.tries": "4"}
    work = editing.sent(fields, "en")
    assert "See you." in work.text
    assert "tries = 4" in work.text


def test_a_new_step_stands_between_the_two_it_joins() -> None:
    work = sent(ORDER, "number", {"s.next": "new:say"})
    assert work.raw is not None
    steps = work.raw["steps"]
    assert (work.step, steps["number"]["next"], steps["say"]["next"]) == ("say", "say", "find")
    assert (work.is_turned, work.faults) == (True, [])


@pytest.mark.parametrize("kind", list(form.FIELDS))
def test_any_kind_of_step_can_be_kept_as_soon_as_it_is_there(kind: str) -> None:
    work = sent(ORDER, "more", {"s.options.1.next": f"new:{kind}"})
    lost = [one.why for one in work.faults]
    # What led nowhere else is said; nothing is wrong with the new step itself.
    assert lost in ([], ["no step leads here"])
    assert work.chosen is not None
    assert work.chosen["do"] == kind
    again = sent(work.text, work.step, {})
    assert (again.text, again.is_turned) == (work.text, False)


def test_a_step_becomes_another_kind_with_what_both_have() -> None:
    work = sent(ORDER, "tell", {"s.do": "ask"})
    assert work.chosen == {
        "do": "ask", "words": {"en": "Order {order} is {status}."}, "into": "answer", "next": "more"
    }  # fmt: skip


def test_choices_are_added_moved_and_removed() -> None:
    more = sent(ORDER, "more", {"do": "option-add"})
    assert more.chosen is not None
    assert [one["words"]["en"] for one in more.chosen["options"]] == ["Another order", "No", "…"]
    up = sent(more.text, "more", {"do": "option-up:1"})
    assert up.chosen is not None
    assert [one["next"] for one in up.chosen["options"]] == ["bye", "number", "bye"]
    assert sent(more.text, "more", {"do": "option-drop:2"}).chosen == text.parsed(ORDER)["steps"]["more"]


def test_every_fault_is_told_with_its_step() -> None:
    broken = ORDER.replace('next = "find"', 'next = "fnd"').replace('otherwise = "tell"', 'otherwise = "tel"')
    work = editing.opened(broken)
    assert [(one.line, one.step) for one in work.faults] == [(11, "number"), (26, "which")]
    assert editing.opened("a = ").raw is None
    assert editing.opened('x = 1\ny = "\n').faults[0].line == 2


def test_a_name_that_cannot_be_is_refused_and_nothing_is_lost() -> None:
    work = sent(ORDER, "number", {"s.name": "The number", "s.tries": "3"})
    assert "small letters" in work.faults[0].why
    assert "tries = 3" in work.text


def test_ten_thousand_steps_are_told_and_not_drawn() -> None:
    work = editing.opened('name="a"\nstart="s0"\n' + "".join(f'[steps.s{n}]\ndo="end"\n' for n in range(10_000)))
    assert work.raw is None
    assert "at most 500 steps; this one has 10000" in work.faults[0].why


def test_steps_are_drawn_in_layers_and_ways_back_beside_them() -> None:
    drawn = picture.draw(text.parsed(ORDER), {})
    at = {one.name: (one.x, one.y) for one in drawn.nodes}
    assert [name for name, _at in sorted(at.items(), key=lambda one: one[1][1])][:4] == [
        "hello", "number", "find", "which"
    ]  # fmt: skip
    assert len(set(at.values())) == len(at) == 9
    assert all(0 <= x <= drawn.width - picture.WIDE and 0 <= y <= drawn.height - picture.HIGH for x, y in at.values())
    assert {(one.step, one.way, one.target) for one in drawn.lines} >= {
        ("more", "option 1", "number"), ("cancel", "declined", "more")
    }  # fmt: skip
    turned = {one.name: one.x for one in picture.draw(text.parsed(ORDER), {}, mirrored=True).nodes}
    assert all(turned[name] == drawn.width - picture.WIDE - x for name, (x, _y) in at.items())


@pytest.mark.parametrize("raw", [
    {}, {"steps": {}}, {"steps": {"a": {}}}, {"start": "b", "steps": {"a": {"do": "sing", "next": 3}}},
    {"start": "a", "steps": {"a": {"do": "choose", "options": [1, {"next": "b"}]}, "b": {"do": "say", "next": "c"}}},
])  # fmt: skip
def test_what_is_half_written_is_drawn_too(raw: dict[str, Any]) -> None:
    drawn = picture.draw(raw, editing.excerpts(raw, "en"))
    assert [one.name for one in drawn.nodes] == list(raw.get("steps", {}))
    assert all(one.is_lost for one in drawn.lines if one.target == "c")


def test_a_talk_is_played_with_its_ways() -> None:
    flow = text.read(ORDER)
    played = playing.Played()
    for fields in ({"say": "4711"}, {"act": "brings", "bring.status": "sent"}, {"act": "option:No"}):
        played = playing.further(played, fields)
    talk = playing.talk(flow, playing.read(playing.written(played)), "id")
    assert [[line.words for line in turn.lines] for turn in talk.turns] == [
        ["Saya bot.", "What is the order's number?"], ["4711", "It asks what “find” brings."],
        ["It brought status = sent.", "Order 4711 is sent.", "Anything else?"],
        ["No", "Goodbye.", "It ends and resolves the conversation."],
    ]  # fmt: skip
    assert ("which", "otherwise") in talk.taken
    assert playing.talk(flow, playing.further(played, {"act": "back"}), "en").options == ["Another order", "No"]
