"""The one customer somebody means: by number, address, phone number or name."""

from __future__ import annotations

import argparse
from typing import Any

from careline.kit.refusals import NotVisible, Refused

SHOWN = 10


def add_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "customer", metavar="CUSTOMER", help="the customer's number, or an address, phone number or name only they have"
    )


def meant(words: str) -> int:
    """Refuses rather than guesses."""
    from careline.accounts.actor import SYSTEM
    from careline.customers import queries

    if words.isdigit() and len(words) < 15:
        try:
            return int(queries.person(SYSTEM, int(words)).pk)
        except NotVisible:
            pass  # it may be a phone number
    found = queries.search(SYSTEM, words, limit=SHOWN + 1) if words.strip() else []
    if not found:
        raise NotVisible("There is no such customer.")
    if len(found) > 1:
        listed = ", ".join(f"{person.pk} ({person.name or 'no name'})" for person in found[:SHOWN])
        more = " and more" if len(found) > SHOWN else ""
        raise Refused(f"Several customers are called that: {listed}{more}. Give the number of one.")
    return int(found[0].pk)


def count(rows: dict[str, Any]) -> list[tuple[str, str]]:
    """For a report: how much of what."""
    return [(label, f"{touched if isinstance(touched, int) else len(touched):,}") for label, touched in rows.items()]
