"""What is done to topics by whoever reads figures: searched, named, locked, put away, merged, taken apart."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.insights.models import Finding, Topic
from careline.insights.topics import jobs, queries
from careline.kit import clock, text
from careline.kit.refusals import Refused

LONGEST = 80
# A search that is open for longer was lost with its worker, and is queued again.
LOST = timedelta(hours=1)


@transaction.atomic
def find(*, actor: Actor) -> Finding:
    """In the background; one that is under way already is the one."""
    actor.must("reports.view")
    run, is_new = Finding.objects.select_for_update().get_or_create(
        ended_at=None, defaults={"asked_by": actor.agent_id}
    )
    if is_new or (run.began_at or run.asked_at) < clock.now() - LOST:
        run.asked_at, run.began_at = clock.now(), None
        run.save(update_fields=["asked_at", "began_at"])
        audit.record("topics.searched", f"finding:{run.pk}", actor=actor)
        jobs.find_at_once.soon()
    return run


@transaction.atomic
def change(
    topic_id: int,
    *,
    actor: Actor,
    name: str | None = None,
    is_locked: bool | None = None,
    is_away: bool | None = None,
) -> Topic:
    """What is None stays. A topic that is named or put away is locked by that."""
    topic = _taken(topic_id, actor)
    if name is not None:
        topic.name, topic.is_locked = text.clean(name, field="name", limit=LONGEST, required=True), True
    if is_away is not None:
        topic.is_away, topic.is_locked = is_away, True
    if is_locked is not None:
        if not is_locked and (topic.is_away or topic.merged_into_id or topic.parts.exists()):
            raise Refused(_("What is put away or merged stays locked."), field="is_locked")
        topic.is_locked = is_locked
    topic.save()
    audit.record("topic.changed", f"topic:{topic.pk}", actor=actor)
    return topic


@transaction.atomic
def merge(topic_id: int, into: int, *, actor: Actor) -> Topic:
    """Counted with the other from now on, with all that was merged into it before."""
    # Both are taken in one order, so that two who merge at once do not wait for each other.
    rows = {one: _taken(one, actor) for one in sorted({topic_id, into})}
    topic, other = rows[topic_id], rows[into]
    if topic is other or other.merged_into_id is not None:
        raise Refused(_("Choose another topic to merge it into."), field="merged_into")
    if topic.language != other.language:
        raise Refused(_("Both must be in one language."), field="merged_into")
    topic.merged_into, topic.is_locked, topic.is_away, other.is_locked = other, True, False, True
    other.save()
    topic.save()
    Topic.objects.filter(merged_into=topic).update(merged_into=other)
    audit.record("topic.merged", f"topic:{topic.pk}", actor=actor)
    return other


@transaction.atomic
def part(topic_id: int, *, actor: Actor) -> Topic:
    """A topic of its own again; it stays locked."""
    topic = _taken(topic_id, actor)
    if topic.merged_into_id is None:
        raise Refused(_("It is merged into none."), field="merged_into")
    topic.merged_into = None
    topic.save()
    audit.record("topic.parted", f"topic:{topic.pk}", actor=actor)
    return topic


def _taken(topic_id: int, actor: Actor) -> Topic:
    queries.one(actor, topic_id)
    return Topic.objects.select_for_update().get(pk=topic_id)
