"""Earned autonomy: where colleagues took the first suggestion as it stood again and again, it may go by itself.

Only words the house wrote go, an article's or a saved reply's, never a colleague's to somebody else; where the intent
is clear, has earned it and was switched on; once in a conversation, while nobody has it; and some are held for a look.
"""

from careline.service.assist.earning.actions import keep, review, switch
from careline.service.assist.earning.overtaking import Overtaken, reply
from careline.service.assist.earning.samples import Shown, sample, samples, unread
from careline.service.assist.earning.standing import LONG, NEEDS, SHARE, Bounds, Standing, bounds, one, standings

__all__ = [
    "LONG", "NEEDS", "SHARE", "Bounds", "Overtaken", "Shown", "Standing", "bounds", "keep", "one", "reply",
    "review", "sample", "samples", "standings", "switch", "unread",
]  # fmt: skip
