"""Which of the house's languages a text is in, and how sure that is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from careline.intelligence import language

HOUSE = {"en", "id", "ar"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Where is my parcel?", "en"), ("I would like to return the lamp", "en"),
        ("Di mana paket saya?", "id"), ("Lampunya rusak, tolong diganti", "id"), ("أين طردي؟", "ar"),
    ],
)  # fmt: skip
def test_of_the_languages_of_the_house_it_is_this_one(text, code):
    found, sure = language.of(text, HOUSE)
    assert found == code
    assert sure > 0.8


@pytest.mark.parametrize("text", ["", "12345", "🙂", "  \n"])
def test_of_what_has_no_letters_nothing_is_said(text):
    assert language.of(text, HOUSE) == (None, 0.0)


def test_where_nothing_stands_out_nothing_is_said():
    assert language.of("ok", HOUSE)[0] is None
    assert language.of("Wo ist mein Paket?", {"en"})[0] is None
    assert language.of("Where is it?", set()) == (None, 0.0)


def test_any_thread_may_ask_for_other_languages():
    asked = [({"en", "id"}, "id"), ({"de", "en"}, None)] * 20
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda one: language.of("Di mana paket saya?", one[0])[0], asked))
    assert found[::2] == ["id"] * 20
    assert set(found[1::2]) <= {None, "de", "en"}
    assert language.of("x" * 2_000_000, HOUSE)[1] <= 1
