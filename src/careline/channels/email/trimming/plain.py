"""What is new in a plain text: every line gets a kind, then what is quoted and what is signed is taken out.

Three ways of answering are told apart. Above: the quote and all below it go. Below: the quote and all above it go.
In between: the quotes that are answered stay, since the answers mean nothing without them.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from careline.channels.email.addresses import Address
from careline.channels.email.addresses import read as addresses
from careline.channels.email.trimming import forwards, headers, signatures

MOST_LINES = 20_000
MOST_ENDINGS = 20
Kind = Literal["text", "blank", "quote", "wrote", "rest", "gone"]
_QUOTE = re.compile(r"^[ \t\xa0]{0,3}(?:>|&gt;)|^[A-Z]{1,3}>(?:[ \t]|$)")
_QUOTED = re.compile(r"^(?:[ \t\xa0]{0,3}(?:>|&gt;)){1,60}[ \t]?")
_FENCE = re.compile(r"^[ \t]{0,3}(?:```|~~~)")
_PICTURE = re.compile(r"^[ \t]*\[(?:image|cid|inline)[^\]\n]{0,200}\][ \t]*$", re.IGNORECASE)


class Reply(msgspec.Struct, frozen=True):
    """The words that are new, and what was taken out; together they are the whole, in the order of each."""

    reply: str
    quoted: str = ""
    signature: str = ""
    # The author of a mail that was passed on, when the quote begins with its headers.
    forwarded: Address | None = None


def trimmed(text: str) -> Reply:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    beyond = lines[MOST_LINES:]
    found = _Text(lines[:MOST_LINES])
    return found.answer(beyond)


class _Text:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.kinds: list[Kind] = ["text"] * len(lines)
        self.signed: set[int] = set()
        # Code: nothing in it is a mark.
        self.fenced: set[int] = set()
        # Which lines may end one that introduces a quote: asked for by each of those above it.
        self.endings: dict[int, bool] = {}
        self.forwarded: Address | None = None
        self._sort()

    def answer(self, beyond: list[str]) -> Reply:
        self._cut_rest()
        self._cut_signatures()
        self._cut_quotes()
        self._cut_endings()
        kept = [
            number
            for number, kind in enumerate(self.kinds)
            if kind in {"text", "blank", "quote"} and number not in self.signed
        ]
        out = [
            number
            for number in range(len(self.lines))
            if number not in self.signed and self.kinds[number] in {"gone", "rest", "wrote"}
        ]
        return Reply(
            _joined([self.lines[number] for number in kept]),
            _joined([self.lines[number] for number in out] + beyond),
            _joined([self.lines[number] for number in sorted(self.signed)]),
            self.forwarded,
        )

    def _sort(self) -> None:
        fenced = False
        number = 0
        while number < len(self.lines):
            line = self.lines[number]
            if (
                ("```" in line or "~~~" in line)
                and _FENCE.match(line)
                and (fenced or any(map(_FENCE.match, self.lines[number + 1 : number + 200])))
            ):
                fenced = not fenced
            elif fenced:
                self.fenced.add(number)
            elif signatures.nothing(line):
                self.kinds[number] = "blank"
            elif (">" in line or "&gt;" in line) and _QUOTE.match(line):
                self.kinds[number] = "quote"
            elif forwards.title(line) or forwards.block(self.lines, number):
                self.kinds[number] = "rest"
            else:
                number += self._wrote(number)
                continue
            number += 1

    def _wrote(self, number: int) -> int:
        """Whether a line that introduces a quote begins here, folded by the program or not; how far that goes."""
        if not headers.may_begin(self.lines[number]):
            return 1
        if not headers.of_a_date(self.lines[number]) and not self._may_end(number, number + headers.MOST_LINES):
            return 1
        joined = ""
        for taken in range(1, headers.MOST_LINES + 1):
            at = number + taken - 1
            if at >= len(self.lines) or not self.lines[at].strip():
                break
            line = self.lines[at]
            if taken > 1 and _QUOTE.match(line):
                line = _QUOTED.sub("", line)
                if not line.rstrip().endswith((":", "：")):
                    break
            joined = f"{joined} {line}" if joined else line
            if headers.is_one(joined):
                if (
                    taken > 1
                    and not headers.may_begin(self.lines[number + 1])
                    and headers.is_one(" ".join(self.lines[number + 1 : at + 1]))
                ):
                    return 1
                self.kinds[number : number + taken] = ["wrote"] * taken
                return taken
            if headers.is_one(line):
                break
        return 1

    def _may_end(self, start: int, stop: int) -> bool:
        for number in range(start, min(stop, len(self.lines))):
            if number not in self.endings:
                self.endings[number] = headers.may_end(self.lines[number])
            if self.endings[number]:
                return True
        return False

    def _cut_rest(self) -> None:
        """From headers of a mail on, all is that mail; with nothing above, it was passed on, and is the text."""
        first = next((number for number, kind in enumerate(self.kinds) if kind == "rest"), None)
        if first is None:
            return
        title = forwards.title(self.lines[first])
        start = next((n for n in range(first + title, min(first + 6, len(self.lines))) if self.lines[n].strip()), first)
        length = forwards.block(self.lines, start)
        for line in self.lines[start : start + length]:
            if forwards.kind_of(line) == "from" and self.forwarded is None:
                self.forwarded = next(iter(addresses(forwards.value_of(line))), None)
        if any(kind == "text" and not signatures.rule(self.lines[n]) for n, kind in enumerate(self.kinds[:first])):
            for number in range(first, len(self.kinds)):
                self.kinds[number] = "gone"
            return
        end = start + length if length else first + 1
        for number in range(end):
            self.kinds[number] = "gone"
        for number in range(end, len(self.kinds)):
            if self.kinds[number] == "rest":
                self.kinds[number] = "text"

    def _cut_signatures(self) -> None:
        """From the two dashes to the quote below them, or to the end; what a program adds ends what was written too."""
        texts = [n for n, kind in enumerate(self.kinds) if kind == "text"]
        for position, number in enumerate(texts):
            if number in self.fenced:
                continue
            line, left = self.lines[number], len(texts) - position - 1
            if position and signatures.dashes(self.lines, number):
                return self._sign(number)
            if signatures.rule(line) and left <= signatures.FOOTER_LINES:
                if signatures.footer([self.lines[n] for n in texts[position + 1 :]]):
                    return self._sign(number)
            elif (
                position
                and signatures.sent_from(line, self._line(number - 1), self._line(number + 1))
                and not self._line(number + 1).strip()
            ):
                self.signed.add(number)
                for other in texts[position + 1 :]:
                    self.kinds[other] = "gone"
                return None
        return None

    def _sign(self, start: int) -> None:
        for number in range(start, len(self.kinds)):
            if self.kinds[number] in {"wrote", "gone"}:
                return
            if self.kinds[number] in {"text", "blank"}:
                self.signed.add(number)

    def _line(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def _texts(self, start: int = 0, stop: int | None = None) -> list[int]:
        stop = len(self.kinds) if stop is None else stop
        return [n for n in range(start, stop) if self.kinds[n] == "text" and n not in self.signed]

    def _cut_quotes(self) -> None:
        texts = self._texts()
        if not texts:
            marked = any(kind in {"wrote", "gone"} for kind in self.kinds) or any(
                headers.is_one(_QUOTED.sub("", line)) for line in self._first_quoted()
            )
            self._take(0, "gone" if marked else "quote")
            return
        first = next((n for n, kind in enumerate(self.kinds) if kind == "wrote"), None)
        if first is not None and not self._quote_follows(first) and self._texts(0, first):
            # Programs that do not mark what they quote: all below is somebody else's.
            for number in range(first, len(self.kinds)):
                self.kinds[number] = "gone"
            texts = self._texts()
        elif first is not None and not self._texts(0, first):
            self._cut_above(first, texts)
        self._take(texts[-1] + 1, "gone")

    def _cut_above(self, first: int, texts: list[int]) -> None:
        """Nothing new stands above the quote. Is it answered piece by piece, or once, below?"""
        quotes = [n for n in range(first, texts[-1]) if self.kinds[n] == "quote"]
        if quotes and not any(quotes[0] < n < quotes[-1] for n in texts):
            for number in range(texts[0]):
                self.kinds[number] = "gone"

    def _take(self, start: int, kind: Kind) -> None:
        for number in range(start, len(self.kinds)):
            if self.kinds[number] in {"quote", "wrote"}:
                self.kinds[number] = kind

    def _first_quoted(self) -> list[str]:
        quoted = [line for line, kind in zip(self.lines, self.kinds, strict=True) if kind == "quote"][:4]
        return [*quoted, " ".join(_QUOTED.sub("", line) for line in quoted[:2])]

    def _quote_follows(self, number: int) -> bool:
        while number < len(self.kinds) and self.kinds[number] in {"wrote", "blank"}:
            number += 1
        return number < len(self.kinds) and self.kinds[number] == "quote"

    def _cut_endings(self) -> None:
        """From the end upward: ruled lines, what programs add, a name with a dash."""
        texts = self._texts()
        for _round in range(MOST_ENDINGS):
            if not texts or texts[-1] in self.fenced:
                return
            last = texts[-1]
            below = self._line(last + 1) if last + 1 < len(self.kinds) and self.kinds[last + 1] == "text" else ""
            line = self.lines[last]
            ends = (
                signatures.sent_from(line, self._line(last - 1), below) or signatures.rule(line) or _PICTURE.match(line)
            )
            if not ends and not (signatures.name(self.lines, last) and len(texts) > 1):
                return
            if len(texts) == 1 and not signatures.rule(line):
                return
            self.signed.add(last)
            texts.pop()


def _joined(lines: list[str]) -> str:
    """Without the blank lines around it; those within stay, and so does an indent."""
    start, stop = 0, len(lines)
    while start < stop and not lines[start].strip(" \t\xa0ᐧ\u200b\ufeff"):
        start += 1
    while stop > start and not lines[stop - 1].strip(" \t\xa0ᐧ\u200b\ufeff"):
        stop -= 1
    return "\n".join(lines[start:stop])
