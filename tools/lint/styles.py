"""Rules about styles: a page reads from the right as well as from the left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.lint.finding import Finding, Source
from tools.lint.templates import line_of

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SIDE = r"(?:left|right)"
PHYSICAL = re.compile(
    rf"(?<![\w-])(?:(?:scroll-)?(?:margin|padding)-{SIDE}|border-{SIDE}(?:-\w+)?|border-(?:top|bottom)-{SIDE}-radius|{SIDE})\s*:"
    rf"|(?<![\w-])(?:text-align|float|clear)\s*:\s*{SIDE}\b",
)
FOUR_SIDES = re.compile(r"(?<![\w-])((?:scroll-)?(?:margin|padding)|inset)\s*:\s*([^;{}]+)")


def physical_sides(source: Source) -> Iterator[Finding]:
    """`inline-start` is left in English and right in Arabic; `left` is wrong in one of them."""
    text = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source.text)
    for found in PHYSICAL.finditer(text):
        name = found[0].strip()
        yield Finding(source.path, line_of(text, found.start()), "physical", f"`{name}`: use the logical property.")
    for found in FOUR_SIDES.finditer(text):
        values = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "()", found[2]).split()
        if len(values) == 4 and values[1] != values[3]:
            line = line_of(text, found.start())
            yield Finding(source.path, line, "physical", f"`{found[1]}` with unequal sides: use -inline and -block.")


RULES = [physical_sides]
