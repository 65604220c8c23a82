"""A house with a database of its own, to be killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import seeds
from tests.cli.conftest import make_empty
from tests.cli.places import Place, new_folder
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


def data_of(house: House) -> Path:
    return house.folder / "data"
