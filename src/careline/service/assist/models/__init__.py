"""What was answered, what is kept to answer with, and how that fared."""

from careline.service.assist.models.replies import Answered, Saved, Use
from careline.service.assist.models.voice import Voice

__all__ = ["Answered", "Saved", "Use", "Voice"]
