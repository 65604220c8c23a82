"""Erase a customer for good, in every room, in one transaction; what is left is a bare number and what can be counted.

With --now the disk is cleaned of them as well before the command ends; otherwise the installation does it within a day.
Without --now or --yes it says what would be erased, and asks where there is somebody to ask.
"""

from __future__ import annotations

import argparse
import sys

from careline.cli import begin, customer
from careline.cli.say import progress, say, table

# What stood in the way, or cannot be done from here at all.
LEFT = {
    "readers": "An older transaction may still look at what is gone; it is tried again by itself.",
    "tables": "Tables were in use the whole time; it is tried again by itself.",
    "copy": "The columnar copy was not renewed in time; it is tried again by itself.",
    "log_setting": "The database does not let this user renew its log of changes (WAL).",
    "log_refused": "The database does not let this user renew its log of changes (WAL).",
    "log_kept": "The database keeps old files of its log of changes (WAL) for others.",
    "elsewhere": "The database gives its changes to an archive or to other servers, which keep their own rules.",
    "leftovers": "The database was killed once and may have left a file that only its keeper can remove.",
    "large": "A table is too large to be written anew at night: its freed room still holds bytes until it is used.",
}


def options(parser: argparse.ArgumentParser) -> None:
    customer.add_option(parser)
    parser.add_argument("--yes", action="store_true", help="without asking; the disk is cleaned within a day")
    parser.add_argument("--now", action="store_true", help="without asking, and clean the disk right away")


def run(options: argparse.Namespace) -> int:
    with begin.visit(), begin.on_the_bus():
        from careline.accounts.actor import SYSTEM
        from careline.customers import queries
        from careline.privacy import actions
        from careline.privacy import queries as privacy

        person_id = customer.meant(options.customer)
        if not (options.now or options.yes):
            name = queries.person(SYSTEM, person_id).name or "no name"
            say(f"Customer {person_id} ({name}). This is kept of them, by room:")
            table(customer.count(privacy.going_with(SYSTEM, person_id)))
            if not _is_meant(person_id):
                say(f"Nothing was erased. careline erase {person_id} --now does it.")
                return 1
        erased = actions.erase(person_id, actor=SYSTEM)
        say(f"Customer {person_id} is erased:")
        table(customer.count(erased.counts))
        if options.now:
            return _clean()
        say(f"The disk will be clean of them by {erased.cleansing.clean_by:%Y-%m-%d %H:%M} UTC.")
    return 0


def _clean() -> int:
    from careline.privacy import cleansing

    with progress("Cleaning the disk", total=100, unit="%") as bar:
        seen = 0.0

        def told(step: int, steps: int) -> None:
            nonlocal seen
            done = 100 * step / steps
            bar.update(done - seen)
            seen = done

        left = cleansing.cleanse_until_done(told=told)
    for code in left:
        say(LEFT[code])
    if any(code in cleansing.PASSING for code in left):
        return 1
    say("The disk is clean." if not left else "The rest of the disk is clean.")
    return 0


def _is_meant(person_id: int) -> bool:
    if not sys.stdin.isatty():
        return False
    sys.stdout.write(f"Type {person_id} to erase it for good: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == str(person_id)
