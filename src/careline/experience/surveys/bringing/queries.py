"""Looking at a file of answers before it is taken: its columns, what they may be, and what its first rows would be."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.customers import describing
from careline.experience.surveys.bringing import guessing, landing, meaning, sorts
from careline.experience.surveys.bringing.meaning import AnswersMeaning
from careline.experience.surveys.bringing.reading import Reader, Told
from careline.experience.surveys.bringing.sorts import Column, Sort
from careline.experience.surveys.models import Survey, Version
from careline.experience.surveys.shapes import Answer, Form
from careline.files import queries as stored
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.tracking import queries as imports
from careline.tracking import reasons
from careline.tracking.importing import formats
from careline.tracking.importing.formats import Row
from careline.tracking.importing.rows import Wrong, sound

FORM = "answers"
ROWS, SHOWN, EXAMPLES = 200, 5, 3


class Trial(msgspec.Struct, frozen=True):
    """A row as the answer it would be, or why it would be none. `known`: whether its customer is known."""

    row: int
    at: datetime | None = None
    who: str = ""
    known: bool = False
    answers: dict[str, Answer] = {}
    field: str = ""
    why: str = ""


class Look(msgspec.Struct, frozen=True):
    sort: Sort
    columns: list[Column]
    examples: dict[str, list[str]]
    meant: AnswersMeaning
    # With the choices the first rows bring.
    form: Form | None = None
    trials: list[Trial] = []
    good: int = 0
    looked: int = 0
    wrong: str = ""
    wrong_field: str = ""


def columns(actor: Actor, import_id: int) -> list[str]:
    heads, _rows = _first(actor, import_id)
    return [one.name for one in heads.columns]


def asked_in(survey_id: int) -> Form | None:
    """What a survey asks; None where nothing was published."""
    found = Survey.objects.filter(pk=survey_id).first()
    if found is None:
        raise NotVisible(_("There is no such survey."))
    last = Version.objects.filter(survey=found).order_by("-number").first()
    if last is None:
        raise Conflicting(_("This survey was not published yet: choose another, or bring the answers into a new one."))
    return last.form


def look_at(actor: Actor, import_id: int, wanted: AnswersMeaning | None = None, *, survey: int = 0) -> Look:
    """With the columns taken for what is wanted; else guessed, by the questions of `survey` where one is named."""
    actor.must("surveys.edit")
    heads, found = _first(actor, import_id)
    good = [row for _number, row in found if isinstance(row, dict)]
    survey = wanted.survey if wanted is not None else survey
    base = asked_in(survey) if survey else None
    may_grow = not Survey.objects.filter(pk=survey, state=Survey.State.LIVE).exists()
    house = accounts.organization()
    meant = wanted or guessing.guessed(
        heads, good, base, zone=house.zone, language=next(iter(house.languages), "en"), may_grow=may_grow
    )
    meant = msgspec.structs.replace(meant, survey=survey)
    examples = {one.name: _examples(good, one.name) for one in heads.columns}
    look = Look(heads.sort, heads.columns, examples, meant)
    try:
        checked = meaning.checked(meant, [one.name for one in heads.columns], base, may_grow=may_grow)
        form = base
        if form is None or may_grow:
            form = meaning.grown(checked, base, landing.found_in(checked, base, iter([found])), "-")
    except Refused as refusal:
        return msgspec.structs.replace(look, wrong=str(refusal), wrong_field=refusal.field or "")
    return _tried(look, found, Reader(checked, form, ""), form)


def _first(actor: Actor, import_id: int) -> tuple[sorts.Heads, list[Row]]:
    asked = imports.imported(actor, import_id)
    if asked.form != FORM:
        raise NotVisible(_("There is no such import."))
    if asked.state != "ready" or asked.file_id is None:
        raise Conflicting(_("This import is under way already."))
    with stored.plain(stored.by_id(asked.file_id)) as path:
        return sorts.heads(path), _rows(path)


def _rows(path: Path) -> list[Row]:
    found: list[Row] = []
    for row in formats.rows(path, FORM):
        found.append(row)
        if len(found) == ROWS:
            break
    return found


def _examples(rows: list[dict[str, Any]], name: str) -> list[str]:
    told = dict.fromkeys(told for row in rows if (told := str(row.get(name) or "").strip()))
    return list(told)[:EXAMPLES]


def _tried(look: Look, found: list[Row], reader: Reader, form: Form) -> Look:
    told, trials = list[Told](), list[Trial]()
    for number, row in found:
        try:
            told.append(reader.read(number, sound(row)))
        except Wrong as wrong:
            trials.append(Trial(number, field=wrong.field, why=reasons.sentence(wrong.reason)))
        except (Refused, ValueError, RecursionError):
            trials.append(Trial(number, why=reasons.sentence("unstorable")))
    roots = describing.roots(list({name.place for one in told for name in one.names}))
    good = []
    for one in told:
        is_known = any(name.place in roots for name in one.names)
        if not is_known and reader.meant.unknown == "refuse":
            why = reasons.sentence("nobody" if one.names else "missing")
            trials.append(Trial(one.number, field=reader.meant.email, why=why))
            continue
        who = one.names[0].original if one.names else ""
        good.append(Trial(one.number, one.at, who, is_known, one.answers))
    shown = sorted([*trials[:SHOWN], *good[:SHOWN]], key=lambda one: one.row)
    return msgspec.structs.replace(look, form=form, trials=shown, good=len(good), looked=len(found))
