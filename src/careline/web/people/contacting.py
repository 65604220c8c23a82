"""Whether a customer may be written to unasked, as their page shows it: holds that run, decisions and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.contact import queries
from careline.web import sayings

# Of the log the page shows so many; programs get all of it.
SHOWN = 12


class Decided(msgspec.Struct, frozen=True):
    at: datetime
    purpose: str
    channel: str
    allowed: bool
    why: str


def standing(actor: Actor, person_id: int, named: Mapping[str, str]) -> dict[str, Any]:
    """`named` says what kinds of message are called."""
    words = {"conversation": _("Beginning a conversation"), **named}
    log = queries.why(actor, person_id, limit=SHOWN)
    return {
        "holds": list(queries.holds(actor, person_id)),
        "decided": [
            Decided(
                one.at, words.get(one.purpose, one.purpose), sayings.channel_word(one.channel), one.allowed, one.words
            )
            for one in log
        ],
    }
