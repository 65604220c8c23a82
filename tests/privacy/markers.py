"""Words that no compression hides: random letters behind a beginning of their own, one for every place."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Iterator
from pathlib import Path

# Small letters and digits alone: addresses are kept folded.
_LETTERS = string.ascii_lowercase + string.digits
# Compressed rows have a byte of signs before each eight letters: of so many, eight stand together somewhere.
LONG, TOGETHER = 16, 8
_random = random.SystemRandom()


def word() -> str:
    return "".join(_random.choice(_LETTERS) for _n in range(LONG))


def windows(text: str) -> list[bytes]:
    return [text[at : at + TOGETHER].encode() for at in range(len(text) - TOGETHER + 1)]


class Marks:
    """`marks("name")` is what stands in that place; all of a person begin with the same letters."""

    def __init__(self) -> None:
        self.beginning = word()
        self._ends: dict[str, str] = {}

    def __call__(self, place: str) -> str:
        return self.beginning + self._ends.setdefault(place, word())

    def all(self) -> dict[str, str]:
        return {place: self(place) for place in self._ends}

    def seen_in(self, content: bytes) -> set[str]:
        """The places whose own letters are there."""
        return {place for place, end in self._ends.items() if any(window in content for window in windows(end))}

    def forms(self) -> dict[str, bytes]:
        """The beginning as it may lie in a file."""
        plain = self.beginning.encode()
        found = {f"plain+{at}": window for at, window in enumerate(windows(self.beginning))}
        found |= {
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


def found_in(folder: Path, marks: Marks) -> dict[str, str]:
    """The files in which any form of any mark lies, with the words there."""
    forms = marks.forms()
    found: dict[str, str] = {}
    for path, content in files(folder):
        for form, needle in forms.items():
            at = content.find(needle)
            if at >= 0:
                around = content[max(0, at - 80) : at + 60].decode("latin-1")
                found[str(path.relative_to(folder))] = f"{form} {sorted(marks.seen_in(content))} …{around!r}"
                break
    return found
