"""Nouns of the room: flows as they are written, who may run them where, and what came of it."""

from careline.service.bots.models.answering import Answering, Secret
from careline.service.bots.models.flows import Bot, Rehearsal, Version
from careline.service.bots.models.running import Judged, Run
from careline.service.bots.models.sketches import Sketch

__all__ = ["Answering", "Bot", "Judged", "Rehearsal", "Run", "Secret", "Sketch", "Version"]
