"""Flows to walk through: one that is written with care, and any graph at all."""

from __future__ import annotations

from hypothesis import strategies as st

from careline.service.bots.core import shapes
from careline.service.bots.core.shapes import (
    Ask,
    Branch,
    Call,
    Case,
    Choose,
    End,
    Flow,
    HandOver,
    Look,
    Node,
    Offer,
    Option,
    Say,
    Set,
    Wait,
)  # fmt: skip

ORDER = """
name = "Where is my order?"
start = "hello"
intents = ["order_status"]

[steps.hello]
do = "say"
words = { en = "I am a bot.", id = "Saya bot." }
next = "number"

[steps.number]
do = "ask"
words = { en = "What is the order's number?" }
into = "order"
check = "number"
next = "find"

[steps.find]
do = "look"
at = "orders"
by = "order"
takes = { status = "status" }
next = "which"
failed = "person"

[steps.which]
do = "branch"
cases = [{ value = "status", than = "paid", next = "cancel" }]
otherwise = "tell"

[steps.tell]
do = "say"
words = { en = "Order {order} is {status}." }
next = "more"

[steps.more]
do = "choose"
words = { en = "Anything else?" }
options = [{ words = { en = "Another order" }, next = "number" }, { words = { en = "No" }, next = "bye" }]

[steps.cancel]
do = "call"
url = "https://shop.example/cancel"
secret = "shop"
sends = ["order"]
irreversible = true
confirm = { en = "Cancel order {order}?" }
next = "bye"
declined = "more"

[steps.person]
do = "hand_over"

[steps.bye]
do = "end"
words = { en = "Goodbye." }
resolves = true
"""

_WORDS = st.dictionaries(
    st.sampled_from(["en", "id", "ar"]),
    st.sampled_from(["Hello {a}", "{", 'a "b"\n\\', "\x7f", "نعم", "=["]),
    min_size=1, max_size=2,
)  # fmt: skip
_VALUE = st.one_of(st.sampled_from(["", "x", "\t'\""]), st.integers(-99, 99), st.booleans())
_KNOWN = st.sampled_from(["a", "b", "c"])


def _node(names: list[str]) -> st.SearchStrategy[Node]:
    to, maybe = st.sampled_from(names), st.sampled_from([*names, None])
    tries = st.integers(1, 5)
    options = st.lists(st.builds(Option, _WORDS, to), min_size=1, max_size=3)
    how = st.sampled_from(["is", "is_not", "over", "under", "has", "known", "unknown"])
    cases = st.lists(st.builds(Case, _KNOWN, to, how, _VALUE), min_size=1, max_size=3)
    check = st.sampled_from(["text", "number", "email", "phone", "date"])
    takes = st.dictionaries(_KNOWN, st.just("x"), min_size=1, max_size=2)
    return st.one_of(
        st.builds(Say, _WORDS, to),
        st.builds(Ask, _WORDS, _KNOWN, to, check, st.none() | _WORDS, tries, maybe),
        st.builds(Choose, _WORDS, options, tries, maybe),
        st.builds(Branch, cases, to),
        st.builds(Set, st.dictionaries(_KNOWN, _VALUE, min_size=1, max_size=2), to),
        st.builds(
            Call, st.just("https://x.example/"), to, takes=takes, irreversible=st.booleans(), confirm=_WORDS,
            declined=maybe, failed=maybe,
        ),
        st.builds(Look, st.sampled_from(["customer", "orders"]), to, takes, st.none() | _KNOWN, maybe),
        st.builds(Offer, _KNOWN, to, maybe),
        st.builds(Wait, st.integers(1, 999), to),
        st.builds(HandOver, st.none() | _WORDS),
        st.builds(End, st.none() | _WORDS, st.booleans()),
    )  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn) -> Flow:
    """Any graph, sensible or not."""
    names = [f"s{number}" for number in range(draw(st.integers(1, 6)))]
    steps = {name: draw(_node(names)) for name in names}
    return shapes.Flow(name="Any", start="s0", steps=steps, knows=["a", "b", "c"])
