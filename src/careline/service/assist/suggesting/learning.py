"""What colleagues answered is kept as it is said, without whom it was about, and given its vector in the background."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from django.db import connection, transaction

from careline.service.assist.models import Answered
from careline.service.assist.suggesting import speech, statements, wording

# So many answers are kept, the newest; a process holds 0.4 kB of each in memory.
MOST = 100_000
# Shorter, it answers nothing; longer, it is a letter to one.
SHORTEST, LONGEST = 20, 2000
ASKED = 600
# A stroke of the clock gives so many their vectors: some seconds of one core.
PIECE, PIECES = 250, 4


def learn(message_ids: Sequence[uuid.UUID]) -> int:
    """Keeps what agents answered in these messages; at least once, so what is kept is passed over."""
    found = statements.EXCHANGES.all(ids=message_ids)
    kept = [one for one in map(_kept, found) if one is not None]
    return len(Answered.objects.bulk_create(kept, ignore_conflicts=True))


def _kept(one: statements.Exchange) -> Answered | None:
    reply = one.reply.strip()
    if not SHORTEST <= len(reply) <= LONGEST:
        return None
    plain = partial(wording.plain, customer=one.customer, agent=one.agent, known=one.known)
    asked = plain(one.asked.strip()[:ASKED])
    if not asked.strip():
        return None
    return Answered(
        message_id=one.message_id, conversation_id=one.conversation_id, inbox_id=one.inbox_id,
        person_id=one.person_id, language=speech.of(one.asked, one.language), asked=asked,
        reply=plain(reply), source=one.source, said_at=one.said_at,
    )  # fmt: skip


def give_vectors() -> int:
    """To what has none yet, the oldest first."""
    return sum(_given() for _piece in range(PIECES))


def _given() -> int:
    from careline.intelligence import embedding, shelf

    rows = list(Answered.objects.filter(vector=None).order_by("pk")[:PIECE])
    for one in rows:
        encoder = embedding.encoder_of(one.language)
        one.vector, one.model_id = shelf.packed(encoder.embed(wording.meant(one.asked))), encoder.model_id
    with transaction.atomic():
        # Anew: by a number after all others, whoever has read up to those finds it. What was erased meanwhile stays so.
        there = Answered.objects.select_for_update().filter(pk__in=[one.pk for one in rows])
        still = set(there.values_list("pk", flat=True))
        rows = [one for one in rows if one.pk in still]
        there.delete()
        for one in rows:
            one.pk = None
            one._state.adding = True
        Answered.objects.bulk_create(rows)
    return len(rows)


def forget() -> int:
    """All but the newest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM assist_answered WHERE id IN (SELECT id FROM assist_answered ORDER BY said_at DESC, id DESC"
            " OFFSET %s)",
            [MOST],
        )
        return int(cursor.rowcount)
