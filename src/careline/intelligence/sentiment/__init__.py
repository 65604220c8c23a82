"""How words feel: by a lexicon, by an emotion head learned from people's labels, and as a company's own labels say."""

from careline.intelligence.sentiment.feeling import Calibration, Feeling, Label, calibrate, of
from careline.intelligence.sentiment.lexicon import SAID, VERSION, Weighed, weigh

__all__ = ["SAID", "VERSION", "Calibration", "Feeling", "Label", "Weighed", "calibrate", "of", "weigh"]
