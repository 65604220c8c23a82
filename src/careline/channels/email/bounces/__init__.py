"""What came back: who did not get the mail, why, and whether trying again makes sense."""

from __future__ import annotations

from careline.channels.email.bounces.bounce import Bounce
from careline.channels.email.bounces.reading import bounces

__all__ = ["Bounce", "bounces"]
