"""Answers landing, a piece at a time: looked up, kept and told on the line with few statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline import touchpoints
from careline.accounts import audit
from careline.accounts.actor import SYSTEM
from careline.customers import actions as people
from careline.customers import describing
from careline.customers import queries as customers
from careline.customers.identities import Given
from careline.experience.surveys import shapes
from careline.experience.surveys.actions import telling
from careline.experience.surveys.bringing import meaning
from careline.experience.surveys.bringing.meaning import AnswersMeaning
from careline.experience.surveys.bringing.reading import Reader, Told, parted
from careline.experience.surveys.models import Response, Survey, Version
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.touchpoints import partitions
from careline.touchpoints import queries as line
from careline.tracking.importing.formats import Row
from careline.tracking.importing.landing import Outcome, Refusal
from careline.tracking.importing.moments import YEARS, Occurrences
from careline.tracking.importing.rows import Wrong, sound

ONCE = "import:"


class Whose(msgspec.Struct, frozen=True):
    person: int | None = None
    conversation: int | None = None
    inbox: int | None = None


class Answers:
    """The rows of one file. A survey that is not open takes choices it did not know in a version of their own."""

    def __init__(self, columns: Mapping[str, Any], import_id: int) -> None:
        self.meant = msgspec.convert(columns, AnswersMeaning)
        self.source = f"import:{import_id}"
        self.survey = Survey.objects.get(pk=self.meant.survey)
        self.seen = Occurrences()
        self.version: Version
        self.reader: Reader

    def prepare(self, pieces: Iterator[Sequence[Row]]) -> None:
        last = self.survey.versions.order_by("-number").first()
        if self.survey.state == Survey.State.LIVE:
            if last is None:
                raise Refused(_("This survey is not open for answers."))
            self.version = last
        else:
            self.version = self._grown(last, found_in(self.meant, last.form if last else None, pieces))
        self.reader = Reader(self.meant, self.version.form, self.survey.code)

    @transaction.atomic
    def _grown(self, last: Version | None, found: Mapping[str, Sequence[str]]) -> Version:
        survey = Survey.objects.select_for_update(no_key=True).get(pk=self.survey.pk)
        form = meaning.grown(self.meant, last.form if last else None, found, survey.name)
        if last is not None and last.form == form:
            return last
        number = last.number + 1 if last else 1
        survey.draft, survey.state = shapes.stored(form), Survey.State.CLOSED
        survey.revision, survey.changed_at = survey.revision + 1, clock.now()
        survey.save(update_fields=["draft", "state", "revision", "changed_at"])
        audit.record("survey.brought", f"survey:{survey.pk}", actor=SYSTEM, version=number)
        return Version.objects.create(
            survey=survey, number=number, content=shapes.stored(form), published_at=clock.now()
        )

    def read(self, first: int, piece: Sequence[Row]) -> tuple[list[Told], list[Refusal]]:
        taken: list[Told] = []
        refused: list[Refusal] = []
        for number, row in piece:
            try:
                told = self.reader.read(number, sound(row))
                if told.by_content:
                    told = msgspec.structs.replace(told, once=self.seen.number(told.once))
                taken.append(told)
            except Wrong as wrong:
                refused.append((number, wrong.field, wrong.reason))
            except (Refused, ValueError, RecursionError):
                refused.append((number, "", "unstorable"))
        return taken, refused

    def make_room(self, taken: list[Told]) -> None:
        if taken:
            today, oldest = clock.now().date(), min(one.at for one in taken).date()
            partitions.ensure_partitions(max(oldest, today.replace(year=today.year - YEARS, day=1)), today)

    def land(self, taken: list[Told]) -> Outcome:
        Survey.objects.select_for_update(no_key=True).get(pk=self.survey.pk)
        numbers = [f"{ONCE}{one.once}" for one in taken]
        rows_of = Response.objects.filter(survey=self.survey)
        there = set(rows_of.filter(once__in=numbers).values_list("once", flat=True))
        owns = [one.own for one in taken if one.own is not None]
        own = set(rows_of.filter(pk__in=owns).values_list("pk", "started_at"))
        fresh: dict[str, Told] = {}
        for number, one in zip(numbers, taken, strict=True):
            if number not in there and (one.own, one.begun) not in own:
                fresh.setdefault(number, one)
        whose, refused = self._whose(list(fresh.values()))
        made = [self._kept(one, whose[one.number]) for one in fresh.values() if one.number in whose]
        for response in made:
            response.told = telling.due(response)
        Response.objects.bulk_create(made)
        moments = [telling.moment(response, key, SYSTEM) for response in made for key in response.told]
        touchpoints.record_many(touchpoints.row(kind, **told) for kind, told in moments)
        return Outcome(added=len(made), repeated=len(taken) - len(fresh), refused=refused)

    def _kept(self, one: Told, whose: Whose) -> Response:
        state = Response.State.COMPLETE if one.complete else Response.State.PARTIAL
        following = "" if one.complete else next(
            (asked.key for asked in self.version.form.questions if asked.key not in one.answers), ""
        )  # fmt: skip
        return Response(
            survey=self.survey, version=self.version, person_id=whose.person, conversation=whose.conversation,
            inbox_id=whose.inbox, state=state, answers=shapes.stored(one.answers), fields=one.fields,
            language=one.language, channel="import", once=f"{ONCE}{one.once}", anonymous=self.version.form.anonymous,
            started_at=one.begun, touched_at=one.at, stands_at=following,
            completed_at=one.at if one.complete else None, settled_at=None if one.complete else clock.now(),
        )  # fmt: skip

    def _whose(self, taken: Sequence[Told]) -> tuple[dict[int, Whose], list[Refusal]]:
        """By the number of the row, as far as it can be told."""
        roots = describing.roots(list({name.place for one in taken for name in one.names}))
        talks = _talks([one.conversation for one in taken if one.conversation is not None])
        found: dict[int, Whose] = {}
        refused: list[Refusal] = []
        for one in taken:
            try:
                found[one.number] = self._of(
                    one, {roots[name.place] for name in one.names if name.place in roots}, talks
                )
            except Wrong as wrong:
                refused.append((one.number, wrong.field, wrong.reason))
        return found, refused

    def _of(self, one: Told, owners: set[int], talks: Mapping[int, Whose]) -> Whose:
        if len(owners) > 1:
            raise Wrong(self._naming(), "two_people")
        person = next(iter(owners), None)
        if one.conversation is not None:
            talk = talks.get(one.conversation)
            if talk is None or (person is not None and talk.person != person):
                raise Wrong(self.meant.conversation, "no_talk")
            return talk
        if person is None and one.names and self.meant.unknown == "make":
            given = [Given(name.kind, name.original) for name in one.names]
            return Whose(people.find_or_create(given, actor=SYSTEM, at=one.at).person.pk)
        if person is None and self.meant.unknown == "refuse":
            raise Wrong(self._naming(), "nobody" if one.names else "missing")
        return Whose(person)

    def _naming(self) -> str:
        return self.meant.email or self.meant.phone or self.meant.external

    def close(self) -> None:
        self.seen.close()


def _talks(numbers: Sequence[int]) -> dict[int, Whose]:
    opened = line.of_journeys([f"conversation:{one}" for one in set(numbers)], kinds=["conversation.opened"], limit=1)
    roots = customers.canonical_of([one.person_id for one in opened if one.person_id is not None])
    found = {}
    for one in opened:
        number = one.conversation_id
        if number is not None and one.person_id is not None:
            found[number] = Whose(roots[one.person_id], number, one.inbox_id)
    return found


def found_in(meant: AnswersMeaning, base: shapes.Form | None, pieces: Iterator[Sequence[Row]]) -> dict[str, list[str]]:
    """What stands in columns of choices, by question, in the order it first comes."""
    asked = list(meaning.of_choices(meant))
    known = {one.key: meaning.choices(there.options) for one in asked if base and (there := base.question(one.key))}
    found: dict[str, dict[str, None]] = {one.key: {} for one in asked}
    for piece in pieces:
        for _number, row in piece:
            if isinstance(row, str):
                continue
            for one in asked:
                told = str(row.get(one.column) or "").strip()
                if not told or len(found[one.key]) > meaning.MOST_OPTIONS:
                    continue
                parts = parted(told, known.get(one.key, {})) if one.type == "multiple" else [told]
                found[one.key].update(dict.fromkeys(parts))
    return {key: list(labels) for key, labels in found.items()}
