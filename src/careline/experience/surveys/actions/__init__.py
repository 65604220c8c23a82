"""What can be done with surveys: written and published, answered, invited to, and told on the line."""

from careline.experience.surveys.actions.answering import LARGEST, add, answer
from careline.experience.surveys.actions.editing import change, close, create, publish, remove
from careline.experience.surveys.actions.inviting import invite
from careline.experience.surveys.actions.telling import settle_due

__all__ = ["LARGEST", "add", "answer", "change", "close", "create", "invite", "publish", "remove", "settle_due"]
