"""Places for programs: an empty one and a filled one, made once and copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import seeds
from tests.cli.places import Place, new_folder


@pytest.fixture(scope="session")
def ground() -> Path:
    return new_folder(seeds.run_folder())


def make_empty(folder: Path) -> None:
    place = Place(folder)
    place.up()
    place.stop()


def make_filled(folder: Path) -> None:
    seeds.copied(seeds.once("empty", make_empty) / "data", folder / "data")
    Place(folder).tell_story()


@pytest.fixture(scope="session")
def empty_seed() -> Place:
    """Started once and stopped; nobody has signed up."""
    return Place(seeds.once("empty", make_empty))


@pytest.fixture(scope="session")
def filled_seed(ground: Path) -> Place:
    """One's own, since it is looked into."""
    place = Place(new_folder(ground))
    seeds.copied(seeds.once("filled", make_filled) / "data", place.data)
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
def place(empty_seed: Place, ground: Path) -> Iterator[Place]:
    copied = empty_seed.copy(ground)
    yield copied
    copied.remove()


@pytest.fixture
def filled(filled_seed: Place, ground: Path) -> Iterator[Place]:
    copied = filled_seed.copy(ground)
    yield copied
    copied.remove()
