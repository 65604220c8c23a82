"""Who may be the same customer under another name: a few sure signs, each one short look at one index."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from careline.kit import contacts
from careline.kit.statement import Statement

# Whose addresses say nothing about where somebody belongs.
PROVIDERS = (
    "aol.com", "fastmail.com", "free.fr", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
    "icloud.com", "live.com", "mail.com", "mail.ru", "me.com", "msn.com", "naver.com", "orange.fr", "outlook.com",
    "pm.me", "proton.me", "protonmail.com", "qq.com", "t-online.de", "web.de", "yahoo.co.id", "yahoo.com", "yandex.ru",
    "ymail.com", "zoho.com", "163.com",
)  # fmt: skip
# What everybody's house uses says nothing about who somebody is.
ROLES = ("admin", "contact", "hello", "help", "info", "mail", "office", "sales", "service", "support", "team")

# So many others of one name, and it says nothing.
COMMON = 12


class Alike(msgspec.Struct, frozen=True):
    person: int
    other: int
    evidence: str
    mine: str
    theirs: str


class Pair(msgspec.Struct, frozen=True):
    one: int
    other: int
    evidence: str


# Of a person the newest names are looked at, and a name that many bear says nothing: somebody known by a thousand
# names, or a name a thousand people have, costs no more than another and floods no queue. The order is what keeps the
# planner with the index where many bear a name.
ALIKE = Statement(
    """WITH mine AS (
  SELECT p.id AS person, coalesce(p.canonical_id, p.id) AS root, p.search, i.kind, i.scope, i.value
  FROM unnest(%(people)s::bigint[]) AS g(id) JOIN customers_person p ON p.id = g.id
  CROSS JOIN LATERAL (
    SELECT i.kind, i.scope, i.value FROM customers_identity i
    WHERE i.person_id = p.id AND i.kind <> 'visitor' ORDER BY i.id DESC LIMIT 10) i),
alike AS (
  SELECT m.person, m.root, o.person_id AS other, 'phone' AS evidence, m.value AS mine, o.value AS theirs
  FROM mine m CROSS JOIN LATERAL (
    SELECT i.person_id, i.value FROM customers_identity i
    WHERE i.kind = 'phone' AND "right"(i.value, 9) = "right"(m.value, 9) AND i.value <> m.value
    ORDER BY i.id DESC LIMIT 20) o
  WHERE m.kind = 'phone'
  UNION ALL
  SELECT m.person, m.root, o.person_id, 'external', m.value, o.value
  FROM mine m CROSS JOIN LATERAL (
    SELECT i.person_id, i.value FROM customers_identity i
    WHERE i.value IN (m.value, lower(m.value)) AND i.kind <> 'visitor' AND (i.kind, i.scope) <> (m.kind, m.scope)
    LIMIT 20) o
  WHERE length(m.value) >= 12 OR length(m.value) >= 8 AND m.value ~ '[^0-9]'
  UNION ALL
  SELECT m.person, m.root, o.person_id, 'name', m.value, o.value
  FROM mine m CROSS JOIN LATERAL (
    SELECT i.person_id, i.value FROM (
      SELECT q.id, count(*) OVER () AS namesakes FROM (
        SELECT q.id FROM customers_person q
        WHERE "left"(q.search, 200) = "left"(m.search, 200) AND q.search LIKE '%% %%' AND q.id <> m.person
        ORDER BY q.id DESC LIMIT %(common)s::int) q) q
    JOIN customers_identity i ON i.person_id = q.id AND i.kind = 'email'
    WHERE q.namesakes < %(common)s) o
  WHERE m.kind = 'email' AND m.search LIKE '%% %%' AND (
    split_part(o.value, '@', 2) = split_part(m.value, '@', 2)
      AND split_part(m.value, '@', 2) <> ALL(%(providers)s::text[])
    OR split_part(o.value, '@', 1) = split_part(m.value, '@', 1)
      AND split_part(m.value, '@', 1) <> ALL(%(roles)s::text[])))
SELECT a.person, a.other, a.evidence, a.mine, a.theirs FROM alike a JOIN customers_person o ON o.id = a.other
WHERE coalesce(o.canonical_id, o.id) <> a.root AND o.erased_at IS NULL""",
    Alike,
)


def found(people: Iterable[int]) -> list[Pair]:
    """Each pair in order, once for each sign."""
    rows = ALIKE.all(people=sorted(set(people)), providers=list(PROVIDERS), roles=list(ROLES), common=COMMON)
    alike = [one for one in rows if one.evidence != "phone" or contacts.same_subscriber(one.mine, one.theirs)]
    pairs = {Pair(min(one.person, one.other), max(one.person, one.other), one.evidence) for one in alike}
    return sorted(pairs, key=lambda pair: (pair.one, pair.other, pair.evidence))
