"""Files of answers on their way into a survey."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.imports import Number
from careline.api.shapes.surveys import Answered
from careline.experience.surveys.bringing.meaning import AnswersMeaning


class AnswersStarting(msgspec.Struct, frozen=True, kw_only=True):
    meaning: Annotated[
        AnswersMeaning | None,
        Meta(description="What each column is taken for; left out, they are guessed by their names."),
    ] = None
    survey_id: Annotated[str | None, Meta(description="Whose answers they are; left out, of a new survey.")] = None
    name: Annotated[str, Meta(description="Of a new survey, which nobody is asked.")] = ""


class AnswersTrial(msgspec.Struct, frozen=True):
    """A row as the answer it would be, or why it would be none."""

    row: Number
    at: Moment | None
    who: str
    known: Annotated[bool, Meta(description="Whether this customer is known here.")]
    answers: dict[str, Answered]
    field: str
    why: str


class AnswersPreview(msgspec.Struct, frozen=True):
    sort: Literal["qualtrics", "surveymonkey", "careline", "csv"]
    columns: list[str]
    meaning: AnswersMeaning
    looked: Annotated[int, Meta(description="So many of the first rows were tried;")]
    good: Annotated[int, Meta(description="so many of them can be taken.")]
    wrong: Annotated[str, Meta(description="Why none was tried.")]
    trials: Annotated[list[AnswersTrial], Meta(description="Some of them, and first of all those refused.")]
