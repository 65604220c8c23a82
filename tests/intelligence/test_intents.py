"""Intents from phrasings: what is meant, how sure that is, and what is refused."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from careline.intelligence import intents

SAID = {
    "order_status": [
        "Where is my parcel?", "Has my order shipped yet?", "When will my package arrive?", "Track my delivery please",
        "My order has not come", "What is the status of my order?", "Can I see where my shipment is?",
        "The courier has not delivered anything", "How long until my things get here?", "Is my parcel on the way?",
    ],
    "return": [
        "I want to send this back", "How do I return a lamp?", "Can I return shoes that do not fit?",
        "Where do I get a return label?", "I changed my mind and want to return it", "What is your return policy?",
        "Until when may I send things back?", "Return my purchase", "I would like to give it back",
        "How can I send an item back to you?",
    ],
    "invoice": [
        "I need an invoice", "Please send me the receipt", "Where can I download my bill?",
        "The invoice has a wrong address",
        "Can you put our company name on the receipt?", "I did not get a receipt", "Send the tax invoice again",
        "How do I get a copy of my bill?", "My invoice shows the wrong amount", "Need a receipt for my purchase",
    ],
}  # fmt: skip
PHRASINGS = [(intent, text) for intent, texts in SAID.items() for text in texts]


@pytest.fixture(scope="module")
def head():
    return intents.fit(PHRASINGS)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("my package still isn't here", "order_status"),
        ("can i bring these boots back to you", "return"),
        ("please mail me a copy of the bill", "invoice"),
    ],
)
def test_what_was_never_said_so_is_understood(head, text, intent):
    found = head.judge(text)
    assert found.ranked[0][0] == intent
    assert found.is_known
    assert found.margin > 0.15


@pytest.mark.parametrize(
    "text", ["who won the football match last night", "asdf qwer zxcv", "", "🙂", "what is the capital of peru"]
)
def test_what_nobody_taught_it_is_refused(head, text):
    assert not head.judge(text).is_known


def test_the_threshold_lets_most_of_its_own_phrasings_pass(head):
    lost = sum(not head.judge(text).is_known for _intent, text in PHRASINGS)
    assert lost <= 1
    strict = intents.fit(PHRASINGS, loss=0.3)
    assert strict.threshold > head.threshold


def test_it_is_kept_as_arrays_and_read_again(head):
    again = intents.Head.from_bytes(head.to_bytes())
    for text in ("Where is it?", "my bill please"):
        one, other = head.judge(text), again.judge(text)
        assert [name for name, _chance in one.ranked] == [name for name, _chance in other.ranked]
        assert one.score == pytest.approx(other.score, abs=1e-3)
    assert again.threshold == head.threshold
    assert intents.fit(PHRASINGS).to_bytes() == head.to_bytes()


def test_what_is_no_head_is_refused(head):
    stored = msgspec.msgpack.decode(head.to_bytes())
    broken = [b"", b"\x80\x04.", head.to_bytes()[:-900]]
    for place, value in [(0, 99), (1, "another-model/1"), (4, ["one"]), (6, b"123")]:
        changed = list(stored)
        changed[place] = value
        broken.append(msgspec.msgpack.encode(changed))
    for each in broken:
        with pytest.raises(ValueError, match="no intents"):
            intents.Head.from_bytes(each)


def test_two_intents_are_enough_and_one_is_not():
    two = intents.fit([one for one in PHRASINGS if one[0] != "invoice"])
    assert two.judge("where is my stuff").ranked[0][0] == "order_status"
    assert two.judge("take it back please").ranked[0][0] == "return"
    assert sum(chance for _name, chance in two.judge("take it back").ranked) == pytest.approx(1, abs=1e-3)
    with pytest.raises(ValueError, match="Two intents"):
        intents.fit([("only", "one"), ("only", "two")])


def test_few_phrasings_get_the_threshold_that_suited_others():
    few = intents.fit(PHRASINGS[8:12])
    assert few.threshold == 0.76
    assert few.judge("I want to send this back").is_known


def test_stored_vectors_give_the_same(head):
    from careline.intelligence import embedding

    vectors = np.stack([embedding.embed(text) for _intent, text in PHRASINGS])
    assert intents.fit(PHRASINGS, vectors=vectors).to_bytes() == head.to_bytes()
    with pytest.raises(ValueError, match="one vector"):
        intents.fit(PHRASINGS, vectors=vectors[1:])


def test_another_language_is_learned_by_its_letters():
    said = {
        "status": ["Di mana pesanan saya?", "Pesanan saya belum sampai", "Kapan paket tiba?", "Cek status pesanan"],
        "retur": ["Saya mau retur barang", "Bagaimana cara mengembalikan barang?", "Barang rusak, minta retur",
                  "Retur sepatu"],
    }  # fmt: skip
    head = intents.fit([(intent, text) for intent, texts in said.items() for text in texts], language="id")
    assert head.judge("pesanan belum sampai juga").ranked[0][0] == "status"
    assert head.judge("mau retur dong").ranked[0][0] == "retur"
    assert intents.Head.from_bytes(head.to_bytes()).language == "id"


def test_twins_are_shown_within_an_intent_and_clashes_between():
    more = [*PHRASINGS, ("order_status", "where is my parcel"), ("return", "What's the status of my order?")]
    [twin] = intents.duplicates(more)
    assert {twin.one[1], twin.other[1]} == {"Where is my parcel?", "where is my parcel"}
    [clash] = intents.clashes(more)
    assert {clash.one, clash.other} == {
        ("order_status", "What is the status of my order?"), ("return", "What's the status of my order?"),
    }  # fmt: skip
    assert intents.clashes([]) == intents.duplicates([]) == []
