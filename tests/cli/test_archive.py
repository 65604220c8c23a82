"""Backup and restore: everything comes back, on the same PostgreSQL and on a newer one, or nothing is touched."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from careline.cli.archive import catalog
from careline.cli.archive.format import Writer, verified
from careline.kit.refusals import Refused
from tests.cli.places import STORY, Place, dump, new_folder

OLD = Path("/usr/lib/postgresql/15/bin")
# What settling a restored line changes on purpose, and what workers that look around leave.
MOVED = {"touchpoints_touchpoint": ("xid",)}
NOT_COMPARED = {"touchpoints_cursor", "touchpoints_parked", "django_migrations", "procrastinate_workers"}
NewPlace = Callable[[], Place]


def ignored(_bytes: int) -> None:
    """Nobody watches the progress."""


@pytest.fixture(scope="module")
def archive(filled_seed: Place) -> Path:
    path = filled_seed.folder / "all.careline"
    told = filled_seed.run("backup", str(path))
    assert told.returncode == 0, told.stderr
    return path


@pytest.fixture(scope="module")
def filled_old(ground: Path) -> Iterator[Place]:
    """The same story on PostgreSQL 15."""
    if not (OLD / "postgres").exists():
        pytest.skip("There is no PostgreSQL 15 on this machine.")
    place = Place(new_folder(ground), PG_BINDIR=str(OLD))
    place.up()
    place.stop()
    place.tell_story()
    yield place
    place.remove()


def contents(connection: psycopg.Connection[Any]) -> dict[str, list[str]]:
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition ORDER BY 1"
    )
    return {name: dump(connection, name, *MOVED.get(name, ())) for (name,) in tables if name not in NOT_COMPARED}


def sequences(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    return connection.execute(
        "SELECT sequencename, last_value FROM pg_sequences WHERE sequencename NOT LIKE 'touchpoints_parked%' ORDER BY 1"
    ).fetchall()


def marks_of_ada(connection: psycopg.Connection[Any]) -> int:
    """Her conversation and each order leave exactly one."""
    [(scrap,)] = connection.execute("SELECT scrap FROM customers_person WHERE name LIKE 'Ada%'").fetchall()
    return len(scrap)


def owed(connection: psycopg.Connection[Any]) -> list[Any]:
    return connection.execute(
        "SELECT c.subscriber FROM touchpoints_cursor c JOIN touchpoints_touchpoint t ON (t.xid, t.id) > (c.xid, c.id)"
        " UNION ALL SELECT subscriber FROM touchpoints_parked"
    ).fetchall()


def same(before: Place, after: Place) -> None:
    with before.database() as old, after.database() as new:
        kept, back = contents(old), contents(new)
        # The two orders that were pending have had their effect since, once.
        assert (marks_of_ada(old), marks_of_ada(new)) == (4, 6)
        assert owed(new) == []
        assert "customers_person" in kept
        del kept["customers_person"], back["customers_person"]
        assert {name: len(rows) for name, rows in kept.items()} == {name: len(rows) for name, rows in back.items()}
        for name, rows in kept.items():
            assert back[name] == rows, name
        assert sequences(new) == sequences(old)
    assert after.open_bill() == before.open_bill() == "b'%PDF-1.4 what Ada owes'\n"


@pytest.mark.long
def test_everything_comes_back(filled_seed: Place, archive: Path, new_place: NewPlace):
    assert archive.stat().st_mode & 0o777 == 0o600
    place = new_place()
    told = place.run("restore", str(archive))
    assert told.returncode == 0, told.stderr
    assert re.search(r"^[1-9]\d* reactions that were still due have been made up for\.$", told.stdout, re.MULTILINE)
    same(filled_seed, place)
    assert (place.data / "secret-key").read_text() == (filled_seed.data / "secret-key").read_text()
    assert (place.data / "secret-key").stat().st_mode & 0o777 == 0o600

    again = place.run("restore", str(archive))
    assert (again.returncode, again.stdout) == (1, "")
    assert (
        again.stderr == "This installation is not empty: restore into one of its own (CARELINE_DATA, DATABASE_URL).\n"
    )
    place.up()
    place.stop()
    with place.database() as connection:
        assert marks_of_ada(connection) == 6


@pytest.mark.long
def test_everything_comes_back_on_a_newer_postgresql(filled_old: Place, new_place: NewPlace):
    path = filled_old.folder / "old.careline"
    assert filled_old.run("backup", str(path)).returncode == 0
    place = new_place()
    told = place.run("restore", str(path))
    assert told.returncode == 0, told.stderr
    with filled_old.database() as old, place.database() as new:
        assert (old.info.server_version // 10000, new.info.server_version // 10000) == (15, 18)
    same(filled_old, place)


@pytest.mark.long
def test_everything_comes_back_on_an_older_postgresql(
    filled_seed: Place, archive: Path, ground: Path, filled_old: Place
):
    place = Place(new_folder(ground), PG_BINDIR=str(OLD))
    try:
        told = place.run("restore", str(archive))
        assert told.returncode == 0, told.stderr
        same(filled_seed, place)
    finally:
        place.remove()


OLDER = """
import argparse, pathlib, sys
from careline.cli import backup, begin, composition, migrations, shell
from careline.kit import schema
from careline.touchpoints import subscribers
with begin.database():
    composition.load()
    newest = max(name for app, name in schema.on_disk() if app == "procrastinate")
    migrations.apply(schema.on_disk() - {("procrastinate", newest)})
    names = shell.at_hand()
    subscribers.enroll()
    exec(sys.argv[2], names)
    backup.run(argparse.Namespace(file=pathlib.Path(sys.argv[1])))
"""


@pytest.mark.long
def test_an_archive_of_an_older_version_is_brought_up_to_date(new_place: NewPlace, place: Place):
    """Its tables are made as they were, filled, and then migrated; the place was up to date and empty before."""
    older = new_place()
    path = older.folder / "older.careline"
    made = subprocess.run(
        [sys.executable, "-c", OLDER, str(path), STORY], env=older.env, capture_output=True, text=True, timeout=200,
        check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    header, _end = verified(path, ignored)
    restored = place.run("restore", str(path))
    assert restored.returncode == 0, restored.stderr
    assert "Applying 1 migrations" in restored.stdout
    with place.database() as connection:
        assert marks_of_ada(connection) == 6
        applied = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    assert len(applied) == len(header.migrations) + 1


def test_a_damaged_archive_is_refused_wherever_it_is_damaged(archive: Path, tmp_path: Path):
    whole = archive.read_bytes().rstrip(b"\0")  # a tar is filled up after its end
    verified(archive, ignored)
    path = tmp_path / "damaged"
    for part in range(20):
        path.write_bytes(whole[: len(whole) * part // 20])
        with pytest.raises(Refused, match="Nothing was changed"):
            verified(path, ignored)
        damaged = bytearray(whole)
        place = len(whole) * part // 20 + 700
        if not whole[place : place + 64].strip(b"\0"):
            continue  # only what fills up a block
        damaged[place : place + 8] = bytes(byte ^ 0x55 for byte in damaged[place : place + 8])
        path.write_bytes(damaged)
        with pytest.raises(Refused, match="Nothing was changed"):
            verified(path, ignored)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\3\4 something else", b"\0" * 20_000, b"-- PostgreSQL database dump"],
    ids=["empty", "zip", "zeros", "sql"],
)
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "foreign"
    path.write_bytes(content)
    with pytest.raises(Refused, match=r"is not an? (whole )?archive of Careline's"):
        verified(path, ignored)


def test_a_foreign_tar_is_refused(tmp_path: Path):
    path = tmp_path / "foreign.tar"
    with tarfile.open(path, "w") as tar:
        tar.addfile(tarfile.TarInfo("careline.json"), io.BytesIO(b""))
    with pytest.raises(Refused, match="is not an archive of Careline's"):
        verified(path, ignored)


def rewritten(archive: Path, path: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> Path:
    """The archive as somebody made it who knows how."""
    header, end = verified(archive, ignored)
    del header
    with path.open("wb") as out, tarfile.open(archive) as tar:
        writer = Writer(out, ignored)
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            if member.name != "end.json":
                writer.add(*change(member.name, content.read()))
        writer.finish(end.rows, end.files)
    return path


@pytest.mark.long
def test_what_fails_halfway_leaves_the_place_empty(archive: Path, place: Place, tmp_path: Path):
    """The last thing in an archive are the files: one of them leads out of the folder."""
    bad = rewritten(archive, tmp_path / "bad", lambda name, content: (name.replace("files/", "files/../../"), content))
    told = place.run("restore", str(bad))
    assert told.returncode == 1
    assert told.stderr.endswith("that is none of Careline's. Nothing was changed.\n")
    assert told.stderr.count("\n") == 1
    with place.database() as connection:
        [(people, agents)] = connection.execute(
            "SELECT (SELECT count(*) FROM customers_person), (SELECT count(*) FROM accounts_agent)"
        ).fetchall()
        assert (people, agents) == (0, 0)
    assert [path for path in place.folder.rglob("*") if path.is_file() and "files" in path.parts] == []
    whole = place.run("restore", str(archive))
    assert whole.returncode == 0, whole.stderr


@pytest.mark.long
def test_an_archive_of_a_newer_version_is_refused(archive: Path, place: Place, tmp_path: Path):
    def newer(name: str, content: bytes) -> tuple[str, bytes]:
        if name == "careline.json":
            header = json.loads(content)
            header["migrations"].append(["customers", "0099_from_the_future"])
            content = json.dumps(header).encode()
        return name, content

    key = (place.data / "secret-key").read_text()
    told = place.run("restore", str(rewritten(archive, tmp_path / "newer", newer)))
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "The archive is of a newer Careline (0.1.0, customers.0099_from_the_future)" in told.stderr
    assert (place.data / "secret-key").read_text() == key


@pytest.mark.long
def test_a_place_at_work_is_left_alone(archive: Path, place: Place):
    place.up()
    told = place.run("restore", str(archive))
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "Careline is at work in this database" in told.stderr


def test_another_key_than_the_archives_is_refused(archive: Path, new_place: NewPlace):
    place = new_place()
    place.env["CARELINE_SECRET_KEY"] = "z" * 40
    told = place.run("restore", str(archive))
    assert told.stderr == "CARELINE_SECRET_KEY is not the archive's key: unset it, and the archive's own is used.\n"
    assert told.returncode == 1


def test_a_backup_needs_something_to_back_up(new_place: NewPlace, tmp_path: Path):
    place = new_place()
    told = place.run("backup", str(tmp_path / "nothing"))
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("There is no installation in ")
    assert not (tmp_path / "nothing").exists()


@pytest.mark.django_db
def test_an_installation_nobody_has_used_is_empty():
    """Whatever the migrations put into it."""
    with connection.cursor() as cursor:
        assert catalog.filled(cursor) == []
