"""Migrations at the start: whenever the process ends, the next start goes on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import connection

from careline.cli import migrations
from careline.kit import schema
from tests import seeds
from tests.cli.places import new_folder
from tests.house import environment, own_database

DIES = """
import os
from django.db.migrations.recorder import MigrationRecorder
real = MigrationRecorder.record_applied
def dies(self, app, name):
    if app == "accounts":
        os._exit(9)
    real(self, app, name)
MigrationRecorder.record_applied = dies
"""
GOES_ON = """
from careline.cli import composition
composition.load()
from careline.cli import migrations
from careline.kit import schema
migrations.bring_up_to_date()
assert not schema.missing(schema.applied())
"""


@pytest.fixture
def empty_database(server_url: str, worker_name: str) -> Iterator[str]:
    yield from own_database(server_url, f"{worker_name}_migrations")


@pytest.mark.long
def test_a_process_that_ends_between_a_migration_and_its_note_does_no_harm(empty_database: str):

    env = environment(new_folder(seeds.run_folder()), empty_database)
    first = subprocess.run([sys.executable, "-c", DIES + GOES_ON], env=env, timeout=120, check=False)
    assert first.returncode == 9
    subprocess.run([sys.executable, "-c", GOES_ON], env=env, timeout=120, check=True)


@pytest.mark.django_db
def test_nothing_is_done_when_nothing_is_pending(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(migrations, "apply", lambda: pytest.fail("applied"))
    asked: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: (asked.append(sql), execute(sql, *rest))[1]):
        assert migrations.bring_up_to_date() is False
    assert len(asked) == 2


@pytest.mark.django_db
def test_names_on_disk_are_those_django_knows():
    from django.db.migrations.loader import MigrationLoader

    assert schema.on_disk() == frozenset(MigrationLoader(None).disk_migrations)
    assert schema.applied() == schema.on_disk()
    assert schema.missing(frozenset()) == sorted(f"{app}.{name}" for app, name in schema.on_disk())
    assert schema.unknown(frozenset({("customers", "0099_later"), ("gone_app", "0001_initial")})) == [
        "customers.0099_later"
    ]
