"""What is missing: searches that found nothing, questions a machine refused, matters colleagues answer by hand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from django.db.models import Max, Sum

from careline.accounts.actor import Actor
from careline.intelligence import embedding, language, topics
from careline.kit import clock, text
from careline.service.knowledge import counting, shapes
from careline.service.knowledge.models import Asked
from careline.touchpoints import queries as touchpoints

DAYS = 30
MOST = 40
# Of what people wrote lately, as much is looked at.
WRITTEN = 1500
# What fewer wrote about is no matter of its own yet.
FEWEST = 3
_WORD = re.compile(r"[^\W\d_]{3,}")


class Gap(msgspec.Struct, frozen=True):
    """`words` as most said it, `also` as others did; `times` in the days that were looked at."""

    words: str
    language: str
    times: int
    also: tuple[str, ...] = ()
    refused: bool = False
    last: str = ""


class Matter(msgspec.Struct, frozen=True):
    """What several customers wrote about, with conversations to look into."""

    name: str
    times: int
    examples: tuple[str, ...]
    conversations: tuple[int, ...]


def searches(actor: Actor, *, days: int = DAYS, limit: int = MOST) -> list[Gap]:
    """What was looked for in vain most often; what says the same in other words is one gap."""
    actor.must("knowledge.view")
    since = clock.now().date() - timedelta(days=days)
    rows = (
        Asked.objects.filter(day__gte=since, found=0, settled_at=None)
        .values("words", "language", "refused")
        .annotate(times=Sum("times"), last=Max("day"))
        .order_by("-times", "-last", "words")[: limit * 5]
    )
    gaps: list[Gap] = []
    for row in rows:
        at = next((n for n, one in enumerate(gaps) if _same(one, row["words"], row["language"])), None)
        if at is None:
            gaps.append(Gap(row["words"], row["language"], row["times"], (), row["refused"], row["last"].isoformat()))
        else:
            one = gaps[at]
            gaps[at] = msgspec.structs.replace(
                one, times=one.times + row["times"], also=(*one.also, row["words"])[:5],
                refused=one.refused or row["refused"],
            )  # fmt: skip
    return sorted(gaps, key=lambda one: -one.times)[:limit]


def _same(one: Gap, words: str, language: str) -> bool:
    if one.language != language:
        return False
    ours, theirs = _roots(one.words), _roots(words)
    return bool(ours and theirs) and len(ours & theirs) * 2 > len(ours | theirs)


def _roots(words: str) -> frozenset[str]:
    """Of words their beginnings: enough to see that "refund" and "refunds" are about one thing."""
    return frozenset(word.removesuffix("s")[:5] for word in _WORD.findall(text.fold(words)))


def matters(actor: Actor, *, days: int = DAYS, limit: int = 12) -> list[Matter]:
    """What customers of the viewer's inboxes began conversations about lately, grouped; the most frequent first."""
    actor.must("knowledge.view")
    if not actor.may("conversations.view"):
        return []
    since = clock.now() - timedelta(days=days)
    said = touchpoints.of_kind("message.received", since=since, inboxes=actor.inbox_ids, limit=WRITTEN)
    told = [
        (counting.told(str(one.facts.get("preview", ""))), one.conversation_id)
        for one in said
        if one.facts.get("first") and one.facts.get("preview") and one.inbox_id in actor.inbox_ids
    ]
    groups = _grouped([words for words, _number in told])
    found = []
    for name, members in groups:
        if len(members) < FEWEST:
            continue
        examples = tuple(dict.fromkeys(told[at][0] for at in members))[:3]
        numbers = tuple(number for at in members if (number := told[at][1]))[:5]
        found.append(Matter(name, len(members), examples, numbers))
    return sorted(found, key=lambda one: -one.times)[:limit]


def _grouped(texts: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Each language by itself: by meaning where that is understood, else by the words they share."""
    spoken, places = shapes.languages(), defaultdict(list)
    for at, one in enumerate(texts):
        places[language.of(one, spoken)[0]].append(at)
    groups: list[tuple[str, list[int]]] = []
    for code, mine in places.items():
        said = [texts[at] for at in mine]
        read = len(said) >= 2 * FEWEST and embedding.encoder_of(code).understands
        found = [(one.name, one.members) for one in topics.of(said, language=code)] if read else _by_words(said)
        groups += [(name, [mine[at] for at in members]) for name, members in found]
    return groups


def _by_words(texts: Sequence[str]) -> list[tuple[str, list[int]]]:
    roots = [_roots(one) for one in texts]
    common = Counter(root for one in roots for root in one)
    # Words that half of many say tell nothing apart; of a few texts all may be of one matter.
    most = len(texts) // 2 if len(texts) > 4 * FEWEST else len(texts)
    telling = {root for root, times in common.items() if FEWEST <= times <= most}
    groups: list[tuple[frozenset[str], list[int]]] = []
    for at, one in sorted(enumerate(roots), key=lambda pair: len(pair[1] & telling)):
        mine = one & telling
        if len(mine) < 2:
            continue
        home = next((group for core, group in groups if len(core & mine) * 2 > min(len(core), len(mine))), None)
        if home is None:
            groups.append((mine, [at]))
        else:
            home.append(at)
    return [(text.excerpt(texts[members[0]], 60), members) for _core, members in groups]
