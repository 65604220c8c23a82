"""The web alone, for several machines; DATABASE_URL names the database they share, REDIS_URL may join them."""

from __future__ import annotations

import argparse

from careline.cli import begin, signals
from careline.cli.addresses import add_options, reach, settle, take_port
from careline.cli.say import say


def options(parser: argparse.ArgumentParser) -> None:
    add_options(parser)


def run(options: argparse.Namespace) -> None:
    signals.interrupt()
    settle(options)
    begin.refuse_without_database()
    taken = take_port(options.host, options.port)
    begin.joined()
    from careline.cli.server import serve

    serve(taken, lambda: say(f"Careline serves {reach(options.host, options.port)} Ctrl-C stops it."))
    say("Stopped.")
