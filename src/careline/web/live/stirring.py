"""An agent's window says that it is open, and that somebody touched it."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import Error, close_old_connections

from careline.kit import clock, pool
from careline.kit.refusals import Refused
from careline.service.routing import actions, presence

_log = logging.getLogger(__name__)
# Whoever comes back from a silence; seldom.
_threads = ThreadPoolExecutor(1, thread_name_prefix="stirring")


async def beat(agent_id: int | None, *, active: bool) -> None:
    """One statement; only who had fallen silent costs more."""
    if agent_id is None:
        return
    async with pool.connection() as conn:
        found = await presence.BEAT.aone(conn, agent=agent_id, active=active, now=clock.now())
    if active and found is not None and found.returns_to:
        await asyncio.get_running_loop().run_in_executor(_threads, partial(_back, agent_id))


def _back(agent_id: int) -> None:
    close_old_connections()
    try:
        actions.heard_from(agent_id, active=True)
    except (Refused, Error) as error:
        _log.warning("an agent could not be set back: %s", type(error).__name__)
