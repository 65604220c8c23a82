"""Erase a customer for good, in every room, in one transaction; what is left is a bare number.

Without --now it says what would be erased, and asks where there is somebody to ask.
"""

from __future__ import annotations

import argparse
import sys

from careline.cli import begin, customer
from careline.cli.say import say, table


def options(parser: argparse.ArgumentParser) -> None:
    customer.add_option(parser)
    parser.add_argument("--now", action="store_true", help="without asking")


def run(options: argparse.Namespace) -> int:
    with begin.visit(), begin.on_the_bus():
        from careline.accounts.actor import SYSTEM
        from careline.customers import actions, queries
        from careline.kit import personal

        person_id = customer.meant(options.customer)
        if not options.now:
            name = queries.person(SYSTEM, person_id).name or "no name"
            say(f"Customer {person_id} ({name}). This is kept of them, by room:")
            table(customer.count(personal.export(person_id)))
            if not _is_meant(person_id):
                say(f"Nothing was erased. careline erase {person_id} --now does it.")
                return 1
        erased = actions.erase(person_id, actor=SYSTEM)
        say(f"Customer {person_id} is erased:")
        table(customer.count({label: n for label, n in erased.items() if n}))
    return 0


def _is_meant(person_id: int) -> bool:
    if not sys.stdin.isatty():
        return False
    sys.stdout.write(f"Type {person_id} to erase it for good: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == str(person_id)
