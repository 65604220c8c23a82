"""When a token was last used, written down at most once a minute and never in a request's way."""

from __future__ import annotations

import asyncio
import logging
import time

from django.db import connection

from careline.accounts import actions as accounts
from careline.accounts.actor import Actor

EVERY = 60.0
_marked: dict[int, float] = {}
_log = logging.getLogger(__name__)


def due(token_id: int) -> bool:
    now = time.monotonic()
    if now - _marked.get(token_id, -EVERY) < EVERY:
        return False
    _marked[token_id] = now
    return True


def mark(actor: Actor) -> None:
    """In a Django thread."""
    if actor.id is not None and due(actor.id):
        accounts.mark_token_used(actor.id)


def soon(actor: Actor) -> None:
    """In the event loop: written by a thread that gives its connection back at once."""
    if actor.id is not None and due(actor.id):
        asyncio.get_running_loop().run_in_executor(None, _written, actor.id)


def _written(token_id: int) -> None:
    try:
        accounts.mark_token_used(token_id)
    except Exception as error:
        _log.warning("The use of a token was not written down: %s", type(error).__name__)
    finally:
        connection.close()
