"""A place of its own for those whose bytes are looked for on the disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests import seeds
from tests.cli.conftest import ground, make_empty
from tests.cli.places import Place
from tests.privacy import telling
from tests.privacy.markers import Marks

__all__ = ["ground"]


class Told(Place):
    """A running place in which somebody was written about."""

    houses: dict[str, Any]

    def shell(self, code: str) -> str:
        told = self.run("shell", "-c", code)
        assert told.returncode == 0, told.stderr
        return told.stdout

    def write(self, marks: Marks) -> dict[str, int]:
        """Everything the program can be told of a person; gives their number."""
        for place in telling.PLACES:
            marks(place)
        head = f"MARKS = {json.dumps(marks.all())!r}\nCHAT, PARTNER = {self.houses['chat']}, {self.houses['partner']}\n"
        return json.loads(self.shell(head + telling.WRITE).splitlines()[-1])


@pytest.fixture
def place(ground: Any) -> Iterator[Told]:
    from tests.cli.places import new_folder

    copied = Told(new_folder(ground))
    seeds.copied(seeds.once("empty", make_empty) / "data", copied.data)
    copied.up()
    copied.houses = json.loads(copied.shell(telling.SET_UP).splitlines()[-1])
    yield copied
    copied.remove()
