"""Say what is wrong, and the way to mend it. Ends with 1 when something is; a note alone is no fault."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from careline.cli.doctor.finding import Check, Finding, looked_at, wrong
from careline.cli.say import answer, say

_SIGNS = {"good": "ok   ", "note": "note ", "wrong": "WRONG"}


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="one JSON object: {ok, checks:[{check, state, says, mend}]}"
    )


def run(options: argparse.Namespace) -> int:
    findings: list[Finding] = []
    for finding in examine():
        findings.append(finding)
        if not options.json:
            _tell(finding)
    well = all(finding.state != "wrong" for finding in findings)
    if options.json:
        answer({"ok": well, "checks": findings})
    else:
        say("Nothing is wrong." if well else "Something is wrong: the lines marked WRONG say how to mend it.")
    return 0 if well else 1


def _tell(finding: Finding) -> None:
    say(f"{_SIGNS[finding.state]}  {finding.check}: {finding.says}")
    if finding.mend:
        say(f"       → {finding.mend}")


def examine() -> Iterator[Finding]:
    """From the ground up; what stands on something broken is not asked."""
    from careline.cli import composition
    from careline.cli.doctor import database, machine, settings

    yield from looked_at("data folder", machine.folder)
    try:
        address = database.find()
        given = os.environ.setdefault("DATABASE_URL", address.url) if address.url else ""
        composition.load()
    except Exception as error:
        if not composition.is_bad_setting(error):
            raise
        yield wrong("settings", str(error), "Correct it in the environment and ask again; docs/settings.md lists them.")
        return
    for name, check in settings.CHECKS.items():
        yield from looked_at(name, check)
    with address:
        if not given and not address.url:
            yield wrong("database", address.says, address.mend)
            return
        yield from _in_the_database()


def _in_the_database() -> Iterator[Finding]:
    from careline.cli.doctor import database, flow

    stages: list[dict[str, Check]] = [database.REACHABLE, database.SCHEMA, flow.CHECKS]
    for stage in stages:
        stop = False
        for name, check in stage.items():
            for finding in looked_at(name, check):
                stop = stop or finding.state == "wrong"
                yield finding
        if stop and stage is not flow.CHECKS:
            return
