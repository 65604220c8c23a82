"""How a survey reaches a customer: in their conversation, on its channel, or by mail."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _

from careline import contact
from careline.kit.refusals import Refused


class Sent(msgspec.Struct, frozen=True):
    """`outbound` is the row of the outbox."""

    outbound: int
    channel: str


def channel(response_id: int, way: str) -> str:
    """The channel this way leads over, for whoever decides about it; Refused where it leads nowhere."""
    raise Refused(_("Surveys have no way to customers yet."))


def send(response_id: int, *, decision: contact.Decision, way: str) -> Sent:
    """Once for each decision. Refused in words: then the next way can be tried, by a decision of its own."""
    raise Refused(_("Surveys have no way to customers yet."))
