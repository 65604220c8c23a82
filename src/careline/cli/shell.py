"""Python with the rooms' verbs and questions at hand, signed in as the house itself."""

from __future__ import annotations

import argparse
import code
from importlib import import_module
from typing import Any

from careline.cli import begin
from careline.cli.say import table

ROOMS = (
    "accounts",
    "customers",
    "touchpoints",
    "contact",
    "channels",
    "files",
    "service.conversations",
    "service.recovery",
    "service.rules",
)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-c", dest="command", metavar="CODE", default=None, help="run this and end")


def run(options: argparse.Namespace) -> None:
    with begin.visit(), begin.on_the_bus():
        names = at_hand()
        if options.command is not None:
            exec(compile(options.command, "<careline shell -c>", "exec"), names)  # noqa: S102 - it is what was asked for
            return
        table((name, _sentence(value)) for name, value in names.items())
        code.interact(banner="", local=names, exitmsg="")


def at_hand() -> dict[str, Any]:
    """Rooms by name, each with its actions and queries loaded."""
    from careline.accounts.actor import SYSTEM
    from careline.cli.rooms import discover
    from careline.kit import clock
    from careline.touchpoints import subscribers

    discover()
    names: dict[str, Any] = {"SYSTEM": SYSTEM, "clock": clock, "subscribers": subscribers}
    for room in ROOMS:
        for word in ("actions", "queries"):
            import_module(f"careline.{room}.{word}")
        names[room.rpartition(".")[2]] = import_module(f"careline.{room}")
    return names


def _sentence(value: Any) -> str:
    return (getattr(value, "__doc__", None) or repr(value)).strip().partition("\n")[0]
