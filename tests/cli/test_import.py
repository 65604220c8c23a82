"""`careline import`: looked at first, then on the line, and what was refused written down."""

from __future__ import annotations

import re

import pytest

from tests.cli.places import Place


@pytest.mark.long
def test_a_file_is_looked_at_then_imported_and_then_adds_nothing(filled: Place):
    path, refused = filled.folder / "visits.csv", filled.folder / "refused.csv"
    path.write_text("user_id,event,timestamp\nu-1,Visited,2026-03-01T10:00Z\nu-2,Visited,someday\n")
    told = filled.run("import", str(path))
    assert told.returncode == 0, told.stderr
    assert "  person        user_id\n" in told.stdout
    assert told.stdout.endswith("Nothing was imported. The same command with --go does it.\n")

    told = filled.run("import", str(path), "--refused", str(refused), "--go")
    assert told.returncode == 0, told.stderr
    assert told.stdout == "2 rows: 1 added, 0 came before, 1 refused.\n"
    assert refused.read_text().splitlines()[0] == "row,field,why"
    assert refused.read_text().splitlines()[1].startswith("3,timestamp,")

    told = filled.run("import", str(path), "--event-name", "Visited", "--person", "nobody", "--go")
    assert told.returncode == 1
    assert "There is no column “nobody” in this file." in told.stderr
    told = filled.run("import", str(path), "--go")
    assert told.stdout.startswith("2 rows: 0 added, 1 came before, 1 refused.\nRow 3: timestamp is no moment")
    with filled.database() as connection:
        found = connection.execute("SELECT count(*) FROM touchpoints_touchpoint WHERE facts->>'name' = 'Visited'")
        assert found.fetchone() == (1,)


@pytest.mark.long
def test_rows_of_customers_become_attributes(filled: Place):
    path = filled.folder / "customers.csv"
    path.write_text("email,plan,ltv\nnew@example.com,gold,12.5\nnew@example.com,free,much\n")
    told = filled.run("import", str(path), "--profiles")
    assert told.returncode == 0, told.stderr
    assert re.search(r"^  attributes +plan", told.stdout, re.MULTILINE), told.stdout
    assert "Row 3: refused: email names nobody known" in told.stdout, told.stdout

    wanted = ("--profiles", "--attributes", "plan=tariff:text,ltv=worth:number", "--new-customers")
    told = filled.run("import", str(path), *wanted)
    assert "Row 2: new@example.com: a new customer: tariff nothing -> gold, worth nothing -> 12.5" in told.stdout
    told = filled.run("import", str(path), *wanted, "--go")
    assert told.stdout.startswith(
        "2 rows: 1 changed, 0 unchanged, 1 refused. 1 of the changed are new customers.\nRow 3:"
    )
    told = filled.run("import", str(path), *wanted, "--go")
    assert told.stdout.startswith("2 rows: 0 changed, 1 unchanged, 1 refused.\n")
    told = filled.run("import", str(path), "--profiles", "--attributes", "plan", "--person", "nobody")
    assert "There is no column “nobody” in this file." in told.stderr
