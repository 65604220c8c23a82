"""How a survey reaches a customer: in their conversation, on its channel, or by mail; and how answers come back."""

from careline.experience.surveys.delivery.asking import ask
from careline.experience.surveys.delivery.codes import FORMATS, code
from careline.experience.surveys.delivery.sending import WAYS, Sent, channel, send

__all__ = ["FORMATS", "WAYS", "Sent", "ask", "channel", "code", "send"]
