"""Looks for topics in what customers said lately, each language apart, and keeps what somebody locked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from django.db import transaction

from careline.accounts import queries as accounts
from careline.insights.models import Finding, Membership, Topic
from careline.insights.topics import reading
from careline.insights.topics.reading import Said
from careline.intelligence import embedding, sentiment, topics
from careline.intelligence.embedding import Encoder, Vectors
from careline.kit import clock
from careline.service.assist.moods import queries as moods
from careline.service.intents import learning

# What is older says little of now; of more the newest.
BACK, MOST = timedelta(days=180), 5000
# So many are read before it is told how far it is.
STEP = 100
# What was found again, though a little elsewhere, is the same topic and keeps its number.
SAME = 0.85
LONGEST = 80


def by_the_clock() -> None:
    Finding.objects.get_or_create(ended_at=None)
    find()


def find() -> None:
    """Runs the search that is open, from its beginning: what a worker that died had read was not kept."""
    run = Finding.objects.filter(ended_at=None).first()
    if run is None:
        return
    said = reading.newest(clock.now() - BACK, MOST)
    run.began_at, run.done, run.whole = clock.now(), 0, len(said)
    run.since = min((one.at for one in said), default=None)
    spoken = accounts.organization().languages
    apart: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        apart[learning.language_of(one.text, spoken)].append(one)
    run.by_letters = sorted(code for code in apart if not embedding.encoder_of(code).understands)
    run.save()
    members = _moods(run, apart)
    vectors = {code: _read(run, code, told) for code, told in apart.items()}
    with transaction.atomic():
        Membership.objects.all().delete()
        for code in sorted(apart):
            _kept(code, apart[code], vectors[code], members)
        Topic.objects.filter(is_locked=False).exclude(language__in=apart).delete()
        Membership.objects.bulk_create(members.values(), batch_size=1000)
        run.ended_at = clock.now()
        run.save()


def _moods(run: Finding, apart: dict[str, list[Said]]) -> dict[tuple[int | None, int | None], Membership]:
    """Words felt once feel the same the next time; the way there is half of it."""
    known = {(one.conversation_id, one.response_id): one for one in Membership.objects.all()}
    learned = moods.learned(moods.in_use())
    found = {}
    for code, told in apart.items():
        for one in told:
            before = known.get(one.key)
            mood = before.mood if before is not None else sentiment.of(one.text, learned).label
            found[one.key] = Membership(
                conversation_id=one.conversation, response_id=one.response, said_at=one.at, language=code, mood=mood
            )
            if len(found) % STEP == 0:
                Finding.objects.filter(pk=run.pk).update(done=len(found) // 2)
    return found


def _read(run: Finding, code: str, told: Sequence[Said]) -> Vectors:
    encoder, parts = embedding.encoder_of(code), []
    for at in range(0, len(told), STEP):
        parts.append(encoder.embed_all([one.text for one in told[at : at + STEP]]))
        run.done = min(run.whole, max(run.done, run.whole // 2) + (len(parts[-1]) + 1) // 2)
        Finding.objects.filter(pk=run.pk).update(done=run.done)
    return np.concatenate(parts)


def _kept(
    code: str, told: Sequence[Said], vectors: Vectors, members: dict[tuple[int | None, int | None], Membership]
) -> None:
    encoder = embedding.encoder_of(code)
    rows = list(Topic.objects.select_for_update().filter(language=code).order_by("pk"))
    locked = {row.pk: _locked(row, encoder) for row in rows if row.is_locked}
    # A locked topic comes back with the very center it was given.
    by_center = {id(topic.center): row for row in rows if (topic := locked.get(row.pk))}
    earlier = [row for row in rows if not row.is_locked and row.model_id == encoder.model_id]
    for one in topics.of([said.text for said in told], locked=list(locked.values()), language=code, vectors=vectors):
        row = by_center.get(id(one.center)) or _again(one, earlier) or Topic(language=code)
        row.center, row.model_id, row.found_at = one.center.astype(np.float32).tobytes(), encoder.model_id, clock.now()
        row.words = list(one.words) or row.words
        if not row.is_locked:
            row.name = one.name[:LONGEST].rstrip(", ") or told[one.members[0]].text[:LONGEST]
        row.save()
        for at in one.members:
            members[told[at].key].topic = row
    Topic.objects.filter(pk__in=[row.pk for row in earlier]).delete()
    Topic.objects.filter(language=code, is_locked=False).exclude(model_id=encoder.model_id).delete()


def _locked(row: Topic, encoder: Encoder) -> topics.Topic:
    """By its words, where its numbers are another model's."""
    if row.model_id == encoder.model_id:
        center = np.frombuffer(bytes(row.center), np.float32)
    else:
        center = encoder.embed(" ".join([row.name, *row.words]))
    return topics.Topic(row.name, tuple(row.words), (), center)


def _again(one: topics.Topic, earlier: list[Topic]) -> Topic | None:
    """Out of those of the last search that are still free."""
    near = [(float(np.frombuffer(bytes(row.center), np.float32) @ one.center), row) for row in earlier]
    likeness, row = max(near, key=lambda pair: pair[0], default=(0.0, None))
    if row is None or likeness < SAME:
        return None
    earlier.remove(row)
    return row
