"""A form being written: flat fields read into a form, in one language at a time, and what a button changes in it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from careline.experience.surveys import shapes
from careline.experience.surveys.shapes import TYPES, Condition, Form, Option, Question, Quota, Words
from careline.kit.refusals import Refused

MOST = 100
_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?")
T = TypeVar("T")


def read(given: Mapping[str, str], chosen: Sequence[str], stored: Form, language: str) -> Form:
    """The form as its fields say; what they do not hold, other languages above all, stays as it is stored."""
    raw = {
        "languages": _languages([*chosen, *_CODE.findall(given.get("more_languages", ""))], stored.languages),
        "title": _words(stored.title, language, given, "title"),
        "intro": _words(stored.intro, language, given, "intro"),
        "thanks": _words(stored.thanks, language, given, "thanks"),
        "theme": given.get("theme", stored.theme),
        "anonymous": "anonymous" in given,
        "fields": re.findall(r"[^\s,;]+", given.get("fields", "")),
        "questions": [_question(given, f"q.{n}", stored, language) for n in _count(given, "q.count")],
        "quotas": [
            {"most": _number(given.get(f"quota.{n}.most", ""), 1), **_counts(given, f"quota.{n}")}
            for n in _count(given, "quota.count")
        ],
    }  # fmt: skip
    try:
        return msgspec.convert(raw, Form)
    except msgspec.ValidationError as error:
        raise Refused(_("This cannot be kept: %(why)s.") % {"why": error}) from error


def _question(given: Mapping[str, str], at: str, stored: Form, language: str) -> dict[str, Any]:
    key = given.get(f"{at}.key", "")
    before = stored.question(key) or Question(key="q", type="text")
    type = given.get(f"{at}.type", before.type)
    found: dict[str, Any] = {
        "key": key, "type": type if type in TYPES else before.type, "required": f"{at}.required" in given,
        "any": given.get(f"{at}.any") == "any",
        "points": _number(given.get(f"{at}.points", ""), before.points),
        "start": _number(given.get(f"{at}.start", ""), before.start),
        "options": _options(given, f"{at}.o", before.options, language),
        "rows": _options(given, f"{at}.r", before.rows, language),
        "when": [
            {"of": given.get(f"{at}.c.{n}.of", ""), "test": given.get(f"{at}.c.{n}.test", "is"),
             "value": _typed(given.get(f"{at}.c.{n}.value", ""))}
            for n in _count(given, f"{at}.c.count")
        ],
    }  # fmt: skip
    for name in ("words", "hint", "low", "high", "comment"):
        found[name] = _words(getattr(before, name), language, given, f"{at}.{name}")
    return found


def _options(given: Mapping[str, str], at: str, before: Sequence[Option], language: str) -> list[dict[str, Any]]:
    known = {one.key: one.words for one in before}
    found = []
    for n in _count(given, f"{at}.count"):
        key = given.get(f"{at}.{n}.key", "")
        found.append({"key": key, "words": _words(known.get(key, {}), language, given, f"{at}.{n}.words")})
    return found


def _words(before: Words, language: str, given: Mapping[str, str], name: str) -> Words:
    if name not in given:
        return before
    said = given[name].replace("\r\n", "\n").strip()
    others = {code: words for code, words in before.items() if code != language}
    return others | {language: said} if said else others


def _counts(given: Mapping[str, str], at: str) -> dict[str, Any]:
    of = given.get(f"{at}.of", "")
    return {"of": of, "value": _typed(given.get(f"{at}.value", "")) if of else None}


def _count(given: Mapping[str, str], name: str) -> range:
    return range(min(_number(given.get(name, ""), 0), MOST))


def _number(written: str, otherwise: int) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else otherwise


def _typed(written: str) -> str | int | None:
    written = written.strip()
    return _number(written, 0) if written.isascii() and written.isdecimal() and len(written) < 9 else written or None


def _languages(wanted: Sequence[str], before: Sequence[str]) -> list[str]:
    """In the order in which they came; at least one stays."""
    kept = [one for one in before if one in wanted]
    return list(dict.fromkeys([*kept, *wanted])) or list(before)


def changed(form: Form, do: str, given: Mapping[str, str]) -> Form:
    """What a button did: "add" a question, "up:2", "drop:2", "option:2", "drop_option:2.1" and so on."""
    verb, _colon, place = do.partition(":")
    numbers = [int(one) for one in place.split(".") if one.isascii() and one.isdecimal() and len(one) < 4]
    questions = list(form.questions)
    match verb, numbers:
        case "add", []:
            questions.append(fresh(form, given.get("add_type", "")))
        case "quota", []:
            return msgspec.structs.replace(form, quotas=[*form.quotas, Quota(most=100)])
        case "drop_quota", [n] if n < len(form.quotas):
            return msgspec.structs.replace(form, quotas=_without(form.quotas, n))
        case "drop", [n] if n < len(questions):
            questions.pop(n)
        case (("up" | "down"), [n]) if n < len(questions):
            to = max(0, min(len(questions) - 1, n + (1 if verb == "down" else -1)))
            questions.insert(to, questions.pop(n))
        case _, [n, *rest] if n < len(questions):
            questions[n] = _of_question(questions[n], verb, rest)
    return msgspec.structs.replace(form, questions=questions)


def _of_question(one: Question, verb: str, rest: list[int]) -> Question:
    match verb, rest:
        case "option", []:
            return msgspec.structs.replace(one, options=[*one.options, Option(key=_free("o"))])
        case "row", []:
            return msgspec.structs.replace(one, rows=[*one.rows, Option(key=_free("r"))])
        case "condition", []:
            return msgspec.structs.replace(one, when=[*one.when, Condition(of="")])
        case "drop_option", [n] if n < len(one.options):
            return msgspec.structs.replace(one, options=_without(one.options, n))
        case "drop_row", [n] if n < len(one.rows):
            return msgspec.structs.replace(one, rows=_without(one.rows, n))
        case "drop_condition", [n] if n < len(one.when):
            return msgspec.structs.replace(one, when=_without(one.when, n))
    return one


def fresh(form: Form, type: str) -> Question:
    """A new question; its key was never another's in this form."""
    kind: Any = type if type in TYPES else "single"
    taken = [one.key for one in form.questions]
    key = kind if kind in shapes.METRICS and kind not in taken else _free("q")
    options = [Option(key=_free("o")), Option(key=_free("o"))] if kind in shapes.CHOICES else []
    return Question(key=key, type=kind, options=options, rows=[Option(key=_free("r"))] if kind == "matrix" else [])


def _free(letter: str) -> str:
    """Never given before: what was answered under a key that is gone is not taken for something new."""
    return f"{letter}_{secrets.token_hex(4)}"


def _without(items: Sequence[T], n: int) -> list[T]:
    return [one for at, one in enumerate(items) if at != n]


def of_house() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES]
