"""Let an owner in again when every way is lost: a link to a new password, for whoever sits at the server.

Their other ways of signing in and their sessions end, and the owner's role is open again to every way and network. Who
is not there yet becomes an owner. The audit log keeps it.
"""

from __future__ import annotations

import argparse

from careline.cli import begin
from careline.cli.say import say


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL", help="the owner's address; of somebody new, theirs from now on")
    parser.add_argument("--name", default="", help="what somebody new is called")


def run(options: argparse.Namespace) -> int:
    with begin.visit(), begin.on_the_bus():
        from careline.accounts import actions
        from careline.accounts.actor import SYSTEM

        agent, link = actions.recover_owner(options.email, actor=SYSTEM, name=options.name)
        say(f"{agent.name} ({agent.email}) is an owner. Their other ways of signing in and their sessions have ended.")
        say("Choose a password here; the link works once, for an hour:")
        say(link)
    return 0
