"""What every form of row has to say of itself, so that a file of them can be brought piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from careline.tracking.importing import formats

# Its number, the column that was wrong, and the code of the reason.
Refusal = tuple[int, str, str]


class Outcome(msgspec.Struct, frozen=True):
    """What became of the rows of a piece that could be read."""

    added: int = 0
    repeated: int = 0
    # Rows of profiles whose customer a later row of the file names again.
    superseded: int = 0
    # Of those that were added, customers nobody knew before.
    made: int = 0
    refused: Sequence[Refusal] = ()


class Landing(Protocol):
    def prepare(self, pieces: Iterator[Sequence[formats.Row]]) -> None:
        """Every row there is, before the first of them lands."""

    def read(self, first: int, piece: Sequence[formats.Row]) -> tuple[list[Any], list[Refusal]]:
        """Rows from the `first` on, counted in the file; also of those that landed before."""

    def make_room(self, taken: list[Any]) -> None:
        """Before the transaction in which they land."""

    def land(self, taken: list[Any]) -> Outcome:
        """In a transaction."""

    def close(self) -> None: ...


# What rows become by what a room above says: from what its columns mean, and the number of the import.
Making = Callable[[Mapping[str, Any], int], Landing]
_MAKING: dict[str, Making] = {}


def register(form: str, making: Making) -> None:
    _MAKING[form] = making


def of_form(form: str) -> Making | None:
    return _MAKING.get(form)
