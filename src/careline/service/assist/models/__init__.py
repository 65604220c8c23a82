"""What customers have told us, and what was made of it beside the reply."""

from careline.service.assist.models.given import Given
from careline.service.assist.models.moods import Calibration, Felt, Label

__all__ = ["Calibration", "Felt", "Given", "Label"]
