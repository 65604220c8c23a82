"""How words feel by the lexicon: for English alone, and only where they say something."""

from __future__ import annotations

import pytest

from careline.intelligence import language, sentiment
from careline.intelligence.sentiment import lexicon

ENGLISH = [
    "Where is my parcel?", "I have been waiting for two weeks and nobody answers.", "Great, thanks!",
    "The lamp arrived broken.", "This is terrible service", "Awful", "Thank you so much, it works now!", "I love it",
]  # fmt: skip
OTHERS = [
    "¿Dónde está mi paquete?", "No me gusta nada", "Es terrible, quiero mi dinero", "Wo ist mein Paket?",
    "Das ist ein Problem", "Super, danke!", "C'est terrible", "Merci, super", "Il servizio è orribile",
    "Terima kasih, barangnya sudah sampai", "Lampu saya rusak", "أين طردي؟", "شكرا", "Waar is mijn pakket?",
    "Péssimo serviço", "Çok kötü", "Det är trasigt, tack", "这太糟糕了", "No", "🙂", "", "12345",
]  # fmt: skip


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_known_as_such(text):
    assert language.is_english(text, known=lexicon.analyzer().lexicon)


@pytest.mark.parametrize("text", OTHERS)
def test_of_another_language_nothing_is_said(text):
    assert sentiment.weigh(text) is None


@pytest.mark.parametrize(
    ("text", "feels"),
    [("This is terrible service", -1), ("I am very unhappy with it", -1), ("I love it", 1), ("It is not good", -1)],
)
def test_words_with_a_weight_lean_to_one_side(text, feels):
    found = sentiment.weigh(text)
    assert found is not None
    assert found.score * feels > sentiment.SAID
    assert found.by == "vader-3.3.2"


def test_a_polite_complaint_says_nothing_and_that_is_no_zero():
    assert sentiment.weigh("Where is my parcel? I have been waiting for two weeks.") is None


def test_long_text_is_weighed_in_part():
    assert sentiment.weigh("This is terrible. " * 100_000) is not None
