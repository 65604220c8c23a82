"""kill -9 of everything, and of the database alone, while people write: what was acknowledged stays, once."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest

from tests.faults import writers
from tests.faults.conftest import grows, waited_for


def killed_again_and_again(firm, rounds: int) -> None:
    chance = random.Random(7)
    people = writers.begin(firm, 3, visitors=2)
    for _round in range(rounds):
        waited_for(grows(people, chance.randrange(3, 12)))
        firm.house.kill()
        firm.house.up()
    waited_for(grows(people, 3))
    writers.end(people)
    assert writers.check(people) > rounds * 15


def test_nothing_acknowledged_is_lost_or_doubled_when_everything_is_killed(firm):
    killed_again_and_again(firm, 2)


@pytest.mark.long
def test_nothing_is_lost_in_twenty_kills(firm):
    killed_again_and_again(firm, 20)


def postmaster(house) -> int:
    [found] = Path(house.folder / "data").rglob("postmaster.pid")
    return int(found.read_text().splitlines()[0])


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_database_restarted_under_load_is_waited_for(firm, how):
    people = writers.begin(firm, 2)
    waited_for(grows(people, 5))
    os.kill(postmaster(firm.house), how)
    waited_for(grows(people, 10))
    writers.end(people)
    writers.check(people)
    firm.house.wait_until_ready()
