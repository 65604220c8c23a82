"""A mail on its way out: from what the agent typed to the bytes every mail program reads the same way."""

from __future__ import annotations

from careline.channels.email.writing.automatic import Automatic, loop_mark
from careline.channels.email.writing.domains import wire
from careline.channels.email.writing.letter import Enclosed, Forwarded, Letter, Quoted, envelope, needs_utf8
from careline.channels.email.writing.writer import written

__all__ = [
    "Automatic",
    "Enclosed",
    "Forwarded",
    "Letter",
    "Quoted",
    "envelope",
    "loop_mark",
    "needs_utf8",
    "wire",
    "written",
]
