"""Topics with their figures, as far as the viewer sees the conversations and answers they are made of."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.experience.surveys.models import Response
from careline.insights.metrics import figures, intervals
from careline.insights.metrics.figures import FEWEST, Change, Figure
from careline.insights.models import Finding, Membership, Topic
from careline.insights.topics import reading
from careline.kit import clock
from careline.kit.refusals import NotVisible
from careline.service.conversations.models import Conversation
from careline.touchpoints import queries as touchpoints

DAYS = (7, 28, 90)
Which = Literal["all", "negative", "read", "before", "rated"]
WHICH: tuple[Which, ...] = ("all", "negative", "read", "before", "rated")
# From this share of the scale on somebody is content.
GOOD = 0.8
ANSWERS = 20_000


class Counted(msgspec.Struct, frozen=True):
    """A topic in a period. Shares are in percent; `change` is to the period before, None where that was not read."""

    id: int
    name: str
    words: list[str]
    language: str
    is_locked: bool
    is_away: bool
    merged_into: int | None
    parts: list[tuple[int, str]]
    n: int
    before: int
    share: Figure
    change: Change | None
    negative: Figure
    content: Figure


class Counts(msgspec.Struct, frozen=True):
    """`whole` texts were said in the period, `outside` of them are of no topic."""

    topics: list[Counted]
    whole: int
    outside: int
    has_before: bool


class Member(msgspec.Struct, frozen=True):
    id: int
    said_at: datetime
    words: str
    mood: str
    conversation_id: int | None
    response_id: int | None


class _Sums(msgspec.Struct):
    n: int = 0
    before: int = 0
    read: int = 0
    negative: int = 0
    rated: int = 0
    content: int = 0


def seen(actor: Actor) -> QuerySet[Membership]:
    """What they were told in inboxes of theirs, and answers to surveys where they may read these."""
    actor.must("reports.view")
    mine = Q(conversation__in=Conversation.objects.visible_to(actor))
    if actor.may("surveys.view"):
        mine |= Q(response__in=Response.objects.visible_to(actor))
    return Membership.objects.filter(mine)


def visible_to(actor: Actor) -> QuerySet[Topic]:
    """Whoever sees none of its words does not learn its name; who sees every inbox sees empty ones too."""
    actor.must("reports.view")
    if actor.may("inboxes.view_all") and actor.may("surveys.view") and actor.team_ids is None:
        return Topic.objects.all()
    mine = seen(actor).filter(topic__isnull=False)
    own = Q(pk__in=mine.values("topic")) | Q(pk__in=mine.values("topic__merged_into"))
    return Topic.objects.filter(own)


def one(actor: Actor, topic_id: int) -> Topic:
    found = visible_to(actor).filter(pk=topic_id).first()
    if found is None:
        raise NotVisible(_("There is no such topic."))
    return found


def counts(actor: Actor, *, days: int = 28, away: bool = False) -> Counts:
    """The largest first; what is merged is counted where it was merged into."""
    rows = list(visible_to(actor).order_by("pk"))
    begin = clock.now() - timedelta(days=days)
    sums = _sums(actor, begin, days, {row.pk: row.merged_into_id or row.pk for row in rows})
    has_before = _reaches(begin - timedelta(days=days))
    whole, before = (sum(getattr(each, which) for each in sums.values()) for which in ("n", "before"))
    parts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        if row.merged_into_id is not None:
            parts[row.merged_into_id].append((row.pk, row.name))
    found = [
        _counted(row, parts[row.pk], sums[row.pk], whole, before if has_before else None)
        for row in rows
        if row.merged_into_id is None and row.is_away == away
    ]
    found = [each for each in found if each.n or each.before or each.is_locked]
    return Counts(sorted(found, key=lambda each: (-each.n, each.id)), whole, sums[None].n, has_before)


def counted(actor: Actor, topic_id: int, *, days: int = 28) -> Counted:
    """Also of one that is put away or merged: then of its own alone."""
    row = one(actor, topic_id)
    begin = clock.now() - timedelta(days=days)
    roots = {part.pk: row.pk for part in row.parts.all()} | {row.pk: row.pk}
    sums = _sums(actor, begin, days, roots)
    whole, before = (sum(getattr(each, which) for each in sums.values()) for which in ("n", "before"))
    parts = [(part.pk, part.name) for part in visible_to(actor).filter(merged_into=row).order_by("pk")]
    return _counted(row, parts, sums[row.pk], whole, before if _reaches(begin - timedelta(days=days)) else None)


def members(
    actor: Actor, topic_id: int, *, days: int = 28, which: Which = "all",
    before: tuple[datetime, int] | None = None, limit: int = 50,
) -> list[Member]:  # fmt: skip
    """What a figure of the topic is made of, the newest first."""
    row = one(actor, topic_id)
    begin, of_it = clock.now() - timedelta(days=days), Q(topic=row) | Q(topic__merged_into=row)
    rows = seen(actor).filter(of_it)
    if which == "before":
        rows = rows.filter(said_at__lt=begin, said_at__gte=begin - timedelta(days=days))
    else:
        rows = rows.filter(said_at__gte=begin)
    if which == "negative":
        rows = rows.filter(mood="negative")
    elif which == "read":
        rows = rows.exclude(mood="unknown")
    elif which == "rated":
        rows = rows.filter(conversation__in=list(_rated(actor, begin)))
    if before is not None:
        rows = rows.filter(Q(said_at__lt=before[0]) | Q(said_at=before[0], pk__lt=before[1]))
    found = list(rows.order_by("-said_at", "-pk")[:limit])
    words = reading.words_of(
        [each.conversation_id for each in found if each.conversation_id],
        [each.response_id for each in found if each.response_id],
    )
    return [
        Member(
            each.pk, each.said_at, words.get((each.conversation_id, each.response_id), ""), each.mood,
            each.conversation_id, each.response_id,
        )
        for each in found
    ]  # fmt: skip


def finding(actor: Actor) -> Finding | None:
    """The last search: under way, or what it read."""
    actor.must("reports.view")
    return Finding.objects.order_by("-pk").first()


def _reaches(moment: datetime) -> bool:
    """Whether the last search read as far back."""
    last = Finding.objects.exclude(ended_at=None).order_by("-pk").first()
    return last is not None and last.since is not None and last.since <= moment


def _sums(actor: Actor, begin: datetime, days: int, roots: dict[int, int]) -> defaultdict[int | None, _Sums]:
    """By the topic they are counted with; None is what is of no topic, or of one not asked for."""
    now, then = Q(said_at__gte=begin), Q(said_at__lt=begin, said_at__gte=begin - timedelta(days=days))
    rows = seen(actor).values("topic").annotate(
        n=Count("pk", filter=now), before=Count("pk", filter=then), read=Count("pk", filter=now & ~Q(mood="unknown")),
        negative=Count("pk", filter=now & Q(mood="negative")),
    )  # fmt: skip
    found: defaultdict[int | None, _Sums] = defaultdict(_Sums)
    for row in rows.order_by("topic"):
        each = found[roots.get(row["topic"])]
        for which in ("n", "before", "read", "negative"):
            setattr(each, which, getattr(each, which) + row[which])
    rated = _rated(actor, begin)
    of_them = seen(actor).filter(now, conversation__in=list(rated))
    for topic, conversation in of_them.values_list("topic", "conversation"):
        each = found[roots.get(topic)]
        each.rated += 1
        each.content += rated[conversation]
    return found


def _rated(actor: Actor, since: datetime) -> dict[int, bool]:
    """Conversations whose customer said how content they were, by the last answer: whether they were."""
    found: dict[int, bool] = {}
    for moment in touchpoints.of_kind("survey.answered", since=since, inboxes=actor.inbox_ids, limit=ANSWERS):
        score, top = moment.facts.get("score"), moment.facts.get("scale_max")
        if moment.facts.get("metric") == "csat" and score is not None and top and moment.conversation_id:
            found.setdefault(moment.conversation_id, float(score) / float(top) >= GOOD)
    return found


def _counted(row: Topic, parts: list[tuple[int, str]], sums: _Sums, whole: int, before: int | None) -> Counted:
    share = _share(sums.n, whole)
    change = None if before is None else figures.change(share, _share(sums.before, before))
    return Counted(
        id=row.pk, name=row.name, words=list(row.words), language=row.language, is_locked=row.is_locked,
        is_away=row.is_away, merged_into=row.merged_into_id, parts=parts, n=sums.n, before=sums.before, share=share,
        change=change, negative=_share(sums.negative, sums.read), content=_share(sums.content, sums.rated),
    )  # fmt: skip


def _share(hits: int, n: int) -> Figure:
    if n < FEWEST:
        return Figure(None, n, n)
    found = intervals.share(hits, n)
    return Figure(found.value, n, n, found.low, found.high)
