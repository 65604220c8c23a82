"""What the DNS says about a mailbox's domain, explained, with what to publish where something is missing."""

from __future__ import annotations

from careline.channels.email.records.asking import Asker, Dns, NoAnswer
from careline.channels.email.records.checks import checked
from careline.channels.guiding import Finding

__all__ = ["Asker", "Dns", "Finding", "NoAnswer", "checked"]
