"""Write down everything known about a customer, as one JSON object; how much of what is told beside it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from careline.cli import begin, customer
from careline.cli.say import complain, say
from careline.kit.refusals import Refused


def options(parser: argparse.ArgumentParser) -> None:
    customer.add_option(parser)
    parser.add_argument(
        "--to", metavar="FILE", type=Path, default=None, help="into this new file instead of the terminal"
    )


def run(options: argparse.Namespace) -> None:
    with begin.visit():
        import msgspec

        from careline.accounts.actor import SYSTEM
        from careline.customers import actions

        person_id = customer.meant(options.customer)
        rows = actions.export(person_id, actor=SYSTEM)
        written = msgspec.json.format(msgspec.json.encode({"customer": str(person_id), "rows": rows}), indent=2)
    if options.to is None:
        say(written.decode())
    else:
        _write(options.to, written)
    for label, n in customer.count(rows):
        complain(f"{label}: {n}")


def _write(path: Path, written: bytes) -> None:
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(written + b"\n")
    except FileExistsError:
        raise Refused(f"{path} is there already.") from None
