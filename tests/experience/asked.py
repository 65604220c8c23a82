"""Questions that are asked again and again, and the links they are answered by."""

from __future__ import annotations

from careline.experience.surveys.links import Link
from careline.experience.surveys.models import Response, Survey
from careline.experience.surveys.shapes import Option, Question

NPS = Question(key="nps", type="nps", words={"en": "Would you recommend us?"}, comment={"en": "Why?"})
CSAT = Question(key="csat", type="csat", words={"en": "Satisfied?"}, required=True)
WHY = Question(key="why", type="text", words={"en": "What happened?"})
SIZE = Question(
    key="size", type="single", words={"en": "Size?"}, required=True,
    options=[Option(key="s", words={"en": "Small"}), Option(key="l", words={"en": "Large"})],
)  # fmt: skip


def own(response: Response) -> Link:
    return Link("own", response.pk)


def everybody(survey: Survey) -> Link:
    return Link("open", survey.pk)
