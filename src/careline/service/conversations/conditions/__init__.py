"""What can be said of a conversation to be true or not: one language for rules, promises and queues.

Written as `{"all": [{"field": "tag", "op": "is", "value": "vip"}, {"any": [...]}]}`; an empty group holds of every
conversation. `checked` reads one from outside, `read` one that was stored; `subjects` looks at
conversations, `met` weighs one of them without asking anybody, and `in_words` says a condition as people do.
"""

from careline.service.conversations.conditions.looking import subjects
from careline.service.conversations.conditions.meeting import met
from careline.service.conversations.conditions.reading import checked, read, written
from careline.service.conversations.conditions.shapes import Condition, Conditions, Subject, fields
from careline.service.conversations.conditions.wording import in_words

__all__ = ["Condition", "Conditions", "Subject", "checked", "fields", "in_words", "met", "read", "subjects", "written"]
