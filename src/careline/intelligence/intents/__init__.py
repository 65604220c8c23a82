"""What somebody wants, learned from phrasings; and whether it is anything we know at all."""

from careline.intelligence.intents.heads import Head, Judgement
from careline.intelligence.intents.learning import fit, fit_measured
from careline.intelligence.intents.likeness import Pair, clashes, duplicates

__all__ = ["Head", "Judgement", "Pair", "clashes", "duplicates", "fit", "fit_measured"]
