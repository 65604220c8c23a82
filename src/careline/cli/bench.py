"""Measure what is promised, beside a limit or a rival in the same run; the last line is one JSON object."""

from __future__ import annotations

import argparse

from careline.cli import begin


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="what to measure: messages, inbox, start …")
    parser.add_argument("--scale", type=int, metavar="N", default=None, help="conversations to measure among")
    parser.add_argument("--json", action="store_true", help="the JSON object alone")


def run(options: argparse.Namespace) -> None:
    from careline import bench

    with begin.database():
        bench.run(options.name, options.scale, options.json)
