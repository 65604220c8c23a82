"""What was looked for, counted by day and place, without who asked and without what says who somebody is."""

from __future__ import annotations

import re

from django.db import connection

from careline.kit import clock, text

LONGEST = 120
# So many different searches of a day are kept in one place; a program that tries words fills no table.
MOST_A_DAY = 2000
_PRIVATE = re.compile(r"\S+@\S+|\bhttps?://\S+|\+?\d[\d\s().-]{5,}\d|\b\w*\d{5,}\w*\b")

_COUNT = """INSERT INTO knowledge_asked (day, place, language, words, times, found, refused)
SELECT %(day)s, %(place)s, %(language)s, %(words)s, 1, %(found)s, %(refused)s
WHERE EXISTS (SELECT FROM knowledge_asked WHERE day = %(day)s AND place = %(place)s AND language = %(language)s
    AND words = %(words)s)
  OR (SELECT count(*) FROM knowledge_asked WHERE day = %(day)s AND place = %(place)s) < %(most)s
ON CONFLICT (day, place, language, words) DO UPDATE SET times = knowledge_asked.times + 1, found = excluded.found,
  refused = excluded.refused"""


def told(words: str) -> str:
    """As it is kept: in small letters, and an address, a number or a name of an order stands as a dot."""
    return text.excerpt(text.fold(_PRIVATE.sub("·", words)), LONGEST)


def count(words: str, language: str, place: str, found: int, *, refused: bool = False) -> None:
    """`found` counts what probably answers it; `refused` says that a machine was not sure enough to answer."""
    kept = told(words)
    if len(kept) < 3:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "day": clock.now().date(), "place": place, "language": language[:12], "words": kept, "found": found,
                "refused": refused, "most": MOST_A_DAY,
            },
        )  # fmt: skip
