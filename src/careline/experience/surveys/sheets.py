"""Answers as a table, complete: a column for each thing there is to an answer, under keys that stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.experience.surveys import queries
from careline.experience.surveys.shapes import Answer, Question, bounds
from careline.kit.tables import Column, Table, Type

PAGE = 200
HEADS = (
    "id", "survey", "version", "state", "test", "anonymous", "customer_id", "customer_name", "language", "channel",
    "conversation_id", "invited_at", "started_at", "completed_at",
)  # fmt: skip


_MOMENTS = {"invited_at", "started_at", "completed_at"}
_TYPES: dict[str, Type] = {"version": "integer", "test": "yes", "anonymous": "yes"}


def table(actor: Actor, survey_id: int, state: str = "answered") -> Table:
    """What the list shows, the newest first; who it was only for roles that may export customers.

    It is written into the audit log before the first row is read.
    """
    found = queries.survey(actor, survey_id)
    versions = [form for _number, _at, form in queries.published(actor, survey_id)]
    audit.record("answers.exported", f"survey:{survey_id}", actor=actor)
    forms = [*versions, found.form] if state == "trial" else versions or [found.form]
    asked: dict[str, dict[str, Type]] = {}
    fields: list[str] = []
    # The oldest last, so that what is asked now comes first and nothing that was ever asked is missing.
    for form in forms:
        for one in form.questions:
            asked.setdefault(one.key, {}).update(
                (name, type) for name, type in _columns(one) if name not in asked[one.key]
            )
        fields += [name for name in form.fields if name not in fields]
    own = [(name, type) for each in asked.values() for name, type in each.items()]
    columns = [
        *(Column(name, "moment" if name in _MOMENTS else _TYPES.get(name, "text")) for name in HEADS),
        *(Column(f"field:{name}") for name in fields), *(Column(name, type) for name, type in own),
    ]  # fmt: skip
    return Table(columns, _rows(actor, found, state, fields, [name for name, _type in own]))


def _rows(
    actor: Actor, found: queries.Listed, state: str, fields: list[str], own: list[str]
) -> Iterator[list[Any]]:  # fmt: skip
    before, named = None, actor.may("customers.export")
    while rows := queries.responses(actor, found.pk, state=state, before=before, limit=PAGE):
        for row in rows:
            told = {name: cell for key, given in row.answers.items() for name, cell in _cells(key, given).items()}
            yield [
                str(row.pk), found.code, row.version, row.state, row.is_test, row.anonymous,
                str(row.person_id) if named and row.person_id is not None else None,
                row.person_name or None if named else None, row.language, row.channel,
                None if row.conversation is None else str(row.conversation),
                row.invited_at, row.started_at, row.completed_at,
                *(row.fields.get(name) for name in fields), *(told.get(name) for name in own),
            ]  # fmt: skip
        before = rows[-1].pk


def _columns(one: Question) -> list[tuple[str, Type]]:
    match one.type:
        case "multiple" | "ranking":
            found: list[tuple[str, Type]] = [(f"{one.key}:{option.key}", "integer") for option in one.options]
        case "matrix":
            found = [(f"{one.key}:{row.key}", "text") for row in one.rows]
        case _:
            found = [(one.key, "integer" if bounds(one) else "text")]
    return [*found, (f"{one.key}.words", "text")] if one.comment else found


def _cells(key: str, given: Answer) -> dict[str, Any]:
    """0 is an answer; only what was passed over is empty."""
    value = given.value
    found: dict[str, Any] = {f"{key}.words": given.words or None}
    if isinstance(value, dict):
        return found | {f"{key}:{row}": str(one) for row, one in value.items()}
    if isinstance(value, list):
        # Of several chosen and of a ranking: at which place.
        return found | {key: "\n".join(value)} | {f"{key}:{one}": n for n, one in enumerate(value, 1)}
    return found | {key: value}
