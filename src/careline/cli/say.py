"""Words to the terminal: everything the program tells a person, and nothing else prints."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Bar(Protocol):
    def update(self, n: float = 1) -> object: ...


def say(text: str = "") -> None:
    """An answer; at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def answer(value: Any) -> None:
    """One JSON object on a line of its own."""
    import msgspec

    say(msgspec.json.encode(value).decode())


def table(rows: Iterable[tuple[str, str]]) -> None:
    rows = list(rows)
    width = max((len(left) for left, _right in rows), default=0)
    for left, right in rows:
        say(f"  {left:<{width}}  {right}")


@contextmanager
def progress(what: str, total: float | None = None, unit: str = "rows") -> Iterator[Bar]:
    """A bar on a terminal, nothing in a log file."""
    from tqdm import tqdm

    with tqdm(
        total=total, desc=what, unit=f" {unit}", unit_scale=True, leave=False, disable=None, file=sys.stderr
    ) as bar:
        yield bar
