"""Sentences that are kept: each reader reads them in their own language."""

from __future__ import annotations

import pytest
from django.utils import translation

from careline.kit.refusals import Refused
from careline.kit.sentences import Sentence, joined, kept, lasting, of_plain, plain, told

GONE = lasting("%(address)s does not exist.") % {"address": "ada@example.com"}


def in_indonesian(words: str) -> str:
    with translation.override("id"):
        return told(words)


def test_what_is_kept_in_one_language_is_told_in_another():
    with translation.override("ar"):
        written = kept(GONE)
    assert told(written) == "ada@example.com does not exist."
    assert in_indonesian(written) == "ada@example.com tidak ada."


def test_what_is_named_may_be_a_sentence_again():
    both = lasting("Not delivered to %(whom)s") % {
        "whom": joined(joined("ada@example.com", GONE, by=": "), "", by="; ")
    }
    written = kept(both)
    assert told(written) == "Not delivered to ada@example.com: ada@example.com does not exist."
    assert in_indonesian(written).endswith("ada@example.com: ada@example.com tidak ada.")
    assert "Not delivered" not in in_indonesian(written)
    assert told(kept(of_plain(plain(both)))) == told(written)


def test_a_sentence_that_names_nothing_is_kept_as_it_is_in_english():
    with translation.override("id"):
        assert kept(lasting("The mail is empty.")) == "The mail is empty."
    assert in_indonesian("The mail is empty.") != "The mail is empty."


@pytest.mark.parametrize("words", ["550 5.1.1 100% gone %(x)s %d", "", "{}", "The Mail is Empty!", " x "])
def test_words_of_others_stay_as_they_are(words: str):
    assert told(kept(words)) == words
    assert in_indonesian(kept(words)) == words


def test_words_of_others_are_no_sentence_however_they_begin():
    forged = kept(Sentence("%(x)999999999s", {"x": "y"}))
    assert told(kept(forged)).startswith('{"says":')
    assert kept("a\0b") == "ab"
    assert told(kept(lasting("%(why)s") % {"why": "a\0b"})) == "ab"


def test_numbers_stay_numbers():
    size = lasting("A file may have at most %(most)s MB; this one has %(size).1f MB.") % {"most": 25, "size": 30.25}
    assert told(kept(size)) == "A file may have at most 25 MB; this one has 30.2 MB."


def test_an_exception_is_kept_by_what_it_was_raised_with():
    refusal = Refused(GONE, field="to")
    assert str(refusal) == "ada@example.com does not exist."
    assert in_indonesian(kept(refusal)) == "ada@example.com tidak ada."
    assert kept(Refused("As it is.")) == "As it is."
    assert kept(ValueError()) == ""


def test_what_is_joined_needs_no_catalog():
    assert str(joined(GONE, "(100%)")) == "ada@example.com does not exist. (100%)"
    assert str(joined("", GONE)) == str(GONE)
