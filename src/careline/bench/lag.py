"""`bench lag`: how far the columnar copy is behind a line on which a thousand events happen each second.

Events come in over HTTP in batches of 100 beside one process of workers, which does all that workers do meanwhile. The
lag is the age of the oldest touchpoint the copy has not got, looked at four times a second.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from careline.bench import ingest, load
from careline.bench.house import House, serving

RATE = 1000
BEAT = 0.25
LIMIT_S = 10.0
# For the copy to stand at the end of the line, before and after.
PATIENCE = 120.0


def measure(house: House, *, scale: int, told: Callable[[str], None]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="careline-bench-") as name:
        make, count = ingest.begin(house), max(1, scale // ingest.BATCH)
        ready = [make(n) for n in range(count)]
        with _working(name), serving(house, CARELINE_DATA=name, CARELINE_ALONE="0"):
            caught_up()
            with _watching() as seen:
                seconds = _drive(house, ready, told)
            began = time.perf_counter()
            caught_up()
            after, stood = time.perf_counter() - began, _stood()
    return {
        "metrics": {
            "lag_max_s": max(seen), "lag_median_s": statistics.median(seen), "caught_up_s": after,
            "events_per_s": count * ingest.BATCH / seconds, "versions": stood[0],
        },
        "baseline": {"lag_limit_s": LIMIT_S, "moments": stood[1], "looks": len(seen)},
        "ratios": {},
    }  # fmt: skip


def _drive(house: House, ready: list[bytes], told: Callable[[str], None]) -> float:
    """A second's worth at the beginning of each second; returns how long it took, the last whole second included."""
    each = RATE // ingest.BATCH
    began = time.perf_counter()
    for n, start in enumerate(range(0, len(ready), each), 1):
        piece = ready[start : start + each]
        if errors := load.drive(house.port, piece.__getitem__, count=len(piece), clients=2).errors:
            raise RuntimeError(f"{errors} batches were not answered with 200.")
        time.sleep(max(0.0, began + n * len(piece) * ingest.BATCH / RATE - time.perf_counter()))
    seconds = time.perf_counter() - began
    told(f"{len(ready) * ingest.BATCH:,} events in {seconds:.1f} s")
    return seconds


@contextlib.contextmanager
def _working(data: str) -> Iterator[None]:
    """One process of workers on the folder where the copy lies, which is ours as well to look at it."""
    from django.conf import settings

    before, settings.DATA = settings.DATA, Path(data)
    work = subprocess.Popen(
        [str(Path(sys.executable).with_name("careline")), "work"], env={**os.environ, "CARELINE_DATA": data},
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        work.terminate()
        work.wait(timeout=40)
        settings.DATA = before


@contextlib.contextmanager
def _watching() -> Iterator[list[float]]:
    seen: list[float] = []
    stop = threading.Event()

    def watch() -> None:
        from django.db import connection

        from careline.insights import figures

        while not stop.wait(BEAT):
            seen.append(figures.behind().age)
        connection.close()

    thread = threading.Thread(target=watch, name="lag")
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def caught_up() -> None:
    from careline.insights import figures

    deadline = time.monotonic() + PATIENCE
    while figures.behind().touchpoints:
        if time.monotonic() > deadline:
            raise RuntimeError("The copy did not come to the end of the line.")
        time.sleep(BEAT)


def _stood() -> tuple[int, int]:
    from careline.insights.warehouse.copy import manifest

    found = manifest.read()
    return (found.version, found.rows) if found else (0, 0)
