"""What is told of who is there and of what is offered to them: staff facts, on no customer's line."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from careline.touchpoints.schema import Code, Facts


class StatusChanged(Facts, frozen=True):
    """`reason` in the house's words; `by` whoever else did it: a colleague, or nobody since they fell silent."""

    status: Code
    before: str | None = None
    reason: str = ""
    by: Literal["themselves", "colleague", "silence", "stirring"] = "themselves"


class Offered(Facts, frozen=True):
    """A conversation that waited so long in a queue, and whom it was offered to."""

    conversation: int
    offer: int
    queue: int | None = None
    waited_s: Annotated[int, Meta(ge=0)] = 0


KINDS: dict[str, type[Facts]] = {
    "agent.status-changed": StatusChanged,
    **{f"offer.{word}": Offered for word in ("made", "accepted", "refused", "expired", "withdrawn")},
}
