"""What many texts are about, and names an analyst gave that stay."""

from __future__ import annotations

import numpy as np
import pytest

from careline.intelligence import topics
from tests.intelligence.test_intents import SAID

TEXTS = [text for texts in SAID.values() for text in texts]


@pytest.fixture(scope="module")
def found():
    return topics.of(TEXTS, most=3)


def test_texts_that_mean_alike_are_one_topic(found):
    assert len(found) == 3
    for topic in found:
        of = [n // 10 for n in topic.members]
        assert max(of.count(group) for group in range(3)) / len(of) >= 0.7
    assert sum(len(topic.members) for topic in found) >= 24
    assert len({n for topic in found for n in topic.members}) == sum(len(topic.members) for topic in found)


def test_a_topic_is_named_by_its_own_words(found):
    names = " ".join(topic.name for topic in found)
    assert "return" in names
    assert "invoice" in names or "receipt" in names
    assert all(topic.words and len(topic.words) <= topics.SHOWN for topic in found)


def test_when_something_was_names_no_topic():
    texts = [f"My parcel was promised for {n} November, on a Tuesday." for n in range(10, 16)]
    texts += [f"فاتورة الطلب وصلت يوم {n} نوفمبر" for n in range(10, 16)]
    words = {word for topic in topics.of(texts, most=2, language="ar") for word in topic.words}
    assert "parcel" in words
    assert words.isdisjoint({"november", "tuesday", "نوفمبر"})


def test_a_locked_topic_keeps_its_name_and_takes_what_is_near(found):
    theirs = next(topic for topic in found if "return" in topic.words)
    locked = topics.Topic("Sent back", theirs.words, (), theirs.center)
    again = topics.of([*TEXTS, "May I send these back?"], most=2, locked=[locked])
    kept = next(topic for topic in again if topic.name == "Sent back")
    assert 30 in kept.members
    assert np.array_equal(kept.center, theirs.center)


def test_two_made_one_hold_what_both_held(found):
    both = topics.merged(found[0], found[1], name="Orders")
    assert both.name == "Orders"
    assert set(both.members) == set(found[0].members) | set(found[1].members)
    assert float(np.linalg.norm(both.center)) == pytest.approx(1, abs=1e-5)


def test_too_few_texts_are_no_topic_and_the_same_texts_the_same_topics(found):
    assert topics.of([]) == topics.of(["one", "two"]) == []
    assert [topic.name for topic in topics.of(TEXTS, most=3)] == [topic.name for topic in found]


def test_other_languages_are_grouped_by_their_letters():
    texts = ["pesanan saya belum sampai", "pesanan saya di mana", "pesanan saya terlambat sampai"] * 2
    texts += ["minta kembali uang refund", "refund uang saya", "uang refund belum kembali"] * 2
    assert len(topics.of(texts, most=2, language="id")) == 2
