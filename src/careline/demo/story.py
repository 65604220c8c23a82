"""What one customer lives through: orders, parcels, talks, answers; as steps in time, to be told in their order.

The planted friction: of the three carriers one begins to miss its dates a third of the way in. Its late parcels bring
questions, the questions low scores, and those customers come back far more rarely than the others.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from careline.demo import talk
from careline.demo.people import Character

ITEMS = (
    ("enamel kettle", 5400), ("cast iron pan", 7900), ("chef's knife", 8800), ("stock pot", 9600),
    ("coffee mill", 6500), ("baking tin", 2300), ("teapot", 3900), ("mortar", 4200), ("linen apron", 3400),
)  # fmt: skip
FAILING, CARRIERS = "Northline", ("Northline", "Blue Van", "Swift Parcel")
CARRIER_SHARE = (34, 38, 28)
PAGES = ("/kettles", "/pans/cast-iron", "/knives", "/guides/induction", "/delivery", "/returns")


class Step(msgspec.Struct):
    """Something that happens at a time; `what` names the way it is told, `given` what is told."""

    at: datetime
    what: str
    given: dict[str, Any]


class Talk(msgspec.Struct):
    """A conversation to be: filled with its number when it is opened."""

    subject: str
    number: int = 0
    agent: str = ""


def life(who: Character, *, begin: datetime, end: datetime, chance: random.Random) -> list[Step]:
    """All steps of one customer between two times."""
    steps: list[Step] = []
    span = (end - begin).total_seconds()
    at = begin + timedelta(seconds=chance.uniform(0, span * 0.8))
    orders = 0
    while at < end and orders < 6:
        orders += 1
        at, content = _order(who, at, begin=begin, end=end, chance=chance, steps=steps)
        if chance.random() > (who.loyalty if content else who.loyalty * 0.25):
            break
        at += timedelta(days=chance.uniform(9, 30), hours=chance.uniform(0, 20))
    return [step for step in steps if step.at <= end]


def _order(
    who: Character, at: datetime, *, begin: datetime, end: datetime, chance: random.Random, steps: list[Step]
) -> tuple[datetime, bool]:
    """One order from the first page to the last word; when it was over, and whether it went well."""
    item, price = chance.choice(ITEMS)
    order = f"HH-{chance.randrange(10000, 99999)}"
    looks = chance.randrange(1, 4)
    steps += [Step(at - timedelta(minutes=20 - 6 * n), "page", {"path": chance.choice(PAGES)}) for n in range(looks)]
    steps.append(Step(at, "order", {"order": order, "item": item, "minor": price}))
    if chance.random() < 0.12:
        steps.append(Step(at + timedelta(days=1, hours=3), "visit", {"place": "Mill Street"}))
    carrier = chance.choices(CARRIERS, CARRIER_SHARE)[0]
    promised = (at + timedelta(days=3)).replace(hour=16, minute=0)
    failing = carrier == FAILING and at > begin + (end - begin) / 3
    late = chance.randrange(4, 10) if chance.random() < (0.6 if failing else 0.05) else 0
    arrived = promised + timedelta(days=late, hours=chance.uniform(-5, 3))
    steps.append(Step(arrived, "delivery", {"order": order, "carrier": carrier, "promised": promised, "late": late}))
    names = {
        "order": order, "item": item, "carrier": carrier, "promised": f"{promised:%d %B}", "first": first_name(who),
    }  # fmt: skip

    def answered(after: datetime, share: float, weights: tuple[int, ...]) -> None:
        """One to five, one of them the likeliest; later they are asked how easy it was, and if they would recommend."""
        if chance.random() < share:
            score = chance.choices((1, 2, 3, 4, 5), weights)[0]
            steps.append(Step(after, "answer", {"score": score}))
            steps.extend(_amends(order, after, score))
            steps.extend(_asked_later(order, after, score))

    if late and chance.random() < 0.75:
        asks = promised + timedelta(hours=chance.uniform(16, 40))
        over = max(arrived, _talk(who, _late(who), names, asks, chance, steps, hard=True))
        answered(over + timedelta(hours=3), 0.5, (38, 34, 20, 8, 0))
        return over, False
    if chance.random() < 0.22:
        script = chance.choice(talk.USUAL) if who.language == "en" else _late(who)
        over = _talk(who, script, names, arrived + timedelta(hours=chance.uniform(2, 60)), chance, steps, hard=False)
        answered(over + timedelta(hours=2), 0.45, (0, 5, 13, 37, 45))
        return over, True
    answered(arrived + timedelta(days=2), 0.15, (0, 0, 15, 40, 45))
    return arrived, not late


def _amends(order: str, after: datetime, score: int) -> Iterator[Step]:
    """What was done about a bad answer, some days ago; drawn apart, so that it changes nothing of the rest."""
    drawn = random.Random(f"{order}:amends")
    if score > 2:
        return
    at = after + timedelta(hours=drawn.uniform(1, 60))
    reached = drawn.random() < 0.65
    given = drawn.choice((0, 500, 1000, 2000)) if reached else 0
    yield Step(at, "amends", {"reached": reached, "minor": given, "steps": 2 if reached else 1})


def _asked_later(order: str, after: datetime, score: int) -> Iterator[Step]:
    """By what they said at first, somewhat spread; drawn apart, so that it changes nothing of the rest."""
    drawn = random.Random(f"{order}:{score}")
    if drawn.random() < 0.7:
        ease = min(7, max(1, round(score * 1.4 + drawn.gauss(0, 1))))
        yield Step(after + timedelta(minutes=1), "ease", {"score": ease})
    if drawn.random() < 0.8:
        likely = min(10, max(0, round(score * 2.1 + drawn.gauss(0, 1.2))))
        yield Step(after + timedelta(days=drawn.uniform(3, 9)), "recommendation", {"score": likely})


def first_name(who: Character) -> str:
    return who.name.split()[0]


def this_morning(who: Character, *, end: datetime, chance: random.Random) -> list[Step]:
    """Somebody who wrote within the last day and a half and is not done with us yet."""
    at = end - timedelta(minutes=chance.triangular(2, 2100, 120))
    item, order = chance.choice(ITEMS)[0], f"HH-{chance.randrange(10000, 99999)}"
    names = {
        "order": order, "item": item, "carrier": FAILING, "promised": f"{at - timedelta(days=2):%d %B}",
        "first": first_name(who),
    }  # fmt: skip
    script = chance.choice((talk.LATE, *talk.USUAL)) if who.language == "en" else _late(who)
    steps: list[Step] = []
    over = _talk(who, script, names, at, chance, steps, hard=script is talk.LATE)
    if random.Random(f"{order}:waits").random() < 0.3:
        # Nobody has answered yet; drawn apart, so that it changes nothing of the rest.
        return steps[:1]
    return [step for step in steps if step.what != "resolve" or over < end]


def _late(who: Character) -> talk.Script:
    return {"id": talk.INDONESIAN, "ar": talk.ARABIC}.get(who.language, talk.LATE)


def _talk(
    who: Character,
    script: talk.Script,
    names: dict[str, str],
    at: datetime,
    chance: random.Random,
    steps: list[Step],
    *,
    hard: bool,
) -> datetime:
    """A conversation as steps; when it was resolved. What would end after the last moment stays open."""
    at = _daytime(at, chance)
    agent = {"id": "sari", "ar": "karim"}.get(who.language) or chance.choice(("tomas", "karim", "sari", "ines"))
    matter = Talk(subject=script.subject.format(**names), agent=agent)
    say: Callable[[str], str] = lambda words: talk.said(words, chance, **names)  # noqa: E731
    steps.append(Step(at, "open", {"talk": matter, "words": say(talk.opening(script, who.temper))}))
    if chance.random() < 0.8:
        steps.append(Step(at + timedelta(minutes=chance.uniform(1, 20)), "assign", {"talk": matter}))
    at += timedelta(minutes=chance.uniform(90, 1500) if hard else chance.uniform(4, 120))
    steps.append(Step(at, "reply", {"talk": matter, "words": say(chance.choice(script.answers))}))
    for _n in range(chance.randrange(1, 4) if hard else chance.randrange(0, 2)):
        at += timedelta(minutes=chance.uniform(20, 900))
        steps.append(Step(at, "hear", {"talk": matter, "words": say(chance.choice(script.further))}))
        if script.notes and chance.random() < 0.35:
            steps.append(
                Step(at + timedelta(minutes=4), "note", {"talk": matter, "words": chance.choice(script.notes)})
            )
        at += timedelta(minutes=chance.uniform(10, 600))
        steps.append(Step(at, "reply", {"talk": matter, "words": say(chance.choice(script.answers))}))
    at += timedelta(minutes=chance.uniform(60, 2000))
    steps.append(Step(at, "hear", {"talk": matter, "words": say(chance.choice(script.closes))}))
    at += timedelta(minutes=chance.uniform(3, 90))
    steps.append(Step(at, "resolve", {"talk": matter}))
    if hard and chance.random() < 0.25:
        steps.append(Step(at - timedelta(hours=1), "raise", {"talk": matter}))
    return at


def _daytime(at: datetime, chance: random.Random) -> datetime:
    """Few people write at night."""
    return at.replace(hour=chance.randrange(8, 21)) if at.hour < 7 and chance.random() < 0.9 else at
