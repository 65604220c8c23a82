"""What was said, in its own words: the sentences that carry most of a talk, none made up."""

from __future__ import annotations

from collections.abc import Sequence


def of(lines: Sequence[str], *, most: int = 4, language: str | None = None) -> str:
    """At most so many sentences of the lines, in their order, one a line; the first wish is always among them."""
    raise NotImplementedError
