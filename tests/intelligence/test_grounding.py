"""Whether an answer rests on what it cites: a sentence that is turned around does not."""

from __future__ import annotations

import pytest

from careline.intelligence.port.grounding import fault_of

PASSAGES = [
    "You can send anything back within 30 days. If it does not fit, we exchange it free of charge.",
    "Opened software cannot be returned. Kami tidak mengirim ke luar negeri.",
]


@pytest.mark.parametrize(
    ("said", "cited"),
    [
        ("You can send it back within 30 days.", [1]),
        ("We exchange it free of charge.", [1]),
        ("Software that was opened cannot be returned.", [2]),
        ("If it does not fit, it is exchanged free of charge.", [1]),
        ("Kami tidak mengirim barang ke luar negeri.", [2]),
    ],
)
def test_what_the_passages_say_is_borne(said, cited):
    assert fault_of(said, cited, PASSAGES) is None


@pytest.mark.parametrize(
    ("said", "cited", "why"),
    [
        ("You cannot send anything back within 30 days.", [1], "opposite"),
        ("Opened software can be returned.", [2], "opposite"),
        ("Kami mengirim ke luar negeri.", [2], "opposite"),
        ("You can send it back within 60 days.", [1], "60"),
        ("You can send it back within 30 days.", [3], "no passage 3"),
        ("You can send it back within 30 days.", [], "cite"),
        ("Our director personally paints every lamp in gold.", [1], "rest on"),
        ("Look at https://evil.example for your refund.", [1], "evil.example"),
    ],
)
def test_what_they_do_not_say_is_not(said, cited, why):
    assert why in (fault_of(said, cited, PASSAGES) or "")
