"""The process that is measured: the real one, with the limits it is held against behind the same door."""

from __future__ import annotations

from functools import partial

import psycopg

# First: it readies Django for all that follows.
from careline.config.asgi import Careline, Receive, Scope, Send

# isort: split
from careline.accounts.actor import Actor
from careline.api import hot
from careline.api.problems import Answer
from careline.api.wire import Request, ok
from careline.bench import doors
from careline.config import logs
from careline.web import kept

ROOT = "/bench/"
# Before it, an address is answered by a house that has drawn nothing yet.
COLD = "/cold"


async def _limit(conn: psycopg.AsyncConnection[object], actor: Actor, request: Request) -> Answer | None:
    door = doors.DOORS[request.path[len(ROOT) :].split("/")[0]]
    return ok(await door(conn, actor, request.path, request.body), 201 if request.body else 200)


careline = Careline()


async def _measured(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" and scope["path"].startswith(ROOT):
        await partial(hot.through, _limit)(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith(COLD):
        kept.forget()
        await careline({**scope, "path": scope["path"].removeprefix(COLD)}, receive, send)
    else:
        await careline(scope, receive, send)


# The limits pass the whole door, as what they are the limit of does: named, counted and timed like every request.
application = logs.request_log(_measured)
