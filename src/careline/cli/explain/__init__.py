"""Say what Careline makes of something from outside, writing nothing.

`careline explain log FILE` reads an event log (CSV, TSV, Parquet or XES, also gzipped): how many cases, events,
activities, variants and edges it has, what follows what and how long it takes, what is done again. Further questions
are asked by their options; activities with spaces stand in quotes.

`careline explain mail FILE…` reads raw mails, each in a bounded process of its own: who wrote it and what is new in
it, the files with it, whether a machine wrote it, what came back undelivered. With --body the files hold decoded text,
and what is new in it is told.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

WHAT = {"log": "an event log", "mail": "raw mails"}


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", choices=WHAT, metavar="WHAT", help="; ".join(f"{key}: {said}" for key, said in WHAT.items())
    )
    parser.add_argument("file", type=Path, nargs="+", metavar="FILE", help="what to read; several mails, one log")
    parser.add_argument("--case", metavar="COLUMN", help="the column that names the case, when it is not found")
    parser.add_argument("--funnel", nargs="+", metavar="ACTIVITY", help="how many cases take these steps in this order")
    parser.add_argument("--strict", action="store_true", help="in the funnel each step follows the one before directly")
    parser.add_argument("--exclude", nargs="+", metavar="ACTIVITY", default=[], help="what must not come between them")
    parser.add_argument(
        "--between", nargs=2, metavar=("START", "FINISH"), help="how long it takes from one activity to another"
    )
    parser.add_argument("--after", metavar="ACTIVITY", help="what comes after it")
    parser.add_argument("--before", metavar="ACTIVITY", help="what comes before it")
    parser.add_argument("--days", type=int, metavar="DAYS", help="the window of funnel and time between")
    parser.add_argument("--body", action="store_true", help="the files are decoded texts of mails")
    parser.add_argument("--json", action="store_true", help="one JSON object, of mails one a line")


def run(options: argparse.Namespace) -> None:
    import_module(f"{__name__}.{options.what}").run(options)
