"""Addresses in headers: names, groups, comments, and the broken ways of writing them."""

from __future__ import annotations

import re

import msgspec

from careline.channels.email import encoded

MOST = 2_000
_ATOMS = re.compile(r"[^\s\"(),:;<>@\[\]\\.]+(?:\.[^\s\"(),:;<>@\[\]\\.]+)*")
_BARE = re.compile(r"[^\s<>\"(),:;]+@[^\s<>\"(),:;@]+")


class Address(msgspec.Struct, frozen=True):
    address: str
    name: str = ""
    # The group it was named in: `Support: ada@example.com, bo@example.com;`
    group: str = ""

    @property
    def key(self) -> str:
        return self.address.casefold()


def read(value: str) -> list[Address]:
    """All addresses of one field, linear in its length. A name without an address is left out."""
    return _Reader(value[: encoded.LONGEST]).run()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Address] = []
        self.group = ""
        self._clear()

    def _clear(self) -> None:
        self.words: list[str] = []
        self.comment = ""
        self.angle: str | None = None
        self.at = False

    def run(self) -> list[Address]:
        at, text = 0, self.text
        while at < len(text) and len(self.found) < MOST:
            letter = text[at]
            if letter == '"':
                word, at = _quoted(text, at + 1)
                self.words.append(word)
            elif letter == "(":
                self.comment, at = _comment(text, at + 1)
            elif letter == "<":
                end = text.find(">", at)
                stop = len(text) if end < 0 else end
                self.angle = text[at + 1 : stop]
                at = stop + 1
            elif letter == ":" and self.angle is None and not self.at:
                self.group = encoded.line(" ".join(self.words))
                self._clear()
                at += 1
            elif letter in ",;":
                self._finish()
                if letter == ";":
                    self.group = ""
                at += 1
            elif letter in " \t\r\n":
                at += 1
            else:
                end = at
                while end < len(text) and text[end] not in ' \t\r\n"(<,;:':
                    end += 1
                end = max(end, at + 1)
                self._add(text[at:end], glued=at > 0 and text[at - 1] not in " \t\r\n,;:>)")
                at = end
        self._finish()
        return self.found

    def _add(self, word: str, *, glued: bool) -> None:
        self.at = self.at or "@" in word
        if glued and self.words and len(self.words[-1]) < 500:
            last = self.words[-1]
            # `"ada l"@example.com`: what was quoted stays so where it needs it.
            self.words[-1] = (f'"{last}"' if word[:1] == "@" and not _ATOMS.fullmatch(last) else last) + word
        else:
            self.words.append(word)

    def _finish(self) -> None:
        name, address = " ".join(self.words), self.angle
        if address is None:
            address, name = _from_words(self.words)
        elif "@" not in address and "@" in name and (bare := _BARE.search(name)):
            address, name = bare[0], name.replace(bare[0], "")
        cleaned = _cleaned(address)
        if cleaned:
            shown = encoded.line(name).strip("'\" ") or encoded.line(self.comment)
            self.found.append(Address(cleaned, shown[:500], self.group[:200]))
        self._clear()


def _from_words(words: list[str]) -> tuple[str, str]:
    for number, word in enumerate(words):
        if "@" in word:
            return word, " ".join(words[:number] + words[number + 1 :])
    joined = "".join(words)
    return (joined, "") if "@" in joined else ("", " ".join(words))


def _cleaned(address: str) -> str:
    address = encoded.line(address).strip("<> ")
    if not (address.startswith('"') and '"@' in address):
        address = address.strip("'\" ")
    if address.lower().startswith("mailto:"):
        address = address[7:]
    if address.startswith("@") and ":" in address:  # a route of former times
        address = address.rpartition(":")[2]
    address = address.replace(" ", "") if '"' not in address else address
    return address[:320] if "@" in address.strip("@") else ""


def _quoted(text: str, at: int) -> tuple[str, int]:
    out: list[str] = []
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
        out.append(text[at])
        at += 1
    # `"ada"@example.com`: the local part was quoted.
    return "".join(out), at + 1


def _comment(text: str, at: int) -> tuple[str, int]:
    out: list[str] = []
    depth = 1
    while at < len(text):
        letter = text[at]
        if letter == "\\" and at + 1 < len(text):
            at += 1
            letter = text[at]
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if not depth:
                return "".join(out), at + 1
        out.append(letter)
        at += 1
    return "".join(out), at
