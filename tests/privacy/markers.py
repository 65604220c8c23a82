"""Words that no compression hides: random letters behind a beginning of their own, one for every place."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Iterator
from pathlib import Path

_LETTERS = string.ascii_letters + string.digits
_random = random.SystemRandom()


def word(length: int = 12) -> str:
    return "".join(_random.choice(_LETTERS) for _n in range(length))


class Marks:
    """`marks("name")` is what stands in that place; all of a person begin with the same letters."""

    def __init__(self) -> None:
        # Small letters and digits alone: addresses are kept folded.
        self.beginning = word().lower()
        self._at: dict[str, str] = {}

    def __call__(self, place: str) -> str:
        return self._at.setdefault(place, f"{self.beginning}{word(8).lower()}")

    def all(self) -> dict[str, str]:
        return dict(self._at)

    def forms(self) -> dict[str, bytes]:
        """The beginning as it may lie in a file."""
        plain = self.beginning.encode()
        found = {
            "plain": plain,
            "upper": plain.upper(),
            "hex": plain.hex().encode(),
            "HEX": plain.hex().upper().encode(),
            "utf-16-le": self.beginning.encode("utf-16-le"),
            "utf-16-be": self.beginning.encode("utf-16-be"),
            "backwards": plain[::-1],
        }
        for shift in range(3):
            # What stands before and after changes the letters at the ends.
            found[f"base64+{shift}"] = base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4]
        return found


def files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file() and not path.is_symlink():
                yield path, path.read_bytes()
        except FileNotFoundError:  # a file of the moment
            continue


def found_in(folder: Path, marks: Marks) -> dict[str, list[str]]:
    """Where any form of any mark lies: file and the words there."""
    forms = marks.forms()
    found: dict[str, list[str]] = {}
    for path, content in files(folder):
        for form, needle in forms.items():
            at = content.find(needle)
            if at >= 0:
                around = content[max(0, at - 80) : at + 60].decode("latin-1")
                places = [place for place, value in marks.all().items() if value.encode() in content]
                found.setdefault(str(path.relative_to(folder)), []).append(f"{form} {places} …{around!r}")
    return found
