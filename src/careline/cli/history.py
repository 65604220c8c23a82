"""Mail of earlier years, brought by `careline import mail`."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from careline.cli import begin
from careline.cli.say import say
from careline.kit.refusals import Refused

NAMED = 10


def run(options: argparse.Namespace) -> int:
    if options.inbox is None:
        raise Refused("Say into which mailbox: --inbox NUMBER (Settings, Inboxes).")
    if options.imap == (options.path is not None):
        raise Refused("Name a file or folder, or --imap, one of them.")
    with begin.visit(), begin.on_the_bus():
        from careline.accounts.actor import SYSTEM
        from careline.service.conversations.history import actions, queries

        began = time.monotonic()
        done = actions.bring_here(
            options.inbox, options.path, actor=SYSTEM, told=_progress, open_days=options.open_days
        )
        if sys.stderr.isatty():
            sys.stderr.write("\n")
        say(_report(done, time.monotonic() - began))
        left = queries.left_out(SYSTEM, done.pk, limit=NAMED)
        for one in left:
            say(f"{one.place}: {one.why}")
        if done.left > len(left):
            say(f"… and {done.left - len(left):,} more.")
        if done.error:
            raise Refused(done.broke_off)
    return 0


def _report(done: Any, seconds: float) -> str:
    told = f"{done.read:,} of {done.total:,} mails looked at in {seconds:,.0f} s: {done.added:,} added"
    told += f" in {done.opened:,} conversations, {done.repeated:,} were here before, {done.left:,} left out."
    if done.unreadable:
        told += f" {done.unreadable:,} of the added could not be read; their originals are attached."
    return told


def _progress(now: Any) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{now.read:,} of {now.total:,} mails, {now.added:,} added, {now.left:,} left out")
        sys.stderr.flush()
