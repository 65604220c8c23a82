"""A bounce as the house hears it: what became of the message, in words an agent understands, and what follows."""

from __future__ import annotations

import re
from functools import partial
from typing import Literal

from careline.channels.adapter import Receipt
from careline.channels.email.bounces import Bounce
from careline.kit import text
from careline.kit.sentences import Sentence, joined
from careline.kit.sentences import lasting as _

LONGEST = 300
# What kind of words follow: `smtp; 550 …`.
_KIND = re.compile(r"^\s*(?:smtp|x-[\w.-]+|dns|unix)\s*;\s*", re.IGNORECASE)


def told(bounce: Bounce) -> Receipt | None:
    """None for what says nothing about a delivery, as a report that mails in our name failed their checks."""
    words = _words(bounce)
    receipt = partial(Receipt, bounce.message_id, address=bounce.address, words=words)
    match bounce.action:
        case "failed":
            code = bounce.status or bounce.code
            return receipt(status="failed", reason=reason(bounce), suppress=_for_good(bounce), code=code)
        case "delayed":
            late = _("Not there yet, and being tried again. %(why)s") % {"why": reason(bounce)}
            return receipt(status="sent", reason=late)
        case "complained":
            spam = _("It arrived, and somebody there called it spam.")
            return receipt(status="delivered", reason=spam, suppress="complaint")
        case "delivered" | "relayed" | "expanded":
            # Relayed and expanded: from there on nobody reports.
            return receipt(status="delivered" if bounce.action == "delivered" else "sent")
        case _:
            return None


def reason(bounce: Bounce) -> Sentence:
    """Why, as a sentence, and what the other side said itself."""
    sentence = {
        "user_unknown": _("Nobody there has this name."),
        "mailbox_full": _("The mailbox there is full."),
        "host_unknown": _("There is no such mail domain."),
        "rejected": _("The other side did not accept this mail."),
        "blocked": _("The other side blocks our mail server."),
        "expired": _("The other side could not be reached in time."),
        "complaint": _("Somebody there called it spam."),
        "other": _("The other side did not take it."),
    }[bounce.reason]
    words = _words(bounce)
    return joined(sentence, f"({words})") if words else sentence


def _words(bounce: Bounce) -> str:
    bare = _KIND.sub("", bounce.words)
    return text.excerpt(bare, LONGEST) if bare.strip() else ""


def _for_good(bounce: Bounce) -> Literal["", "user_unknown", "host_unknown", "refused"]:
    if not bounce.hard:
        return ""
    return bounce.reason if bounce.reason in ("user_unknown", "host_unknown") else "refused"
