"""A place of its own for those whose bytes are looked for on the disk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import seeds
from tests.cli.conftest import ground, make_empty
from tests.cli.places import Place, new_folder
from tests.privacy import telling
from tests.privacy.markers import Marks

__all__ = ["ground"]


class Told(Place):
    """A running place in which people were written about."""

    def shell(self, code: str) -> str:
        told = self.run("shell", "-c", code)
        assert told.returncode == 0, told.stderr
        return told.stdout

    def write(self, *marks: Marks, first: bool = False) -> list[int]:
        """Everything the program can be told of each; gives their numbers."""
        code = telling.SET_UP if first else "TOLD = []\n"
        for one in marks:
            for place in telling.PLACES:
                one(place)
            code += f"at = {one.all()!r}\n{telling.WRITE}"
        numbers: list[int] = json.loads(self.shell(code).splitlines()[-1])
        return numbers


@pytest.fixture
def told(ground: Path) -> Iterator[Callable[..., tuple[Told, list[int]]]]:
    """`told(marks, …)` is a place at work that was told of each, and their numbers."""
    made: list[Told] = []

    def told(*marks: Marks) -> tuple[Told, list[int]]:
        place = Told(new_folder(ground))
        made.append(place)
        seeds.copied(seeds.once("empty", make_empty) / "data", place.data)
        place.up()
        return place, place.write(*marks, first=True)

    yield told
    for place in made:
        place.remove()
