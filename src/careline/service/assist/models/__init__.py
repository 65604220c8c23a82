"""What customers have told us, and what was made of it beside the reply."""

from careline.service.assist.models.alike import Broadcast, Incident, Linked, Sketch
from careline.service.assist.models.given import Given
from careline.service.assist.models.moods import Calibration, Felt, Label

__all__ = ["Broadcast", "Calibration", "Felt", "Given", "Incident", "Label", "Linked", "Sketch"]
