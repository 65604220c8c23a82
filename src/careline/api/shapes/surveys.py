"""Surveys, what is asked in them, and what was answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next
from careline.experience.surveys.shapes import Condition as Condition
from careline.experience.surveys.shapes import Form as Form
from careline.experience.surveys.shapes import Option as Option
from careline.experience.surveys.shapes import Question as Question
from careline.experience.surveys.shapes import Quota as Quota

Value = Annotated[
    Any,
    Meta(
        description="A number on a scale (0 is one), a key of a choice, keys in their order, rows and what was chosen"
        " in each, words, or ids of files; null was passed over."
    ),
]  # fmt: skip
Key = Annotated[str, Meta(description="Of the question.")]


class SurveyMaking(msgspec.Struct, frozen=True):
    """An empty one, one that begins as a ready-made, or the whole form."""

    name: str
    beginning: Annotated[str | None, Meta(description="help, effort, delivery, relationship, onboarding …")] = None
    form: Form | None = None


class SurveyWriting(msgspec.Struct, frozen=True):
    """What is being written; who answers sees it once it is published."""

    form: Form
    name: str | None = None
    revision: Annotated[int | None, Meta(description="Refused with 409 unless it is still the survey's.")] = None


class Survey(msgspec.Struct, frozen=True):
    id: str
    code: Annotated[str, Meta(description="What facts call it; it never changes.")]
    name: str
    state: Literal["draft", "live", "closed"]
    version: Annotated[int | None, Meta(description="Of what is asked now; null before it was ever published.")]
    has_changes: Annotated[bool, Meta(description="What is being written differs from what is asked.")]
    revision: int
    form: Form
    url: Annotated[str | None, Meta(description="Whoever opens it can answer; null while nobody can.")]
    complete: int
    partial: int
    invited: int
    changed_at: Moment


class Surveys(msgspec.Struct, frozen=True):
    items: list[Survey]
    next: Next


class Given(msgspec.Struct, frozen=True):
    """Value and words beside it."""

    value: Value = None
    words: str = ""


class Responding(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered elsewhere. With a conversation the customer need not be named."""

    answers: dict[Key, Given]
    customer_id: str | None = None
    conversation_id: str | None = None
    fields: dict[str, str] = {}
    language: str = ""
    channel: str = "api"
    answered_at: Moment | None = None
    external_id: Annotated[str | None, Meta(description="Yours: the same one again is the same answer.")] = None
    complete: Annotated[bool, Meta(description="What is missing was passed over; else more may follow.")] = True


class Answered(msgspec.Struct, frozen=True):
    value: Value
    words: str
    at: Moment | None


class SurveyResponse(msgspec.Struct, frozen=True):
    id: str
    survey_id: str
    version: int | None
    state: Literal["invited", "partial", "complete", "surplus"]
    test: bool
    anonymous: bool
    customer_id: str | None
    conversation_id: str | None
    answers: dict[Key, Answered]
    fields: dict[str, str]
    language: str
    channel: str
    invited_at: Moment | None
    started_at: Moment | None
    completed_at: Moment | None


class SurveyResponses(msgspec.Struct, frozen=True):
    items: list[SurveyResponse]
    next: Next


class Inviting(msgspec.Struct, frozen=True):
    """Whom the link is for; the conversation says it too."""

    customer_id: str | None = None
    conversation_id: str | None = None
    fields: dict[str, str] = {}
    send: Annotated[
        Literal["conversation", "email"] | None,
        Meta(description="Ask them now, in their conversation or by mail, if the contact rules allow it."),
    ] = None


class SurveyInvitation(msgspec.Struct, frozen=True):
    url: Annotated[str, Meta(description="With ?answer=KEY the first question comes answered, to be confirmed.")]
    response: SurveyResponse


class Chosen(msgspec.Struct, frozen=True):
    value: str
    count: int
    group: Annotated[str, Meta(description="The part of its scale, such as Promoters; empty where there are none.")]


class QuestionResult(msgspec.Struct, frozen=True):
    """Everybody it was asked either answered it, passed it over or left there."""

    key: str
    type: str
    asked: int
    answered: int
    skipped: int
    left: int
    words: Annotated[int, Meta(description="How many said something beside it.")]
    distribution: list[Chosen]
    rows: dict[str, list[Chosen]]
    places: Annotated[dict[str, float], Meta(description="Of a ranking the mean place of each.")]


class SurveyResults(msgspec.Struct, frozen=True):
    """Of complete and begun answers alike; trials and what came beyond a quota are left out."""

    n: int
    questions: list[QuestionResult]
