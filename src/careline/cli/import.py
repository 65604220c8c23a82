# ruff: noqa: N999  # the command is called so
"""Bring a file of touchpoints onto the line: CSV, JSON lines, XES or Parquet, also packed with gzip.

Without --go it shows the first rows and what it takes their columns for. A second import of the same file adds nothing.
Lines as Segment's clients send them say all of it themselves.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

from careline.cli import begin
from careline.cli.say import say, table
from careline.kit.refusals import Refused

PEOPLE = ("external", "email", "phone", "visitor")
ORDERS = ("auto", "month_first", "day_first")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--person", metavar="COLUMN", help="names the customer")
    parser.add_argument("--person-kind", choices=PEOPLE, help="what the names are: your numbers, addresses, devices")
    parser.add_argument("--event", metavar="COLUMN", help="what happened")
    parser.add_argument("--event-name", metavar="NAME", help="what happened, the same in every row")
    parser.add_argument("--time", metavar="COLUMN", help="when")
    parser.add_argument("--order", choices=ORDERS, help="how 05/01/2026 is meant")
    parser.add_argument("--zone", metavar="ZONE", help="of times that name none; that of the house when not given")
    parser.add_argument("--journey", metavar="COLUMN", help="the number of what it moves along")
    parser.add_argument("--journey-noun", metavar="NOUN", help="what that is: order, case")
    parser.add_argument("--value", metavar="COLUMN", help="what it was worth")
    parser.add_argument("--currency", metavar="COLUMN", help="in which currency; that of the house when not given")
    parser.add_argument("--id", metavar="COLUMN", help="a number of its own for each row; by content when not given")
    parser.add_argument("--properties", metavar="COLUMNS", help="kept with each row, parted by commas; all the others")
    parser.add_argument("--source", type=int, metavar="NUMBER", help="whose events they are; of files when not given")
    parser.add_argument("--refused", type=Path, metavar="FILE", help="write every refused row to this CSV")
    parser.add_argument("--go", action="store_true", help="import it")


def run(options: argparse.Namespace) -> int:
    with begin.visit(), begin.on_the_bus():
        from careline.accounts.actor import SYSTEM
        from careline.tracking import actions, queries

        if not options.file.is_file():
            raise Refused(f"There is no file {options.file}.")
        look = queries.look(options.file)
        wanted = _wanted(options, look.guess)
        if not options.go:
            _shown(look)
            say("\nIts columns are taken for:")
            table((name, value) for name, value in wanted.items() if value not in ("", None))
            say("\nNothing was imported. The same command with --go does it.")
            return 0
        done = actions.import_file(
            options.file, queries.columns(wanted), actor=SYSTEM, told=_progress, source_id=options.source
        )
        if sys.stderr.isatty():
            sys.stderr.write("\n")
        say(f"{done.read:,} rows: {done.added:,} added, {done.repeated:,} came before, {done.refused:,} refused.")
        _refused(options, queries.refused_lines(SYSTEM, done.pk))
        if done.error:
            raise Refused(done.error)
    return 0


def _wanted(options: argparse.Namespace, guess: dict[str, Any]) -> dict[str, Any]:
    names = ("person_kind", "event", "event_name", "time", "order", "zone", "journey", "journey_noun", "value")
    given = {name: getattr(options, name) for name in ("person", *names, "currency", "id")}
    wanted = guess | {name: value for name, value in given.items() if value is not None}
    if {"person", "event", "event_name", "time"} & {name for name, value in given.items() if value is not None}:
        wanted["form"] = "columns"
    if options.event_name is not None and options.event is None:
        wanted["event"] = ""
    if options.properties is not None:
        wanted["properties"] = [name for name in options.properties.split(",") if name]
    return wanted


def _shown(look: Any) -> None:
    for row in look.rows[:3]:
        table((name, str(value)[:80]) for name, value in row.items())
        say("")


def _progress(now: Any) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{now.read:,} rows, {now.added:,} added, {now.refused:,} refused")
        sys.stderr.flush()


def _refused(options: argparse.Namespace, lines: Any) -> None:
    if options.refused is not None:
        with options.refused.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["row", "field", "why"])
            writer.writerows(lines)
        return
    for count, (row, field, why) in enumerate(lines):
        if count == 10:
            say("… --refused FILE writes all of them down.")
            return
        say(f"Row {row}: {field} {why}".replace("  ", " "))
