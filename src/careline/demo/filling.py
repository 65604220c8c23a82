"""Fills an installation: everybody's steps, put in order of time and told through the rooms' own verbs."""

from __future__ import annotations

import contextlib
import itertools
import random
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from tqdm import tqdm

from careline.accounts import queries as accounts
from careline.demo import analysis, answering, asking, company, post, reading, story, talk, working
from careline.demo.people import Character, characters
from careline.demo.telling import Teller
from careline.insights.topics import actions as topics
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.recovery import actions as recovery
from careline.touchpoints import partitions

SEED = 2026
BATCH = 50


def fill(
    *, customers: int = 300, days: int = 90, live: bool = False, say: Callable[[str], None] = lambda _words: None
) -> dict[str, Any]:
    """What was made, or on a filled installation what was made before. Refuses one that belongs to somebody."""
    if not 1 <= customers <= 1_000_000 or not 2 <= days <= 3650:
        raise Refused("The demo takes 1 to 1,000,000 customers over 2 to 3,650 days.")
    if accounts.is_set_up():
        if not company.is_here():
            raise Refused("This installation belongs to somebody; the demo company fills an empty one only.")
    else:
        _found_and_fill(customers, days, say)
    if live:
        _live(say)
    return company.told()


def _found_and_fill(customers: int, days: int, say: Callable[[str], None]) -> None:
    end = clock.now().replace(second=0, microsecond=0)
    begin = end - timedelta(days=days)
    partitions.ensure_partitions(begin.date(), end.date())
    # The people first and for good; a fill that was broken off is a smaller company, not a broken one.
    with transaction.atomic():
        house = company.found()
    say(f"Filling {company.NAME}: {customers} customers over {days} days.")
    chance = random.Random(SEED)
    cast = characters(customers, chance)
    steps = sorted(_lives(cast, begin, end), key=lambda pair: pair[1].at)
    teller = Teller(house, end)
    with tqdm(total=len(steps), unit=" moments", file=sys.stderr, disable=None, mininterval=0.5) as bar:
        for batch in _batches(steps):
            with transaction.atomic():
                for who, step in batch:
                    teller.tell(who, step)
            bar.update(len(batch))
    post.bring(house, cast, end=end, days=days)
    with transaction.atomic():
        teller.leave_the_desk_as_it_is_now()
    working.begin(house, teller.since(end - working.LATELY), end=end)
    recovery.measure_due()
    analysis.define(house.owner)
    asking.begin(house)
    with transaction.atomic():
        reading.begin(house)
        # The last: what was told before, people have answered.
        answering.begin(house)
    topics.find(actor=house.owner)


def _lives(cast: list[Character], begin: datetime, end: datetime) -> Iterator[tuple[Character, story.Step]]:
    for n, who in enumerate(cast):
        for step in story.life(who, begin=begin, end=end, chance=random.Random(f"{SEED}:{n}")):
            yield who, step
    fresh = random.Random(f"{SEED}:today")
    for who in fresh.sample(cast, min(len(cast), max(6, len(cast) // 11))):
        for step in story.this_morning(who, end=end, chance=fresh):
            if step.at <= end:
                yield who, step


def _batches(steps: list[tuple[Character, story.Step]]) -> Iterator[list[tuple[Character, story.Step]]]:
    rest = iter(steps)
    while batch := list(itertools.islice(rest, BATCH)):
        yield batch


def _live(say: Callable[[str], None]) -> None:
    """Somebody writes every few seconds, until Ctrl-C."""
    say("Living on; Ctrl-C stops it.")
    chance = random.Random()
    house = company.again()
    cast = characters(200, random.Random(SEED))
    stop = threading.Event()
    with contextlib.suppress(KeyboardInterrupt):
        while not stop.wait(chance.uniform(2, 9)):
            now = clock.now()
            who = chance.choice(cast)
            script = chance.choice(talk.USUAL)
            matter = story.Talk(subject="")
            names = {"order": f"HH-{chance.randrange(10000, 99999)}", "item": chance.choice(story.ITEMS)[0]}
            names["first"] = story.first_name(who)
            words = talk.said(talk.opening(script, who.temper), chance, **names)
            with transaction.atomic():
                Teller(house, now).tell(who, story.Step(now, "open", {"talk": matter, "words": words}))
