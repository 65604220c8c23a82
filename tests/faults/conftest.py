"""A house with a database of its own, to be killed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from tests import seeds
from tests.cli.conftest import make_empty
from tests.cli.places import Place, new_folder
from tests.faults import writers
from tests.house import House
from tests.live.firm import Firm


@pytest.fixture(scope="module")
def own_house() -> Iterator[House]:
    """One for the tests of a module, which find it killed or alive and leave it alive."""
    place = Place(new_folder(seeds.run_folder()))
    seeds.copied(seeds.once("empty", make_empty) / "data", place.data)
    try:
        yield place.up()
    finally:
        place.remove()


@pytest.fixture
def firm(own_house: House) -> Firm:
    if own_house.process is None or own_house.process.poll() is not None:
        own_house.up()
    return Firm(own_house)


def waited_for(condition: Callable[[], bool], patience: float = 90.0) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def grows(people: list[writers.Writer], by: int) -> Callable[[], bool]:
    """True once every writer was answered so many times more."""
    aim = {writer.name: len(writer.acknowledged) + by for writer in people}
    return lambda: all(len(writer.acknowledged) >= aim[writer.name] for writer in people)
