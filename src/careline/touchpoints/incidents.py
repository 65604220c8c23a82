"""What is told of incidents: that a conversation was linked with others of the same trouble, or no longer is."""

from __future__ import annotations

from careline.touchpoints.schema import Facts, OfConversation, Words


class Joined(OfConversation, frozen=True):
    incident: int
    name: Words = ""


KINDS: dict[str, type[Facts]] = {"incident.joined": Joined, "incident.left": Joined}
