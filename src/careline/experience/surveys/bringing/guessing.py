"""What the columns of a file of answers are taken for before anybody said: by their names and first values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from careline.experience.surveys.bringing import meaning
from careline.experience.surveys.bringing.meaning import AnswerColumn, AnswersMeaning, FieldColumn
from careline.experience.surveys.bringing.sorts import Column, Heads
from careline.experience.surveys.shapes import Form, Type
from careline.tracking.importing import columns as usual

_ROLES = {
    "id": ("responseid", "respondent id", "response_id", "response id", "id", "external_id"),
    "at": ("recordeddate", "end date", "completed_at", "enddate", "submitted_at", "answered_at", "timestamp", "date",
           "submit date", "created_at"),
    "begun": ("startdate", "start date", "started_at"),
    "email": ("recipientemail", "email address", "email", "e-mail", "mail"),
    "phone": ("phone", "phone number", "mobile"),
    "external": ("externalreference", "externaldatareference", "customer_id", "customer number", "user_id"),
    "conversation": ("conversation_id",),
    "finished": ("finished", "state", "complete"),
    "language": ("userlanguage", "language"),
    "status": ("status", "test"),
}  # fmt: skip
# What these programs write beside answers, and nobody asked for.
_BESIDE = {
    "enddate", "ipaddress", "progress", "duration (in seconds)", "recipientlastname", "recipientfirstname",
    "locationlatitude", "locationlongitude", "distributionchannel", "collector id", "ip address", "first name",
    "last name", "survey", "version", "anonymous", "customer_id", "customer_name", "conversation_id", "channel",
    "invited_at", "custom data 1",
}  # fmt: skip
_RECOMMEND = re.compile(r"recommend|\bnps\b|merekomendasikan|weiterempf|توصي", re.IGNORECASE)
_SATISFIED = re.compile(r"satisf|\bcsat\b|zufrieden|puas|راض", re.IGNORECASE)
_EASY = re.compile(r"\beas[ey]|\bces\b|effort|mudah|سهل", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,2})(?:\.0+)?(?:\s*[-–—:.(].*)?", re.DOTALL)
_OTHER = re.compile(r"_TEXT$|: other\b|\.words$|please specify", re.IGNORECASE)
# Answers worth four or more of these words are words.
_FEW = 12
# A scale ends here, and one slip among many answers does not make it none.
_TOP, _MOST = 10, 0.8
_SCALES = (
    ("extremely dissatisfied", "somewhat dissatisfied", "neither satisfied nor dissatisfied", "somewhat satisfied",
     "extremely satisfied"),
    ("very dissatisfied", "dissatisfied", "neither satisfied nor dissatisfied", "satisfied", "very satisfied"),
    ("very dissatisfied", "somewhat dissatisfied", "neutral", "somewhat satisfied", "very satisfied"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("very poor", "poor", "fair", "good", "excellent"),
    ("strongly disagree", "disagree", "somewhat disagree", "neither agree nor disagree", "somewhat agree", "agree",
     "strongly agree"),
    ("extremely difficult", "moderately difficult", "slightly difficult", "neither easy nor difficult", "slightly easy",
     "moderately easy", "extremely easy"),
)  # fmt: skip


def guessed(
    heads: Heads, rows: Sequence[dict[str, Any]], base: Form | None, *, zone: str, language: str, may_grow: bool
) -> AnswersMeaning:
    roles = _roles(heads)
    if heads.sort == "careline":
        # Numbers of the house it comes from say nothing of whoever has them here.
        roles |= {"external": "", "conversation": ""}
    taken = {*roles.values()}
    fields, questions = list[FieldColumn](), list[AnswerColumn]()
    keys: dict[str, str] = {}
    for column in heads.columns:
        if column.name in taken or column.name.lower() in _BESIDE or column.name.endswith("_NPS_GROUP"):
            continue
        if column.name.startswith("field:"):
            fields.append(FieldColumn(column=column.name, name=column.name.removeprefix("field:")))
            continue
        values = [told for row in rows if (told := str(row.get(column.name) or "").strip())]
        asked = _known(column, base) if base is not None else None
        if asked is None and may_grow and values:
            asked = _new(column, heads, values, keys, questions)
        if asked is not None:
            questions.append(asked)
    meant = AnswersMeaning(
        own="survey" if heads.sort == "careline" else "", fields=fields, questions=questions, zone=zone,
        said_in=base.languages[0] if base else language,
        order=usual.order_in([{"at": row.get(roles["at"])} for row in rows]), anonymous=bool(base and base.anonymous),
    )  # fmt: skip
    for role, name in roles.items():
        setattr(meant, role, name)
    return meant


def _roles(heads: Heads) -> dict[str, str]:
    by_name = {one.name.lower(): one.name for one in reversed(heads.columns)}
    found = {role: next((by_name[name] for name in names if name in by_name), "") for role, names in _ROLES.items()}
    if heads.sort == "csv" and found["status"].lower() == "status":
        found["status"] = ""  # of anything else
    return found


def _known(column: Column, base: Form) -> AnswerColumn | None:
    """A question of the survey by its key or by its words, and which part of it."""
    key, _dot, rest = column.name.partition(".")
    if rest == "words" and (one := base.question(key)):
        return AnswerColumn(column=column.name, key=key, type=one.type, part="words")
    key, _colon, part = column.name.partition(":")
    if part and (one := base.question(key)) and one.type in meaning.PARTED:
        return AnswerColumn(column=column.name, key=key, type=one.type, part=_parting(one.type), of=part)
    for one in base.questions:
        if column.name == one.key or meaning.folded(column.words) in {
            meaning.folded(said) for said in one.words.values()
        }:
            if column.part and one.type not in meaning.PARTED:
                return None
            if column.part:
                return AnswerColumn(
                    column=column.name, key=one.key, type=one.type, part=_parting(one.type), of=column.part
                )
            return AnswerColumn(column=column.name, key=one.key, type=one.type, start=one.start, points=one.points)
    return None


def _parting(type: Type) -> Any:
    return meaning.PARTED[type]


def _new(
    column: Column, heads: Heads, values: list[str], keys: dict[str, str], before: list[AnswerColumn]
) -> AnswerColumn | None:  # fmt: skip
    words = column.words or column.name
    last = before[-1] if before else None
    if _OTHER.search(column.name) and last is not None and _group(column, heads) in (keys.get(last.column), last.key):
        return AnswerColumn(column=column.name, key=last.key, type=last.type, words=last.words, part="words",
                     start=last.start, points=last.points)  # fmt: skip
    group = _group(column, heads)
    keys[column.name] = group
    if column.part:
        same = next((one for one in before if keys.get(one.column) == group), None)
        is_own = set(values) <= {column.part} or set(values) <= {"1", "0"}
        type: Type = same.type if same else "multiple" if is_own else "matrix"
        stem = group if heads.sort == "qualtrics" else words
        key = same.key if same else meaning.key_of(stem, [one.key for one in before])
        return AnswerColumn(
            column=column.name, key=key, type=type, words=words[:2000], part=_parting(type), of=column.part
        )
    short = column.name if heads.sort in ("qualtrics", "careline") else words
    key = meaning.key_of(short, [one.key for one in before])
    type, start, points, labels = _scale(f"{column.name} {words}", values)
    return AnswerColumn(
        column=column.name, key=key, type=type, words=words[:2000], start=start, points=points, labels=labels
    )


def _group(column: Column, heads: Heads) -> str:
    """What columns of one question share: Q3 of Q3_1 and Q3_4_TEXT, elsewhere what was asked."""
    if heads.sort == "qualtrics":
        return column.name.partition("_")[0].lower()
    return column.words if column.part else meaning.folded(column.name.partition(":")[0])


def _scale(said: str, values: Sequence[str]) -> tuple[Type, int, int, dict[str, int]]:
    """Its type; a figure only where the question says that it is one."""
    distinct = {meaning.folded(one): one for one in values}
    steps = [int(found[1]) for one in values if (found := _NUMBER.fullmatch(one))]
    labels: dict[str, int] = {}
    if values and len(steps) < len(values):
        ladder = next((one for one in _SCALES if set(distinct) <= set(one)), ())
        labels = {word: n for n, word in enumerate(ladder, 1)}
        steps = list(labels.values())
        if not labels:
            is_choice = len(distinct) <= _FEW and len(values) > len(distinct) and max(map(len, values)) < 100
            return ("single" if is_choice else "text"), 1, 5, {}
        top = len(ladder)
    else:
        if len(fitting := [one for one in steps if one <= _TOP]) < _MOST * len(values):
            return "text", 1, 5, {}
        top = max(fitting, default=0)
    low = min(steps, default=0)
    if not values:
        return "text", 1, 5, {}
    if _RECOMMEND.search(said) and not labels:
        return "nps", 1, 5, {}
    if _EASY.search(said) and low >= 1 and top <= 7 and not _SATISFIED.search(said):
        return ("ces" if top > 5 or labels else "ces1"), 1, 5, labels
    if _SATISFIED.search(said) and low >= 1:
        return "csat", 1, next(one for one in (5, 7, 10) if one >= top), labels
    return "scale", min(1, low), max(2, top), labels
