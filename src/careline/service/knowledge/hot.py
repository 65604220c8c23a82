"""What the help center, the widget and every search read: one statement a look, the reader's audiences a parameter."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from careline.kit.statement import Statement

# By which rules PostgreSQL takes words of a language apart; those of others are compared as they stand.
RULES = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "id": "indonesian", "it": "italian", "nb": "norwegian", "nl": "dutch", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
# The best are looked for among so many that hold a word asked for; a word most articles hold says nothing.
MOST = 5000


def rules(language: str) -> str:
    return RULES.get(language.partition("-")[0], "simple")


class Front(msgspec.Struct, frozen=True):
    """The help center itself, and the house it is of."""

    house: str
    languages: list[str]
    is_on: bool
    title: str
    greeting: str
    theme: str
    back_url: str
    form_key: str
    portal: bool
    articles: int


class Shelf(msgspec.Struct, frozen=True):
    """A collection with how many articles a reader finds in it; `names` and `about` are JSON by language."""

    id: int
    slug: str
    names: str
    about: str
    articles: int


class Card(msgspec.Struct, frozen=True):
    """An article as a list shows it."""

    id: int
    article_id: int
    language: str
    slug: str
    title: str
    excerpt: str
    audience: str
    collection_slug: str
    collection_names: str


class Scored(Card, frozen=True):
    score: float
    # The part of the words asked for that it holds, from 0 to 1.
    covered: float


class Shown(Card, frozen=True):
    html: str
    headings: str
    minutes: int
    version: int
    published_at: datetime
    review_on: date | None
    helped: int
    failed: int
    owner: str
    phrasings: list[str]
    # [[language, slug]] of it in all its languages, as JSON.
    languages: str


class Sight(msgspec.Struct, frozen=True):
    """For those who gather addresses: where an article is, and since when."""

    article_id: int
    language: str
    slug: str
    published_at: datetime


class Led(msgspec.Struct, frozen=True):
    language: str
    slug: str


_CARD = """e.id, a.id, t.language, t.slug, e.title, e.excerpt, a.audience, coalesce(c.slug, ''),
  coalesce(c.names::text, '{}')"""
_FROM = """knowledge_edition e JOIN knowledge_translation t ON t.id = e.translation_id
  JOIN knowledge_article a ON a.id = t.article_id LEFT JOIN knowledge_collection c ON c.id = a.collection_id"""
_READ = "a.archived_at IS NULL AND a.audience = ANY(%(audiences)s::text[])"
_HERE = f"{_READ} AND t.language = %(language)s::text"

FRONT = Statement(
    f"""SELECT o.name, o.languages, coalesce(h.is_on, true), coalesce(h.title, ''), coalesce(h.greeting, ''),
  coalesce(h.theme, 'line'), coalesce(h.back_url, ''), coalesce(h.form_key, ''), coalesce(h.portal, true),
  (SELECT count(*)::int FROM {_FROM} WHERE {_HERE})
FROM accounts_organization o LEFT JOIN knowledge_centre h ON h.id = 1""",
    Front,
)
SHELVES = Statement(
    f"""SELECT c.id, c.slug, c.names::text, c.about::text, count(*)::int FROM {_FROM}
WHERE {_HERE} AND c.id IS NOT NULL GROUP BY c.id ORDER BY c.position, c.id""",
    Shelf,
)
# Those that helped most of late readers first.
POPULAR = Statement(
    f"""SELECT {_CARD} FROM {_FROM} WHERE {_HERE}
ORDER BY e.helped - e.failed DESC, e.published_at DESC, e.id LIMIT %(limit)s::int""",
    Card,
)
# Of a collection, or with an empty slug those in none.
CARDS = Statement(
    f"""SELECT {_CARD} FROM {_FROM} WHERE {_HERE} AND coalesce(c.slug, '') = %(slug)s::text
ORDER BY a.position, e.title, e.id LIMIT %(limit)s::int""",
    Card,
)
THESE = Statement(f"SELECT {_CARD} FROM {_FROM} WHERE {_READ} AND e.id = ANY(%(ids)s::bigint[])", Card)
SHOWN = Statement(
    f"""SELECT {_CARD}, e.html, e.headings::text, e.minutes, e.version, e.published_at, a.review_on, e.helped, e.failed,
  coalesce(w.name, ''), t.phrasings, (
    SELECT coalesce(jsonb_agg(jsonb_build_array(o.language, o.slug) ORDER BY o.id), '[]')::text
    FROM knowledge_translation o JOIN knowledge_edition f ON f.translation_id = o.id WHERE o.article_id = a.id)
FROM {_FROM} LEFT JOIN accounts_agent w ON w.id = a.owner_id
WHERE {_HERE} AND t.slug = %(slug)s::text""",
    Shown,
)
# Where somebody is led who comes by an old address; what was put away may lead on a few times.
LED = Statement(
    f"""WITH RECURSIVE way AS (
  SELECT t.article_id AS id, 0 AS steps FROM knowledge_translation t
  WHERE t.language = %(language)s::text AND (t.slug = %(slug)s::text OR t.id IN (
    SELECT r.translation_id FROM knowledge_redirect r WHERE r.language = %(language)s AND r.slug = %(slug)s))
  UNION ALL
  SELECT a.replaced_by_id, w.steps + 1 FROM way w JOIN knowledge_article a ON a.id = w.id
  WHERE a.archived_at IS NOT NULL AND a.replaced_by_id IS NOT NULL AND w.steps < 8)
SELECT t.language, t.slug FROM way w JOIN knowledge_article a ON a.id = w.id JOIN knowledge_translation t
  ON t.article_id = a.id JOIN knowledge_edition e ON e.translation_id = t.id
WHERE {_READ} AND (t.language, t.slug) <> (%(language)s, %(slug)s)
ORDER BY t.language <> %(language)s, w.steps, t.id LIMIT 1""",
    Led,
)
SIGHTS = Statement(
    f"""SELECT a.id, t.language, t.slug, e.published_at FROM {_FROM} WHERE {_READ}
ORDER BY a.id, t.id LIMIT %(limit)s::int""",
    Sight,
)
# Any of the words asked for, the last also as a beginning: people ask in sentences, and no article holds all of them.
FOUND = Statement(
    f"""WITH asked AS (
  SELECT ARRAY(SELECT unnest(tsvector_to_array(to_tsvector(%(rules)s::regconfig, %(words)s::text)))) AS lexemes),
query AS (
  SELECT lexemes, (SELECT string_agg(quote_literal(one) || CASE WHEN one = %(last)s::text THEN ':*' ELSE '' END, ' | ')
    FROM unnest(lexemes) one)::tsquery AS q
  FROM asked),
near AS (
  SELECT e.id, e.search FROM query, {_FROM} WHERE {_HERE} AND e.search @@ query.q LIMIT {MOST}),
best AS (
  SELECT n.id, n.search, ts_rank('{{0.1, 0.3, 0.7, 1.0}}', n.search, query.q, 1) AS score FROM near n, query
  ORDER BY score DESC, n.id LIMIT %(limit)s::int)
SELECT {_CARD}, b.score, (
    SELECT count(*) FILTER (WHERE b.search @@ quote_literal(one)::tsquery)::real / greatest(count(*), 1)
    FROM query, unnest(query.lexemes) one)::real
FROM best b JOIN {_FROM} ON e.id = b.id ORDER BY b.score DESC, e.id""",
    Scored,
)


class Vector(msgspec.Struct, frozen=True):
    id: int
    edition_id: int
    language: str
    audience: str
    vector: bytes


# What a process has not read yet. Numbers rise in the order of commits, since whoever publishes holds the center's row.
VECTORS = Statement(
    """SELECT p.id, p.edition_id, t.language, a.audience, p.vector FROM knowledge_passage p
JOIN knowledge_edition e ON e.id = p.edition_id JOIN knowledge_translation t ON t.id = e.translation_id
JOIN knowledge_article a ON a.id = t.article_id
WHERE p.id > %(after)s::bigint AND p.vector IS NOT NULL AND p.model_id = %(model)s::text
ORDER BY p.id LIMIT %(limit)s::int""",
    Vector,
)


class Number(msgspec.Struct, frozen=True):
    n: int


# Asked by every search, so that it may not count.
LAST_VECTOR = Statement(
    """SELECT coalesce((SELECT id FROM knowledge_passage WHERE vector IS NOT NULL AND model_id = %(model)s::text
ORDER BY id DESC LIMIT 1), 0)""",
    Number,
)
VECTORS_THERE = Statement(
    "SELECT count(*) FROM knowledge_passage WHERE vector IS NOT NULL AND model_id = %(model)s::text", Number
)
# An edition that was published anew has other passages.
STILL_THERE = Statement("SELECT id FROM knowledge_passage WHERE id = ANY(%(ids)s::bigint[])", Number)


class Passage(msgspec.Struct, frozen=True):
    """The words a question was near to, and whether they are of the text: a title or a phrasing answers nothing."""

    id: int
    edition_id: int
    words: str
    is_text: bool


PASSAGES = Statement(
    """SELECT p.id, p.edition_id, p.words, p.words <> e.title AND p.words <> ALL(t.phrasings) FROM knowledge_passage p
JOIN knowledge_edition e ON e.id = p.edition_id JOIN knowledge_translation t ON t.id = e.translation_id
WHERE p.id = ANY(%(ids)s::bigint[])""",
    Passage,
)
