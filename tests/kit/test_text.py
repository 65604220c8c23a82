"""Text is kept byte for byte or refused with a word."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from careline.kit import text
from careline.kit.refusals import Refused

SMALL_SAMPLE = [
    "undefined", "ÅÍÎÏ˝ÓÔ", "田中さんにあげて下さい", "الْعَرَبِيَّة",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\u202etest\u202e", "\ufeff", "' OR 1=1 -- ", "\x1b[31m",
]  # fmt: skip


def naughty_strings() -> list[str]:
    folder = os.environ.get("CARELINE_TEST_DATA")
    for file in sorted(Path(folder).glob("robust-blns/**/*.json")) if folder else []:
        found = json.loads(file.read_text())
        if isinstance(found, list):
            return [str(one) for one in found]
    return []


@pytest.mark.parametrize("value", SMALL_SAMPLE)
def test_what_people_write_is_kept_as_it_is(value: str) -> None:
    assert text.clean(value, field="Name", limit=200) == value


def test_the_big_list_of_naughty_strings_is_kept_or_refused_with_a_word() -> None:
    strings = naughty_strings()
    if not strings:
        pytest.skip("CARELINE_TEST_DATA names no folder with robust-blns")
    kept, refused = 0, list[str]()
    for value in strings:
        try:
            assert text.clean(value, field="Body", limit=10_000, required=True).encode() == value.encode()
            kept += 1
        except Refused:
            refused.append(value)
    assert kept > 250
    assert all(not value.strip() or "\0" in value for value in refused)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("a\0b", "Name must not contain the character NUL."),
        ("a" * 11, "Name may have at most 10 characters; this has 11."),
        ("half \ud83d", "Name contains half of a character."),
        (" \t\n\u3000", "Name must not be empty."),
        ("", "Name must not be empty."),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_name_of_the_field(value: str, told: str) -> None:
    with pytest.raises(Refused) as refusal:
        text.clean(value, field="Name", limit=10, required=True)
    assert str(refusal.value) == told
    assert refusal.value.field == "Name"
    assert refusal.value.status == 422


def test_emptiness_is_fine_where_nothing_is_required() -> None:
    assert text.clean("  ", field="Note", limit=10) == "  "


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("short", "short"),
        ("two\n\n  lines\there", "two lines…"),
        ("one two three four", "one two…"),
        ("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaa…"),
        ("", ""),
    ],
)
def test_an_excerpt_is_one_line_cut_between_words(body: str, shown: str) -> None:
    assert text.excerpt(body, 10) == shown


@given(st.text(max_size=400), st.integers(min_value=2, max_value=150))
def test_an_excerpt_is_never_too_long(body: str, n: int) -> None:
    shown = text.excerpt(body, n)
    assert len(shown) <= n
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José  Núñez", "jose nunez"),
        ("STRAẞE", "strasse"),
        ("Søren Łukasz Đorđe", "soren lukasz dorde"),
        ("ΣΊΣΥΦΟΣ", "σισυφος".replace("ς", "σ")),
        ("مُحَمَّد", "محمد"),
        ("ﬁnn Ⅷ", "finn viii"),
    ],
)
def test_a_name_is_found_however_it_is_accented(one: str, other: str) -> None:
    assert text.fold(one) == text.fold(other)


@pytest.mark.parametrize(("one", "other"), [("がき", "かき"), ("किताब", "कताब"), ("Lee", "Leo")])
def test_letters_of_their_own_are_not_taken_for_accents(one: str, other: str) -> None:
    assert text.fold(one) != text.fold(other)


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(name: str) -> None:
    once = text.fold(name)
    assert text.fold(once) == once


def test_a_field_is_called_what_its_reader_calls_it() -> None:
    with translation.override("id"), pytest.raises(Refused) as refused:
        text.clean("", field="name", limit=10, required=True)
    assert str(refused.value) == "Nama tidak boleh kosong."
    assert refused.value.field == "name"
    with pytest.raises(Refused, match="Greeting must not be empty"):
        text.clean("", field="greeting", label="Greeting", limit=10, required=True)
    # What only programs send has no other name than theirs.
    with pytest.raises(Refused, match="client_id must not be empty"):
        text.clean("", field="client_id", limit=10, required=True)
