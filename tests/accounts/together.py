"""Two things at the same moment, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

SECONDS = 30


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gave or raised, in the order they were given; all of them start at once."""
    start = threading.Barrier(len(calls), timeout=SECONDS)

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(SECONDS) for future in [pool.submit(run, call) for call in calls]]
