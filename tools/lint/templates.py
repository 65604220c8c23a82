"""Rules about templates: partials say what they need, and nothing in a page needs a looser content policy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.lint.finding import Finding, Source

COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:\s+(?:[^<>\"'{]|\{\{.*?\}\}|\{%.*?%\}|\"[^\"]*\"|'[^']*')*)?)>", re.DOTALL)
ATTRIBUTE = re.compile(r"(?:^|\s)(style|on[a-z]+)\s*=", re.IGNORECASE)


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def unexplained_partials(source: Source) -> Iterator[Finding]:
    """A partial is drawn from several doors, so it begins with a comment that names what it needs."""
    if not source.path.rsplit("/", 1)[-1].startswith("_"):
        return
    opening = re.match(r"\s*\{#(.*?)#\}", source.text, re.DOTALL)
    if opening is None or "needs" not in opening[1].lower():
        yield Finding(source.path, 1, "partial", "Begin with a comment: what it is, and `Needs:` what it is given.")


def inline_code(source: Source) -> Iterator[Finding]:
    """The content policy allows no inline style and no inline script."""
    text = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source.text)
    for tag in TAG.finditer(text):
        name, attributes = tag[1].lower(), tag[2]
        line = line_of(text, tag.start())
        if name == "style":
            yield Finding(source.path, line, "inline", "Styles stand in static files.")
        if name == "script" and "src=" not in attributes and not re.search(r"application/(ld\+)?json", attributes):
            yield Finding(source.path, line, "inline", "Scripts stand in static files; JSON islands are typed as such.")
        # Values may hold anything, also the word "on"; names alone are looked at.
        bare = re.sub(r"\"[^\"]*\"|'[^']*'", '""', re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", attributes, flags=re.DOTALL))
        for attribute in ATTRIBUTE.finditer(bare):
            yield Finding(source.path, line, "inline", f"`{attribute[1]}` needs a looser content policy.")


RULES = [unexplained_partials, inline_code]
