"""What an edition is found by: its words, and its passages with vectors where meanings are understood."""

from __future__ import annotations

from django.db import connection

from careline.service.knowledge import hot, meaning
from careline.service.knowledge.drawing import Drawn
from careline.service.knowledge.models import Edition, Passage, Translation

# PostgreSQL keeps a megabyte of lexemes at most.
LONGEST = 150_000
_SEARCH = """UPDATE knowledge_edition SET search =
  setweight(to_tsvector(%(rules)s::regconfig, %(title)s), 'A') ||
  setweight(to_tsvector(%(rules)s::regconfig, %(phrasings)s), 'B') ||
  setweight(to_tsvector(%(rules)s::regconfig, %(summary)s), 'C') ||
  setweight(to_tsvector(%(rules)s::regconfig, %(plain)s), 'D')
WHERE id = %(id)s"""


def write(edition: Edition, one: Translation, drawn: Drawn) -> None:
    """Anew, and never changed: whoever keeps vectors in memory sees by their numbers which are new."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SEARCH,
            {
                "id": edition.pk, "rules": hot.rules(one.language), "title": edition.title,
                "phrasings": "\n".join(one.phrasings), "summary": edition.excerpt, "plain": drawn.plain[:LONGEST],
            },
        )  # fmt: skip
    Passage.objects.filter(edition=edition).delete()
    words = dict.fromkeys([edition.title, *one.phrasings, *drawn.passages])
    Passage.objects.bulk_create(_passage(edition, said, one.language) for said in words)


def _passage(edition: Edition, words: str, language: str) -> Passage:
    vector, model_id = meaning.vector_of(words, language)
    return Passage(edition=edition, words=words, vector=vector, model_id=model_id)
