"""Enters files of answers among the files that can be imported."""

from careline.experience.surveys.bringing import reading, sorts
from careline.experience.surveys.bringing.landing import Answers
from careline.experience.surveys.bringing.queries import FORM
from careline.tracking import reasons
from careline.tracking.importing import formats, landing


def register() -> None:
    formats.register(FORM, sorts.rows)
    landing.register(FORM, Answers)
    reasons.register(reading.words)
