"""Read an archive of `careline backup` into an empty installation, whatever PostgreSQL it was made on.

The archive is read through before anything is touched; then everything is written in one transaction or not at all.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from careline.cli import begin, composition
from careline.cli.say import progress, say
from careline.kit.refusals import Refused

if TYPE_CHECKING:
    from careline.cli.archive.format import End, Header


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="the archive")


def run(options: argparse.Namespace) -> None:
    from careline.cli.archive.format import verified

    path: Path = options.file.expanduser().resolve()
    size = path.stat().st_size
    with progress("Checking", total=size, unit="B") as bar:
        header, end = verified(path, bar.update)
    begin.data_folder(None)
    with begin.database(), _key(header):
        composition.load()
        _prepare(header)
        from careline.cli.archive.unpack import unpack

        with progress("Restoring", total=size, unit="B") as bar:
            unpack(path, header, end, bar.update)
        _wake(header, end)


def _wake(header: Header, end: End) -> None:
    from careline.cli.migrations import bring_up_to_date
    from careline.cli.rooms import discover
    from careline.touchpoints import subscribers

    bring_up_to_date()
    discover()
    delivered = subscribers.settle()
    made_at = header.made_at[:16].replace("T", " ")
    say(f"{sum(end.rows.values()):,} rows and {end.files:,} files of {made_at} UTC are back.")
    if delivered:
        say(f"{delivered:,} reactions that were still due have been made up for.")


def _prepare(header: Header) -> None:
    """The archive's own tables, empty; refuses where anything else is."""
    from django.db import connection

    from careline.cli import migrations
    from careline.cli.archive import catalog
    from careline.files import storage
    from careline.kit import schema

    migrations.wait_for_database()
    state = frozenset(header.migrations)
    if unknown := schema.unknown(state):
        raise Refused(
            f"The archive is of a newer Careline ({header.version}, {unknown[0]}): restore it with that version."
        )
    with connection.cursor() as cursor:
        if catalog.filled(cursor):
            raise Refused("This installation is not empty: restore into one of its own (CARELINE_DATA, DATABASE_URL).")
        if others := catalog.others_at_work(cursor):
            raise Refused(f"Careline is at work in this database ({others} connections): stop it first.")
    folder = storage.folder()
    if folder.is_dir() and any(place.is_file() for place in folder.rglob("*")):
        raise Refused(f"There are files in {folder}: an empty installation has none.")
    there = schema.applied()
    with migrations.turn():
        if there and there != state:
            with connection.cursor() as cursor:
                catalog.reset(cursor)
        if there != state:
            migrations.apply(state)


@contextmanager
def _key(header: Header) -> Iterator[None]:
    """The archive's key becomes the installation's, before anything asks for one; undone when nothing was restored."""
    given = os.environ.get("CARELINE_SECRET_KEY")
    if given == header.secret_key:
        yield
        return
    if given is not None:
        raise Refused("CARELINE_SECRET_KEY is not the archive's key: unset it, and the archive's own is used.")
    kept = composition.data_folder() / "secret-key"
    before = kept.read_bytes() if kept.exists() else None
    _write(kept, header.secret_key.encode())
    try:
        yield
    except BaseException:
        _write(kept, before) if before is not None else kept.unlink()
        raise


def _write(kept: Path, key: bytes) -> None:
    with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(key)
