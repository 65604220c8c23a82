"""kill -9 of the worker in the middle of a file: the next goes on, and every row is on the line once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings

from careline.touchpoints.models import Touchpoint
from careline.tracking import actions
from careline.tracking.models import Import, RefusedRow

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., "subprocess.Popen[bytes]"]
ROWS = 600


@pytest.fixture
def worker(database_url: str) -> Iterator[Start]:
    begun: list[subprocess.Popen[bytes]] = []

    def worker(**extra: str) -> subprocess.Popen[bytes]:
        env = os.environ | {
            "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "careline.config.settings",
            "CARELINE_DATA": str(settings.DATA), "STORAGE_URL": settings.STORAGE_URL, "PIECE": "50",
        } | extra  # fmt: skip
        command = [sys.executable, "-m", "tests.tracking.importer"]
        begun.append(subprocess.Popen(command, env=env, stdout=subprocess.PIPE))
        return begun[-1]

    yield worker
    for one in begun:
        one.kill()
        one.wait(10)
        assert one.stdout is not None
        one.stdout.close()


@pytest.fixture
def started(organization: Any, boss: Any) -> Import:
    rows = [
        b"u%d,Step,%s,%d\n" % (n % 40, b"someday" if n % 97 == 5 else b"2026-03-01T10:00:00Z", n // 2)
        for n in range(ROWS)
    ]
    one = actions.upload([b"user_id,event,timestamp,n\n", *rows], name="steps.csv", actor=boss)
    return actions.start(one.pk, None, actor=boss)


def everything_once(one: Import) -> None:
    found = Import.objects.get(pk=one.pk)
    refused = [n for n in range(ROWS) if n % 97 == 5]
    assert (found.state, found.read, found.added, found.repeated, found.refused) == (
        "done", ROWS, ROWS - len(refused), 0, len(refused),
    )  # fmt: skip
    assert list(RefusedRow.objects.order_by("row").values_list("row", flat=True)) == [n + 2 for n in refused]
    landed = Counter(
        int(n) for n in Touchpoint.objects.filter(source__startswith="source:").values_list(
            "facts__properties__n", flat=True
        )
    )  # fmt: skip
    assert landed == Counter(n // 2 for n in range(ROWS) if n not in refused)


def killed(one: subprocess.Popen[bytes], after: int) -> None:
    assert one.stdout is not None
    for _n in range(after):
        assert one.stdout.readline() == b"landed\n"
    one.send_signal(signal.SIGKILL)
    one.wait(10)


@pytest.mark.long
def test_a_worker_killed_in_the_middle_of_a_file_doubles_and_loses_nothing(worker, started):
    killed(worker(PAUSE="0.3"), after=4)
    left = Import.objects.get()
    assert (left.state, left.read) == ("running", 150)
    assert worker().wait(60) == 0
    everything_once(started)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_workers_killed_again_and_again_double_and_lose_nothing(worker, started, seed):
    chance = random.Random(seed)
    for _round in range(4):
        killed(worker(PAUSE="0.02", PIECE=str(chance.choice([7, 20, 33]))), after=chance.randrange(1, 4))
    assert worker().wait(60) == 0
    everything_once(started)
