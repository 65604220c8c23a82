"""Where meanings are understood, what means the same is found too, as it is now and by whoever may read it."""

from __future__ import annotations

import zlib
from types import SimpleNamespace

import pytest

from careline.service.knowledge import actions, meaning, search
from careline.service.knowledge.models import Passage
from careline.service.knowledge.shapes import Written

np = pytest.importorskip("numpy", reason="the tools of meaning are not there")
NEAR = {"refund": "money", "money": "money", "reimbursed": "money", "hours": "time", "open": "time"}


def embed(text):
    vector = np.zeros(64, np.float32)
    for word in text.casefold().replace("?", "").split():
        vector[zlib.crc32(NEAR.get(word, word).encode()) % 64] += 1
    return vector / max(np.linalg.norm(vector), 1e-9)


def found(actor, words):
    return [hit.card.title for hit in search.search(actor, words, "en").hits]


@pytest.fixture
def model(monkeypatch):
    """Tools of meaning that know which words mean alike, and English alone."""
    pytest.importorskip("careline.intelligence.ranking", reason="the tools of meaning are not there")
    known = SimpleNamespace(model_id="toy/1", dimensions=64, understands=True, embed=embed)
    meaning.forget()
    monkeypatch.setattr(meaning, "encoder", lambda language: known if language == "en" else None)
    yield
    meaning._shelves.clear()


def test_meaning_finds_what_no_word_does(model, write, stranger):
    write("Refund", "Thirty days.")
    write("Opening hours", "From nine.")
    asked = search.search(stranger, "get reimbursed", "en")
    assert (asked.by, asked.hits[0].card.title) == ("meaning", "Refund")
    assert search.search(stranger, "reimbursed", "id").by == "words"


def test_what_changed_is_found_as_it_is_now(model, write, cy, stranger):
    one = write("Refund", "Thirty days.")
    assert found(stranger, "reimbursed") == ["Refund"]
    actions.change(one.pk, Written(title="Opening hours", body="From nine."), revision=1, actor=cy)
    actions.publish(one.pk, actor=cy)
    assert search.suggested(stranger, "reimbursed", "en") == []
    actions.withdraw(one.pk, actor=cy)
    assert found(stranger, "open") == []


def test_what_was_written_without_a_model_gets_its_vectors_later(write, model, monkeypatch, stranger):
    with monkeypatch.context() as before:
        before.setattr(meaning, "encoder", lambda language: None)
        write("Refund", "Thirty days.")
    assert Passage.objects.filter(vector=None).count() == 2
    assert actions.publishing.give_vectors() == 2
    assert actions.publishing.give_vectors() == 0
    assert found(stranger, "reimbursed") == ["Refund"]
