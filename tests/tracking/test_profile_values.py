"""Values of profiles in a file: kept as their attributes say, or refused with their column and why."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from careline.accounts.actor import SYSTEM
from careline.customers import actions as customers
from careline.customers.identities import Given
from careline.customers.models import Identity, Person
from careline.tracking import queries
from tests.tracking.warehouse import HEADER, ROWS, bring, counts, known_as, values

pytestmark = pytest.mark.usefixtures("organization")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(HEADER + "".join(ROWS))
    return path


BAD = [
    ("ltv", "much", "is no number"), ("ltv", "NaN", "is no number"), ("ltv", "Infinity", "is no number"),
    ("ltv", "1e400", "too large"), ("ltv", "1" + "0" * 400, "too large"), ("ltv", "1_000", "is no number"),
    ("ltv", "١٢", "is no number"),
    ("first seen", "31/12/2026", "is no date"), ("first seen", "2026-02-30", "is no date"),
    ("first seen", "0000-00-00", "is no date"), ("first seen", "1767225600", "is no date"),
    ("vip", "perhaps", "neither yes nor no"), ("plan", "bronze", "none of the choices"),
    ("notes", "x" * 2001, "too long"), ("notes", "x" * 300_000, "too long"), ("notes", "a\0b", "cannot be stored"),
    ("customer_id", "", "is missing"), ("customer_id", "c" * 301, "too long"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cell", "why"), BAD)
def test_a_row_with_a_value_that_does_not_fit_is_refused_and_the_others_land(table, column, cell, why):
    customers.define_attribute("plan", "Plan", "choice", ["free", "gold"], actor=SYSTEM)
    known_as("c1", "c2")
    names = [*HEADER.strip().split(","), "notes"]
    row = dict(zip(names, [*ROWS[0].strip().split(","), "well"], strict=True)) | {column: cell}
    table.write_text(f"{','.join(names)}\n{','.join(row.values())}\n{ROWS[1].strip()},ill\n")
    kinds = {"ltv": "number", "first seen": "date", "vip": "boolean"}
    into = [
        {"column": name, "attribute": name.replace(" ", "_"), "type": kinds.get(name, "text")} for name in names[2:]
    ]
    done = bring(table, person="customer_id", attributes=[{"column": "plan", "attribute": "plan"}, *into], order="auto")
    assert counts(done) == (2, 1, 0, 1)
    [(number, field, told)] = queries.refused_lines(SYSTEM, done.pk)
    # A cell that is longer than any line leaves its row no columns.
    assert (number, field) == (2, column) or len(cell) > 200_000
    assert why in told
    # Nothing of the row is taken.
    assert values(Identity.objects.get(value="c1").person_id) == {}


def test_parquet_keeps_its_types(tmp_path):
    path = tmp_path / "customers.parquet"
    duckdb.sql("""SELECT * FROM (VALUES
      (7, 12.50::DECIMAL(8, 2), 'NaN'::DOUBLE, [1], DATE '2026-03-02', 3::TINYINT, TIMESTAMP '2026-03-02 23:30:00'),
      (8, 3.00, 0.5, [2], NULL, 9223372036854775807, NULL)) t(customer_id, spent, score, sizes, since, rank, seen)
    """).write_parquet(str(path))
    known_as("7", "8")
    look = queries.look(path, "profiles")
    # What is a list is not offered; a column with a value that is no figure is a text until somebody says better.
    assert {one["column"]: one["type"] for one in look.guess["attributes"]} == {
        "spent": "number", "score": "text", "since": "date", "rank": "text", "seen": "date",
    }  # fmt: skip
    into = [one | {"type": "number"} if one["column"] == "score" else one for one in look.guess["attributes"]]
    done = bring(path, attributes=[*into, {"column": "sizes", "attribute": "sizes", "type": "text"}])
    assert [why for *_row, why in queries.refused_lines(SYSTEM, done.pk)] == [
        "is no number", "is a list or an object, and no single value",
    ]  # fmt: skip
    done = bring(path, attributes=[one for one in into if one["column"] != "score"])
    assert counts(done) == (2, 2, 0, 0)
    seven, eight = (values(Identity.objects.get(value=name).person_id) for name in "78")
    assert seven == {"spent": 12.5, "since": "2026-03-02", "rank": "3", "seen": "2026-03-02"}
    assert eight == {"spent": 3, "rank": "9223372036854775807"}
    assert counts(bring(path, attributes=[one for one in into if one["column"] != "score"])) == (2, 0, 2, 0)


def test_json_lines_of_odd_values(tmp_path):
    path = tmp_path / "customers.jsonl"
    path.write_text(
        '{"email": "Ada@Example.com", "score": 1e308}\n{"email": "ada@example.com", "score": {"a": 1}}\n'
        '{"email": "ada@example.com", "score": ' + "9" * 400 + '}\n{"email": "ada@example.com", "score": true}\n'
        '{"email": "ada@example.com", "word": "\\ud800"}\n{"email": ["ada@example.com"], "score": 1}\n'
        '{"email": "ada@example.com", "score": 0.1, "word": "\\u0000"}\n{"email": "ada@example.com", "score": 0.1}\n'
    )
    customers.find_or_create([Given("email", "ada@example.com")], actor=SYSTEM)
    into = [{"column": "score", "attribute": "score", "type": "number"}, {"column": "word", "attribute": "word", "type": "text"}]  # fmt: skip # noqa: E501
    done = bring(path, person="email", person_kind="email", attributes=into)
    assert counts(done) == (8, 1, 0, 7)
    assert [f"{field} {why}" for _row, field, why in queries.refused_lines(SYSTEM, done.pk)] == [
        "score is too large for a number; keep it as a text", "score is a list or an object, and no single value",
        "score is too large for a number; keep it as a text", "score is no number", " is not valid JSON",
        "email must be a text", "word holds characters that cannot be stored",
    ]  # fmt: skip
    assert [one.attributes for one in Person.objects.all()] == [{"score": 0.1}]


def test_dates_are_days_of_the_zone_and_in_the_order_that_was_said(tmp_path):
    path = tmp_path / "days.csv"
    path.write_text("customer_id,since\nc1,2026-03-02T23:30:00Z\nc2,2026-03-02 23:30\nc3,2026-03-02T01:00:00-08:00\n")
    people_of = known_as("c1", "c2", "c3")
    bring(path, zone="Europe/Berlin")
    assert [values(one)["since"] for one in people_of] == ["2026-03-03", "2026-03-02", "2026-03-02"]
    path.write_text("customer_id,since\nc1,13.3.2026\nc2,02/04/2026\nc3,1/3/2026 10:00\n")
    assert counts(bring(path)) == (3, 3, 0, 0)
    assert [values(one)["since"] for one in people_of] == ["2026-03-13", "2026-04-02", "2026-03-01"]
