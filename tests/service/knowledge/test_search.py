"""What is looked for is found, by words alone and by meaning too; what is not found is counted and names nobody."""

from __future__ import annotations

import pytest

from careline.service.knowledge import actions, counting, gaps, meaning, search
from careline.service.knowledge.models import Asked


@pytest.fixture(autouse=True)
def no_model(monkeypatch):
    """Without tools of meaning, unless a test brings some."""
    meaning.forget()
    monkeypatch.setattr(meaning, "encoder", lambda language: None)
    yield
    meaning._shelves.clear()


def found(actor, words, language="en", **more):
    return [hit.card.title for hit in search.search(actor, words, language, **more).hits]


def test_a_question_in_own_words_finds_the_article(write, stranger):
    write("Send something back", "You have 30 days to return a parcel.", phrasings=("How do I get a refund?",))
    write("Opening hours", "We open at nine.")
    assert found(stranger, "can i have a refund for my kettle please")[0] == "Send something back"
    assert found(stranger, "returning parcels")[0] == "Send something back"
    assert search.search(stranger, "refund", "en").by == "words"


def test_what_is_typed_last_is_found_by_its_beginning(write, stranger):
    write("Warranty", "Two years.")
    assert found(stranger, "warr") == ["Warranty"]


@pytest.mark.parametrize(
    "words", ["", "   ", "\0", "'", "\\", "a' & !b | (", "<->", ":*", "x" * 5000, "؟", "the of and", "\ud800"]
)
def test_no_search_breaks(write, stranger, words):
    write("Warranty", "Two years.")
    assert len(found(stranger, words, place="help")) <= 1


def test_nobody_finds_what_they_may_not_read(write, stranger, bo):
    write("Refund limits", "Agents give 20.", audience="agents")
    write("Hidden refund", live=False)
    assert found(stranger, "refund") == []
    assert found(bo, "refund") == ["Refund limits"]


def test_arabic_is_found_by_the_rules_of_arabic(write, stranger):
    write("إرجاع الطلب", "يمكنك إرجاع المنتجات خلال ثلاثين يومًا.", language="ar")
    assert found(stranger, "المنتج", "ar") == ["إرجاع الطلب"]
    assert found(stranger, "المنتج", "en") == []


def test_what_was_not_found_is_counted_without_who_somebody_is(write, stranger):
    write("Warranty", "Two years.")
    for _again in range(2):
        found(stranger, "gift card for lin@example.com order 4417123456789113", place="help")
    found(stranger, "warranty", place="help")
    rows = {one.words: (one.times, one.found) for one in Asked.objects.all()}
    assert rows == {"gift card for · order ·": (2, 0), "warranty": (1, 1)}
    assert [found for found in rows if "lin" in found or "4417" in found] == []


def test_searches_in_vain_become_gaps_and_go_when_somebody_saw_to_them(cy, stranger, organization):
    for words in ("gift cards", "gift card", "gift card", "zip code"):
        found(stranger, words, place="help")
    first, second = gaps.searches(cy)
    assert (first.words, first.times, first.also) == ("gift card", 3, ("gift cards",))
    assert second.words == "zip code"
    actions.settle_asked([first.words, *first.also], actor=cy, language="en")
    assert [one.words for one in gaps.searches(cy)] == ["zip code"]


def test_a_program_that_tries_words_fills_no_table(organization, monkeypatch):
    monkeypatch.setattr(counting, "MOST_A_DAY", 3)
    for word in ("first word", "second word", "third word", "fourth word", "first word"):
        counting.count(word, "en", "help", 0)
    assert {one.words: one.times for one in Asked.objects.all()} == {"first word": 2, "second word": 1, "third word": 1}
