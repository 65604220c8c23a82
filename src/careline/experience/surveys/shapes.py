"""What a survey is made of, as it is kept and told: the form, its questions, and an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

# By language: "en", "ar". What a language lacks is said in the survey's first.
Words = dict[Annotated[str, Meta(max_length=12)], Annotated[str, Meta(max_length=2000)]]
Key = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}$")]
Field = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
Type = Literal["nps", "csat", "ces", "ces1", "scale", "single", "multiple", "matrix", "ranking", "text", "file"]
Test = Literal["is", "is_not", "at_least", "at_most", "answered", "not_answered"]
Theme = Literal["line", "ink", "sea", "plum"]

TYPES: tuple[Type, ...] = (
    "nps", "csat", "ces", "ces1", "scale", "single", "multiple", "matrix", "ranking", "text", "file",
)  # fmt: skip
# A figure is what its question says it is; a scale that looks like one of these stays a scale.
METRICS = ("nps", "csat", "ces", "ces1")
SCALES = (*METRICS, "scale")
CHOICES = ("single", "multiple", "matrix", "ranking")
# In how many steps satisfaction can be asked: those for which it is settled which count as satisfied.
CSAT_POINTS = (3, 4, 5, 6, 7, 10)
THEMES: tuple[Theme, ...] = ("line", "ink", "sea", "plum")


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Strict in what it takes, and silent about what is as usual."""


class Option(Shape, frozen=True):
    key: Key
    words: Words = {}


class Condition(Shape, frozen=True):
    """About the answer to an earlier question, or about a hidden field: "field:plan"."""

    of: Annotated[str, Meta(max_length=60)]
    test: Test = "is"
    value: str | int | None = None


class Question(Shape, frozen=True):
    key: Key
    type: Type
    words: Words = {}
    hint: Words = {}
    required: bool = False
    # What can be chosen; of a matrix, what can be chosen in each row.
    options: Annotated[list[Option], Meta(max_length=60)] = []
    rows: Annotated[list[Option], Meta(max_length=30)] = []
    # The ends of a scale of one's own, and the upper end of satisfaction.
    start: Annotated[int, Meta(ge=0, le=1)] = 1
    points: Annotated[int, Meta(ge=2, le=10)] = 5
    low: Words = {}
    high: Words = {}
    # Asks for words beside the answer: "What made it so?"
    comment: Words = {}
    # Asked only when these hold: all of them, or any.
    when: Annotated[list[Condition], Meta(max_length=10)] = []
    any: bool = False


class Quota(Shape, frozen=True):
    """At most so many complete answers; with a question, so many that chose this there."""

    most: Annotated[int, Meta(ge=1, le=10_000_000)]
    of: Annotated[str, Meta(max_length=40)] = ""
    value: str | int | None = None


class Form(Shape, frozen=True):
    languages: Annotated[list[Annotated[str, Meta(max_length=12)]], Meta(min_length=1, max_length=40)]
    title: Words = {}
    intro: Words = {}
    thanks: Words = {}
    theme: Theme = "line"
    # Nobody can tell who answered: no person, no link of one's own, no hidden fields.
    anonymous: bool = False
    # What a link may carry along: ?order=A-17.
    fields: Annotated[list[Field], Meta(max_length=20)] = []
    questions: Annotated[list[Question], Meta(max_length=100)] = []
    quotas: Annotated[list[Quota], Meta(max_length=20)] = []

    def question(self, key: str) -> Question | None:
        return next((one for one in self.questions if one.key == key), None)


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was answered: a number, a key, keys, row and column, words or files; None is passed over. 0 is an answer."""

    value: Any = None
    words: str = ""
    at: datetime | None = None

    @property
    def is_given(self) -> bool:
        return self.value is not None or self.words != ""


Answers = dict[str, Answer]


def form_of(stored: Any) -> Form:
    return msgspec.convert(stored, Form)


def answers_of(stored: Any) -> Answers:
    return msgspec.convert(stored, Answers)


def stored(shape: Form | Answers) -> Any:
    """As it is kept in the database."""
    return msgspec.to_builtins(shape)


def bounds(question: Question) -> tuple[int, int] | None:
    """The ends of what can be chosen on a scale; None for what is none."""
    match question.type:
        case "nps":
            return 0, 10
        case "csat":
            return 1, question.points
        case "ces":
            return 1, 7
        case "ces1":
            return 1, 5
        case "scale":
            return question.start, question.points
    return None


def metric(question: Question) -> str:
    return question.type if question.type in METRICS else ""
