"""Write everybody's line into a Parquet file, as the columnar copy has it: a row a moment, by customer and time.

For a warehouse of one's own. It holds numbers of customers, kinds and times; no names, addresses, words or facts.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from careline.cli import begin
from careline.cli.say import say
from careline.kit.refusals import Refused


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="the new file to write")
    parser.add_argument("--from", dest="since", metavar="TIME", help="only moments from then on, as 2026-01-31")
    parser.add_argument("--to", dest="before", metavar="TIME", help="only moments before then")


def run(options: argparse.Namespace) -> None:
    since, before = _moment(options.since, "--from"), _moment(options.before, "--to")
    with begin.visit():
        from careline.accounts.actor import SYSTEM
        from careline.insights import extracts

        found = extracts.write(SYSTEM, options.file, since=since, before=before)
    say(f"{found.moments:,} moments of {found.customers:,} customers until {found.as_of:%Y-%m-%d %H:%M:%S} UTC")


def _moment(said: str | None, option: str) -> datetime | None:
    if said is None:
        return None
    try:
        at = datetime.fromisoformat(said)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(f"{option} is a day or a moment, as 2026-01-31 or 2026-01-31T12:00:00Z.") from None
