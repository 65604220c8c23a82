"""Answers as CSV, complete: a column for each thing there is to an answer, under keys that stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.customers.sheets import cells
from careline.experience.surveys import queries
from careline.experience.surveys.shapes import Answer, Form, Question

PAGE = 200
HEADS = (
    "id", "survey", "version", "state", "test", "anonymous", "customer_id", "customer_name", "language", "channel",
    "conversation_id", "invited_at", "started_at", "completed_at",
)  # fmt: skip


def as_csv(actor: Actor, survey_id: int, state: str = "answered") -> Iterator[str]:
    """What the list shows, the newest first; who it was only for roles that may export customers.

    It is written into the audit log before the first row is read.
    """
    found = queries.survey(actor, survey_id)
    versions = [form for _number, _at, form in queries.published(actor, survey_id)]
    audit.record("answers.exported", f"survey:{survey_id}", actor=actor)
    return _lines(actor, found, [*versions, found.form] if state == "trial" else versions or [found.form], state)


def _lines(actor: Actor, found: queries.Listed, forms: list[Form], state: str) -> Iterator[str]:
    asked: dict[str, list[str]] = {}
    fields: list[str] = []
    # The oldest last, so that what is asked now comes first and nothing that was ever asked is missing.
    for form in forms:
        for one in form.questions:
            columns = asked.setdefault(one.key, [])
            columns += [name for name in _columns(one) if name not in columns]
        fields += [name for name in form.fields if name not in fields]
    yield cells.line(
        [*HEADS, *(f"field:{name}" for name in fields), *(name for each in asked.values() for name in each)]
    )
    before, named = None, actor.may("customers.export")
    while rows := queries.responses(actor, found.pk, state=state, before=before, limit=PAGE):
        for row in rows:
            told = {name: cell for key, given in row.answers.items() for name, cell in _cells(key, given).items()}
            yield cells.line([
                str(row.pk), found.code, "" if row.version is None else str(row.version), row.state,
                _yes(row.is_test), _yes(row.anonymous),
                str(row.person_id) if named and row.person_id is not None else "",
                row.person_name if named else "", row.language, row.channel,
                "" if row.conversation is None else str(row.conversation),
                _at(row.invited_at), _at(row.started_at), _at(row.completed_at),
                *(row.fields.get(name, "") for name in fields),
                *(told.get(name, "") for each in asked.values() for name in each),
            ])  # fmt: skip
        before = rows[-1].pk


def _columns(one: Question) -> list[str]:
    match one.type:
        case "multiple" | "ranking":
            found = [f"{one.key}:{option.key}" for option in one.options]
        case "matrix":
            found = [f"{one.key}:{row.key}" for row in one.rows]
        case _:
            found = [one.key]
    return [*found, f"{one.key}.words"] if one.comment else found


def _cells(key: str, given: Answer) -> dict[str, str]:
    """0 is an answer; only what was passed over is empty."""
    value = given.value
    found = {f"{key}.words": given.words}
    if isinstance(value, dict):
        return found | {f"{key}:{row}": str(one) for row, one in value.items()}
    if isinstance(value, list):
        # Of several chosen and of a ranking: at which place.
        return found | {key: "\n".join(value)} | {f"{key}:{one}": str(n) for n, one in enumerate(value, 1)}
    return found | {key: "" if value is None else str(value)}


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


def _at(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
