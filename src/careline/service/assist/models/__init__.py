"""What is kept to answer with and how that fared; what customers have told us, and what was made of it."""

from careline.service.assist.models.alike import Broadcast, Incident, Linked, Sketch
from careline.service.assist.models.given import Given
from careline.service.assist.models.moods import Calibration, Felt, Label
from careline.service.assist.models.replies import Answered, Saved, Use
from careline.service.assist.models.voice import Voice

__all__ = [
    "Answered", "Broadcast", "Calibration", "Felt", "Given", "Incident", "Label", "Linked", "Saved", "Sketch", "Use",
    "Voice",
]  # fmt: skip
