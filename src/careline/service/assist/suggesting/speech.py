"""In which language a customer writes, as cheaply as it can be told."""

from __future__ import annotations

from careline.accounts import queries as accounts


def of(words: str, known: str) -> str:
    """A language of the house: what is plainly English, what the profile says, else the likeliest."""
    from careline.intelligence import language

    among = [one.partition("-")[0] for one in accounts.organization().languages] or ["en"]
    if len(among) == 1:
        return among[0]
    if "en" in among and language.is_english(words):
        return "en"
    if known.partition("-")[0] in among:
        return known.partition("-")[0]
    return language.of(words, among)[0] or among[0]
