"""Places for programs: an empty one and a filled one, made once and copied."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.places import Place, new_folder
from tests.conftest import RUN


@pytest.fixture(scope="session")
def ground() -> Path:
    return new_folder(Path(os.environ[RUN]))


@pytest.fixture(scope="session")
def empty_seed(ground: Path) -> Place:
    """Started once and stopped; nobody has signed up."""
    place = Place(new_folder(ground))
    place.up()
    place.stop()
    return place


@pytest.fixture(scope="session")
def filled_seed(empty_seed: Place) -> Place:
    place = empty_seed.copy()
    place.tell_story()
    return place


@pytest.fixture
def new_place(ground: Path) -> Iterator[Callable[[], Place]]:
    """Places with nothing at all in them."""
    made: list[Place] = []

    def make() -> Place:
        made.append(Place(new_folder(ground)))
        return made[-1]

    yield make
    for place in made:
        place.remove()


@pytest.fixture
def place(empty_seed: Place) -> Iterator[Place]:
    copied = empty_seed.copy()
    yield copied
    copied.remove()


@pytest.fixture
def filled(filled_seed: Place) -> Iterator[Place]:
    copied = filled_seed.copy()
    yield copied
    copied.remove()
