# ruff: noqa: N999  # the command is called so
"""Bring a file of touchpoints onto the line: CSV, JSON lines, XES or Parquet, also packed with gzip.

Without --go it shows the first rows and what it takes their columns for. A second import of the same file adds nothing.
Lines as Segment's clients send them say all of it themselves. With --profiles the rows are of customers, and their
columns become attributes.

`careline import mail PATH --inbox NUMBER` brings mail of earlier years into a mailbox: an mbox file, a Maildir, a
folder of either or of .eml files; with --imap instead of PATH the folders of the account the mailbox fetches from.
Nobody is told of it, and what was brought before is not brought again.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

from careline.cli import begin, history
from careline.cli.say import say, table
from careline.kit.refusals import Refused

PEOPLE = ("external", "email", "phone", "visitor")
WORDS = {
    "new": "a new customer", "changed": "changes", "same": "nothing new", "earlier": "named again below",
}  # fmt: skip
ORDERS = ("auto", "month_first", "day_first")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("path", type=Path, nargs="?", metavar="PATH", help="behind the word mail: where it lies")
    parser.add_argument("--inbox", type=int, metavar="NUMBER", help="of mail: the mailbox it belongs to")
    parser.add_argument("--imap", action="store_true", help="of mail: out of the account the mailbox fetches from")
    parser.add_argument(
        "--open-days", type=int, default=14, metavar="DAYS", help="of mail: younger last words are still open (14)"
    )
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
    parser.add_argument("--profiles", action="store_true", help="rows of customers: their columns become attributes")
    parser.add_argument(
        "--attributes", metavar="COLUMNS", type=_attributes,
        help="of profiles: which columns, each COLUMN, COLUMN=NAME or COLUMN=NAME:TYPE, parted by commas; all of them",
    )  # fmt: skip
    parser.add_argument("--new-customers", action="store_true", help="of profiles: make those known whom nobody knows")
    parser.add_argument("--clear-empty", action="store_true", help="of profiles: an empty cell takes the value away")
    parser.add_argument("--source", type=int, metavar="NUMBER", help="whose events they are; of files when not given")
    parser.add_argument("--refused", type=Path, metavar="FILE", help="write every refused row to this CSV")
    parser.add_argument("--go", action="store_true", help="import it")


def run(options: argparse.Namespace) -> int:
    if str(options.file) == "mail" and (options.path is not None or options.imap):
        return history.run(options)
    if options.path is not None:
        raise Refused("One file at a time. Mail of earlier years: careline import mail PATH --inbox NUMBER.")
    with begin.visit(), begin.on_the_bus():
        from careline.accounts.actor import SYSTEM
        from careline.tracking import actions, queries

        if not options.file.is_file():
            raise Refused(f"There is no file {options.file}.")
        look = queries.look(options.file, "profiles" if options.profiles else None)
        # Rows are taken for customers only where that is said.
        if not options.profiles and (look.guess["form"] == "profiles" or _says_columns(options)):
            look = queries.look(options.file, "columns")
        wanted = _wanted(options, look.guess)
        if not options.go:
            _shown(look)
            say("\nIts columns are taken for:")
            table((name, _written(value)) for name, value in wanted.items() if value not in ("", None, [], False))
            if options.profiles:
                _tried(queries.tried(options.file, queries.columns(wanted)))
            say("\nNothing was imported. The same command with --go does it.")
            return 0
        done = actions.import_file(
            options.file, queries.columns(wanted), actor=SYSTEM, told=_progress, source_id=options.source
        )
        if sys.stderr.isatty():
            sys.stderr.write("\n")
        say(_report(done, is_profiles=options.profiles))
        _refused(options, queries.refused_lines(SYSTEM, done.pk))
        if done.error:
            raise Refused(done.error)
    return 0


def _says_columns(options: argparse.Namespace) -> bool:
    return any(one is not None for one in (options.person, options.event, options.event_name, options.time))


def _attributes(given: str) -> list[dict[str, str]]:
    """COLUMN, COLUMN=NAME or COLUMN=NAME:TYPE."""
    found = []
    for one in filter(None, (part.strip() for part in given.split(","))):
        column, _equals, into = one.partition("=")
        name, _colon, type = into.partition(":")
        found.append({"column": column.strip(), "attribute": name.strip(), "type": type.strip()})
    return found


def _as_profiles(options: argparse.Namespace, guess: dict[str, Any]) -> dict[str, Any]:
    given = {name: getattr(options, name) for name in ("person", "person_kind", "order", "zone")}
    wanted = guess | {name: value for name, value in given.items() if value is not None}
    wanted["attributes"] = [one for one in guess["attributes"] if one["column"] != wanted["person"]]
    wanted |= {"left_out": [], "new_customers": options.new_customers, "clear_empty": options.clear_empty}
    if options.attributes is not None:
        usual = {one["column"]: one for one in guess["attributes"]}
        wanted["attributes"] = [_into(one, usual.get(one["column"])) for one in options.attributes]
    return wanted


def _into(given: dict[str, str], usual: dict[str, str] | None) -> dict[str, str]:
    """What was not said is as it was guessed."""
    if usual is None or given["attribute"] not in ("", usual["attribute"]):
        return given | {"attribute": given["attribute"] or given["column"]}
    return usual | ({"type": given["type"]} if given["type"] else {})


def _wanted(options: argparse.Namespace, guess: dict[str, Any]) -> dict[str, Any]:
    if options.profiles:
        return _as_profiles(options, guess)
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


def _written(value: Any) -> str:
    if not isinstance(value, list):
        return str(value)
    return ", ".join(
        f"{one['column']}={one['attribute']}:{one['type']}".rstrip(":") if isinstance(one, dict) else str(one)
        for one in value
    )


def _tried(look: Any) -> None:
    if look.wrong:
        raise Refused(look.wrong)
    say(f"\nOf the first {look.looked:,} rows {look.good:,} can be taken:")
    for one in look.trials:
        if one.why:
            say(f"Row {one.row}: refused: {one.field} {one.why}".replace("  ", " "))
            continue
        changes = ", ".join(f"{now.name} {_cell(now.before)} -> {_cell(now.after)}" for now in one.changes)
        word = WORDS[one.became]
        say(f"Row {one.row}: {one.who}: {word}{': ' if changes else ''}{changes}")


def _cell(value: Any) -> str:
    return "nothing" if value is None else str(value)[:60]


def _report(done: Any, *, is_profiles: bool) -> str:
    if not is_profiles:
        return f"{done.read:,} rows: {done.added:,} added, {done.repeated:,} came before, {done.refused:,} refused."
    told = f"{done.read:,} rows: {done.added:,} changed, {done.repeated:,} unchanged, {done.refused:,} refused."
    if done.made:
        told += f" {done.made:,} of the changed are new customers."
    if done.superseded:
        told += f" {done.superseded:,} came before a later row of the same customer, which holds."
    return told


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
