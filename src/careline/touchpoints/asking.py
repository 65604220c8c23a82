"""What is told of questions: that a reply asked for what the customer had given already."""

from __future__ import annotations

import uuid

from careline.touchpoints.schema import Code, Facts, OfConversation


class Repeated(OfConversation, frozen=True):
    """Which kinds of thing it asked for; what they are stands with the customer alone."""

    message: uuid.UUID
    channel: Code
    asked: list[Code]


KINDS: dict[str, type[Facts]] = {"question.repeated": Repeated}
# Worked out from other moments: the question itself is one of them.
DERIVED = ("question.repeated",)
