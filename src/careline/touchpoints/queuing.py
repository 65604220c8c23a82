"""What is told of queues: that somebody's wait in one ended, after how long and how."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from careline.touchpoints.schema import Facts, OfConversation, Words


class Left(OfConversation, frozen=True, kw_only=True):
    """`taken` by one of us, `given_up` by the customer, or put `elsewhere`; `target_s` is what was promised then."""

    queue: int
    name: Words = ""
    how: Literal["taken", "given_up", "elsewhere"]
    waited_s: Annotated[float, Meta(ge=0)]
    target_s: Annotated[int, Meta(ge=1)]


KINDS: dict[str, type[Facts]] = {"queue.left": Left}
# What ended the wait stands on the line by itself.
DERIVED = ("queue.left",)
