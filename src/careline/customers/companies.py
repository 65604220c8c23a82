"""Companies that events name, by the hundred: made known, described and joined with four statements.

What is known of a company is kept by name, and the newest by the time it was so holds, whatever order it comes in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from careline.kit import text

NAME = 300
LONGEST = 100


class Heard(msgspec.Struct, frozen=True):
    """Somebody belongs to a company, and what was said of it then."""

    external: str
    person_id: int
    traits: dict[str, Any]
    at: datetime


def hear(heard: Sequence[Heard], *, source: str) -> None:
    """In the caller's transaction; sorted, so that two who hear of the same companies never wait in a circle."""
    names = sorted({one.external for one in heard})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_company (external) SELECT * FROM unnest(%s::text[]) ON CONFLICT DO NOTHING", [names]
        )
        cursor.execute("SELECT external, id FROM customers_company WHERE external = ANY(%s::text[])", [names])
        numbers: dict[str, int] = dict(cursor.fetchall())
    known: dict[tuple[int, str], tuple[Any, datetime]] = {}
    members: dict[tuple[int, int], datetime] = {}
    for one in heard:
        company = numbers[one.external]
        since = members.get((company, one.person_id), one.at)
        members[company, one.person_id] = min(since, one.at)
        for name, value in one.traits.items():
            if name.strip() and len(name) <= LONGEST:
                before = known.get((company, name))
                if before is None or before[1] <= one.at:
                    known[company, name] = value, one.at
    describe([(*place, *what) for place, what in sorted(known.items(), key=lambda item: item[0])], source=source)
    join([(*place, at) for place, at in sorted(members.items())], source=source)


def describe(rows: Sequence[tuple[int, str, Any, datetime]], *, source: str) -> None:
    """Company, name, value and when it was so; of a name the newest holds. What it is called follows the trait."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO customers_companytrait (company_id, name, value, at, source)
            SELECT g.company, g.name, g.value::jsonb, g.at, %(source)s
            FROM unnest(%(companies)s::bigint[], %(names)s::text[], %(values)s::text[], %(ats)s::timestamptz[])
              AS g(company, name, value, at)
            ON CONFLICT (company_id, name) DO UPDATE
            SET value = excluded.value, at = excluded.at, source = excluded.source
            WHERE customers_companytrait.at <= excluded.at""",
            {
                "companies": [row[0] for row in rows], "names": [row[1] for row in rows],
                "values": [msgspec.json.encode(row[2]).decode() for row in rows], "ats": [row[3] for row in rows],
                "source": source,
            },
        )  # fmt: skip
    _call({company for company, name, _value, _at in rows if name == "name"})


def _call(companies: Collection[int]) -> None:
    if not companies:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT t.company_id, t.value #>> '{}' FROM customers_companytrait t
            JOIN customers_company c ON c.id = t.company_id
            WHERE t.company_id = ANY(%s::bigint[]) AND t.name = 'name' AND jsonb_typeof(t.value) = 'string'
              AND c.name <> t.value #>> '{}' ORDER BY t.company_id""",
            [sorted(companies)],
        )
        called = [(company, text.excerpt(name, NAME)) for company, name in cursor.fetchall() if name.strip()]
        if called:
            cursor.execute(
                """UPDATE customers_company c SET name = g.name, search = g.search
                FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS g(id, name, search) WHERE c.id = g.id""",
                [
                    [company for company, _name in called], [name for _company, name in called],
                    [text.fold(name) for _company, name in called],
                ],
            )  # fmt: skip


def join(rows: Sequence[tuple[int, int, datetime]], *, source: str) -> int:
    """Company, person, since when; returns how many are new. Whoever was erased joins nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO customers_companymember (company_id, person_id, at, source)
            SELECT g.company, g.person, g.at, %s
            FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS g(company, person, at)
            JOIN customers_person p ON p.id = g.person AND p.erased_at IS NULL
            ON CONFLICT (company_id, person_id) DO NOTHING""",
            [source, [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]],
        )
        return int(cursor.rowcount)
