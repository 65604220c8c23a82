"""Every word a person reads is in every catalogue, keeps what is filled in, and is compiled."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tools import messages

FILLED_IN = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Each word in code and templates, as a catalogue names it."""
    return {found if isinstance(found, str) else found[0] for found in messages.found()}


def catalogue(language: str) -> Catalog:
    path = messages.LOCALE / language / "LC_MESSAGES" / "django.po"
    assert path.is_file(), f"There is no catalogue of {language}; `make messages` begins one."
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_word_is_translated(said: set[str], language: str):
    known = catalogue(language)
    missing = [word for word in sorted(said) if not (found := known.get(word)) or not all(forms(found.string))]
    assert missing == [], f"{len(missing)} words have no {language}"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_is_filled_in_stays(language: str):
    wrong = []
    for message in catalogue(language):
        if message.id and all(forms(message.string)):
            wanted = set(FILLED_IN.findall(forms(message.id)[-1]))
            wrong += [form for form in forms(message.string)[-1:] if set(FILLED_IN.findall(form)) != wanted]
    assert wrong == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_catalogue_is_of_today(language: str):
    compiled = messages.LOCALE / language / "LC_MESSAGES" / "django.mo"
    known = read_mo(io.BytesIO(compiled.read_bytes()))
    for message in catalogue(language):
        if message.id and all(forms(message.string)):
            assert forms(known[message.id].string) == forms(message.string), message.id


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def test_words_are_looked_for_where_they_are(said: set[str]):
    assert {"Resolve", "Assigned to %(name)s"} <= said
    assert Path(messages.SOURCE / "web" / "templates").is_dir()
