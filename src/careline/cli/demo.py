"""Fill the installation with a believable company; on a filled one nothing is added and the same is told again."""

from __future__ import annotations

import argparse
from typing import Any

from careline.cli import begin, say

CUSTOMERS = 300
DAYS = 90


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--customers", type=int, metavar="N", default=CUSTOMERS, help=f"how many customers ({CUSTOMERS})"
    )
    parser.add_argument("--days", type=int, metavar="D", default=DAYS, help=f"over how many days ({DAYS})")
    parser.add_argument("--live", action="store_true", help="go on living, until Ctrl-C")
    parser.add_argument("--json", action="store_true", help="one JSON object: {url, write_key, agents, inboxes}")


def run(options: argparse.Namespace) -> None:
    with begin.installation(), begin.on_the_bus():
        filled = fill(options.customers, options.days, quiet=options.json)
        if options.json:
            say.answer(filled)
        else:
            tell(filled)
        if options.live:
            fill(options.customers, options.days, live=True, quiet=options.json)


def fill(customers: int, days: int, *, live: bool = False, quiet: bool = False) -> dict[str, Any]:
    from careline import demo

    told = say.complain if quiet else say.say
    filled: dict[str, Any] = demo.fill(customers=customers, days=days, live=live, say=told)
    return filled


def tell(filled: dict[str, Any]) -> None:
    say.say(f"\nThe demo company is at {filled['url']}")
    say.table((agent["email"], f"{agent['password']}  ({agent['role']})") for agent in filled["agents"])
    chats = [inbox for inbox in filled["inboxes"] if inbox["kind"] == "webchat"]
    if chats:
        say.say("Write as a customer:")
        say.table((inbox["name"], f"{filled['url']}/chat/{inbox['key']}") for inbox in chats)
