"""Companies that are parts of others: the line above one, the tree below it, and how many customers that is."""

from __future__ import annotations

import msgspec

from careline.accounts.actor import Actor
from careline.kit.statement import Statement

# Of a tree that many companies are listed; counted are all.
LISTED = 200


class Branch(msgspec.Struct, frozen=True):
    """A company of a tree: how far below the one that is looked at, the one it is a part of, its own customers."""

    pk: int
    external: str | None
    name: str
    parent: int | None
    depth: int
    people: int


class Extent(msgspec.Struct, frozen=True):
    """How many companies stand below one, and how many customers belong to it or to any of them."""

    companies: int
    people: int


class Tree(msgspec.Struct, frozen=True):
    # From the topmost down.
    above: list[Branch]
    # Each before its parts, by name; the first of many.
    below: list[Branch]
    companies: int
    people: int


class _Id(msgspec.Struct, frozen=True):
    id: int


_OWN = """(SELECT count(DISTINCT coalesce(p.canonical_id, p.id)) FROM customers_companymember m
  JOIN customers_person p ON p.id = m.person_id WHERE m.company_id = c.id)"""
_BELOW = """WITH RECURSIVE below(id) AS (
  SELECT %(company)s::bigint UNION SELECT c.id FROM below b JOIN customers_company c ON c.parent_id = b.id)"""
_ABOVE_ONE = Statement(
    f"""WITH RECURSIVE above(id, depth) AS (
  SELECT parent_id, -1 FROM customers_company WHERE id = %(company)s::bigint
  UNION ALL SELECT c.parent_id, a.depth - 1 FROM above a JOIN customers_company c ON c.id = a.id)
SELECT c.id, c.external, c.name, c.parent_id, a.depth, {_OWN}::int
FROM above a JOIN customers_company c ON c.id = a.id ORDER BY a.depth""",  # noqa: S608
    Branch,
)
_BELOW_ONE = Statement(
    f"""WITH RECURSIVE below(id, depth, path) AS (
  SELECT c.id, 1, ARRAY[c.search || ' ' || lpad(c.id::text, 19, '0')] FROM customers_company c
  WHERE c.parent_id = %(company)s::bigint
  UNION ALL SELECT c.id, b.depth + 1, b.path || (c.search || ' ' || lpad(c.id::text, 19, '0'))
  FROM below b JOIN customers_company c ON c.parent_id = b.id)
SELECT c.id, c.external, c.name, c.parent_id, c.depth, {_OWN}::int FROM (
  SELECT c.*, b.depth, b.path FROM below b JOIN customers_company c ON c.id = b.id
  ORDER BY b.path LIMIT %(limit)s::int) c ORDER BY c.path""",  # noqa: S608
    Branch,
)
_EXTENT = Statement(
    f"""{_BELOW} SELECT (SELECT count(*) - 1 FROM below)::int, (
  SELECT count(DISTINCT coalesce(p.canonical_id, p.id)) FROM below b
  JOIN customers_companymember m ON m.company_id = b.id JOIN customers_person p ON p.id = m.person_id)::int""",  # noqa: S608
    Extent,
)
_IDS = Statement(f"{_BELOW} SELECT id FROM below", _Id)  # noqa: S608


def tree(actor: Actor, company_id: int) -> Tree:
    """Of a company the viewer sees; the caller has looked."""
    actor.must("customers.view")
    [extent] = _EXTENT.all(company=company_id)
    return Tree(
        _ABOVE_ONE.all(company=company_id), _BELOW_ONE.all(company=company_id, limit=LISTED),
        extent.companies, extent.people,
    )  # fmt: skip


def ids_below(company_id: int) -> list[int]:
    """The company and every one below it."""
    return [one.id for one in _IDS.all(company=company_id)]
