"""Say what Careline makes of something from outside, writing nothing.

`careline explain log FILE` reads an event log (CSV, TSV, Parquet or XES, also gzipped): how many cases, events,
activities, variants and edges it has, what follows what and how long it takes.
"""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from typing import Any

from careline.cli.say import answer, say, table
from careline.kit.refusals import Refused

SHOWN = 10


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("log",), metavar="WHAT", help="log: an event log")
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to read")
    parser.add_argument("--case", metavar="COLUMN", help="the column that names the case, when it is not found")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(options: argparse.Namespace) -> None:
    from careline.cli import composition
    from careline.insights.warehouse import logs, questions

    try:
        with logs.opened(options.file, case=options.case, memory=composition.memory()) as log:
            edges = questions.journey_map(log.conn)
            kinds = questions.activities(log.conn)
            variants = questions.variants(log.conn, limit=SHOWN)
    except logs.NotALog as error:
        raise Refused(str(error)) from None
    found: dict[str, Any] = {
        "cases": variants.customers, "events": log.events, "activities": len(kinds), "variants": variants.variants,
        "top_variant": variants.items[0].n if variants.items else 0, "edges": len(edges), "refused": log.refused,
    }  # fmt: skip
    if options.json:
        answer(found)
        return
    table((name.replace("_", " "), f"{value:,}") for name, value in found.items())
    say(f"\nBy “{log.case}”, “{log.activity}”" + (f" and “{log.time}”." if log.time else ", in the order of the file."))
    say("\nWhat follows what most often, with the median and the ninetieth percentile between:")
    table(
        (f"{edge.n:,}  {edge.start} → {edge.to}", f"{_long(edge.median)}, {_long(edge.p90)}") for edge in edges[:SHOWN]
    )
    say("\nThe most frequent ways:")
    for variant in variants.items[:SHOWN]:
        say(f"  {variant.n:,}  {' → '.join(variant.steps)}")


def _long(microseconds: float) -> str:
    return str(timedelta(seconds=round(microseconds / 1e6)))
