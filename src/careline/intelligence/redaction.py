"""Who somebody is, taken out of a text before it leaves the house, and put back into what comes home."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hidden:
    """`text` has placeholders such as [EMAIL_1]; `restore` puts back into any text what they stand for."""

    text: str
    restore: Callable[[str], str]


class Mask:
    """Several texts of one talk: the same value gets the same placeholder in all of them."""

    def __init__(self, known: Iterable[str] = (), *, region: str | None = None) -> None:
        raise NotImplementedError

    def hide(self, text: str) -> str:
        raise NotImplementedError

    def restore(self, text: str) -> str:
        raise NotImplementedError


def hide(text: str, known: Iterable[str] = (), *, region: str | None = None) -> Hidden:
    """`known` are values of this customer's profile; `region` (such as "ID") reads phone numbers without a prefix."""
    raise NotImplementedError
