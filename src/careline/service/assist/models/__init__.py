"""What is kept to answer with and how that fared; what customers have told us, and what was made of it."""

from careline.service.assist.models.alike import Broadcast, Incident, Linked, Sketch
from careline.service.assist.models.earning import Earning, Sample, Trust
from careline.service.assist.models.given import Given
from careline.service.assist.models.moods import Calibration, Felt, Label
from careline.service.assist.models.replies import Answered, Saved, Use
from careline.service.assist.models.voice import Voice

__all__ = [
    "Answered", "Broadcast", "Calibration", "Earning", "Felt", "Given", "Incident", "Label", "Linked", "Sample",
    "Saved", "Sketch", "Trust", "Use", "Voice",
]  # fmt: skip
