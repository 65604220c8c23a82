"""What insight hears from the line: a talk went on, so its effort is counted again; segments; what is worked out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from careline.accounts.actor import SYSTEM
from careline.customers import queries as customers
from careline.insights import effort
from careline.insights.computed import keeping as computed
from careline.insights.live import minutes
from careline.insights.segments import keeping, meaning
from careline.touchpoints import Moment, on, queries, record_many, row

# Of a longer talk what came last is counted.
LONGEST = 300
TALKS = 20


@on(*effort.COUNTED)
def count_effort(moments: Sequence[Moment]) -> None:
    """Written where it changed, so that the line says what a talk had cost by then; easy talks leave nothing."""
    talks: dict[str, list[Moment]] = defaultdict(list)
    for one in queries.of_journeys(sorted({one.source for one in moments}), kinds=effort.READ, limit=LONGEST):
        talks[one.source].append(one)
    earlier = _beginnings({one.person_id for one in moments if one.person_id is not None})
    changed = []
    for talk in talks.values():
        last = talk[-1]
        if last.person_id is None:
            continue
        found = effort.of_talk(talk, earlier.get(last.person_id, ()))
        if found != _counted(talk):
            changed.append(
                row(
                    "effort.counted", actor=SYSTEM, source=last.source, person=last.person_id, inbox=last.inbox_id,
                    occurred_at=last.occurred_at, conversation=last.facts["conversation"], effort=found.total,
                    channel=_channel(talk),
                    **msgspec.structs.asdict(found),
                )
            )  # fmt: skip
    record_many(changed)


@on(*sorted(meaning.HEARD))
def keep_segments(moments: Sequence[Moment]) -> None:
    """To whom something happened that a segment asks for."""
    keeping.react(moments)


@on(*sorted(meaning.HEARD))
def keep_computed(moments: Sequence[Moment]) -> None:
    """To whom something happened that is worked out."""
    computed.react(moments)


@on("conversation.opened")
def count_arrivals(moments: Sequence[Moment]) -> None:
    """By the minute, so that a day can be held against the same day of other weeks."""
    minutes.count(moments)


def _counted(talk: Sequence[Moment]) -> effort.Effort:
    facts = next((one.facts for one in reversed(talk) if one.kind == "effort.counted"), {})
    return effort.Effort(**{name: int(facts.get(name, 0)) for name in effort.Effort.__struct_fields__})


def _channel(talk: Sequence[Moment]) -> str:
    return next((str(one.facts["channel"]) for one in reversed(talk) if one.facts.get("channel")), "")


def _beginnings(people: set[int]) -> dict[int, list[Moment]]:
    """The last talks of each, under whichever of their ids they were begun."""
    owners = customers.owners(people)
    by_owner: dict[int, list[Moment]] = defaultdict(list)
    for one in queries.newest_of_each(list(owners), kinds=["conversation.opened"], limit=TALKS):
        if one.person_id is not None:
            by_owner[owners[one.person_id]].append(one)
    return {person: by_owner[owner] for person, owner in owners.items() if owner in by_owner}
