"""What customers have told us, and what was made of it beside the reply."""

from careline.service.assist.models.given import Given

__all__ = ["Given"]
