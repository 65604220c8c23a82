"""Who speaks in the chat is made known to who was seen on the pages, beside the words and never in their way."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import Error, close_old_connections

from careline.kit.refusals import Refused
from careline.service.conversations.hot import words
from careline.tracking import actions as tracking

log = logging.getLogger(__name__)
# One at a time: few visitors are new at once, and whoever waits waits for nothing they see.
_threads = ThreadPoolExecutor(1, thread_name_prefix="introducing")


async def introduce(person: words.Who, device: str) -> bool:
    """False when it has to be done again, by the next hello."""
    places = [(one.kind, one.scope, one.value) for one in person.identities if one.kind in ("external", "visitor")]
    traits = {one.kind: one.original for one in person.identities if one.kind in ("email", "phone")}
    if not device and not traits:
        return True
    work = partial(_introduce, places, device, traits)
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def _introduce(places: list[tuple[str, str, str]], device: str, traits: dict[str, str]) -> bool:
    close_old_connections()
    try:
        tracking.meet(places, device=device, traits=traits)
    except (Refused, Error) as error:
        log.warning("a visitor of the chat was not made known: %s", type(error).__name__)
        return False
    return True
