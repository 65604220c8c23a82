"""Several at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def in_threads(work: Callable[[], Any], times: int) -> list[Any]:
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(times)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return results
