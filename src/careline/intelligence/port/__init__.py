"""The way to a language model, where one is configured: typed, bounded, redacted, logged; never needed.

Whatever the other side does, a caller gets an Outcome and no exception: where `value` is None, `verdict` says why and
the caller does without. Ask outside of a transaction: an answer takes seconds.
"""

from careline.intelligence.port.asking import ask
from careline.intelligence.port.endpoint import is_configured
from careline.intelligence.port.grounding import answer
from careline.intelligence.port.outcomes import Outcome, Passage, Verdict
from careline.intelligence.port.streaming import Stream, stream
from careline.intelligence.port.style import hold_to, suits

__all__ = [
    "Outcome", "Passage", "Stream", "Verdict", "answer", "ask", "hold_to", "is_configured", "stream", "suits",
]  # fmt: skip
