"""A flow from step to step: what it says, what it waits for, and that it always comes to an end."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.service.bots.core import checks, machine, text
from careline.service.bots.core.shapes import Case, Flow, exits
from careline.service.bots.core.state import (
    Answered,
    Begun,
    Fetch,
    Finish,
    Happening,
    Heard,
    Moved,
    Person,
    Phrase,
    Speak,
    State,
    Woken,
)  # fmt: skip
from careline.service.intents import wishes
from tests.service.bots.flows import ORDER, graphs

EVENTS = st.one_of(
    st.builds(
        Heard, st.sampled_from(["1", "yes", "no", "42", "words", "a@b.example", "x" * 5_000]) | st.text(max_size=9)
    ),
    st.builds(Answered, st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 9)), st.booleans()),
    st.just(Woken()),
)


def walked(flow: Flow, *events: Happening, verified: bool = False) -> tuple[State, list[Any]]:
    """Its state and what it wants after the last of the events."""
    moved = Moved(machine.begin(flow, verified=verified), (), ())
    for event in (Begun(), *events):
        moved = machine.step(flow, moved.state, event)
    return moved.state, list(moved.commands)


@pytest.fixture(scope="module")
def order() -> Flow:
    return text.read(ORDER)


def test_an_answer_is_checked_and_looked_up(order: Flow) -> None:
    assert walked(order)[1] == [
        Speak("hello", {"en": "I am a bot.", "id": "Saya bot."}),
        Speak("number", {"en": "What is the order's number?"}),
    ]
    assert walked(order, Heard("the blue one"))[1] == [Phrase("number", "again")]
    assert walked(order, Heard("4711"))[1] == [Fetch("find", {"order": 4711})]
    state, said = walked(order, Heard("4711"), Answered({"status": "on its way", "admin": True}))
    assert said[0] == Speak("tell", {"en": "Order 4711 is on its way."})
    assert state.values == {"order": 4711, "status": "on its way"}


def test_what_leads_nowhere_reaches_a_person(order: Flow) -> None:
    assert walked(order, Heard("what"), Heard("the blue"))[1] == [Person("number", "stuck")]
    assert walked(order, Heard("what"), Heard("What?"))[1] == [Person("number", "repeated")]
    assert walked(order, Heard("1"), Answered(failed=True))[1] == [Person("person", "step")]
    assert walked(order, Heard("x" * 1_000_000))[1] == [Phrase("number", "too_long")]


@pytest.mark.parametrize("asked", [0, 1])
def test_a_wish_for_a_person_is_heard_at_any_time(order: Flow, asked: int) -> None:
    events = [Heard("4711"), Answered({"status": "paid"})][: 2 * asked]
    state, said = walked(order, *events, Heard("Let me talk to a human"), verified=True)
    assert isinstance(said[0], Person)
    assert (said[0].reason, state.awaits) == ("wish", "nothing")
    assert machine.step(order, state, Heard("hello?")) == Moved(state, (), ())


def test_what_cannot_be_undone_needs_identity_and_a_yes(order: Flow) -> None:
    paid = (Heard("4711"), Answered({"status": "paid"}))
    assert walked(order, *paid)[1] == [Person("cancel", "identity")]
    assert walked(order, *paid, verified=True)[1] == [Speak("cancel", {"en": "Cancel order 4711?"})]
    assert walked(order, *paid, Heard("well, maybe"), verified=True)[1] == [Phrase("cancel", "yes_or_no")]
    assert walked(order, *paid, Heard("Yes"), verified=True)[1] == [Fetch("cancel", {"order": 4711})]
    assert walked(order, *paid, Heard("no"), verified=True)[1][0].step == "more"
    done = walked(order, *paid, Heard("yes"), Answered(), verified=True)[1]
    assert done == [Speak("bye", {"en": "Goodbye."}), Finish("bye", resolves=True)]


def test_words_of_a_customer_are_never_read_as_a_place() -> None:
    flow = text.read(
        'name="a"\nstart="b"\n[steps.b]\ndo="ask"\nwords={en="?"}\ninto="c"\nnext="d"\n'
        '[steps.d]\ndo="say"\nwords={en="{c}{c}"}\nnext="e"\n[steps.e]\ndo="end"\n'
    )
    assert walked(flow, Heard("{c}"))[1][0] == Speak("d", {"en": "{c}{c}"})


@settings(max_examples=30, deadline=None)
@given(graphs(), st.lists(EVENTS, max_size=75), st.booleans())
def test_any_graph_comes_to_an_end(flow: Flow, events: list[Happening], verified: bool) -> None:
    state, heard = machine.begin(flow, verified=verified), 0
    for event in (Begun(), *events):
        was = state
        moved = machine.step(flow, was, event)
        state = moved.state
        heard += isinstance(event, Heard)
        # Never twice more, however the graph goes round.
        assert len(moved.commands) <= machine.STEPS + 2
        assert state.steps <= machine.STEPS
        assert heard <= machine.TURNS or state.awaits == "nothing"
        # Whoever is over has been given to somebody or was told so, once.
        over = [one for one in moved.commands if isinstance(one, Person | Finish)]
        assert len(over) == (state.awaits == "nothing" and was.awaits != "nothing")
        assert all(way in exits(flow.steps[step]) for step, way in moved.taken)
        # It is the same after it was stored, and says the same again.
        kept = msgspec.json.decode(msgspec.json.encode(state), type=State)
        assert kept == state
        assert machine.step(flow, was, event) == moved


def test_a_flow_in_a_loop_ends_with_a_person() -> None:
    flow = msgspec.convert(
        {"name": "r", "start": "a", "steps": {"a": {"do": "say", "words": {"en": "x"}, "next": "a"}}}, Flow
    )
    state, said = walked(flow)
    assert len(said) == machine.STEPS + 1
    assert (said[-1], state.awaits) == (Person("a", "loop"), "nothing")


def test_a_talk_without_end_ends_with_a_person(order: Flow) -> None:
    round_once = (Heard("1"), Answered({"status": "sent"}), Heard("Another order"))
    state, said = walked(order, *round_once * 31)
    assert state.awaits == "nothing"
    assert state.turns == machine.TURNS + 1
    assert not said


@pytest.mark.parametrize("words", [
    "agent", "Human please", "I want to talk to a person", "why can I not talk to a person?", "get me a real human!",
    "saya mau bicara dengan petugas", "hubungkan ke orang", "أريد التحدث مع موظف", "حولني إلى إنسان",
    "x " * 5_000 + "I need a human",
])  # fmt: skip
def test_a_plain_wish_for_a_person(words: str) -> None:
    assert wishes.person(words)


@pytest.mark.parametrize("words", [
    "where is my order", "I do not want an agent", "the parcel went to another person in my street", "", "4711",
])  # fmt: skip
def test_what_is_no_wish_for_a_person(words: str) -> None:
    assert not wishes.person(words)


@pytest.mark.parametrize(("check", "words", "value"), [
    ("number", "12,5", 12.5), ("number", "٤٢", 42), ("number", "12 apples", None), ("number", "9" * 16, None),
    ("email", "it is a@b.example, thanks", "a@b.example"), ("email", "a@b", None),
    ("phone", "+62 (812) 555-0101", "+628125550101"), ("phone", "٠٥٥ ٥٠١ ٠١", "05550101"), ("phone", "12", None),
    ("date", "2026-03-31", "2026-03-31"), ("date", "2026-02-30", None),
    ("text", "  a \0 b ", "a b"), ("text", " ", None), ("text", "x" * 1_001, None),
])  # fmt: skip
def test_an_answer_is_read_or_asked_again(check: str, words: str, value: object) -> None:
    assert checks.read(check, words) == value


@pytest.mark.parametrize(("how", "than", "holds"), [
    ("is", 5, True), ("is", "5", False), ("is", True, False), ("is_not", 6, True), ("over", 4.5, True),
    ("over", 5, False),
    ("under", 6, True), ("under", "6", False), ("has", "5", False), ("known", "", True), ("unknown", "", False),
])  # fmt: skip
def test_a_case_holds_by_its_kind(how: Any, than: Any, holds: bool) -> None:
    assert checks.holds(Case("a", "s", how, than), {"a": 5}) is holds
    assert checks.holds(Case("b", "s", how, than), {"a": 5}) is (how == "unknown")


@pytest.mark.parametrize(("said", "step"), [("2", "bye"), ("٢", "bye"), ("NO!", "bye"), ("another order", "number")])
def test_an_option_is_chosen_by_words_or_number(order: Flow, said: str, step: str) -> None:
    assert walked(order, Heard("1"), Answered({"status": "sent"}), Heard(said))[1][0].step == step


@pytest.mark.parametrize("said", ["!!!", "3", "0", "both"])
def test_what_is_no_option_chooses_none(order: Flow, said: str) -> None:
    assert walked(order, Heard("1"), Answered({"status": "sent"}), Heard(said))[1][0] == Phrase("more", "which")
