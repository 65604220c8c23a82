"""Runs one bench and prints its JSON object on the last line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from careline.bench import usage
from careline.kit.refusals import Refused

NAMES = (
    "messages",
    "inbox",
    "start",
    "ingest",
    "lag",
    "timeline",
    "journeys",
    "scoreboard",
    "mail",
    "contact",
    "routing",
    "board",
    "intelligence",
)
USUAL_SCALE = 100_000
# What stands around events that come in; their own number is the scale.
AROUND = 1000
# Counted in touchpoints.
MOMENTS = {"lag": 60_000, "timeline": 50_000_000, "journeys": 10_000_000, "scoreboard": 10_000_000}
# Counted in mails.
MAILS = 1_600
# Counted in decisions.
DECISIONS = 1_000_000
# Conversations that wait.
WAITING = 5_000
# Conversations there are.
OPEN = 5_000
# Texts whose vectors are looked through.
TEXTS = 200_000


def run(name: str, scale: int | None, as_json: bool) -> dict[str, Any]:
    """Measure among `scale` conversations, in a database of its own that is dropped afterwards."""
    if name not in NAMES:
        raise Refused(f"There is no bench {name!r}; there are: {', '.join(NAMES)}.")
    if scale is None:
        scale = {
            **MOMENTS, "mail": MAILS, "contact": DECISIONS, "routing": WAITING, "board": OPEN, "intelligence": TEXTS,
        }.get(name, USUAL_SCALE)  # fmt: skip
    if not 1 <= scale <= 100_000_000:
        raise Refused("--scale takes a number from 1 to 100,000,000.")

    def told(words: str) -> None:
        if not as_json:
            sys.stderr.write(f"{words}\n")

    machine = usage.machine()
    found = _measured(name, scale, told)
    result = {"name": name, "scale": scale, "machine": machine, **_rounded(found)}
    if not as_json:
        for group in ("metrics", "baseline", "ratios"):
            for key, value in result[group].items():
                sys.stdout.write(f"{key:28} {value}\n")
    sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    return result


def _measured(name: str, scale: int, told: Callable[[str], None]) -> dict[str, Any]:
    if name == "start":
        from careline.bench import start

        return start.measure()
    if name == "journeys":
        from careline.bench import journeys

        return journeys.measure(scale, told)
    if name == "intelligence":
        from careline.bench import intelligence

        return intelligence.measure(scale, told)
    if name == "scoreboard":
        from careline.bench import house

        house.ready()
        from careline.bench import scoreboard

        return scoreboard.measure(scale, told)
    return _in_a_house(name, scale, told)


def _in_a_house(name: str, scale: int, told: Callable[[str], None]) -> dict[str, Any]:
    from careline.bench import house as houses

    url = os.environ["DATABASE_URL"]
    dsn = houses.database_of_its_own(url)
    try:
        houses.moved_to(dsn)
        around = {
            "routing": scale + AROUND * 2,
            **dict.fromkeys(("ingest", "lag", "timeline", "mail", "contact"), AROUND),
        }
        house = houses.prepare(around.get(name, scale), told)
        if name == "ingest":
            from careline.bench import ingest

            return ingest.measure(house, scale=scale, told=told)
        if name == "lag":
            from careline.bench import lag

            return lag.measure(house, scale=scale, told=told)
        if name == "timeline":
            from careline.bench import timeline

            return timeline.measure(house, scale=scale, url=url, around=AROUND, told=told)
        if name == "mail":
            from careline.bench import mail

            return mail.measure(house, scale=scale, told=told)
        if name == "contact":
            from careline.bench import contact

            return contact.measure(house, scale=scale, told=told)
        if name == "routing":
            from careline.bench import routing

            return routing.measure(house, scale=scale, told=told)
        if name == "board":
            from careline.bench import board

            return board.measure(house, told)
        if name == "messages":
            from careline.bench import messages

            return messages.measure(house)
        from careline.bench import inbox

        return inbox.measure(house, url=url, told=told)
    finally:
        houses.moved_to(url)
        houses.drop(url, dsn)


def _rounded(found: dict[str, Any]) -> dict[str, Any]:
    return {
        group: {key: round(value, 3) if isinstance(value, float) else value for key, value in members.items()}
        for group, members in found.items()
    }
