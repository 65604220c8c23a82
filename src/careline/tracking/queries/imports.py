"""Looking at files brought in: what they hold, what would become of it, how far they are, what was refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.customers import describing
from careline.files import queries as stored
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.tracking import hot, reasons
from careline.tracking.actions.sources import MANAGE
from careline.tracking.importing import becoming, formats, looking, moments, profiles
from careline.tracking.importing import columns as columns_of
from careline.tracking.importing import rows as rows_of
from careline.tracking.mapping import RuleRow
from careline.tracking.models import Import, RefusedRow, Rule
from careline.tracking.reading import Wrong

SHOWN = 5
# For doors, which name no models.
KnownImport = Import
Columns = columns_of.Columns
attribute_name, attribute_label = becoming.name_of, becoming.label_of
_encode = msgspec.json.encode
Became = Literal["", "changed", "same", "new", "earlier"]


class Change(msgspec.Struct, frozen=True):
    """A value that would be another."""

    name: str
    label: str
    before: Any
    after: Any


class Trial(msgspec.Struct, frozen=True):
    """A row as it would be on a line or on a profile, or why it would not."""

    row: int
    who: str = ""
    at: datetime | None = None
    name: str = ""
    kind: str = ""
    journey: str = ""
    facts: dict[str, Any] = {}
    # Of profiles: changed, same, new, or earlier than another of the same customer; and what would be another.
    became: Became = ""
    changes: list[Change] = []
    field: str = ""
    why: str = ""


class Look(msgspec.Struct, frozen=True):
    """The first rows of a file, what its columns may mean, and what the rows would be then."""

    columns: list[str]
    rows: list[dict[str, Any]]
    guess: dict[str, Any]
    trials: list[Trial] = []
    # Of so many rows that were looked at.
    good: int = 0
    looked: int = 0
    # Why nothing was tried: the columns do not say enough yet.
    wrong: str = ""
    wrong_field: str = ""


def look(path: Path, form: columns_of.Form | None = None) -> Look:
    """A file where it lies."""
    found = looking.first_rows(path, looking.format_of(path.name))
    return Look(formats.columns(found), found[:SHOWN], msgspec.to_builtins(looking.guess(found, form)))


def tried(path: Path, wanted: Columns) -> Look:
    """The same, with the columns meaning what is wanted."""
    return _look(looking.first(path, looking.format_of(path.name)), wanted, clock.now())


def look_at(actor: Actor, import_id: int, wanted: Columns | None = None, form: columns_of.Form | None = None) -> Look:
    """An uploaded file that nobody started yet, with the columns meaning what is wanted, or guessed of a form."""
    asked = imported(actor, import_id)
    if asked.state != Import.State.READY or asked.file_id is None:
        raise Conflicting(_("This import is under way already."))
    with stored.plain(stored.by_id(asked.file_id)) as path:
        found = looking.first(path, asked.format)
    if wanted is None:
        wanted = looking.guess([row for _number, row in found if isinstance(row, dict)], form)
    return _look(found, wanted, asked.created_at)


def _look(found: list[formats.Row], wanted: Columns, at: datetime) -> Look:
    good = [row for _number, row in found if isinstance(row, dict)]
    known, guess = formats.columns(good), msgspec.to_builtins(wanted)
    try:
        meant = columns_of.checked(wanted, known)
    except Refused as refusal:
        return Look(known, good[:SHOWN], guess, wrong=str(refusal), wrong_field=refusal.field or "")
    trials = _profiles(found, meant) if meant.form == "profiles" else _moments(found, meant, at)
    refused = [one for one in trials if one.why]
    # Whatever would be refused is shown first: that is what can be mended here.
    shown = sorted([*refused[:SHOWN], *[one for one in trials if not one.why][:SHOWN]], key=lambda one: one.row)
    return Look(known, good[:SHOWN], guess, shown, len(trials) - len(refused), len(trials))


def _moments(found: list[formats.Row], meant: Columns, at: datetime) -> list[Trial]:
    reader = moments.reader_of(meant, _any_source(), at)
    return [_tried(number, row, reader) for number, row in found]


def _tried(number: int, row: Any, reader: moments.AnyReader) -> Trial:
    try:
        event, told, _by_content = reader.read(rows_of.sound(row))
        hot.entry(event, told, "", source="", recorded_at=clock.now().isoformat())
    except Wrong as wrong:
        return Trial(number, field=wrong.field, why=reasons.sentence(wrong.reason))
    except (Refused, ValueError, RecursionError):
        return Trial(number, why=reasons.sentence("unstorable"))
    who = event.user or event.anonymous or (event.place[2] if event.place else "")
    facts = told.facts if isinstance(told.facts, dict) else {}
    return Trial(number, who, event.occurred_at, event.name or event.type, told.kind, told.journey or "", facts)


def _profiles(found: list[formats.Row], meant: Columns) -> list[Trial]:
    reader = profiles.Reader(meant)
    labels = {kept.name: kept.label for kept in reader.kept.values()}
    said, refused = profiles.said(found, reader)
    trials = [Trial(number, field=field, why=reasons.sentence(why)) for number, field, why in refused]
    owners = describing.roots([one.place for _n, _number, one in said])
    last = {owners.get(one.place, one.place): number for _n, number, one in said}
    earlier = [(number, one) for _n, number, one in said if last[owners.get(one.place, one.place)] != number]
    trials += [Trial(number, one.original, became="earlier") for number, one in earlier]
    kept = set(last.values())
    said = [row for row in said if row[1] in kept]
    became = describing.foreseen([one for _n, _number, one in said], make=meant.new_customers)
    for (_n, number, one), now in zip(said, became, strict=True):
        if now.person is None:
            trials.append(Trial(number, field=meant.person, why=reasons.sentence("nobody")))
            continue
        changes = [Change(name, labels[name], before, after) for name, before, after in now.changes]
        state: Became = "new" if now.made else "changed" if changes else "same"
        trials.append(Trial(number, one.original, became=state, changes=changes))
    return sorted(trials, key=lambda one: one.row)


def _any_source() -> hot.Source:
    """What a file is read by, whichever source its events will be of."""
    rules = list(Rule.objects.order_by("pk").values(*RuleRow.__struct_fields__))
    return hot.Source(0, "server", accounts.organization().currency, _encode(rules).decode())


def columns(wanted: dict[str, Any]) -> Columns:
    """As a door was told them."""
    try:
        return msgspec.convert(wanted, Columns)
    except msgspec.ValidationError as error:
        raise Refused(str(error)) from None


def imports(actor: Actor) -> QuerySet[Import]:
    return _imports(actor).order_by("-pk")


def imported(actor: Actor, import_id: int) -> Import:
    found = _imports(actor).filter(pk=import_id).first()
    if found is None:
        raise NotVisible(_("There is no such import."))
    return found


def import_names(actor: Actor, import_ids: Iterable[int]) -> dict[int, str]:
    """What files are called, for whoever sees what they said of customers."""
    actor.must("customers.view")
    return dict(Import.objects.filter(pk__in=list(import_ids)).values_list("pk", "name"))


def refused_rows(actor: Actor, import_id: int, *, after: int = 0, limit: int = 100) -> list[tuple[int, str, str]]:
    """The next of them, in the order of the file."""
    rows = _refused(actor, import_id).filter(row__gt=after)[:limit]
    return [(one.row, one.field, reasons.sentence(one.reason)) for one in rows]


def refused_lines(actor: Actor, import_id: int) -> Iterator[tuple[int, str, str]]:
    """Every row that is on no line, with its field and why."""
    rows = _refused(actor, import_id).values_list("row", "field", "reason").iterator(chunk_size=1000)
    return ((row, field, reasons.sentence(reason)) for row, field, reason in rows)


def _refused(actor: Actor, import_id: int) -> QuerySet[RefusedRow]:
    return RefusedRow.objects.filter(imported=imported(actor, import_id)).order_by("row")


def _imports(actor: Actor) -> QuerySet[Import]:
    actor.must(MANAGE)
    actor.must("customers.edit")
    return Import.objects.all()
