"""Migrations: complete, in one line, and independent of what the code becomes later."""

from __future__ import annotations

import ast
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

SOURCE = Path(__file__).parents[2] / "src"
FILES = sorted(
    path for path in SOURCE.rglob("migrations/*.py") if path.name != "__init__.py" and path.stem[:1].isdigit()
)
# Values and column types that migrations may name: they are kept for as long as a migration needs them.
KEPT = ("careline.kit", "careline.touchpoints.fields")


def test_models_and_migrations_agree(db):
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_every_room_has_one_line_of_migrations(db):
    loader = MigrationLoader(connection)
    ours = {path.parts[-3] for path in FILES}
    for room in ours:
        line = sorted(name for label, name in loader.disk_migrations if label == room)
        assert [name[:4] for name in line] == [f"{number:04}" for number in range(1, len(line) + 1)], room
        for earlier, later in pairwise(line):
            assert (room, earlier) in loader.disk_migrations[room, later].dependencies, f"{room}: {later}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_migration_imports_nothing_that_may_change(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} imports from its own room"
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.split(".")[0] == "careline":
                assert name.startswith(KEPT), f"{path.name}:{node.lineno} imports {name}"


def test_migrations_say_what_they_do_by_name():
    assert [path.name for path in FILES if "_auto_" in path.name] == []
