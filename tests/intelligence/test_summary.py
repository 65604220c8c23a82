"""A talk in the sentences it was led in."""

from __future__ import annotations

import time

from careline.intelligence import summary

TALK = [
    "Hello! I ordered a lamp two weeks ago. It has not arrived. Can you tell me where order 4711 is?",
    "Hi Ada, thanks for writing. I see the lamp left our warehouse on Monday. The carrier lost the parcel in Hamburg."
    " We will send a new lamp today, at no cost.",
    "Thank you!",
    "Will the new lamp come before Friday? I move on Saturday to a new address.",
]


def test_it_is_a_few_sentences_of_the_talk_in_their_order():
    found = summary.of(TALK).splitlines()
    whole = " ".join(TALK)
    assert len(found) == summary.MOST
    assert [whole.index(sentence) for sentence in found] == sorted(whole.index(sentence) for sentence in found)


def test_the_first_wish_stays_and_courtesies_go():
    found = summary.of(TALK)
    assert "Can you tell me where order 4711 is?" in found
    assert not any(word in found for word in ("Hello", "Thank you", "thanks for"))


def test_a_short_talk_is_its_own_summary():
    assert summary.of(["Where is my parcel?", "It comes tomorrow."]) == "Where is my parcel?\nIt comes tomorrow."
    assert summary.of(["Hi!"]) == "Hi!"
    assert summary.of([]) == summary.of(["", " \n"]) == ""


def test_it_works_where_letters_are_others():
    found = summary.of(
        ["مرحبا. طلبت مصباحا قبل أسبوعين ولم يصل. أين طلبي رقم 4711؟", "سنرسل مصباحا جديدا اليوم."], most=2
    )
    assert "أين طلبي رقم 4711؟" in found
    assert len(found.splitlines()) == 2


def test_a_very_long_talk_and_a_very_long_sentence_are_bounded():
    began = time.process_time()
    found = summary.of([f"The lamp number {n} is broken and we need another one. " * 3 for n in range(4000)])
    assert len(found.splitlines()) == summary.MOST
    assert len(summary.of(["word " * 200_000])) <= summary.LONGEST
    assert time.process_time() - began < 10
