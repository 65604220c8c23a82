"""Words that stand in the wrong conversation: moved to the right one by hand, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.channels import adapter, outbox
from careline.customers.models import Person
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.conversations import standing
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.hot import announce, refused, words
from careline.service.conversations.models import Conversation, Message

PERMISSION = "conversations.assign"
SAID = (Message.Kind.INCOMING, Message.Kind.REPLY, Message.Kind.FORWARD, Message.Kind.NOTE)
# At once; a longer thread is moved in parts.
MOST = 500


class ForSomebodyElse(Conflicting):
    """The other conversation is another customer's: it is moved there only when that is meant."""


class Moved(msgspec.Struct, frozen=True):
    """`seq` is the number of the line in `conversation` that tells of it."""

    left: int
    conversation: int
    messages: tuple[UUID, ...]
    seq: int


@transaction.atomic
def split(
    conversation_id: int, message_id: UUID, *, actor: Actor, alone: bool = False, at: datetime | None = None
) -> Moved:
    """A conversation of its own for a message and those after it, or for that one alone."""
    source = _held([conversation_id], actor=actor)[conversation_id]
    first = source.messages.filter(pk=message_id, kind__in=SAID).first()
    if first is None:
        raise refused.no_message()
    said = source.messages.filter(kind__in=SAID).order_by("seq")
    chosen = list(said.filter(pk=first.pk) if alone else said.filter(seq__gte=first.seq)[: MOST + 1])
    if len(chosen) == said.count():
        raise Conflicting(_("These are all its messages; nothing would remain to be split from."))
    _must_fit(chosen)
    at = at or clock.now()
    subject = next((one.letter["subject"] for one in chosen if one.letter and one.letter.get("subject")), "")
    target = Conversation.objects.create(
        inbox_id=source.inbox_id,
        person_id=source.person_id,
        channel=source.channel,
        subject=subject[: words.SUBJECT_LIMIT] or source.subject,
        handled_by=source.handled_by,
        priority=source.priority,
        assignee_id=source.assignee_id,
        team_id=source.team_id,
        opened_at=chosen[0].occurred_at,
        active_at=chosen[0].occurred_at,
    )
    target.refresh_from_db()
    standing.opened(target, actor=actor, at=at)
    return _moved(source, target, chosen, actor=actor, at=at)


@transaction.atomic
def rethread(
    message_ids: Sequence[UUID], to: int, *, actor: Actor, confirmed: bool = False, at: datetime | None = None
) -> Moved:
    """Into another conversation of the same inbox. `confirmed` says that another customer's is meant."""
    wanted = list(dict.fromkeys(message_ids))
    mine = Message.objects.filter(pk__in=wanted, conversation__in=Conversation.objects.visible_to(actor))
    homes = set(mine.values_list("conversation_id", flat=True))
    if not wanted or mine.count() != len(wanted):
        raise refused.no_message()
    if len(homes) > 1:
        raise Refused(_("Choose messages of one conversation."))
    [left] = homes
    held = _held([left, to], actor=actor)
    if left == to:
        raise Conflicting(_("They stand in this conversation already."))
    source, target = held[left], held[to]
    chosen = list(source.messages.filter(pk__in=wanted).order_by("seq"))
    if len(chosen) != len(wanted):
        raise Conflicting(_("Somebody has just moved these messages."))
    _must_fit(chosen)
    _must_belong(source, target, chosen, confirmed=confirmed)
    return _moved(source, target, chosen, actor=actor, at=at or clock.now())


@transaction.atomic
def take_back(conversation_id: int, seq: int, *, actor: Actor) -> Moved:
    """What the line of this number says was moved here goes back to where it was."""
    held = _held([conversation_id], actor=actor)[conversation_id]
    line = held.messages.filter(seq=seq, event__verb="moved", event__way="in").values_list("event", flat=True).first()
    if line is None:
        raise NotVisible(_("Nothing was moved here."))
    still = held.messages.filter(pk__in=line["messages"]).values_list("pk", flat=True)
    if not still:
        raise Conflicting(_("Somebody has just moved these messages."))
    return rethread(list(still), line["other_conversation"], actor=actor, confirmed=True)


def _held(ids: Iterable[int], *, actor: Actor) -> dict[int, Conversation]:
    """Locked, their people first as an erasure does, and all in the order of their numbers."""
    numbers = sorted(set(ids))
    people = Conversation.objects.visible_to(actor).filter(pk__in=numbers).values_list("person_id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM customers_person WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [list(people)])
    return {one: taken(one, actor=actor, permission=PERMISSION) for one in numbers}


def _must_fit(chosen: Sequence[Message]) -> None:
    if len(chosen) > MOST:
        raise Refused(_("At most %(most)s messages are moved at once.") % {"most": MOST})
    if any(one.kind not in SAID for one in chosen):
        raise Refused(_("What happened to a conversation stays with it; only what was said can be moved."))
    # Whom an answer goes to is read from where it stands when it leaves.
    if any(one.status == Message.Status.QUEUED for one in chosen):
        raise Conflicting(_("An answer among them is still being sent; move it once it has left."))


def _must_belong(source: Conversation, target: Conversation, chosen: Sequence[Message], *, confirmed: bool) -> None:
    if source.inbox_id != target.inbox_id:
        raise Refused(_("Both conversations must be of the same inbox: others work in the other one."))
    going_home = all(one.origin_id == target.pk for one in chosen)
    if target.state in (Conversation.State.SPAM, Conversation.State.TRASH) and not going_home:
        raise Conflicting(_("Take that conversation out of spam or trash first."))
    if going_home or _whole(source.person_id) == _whole(target.person_id):
        return
    if not adapter.of(source.channel).capabilities.letters:
        raise Refused(_("That conversation is another customer's, who would read these words there."))
    if any(one.kind in (Message.Kind.FORWARD, Message.Kind.NOTE) for one in chosen):
        raise Refused(_("A note stays with the customer it was written about."))
    if not confirmed:
        raise ForSomebodyElse(_("That conversation is another customer's. Confirm that these messages belong there."))


def _whole(person_id: int) -> int:
    return Person.objects.values_list("canonical", flat=True).get(pk=person_id) or person_id


def _moved(
    source: Conversation, target: Conversation, chosen: Sequence[Message], *, actor: Actor, at: datetime
) -> Moved:
    ids = [str(one.pk) for one in chosen]
    new = [one for one in chosen if one.kind == Message.Kind.INCOMING and one.seq > source.seen_seq]
    heard = any(one.kind == Message.Kind.INCOMING for one in chosen)
    if target.state in (Conversation.State.SPAM, Conversation.State.TRASH):
        target.reopen()
        written(target, actor=actor, at=at, kind="conversation.marked", verb="marked", place="open")
    elif not target.is_live and source.is_live and heard:
        target.reopen()
        written(target, actor=actor, at=at, kind="conversation.reopened", verb="reopened")
    _told(target, source.pk, "in", ids, actor=actor, at=at)
    seq = target.last_seq
    was_read = target.heard_seq <= target.seen_seq
    standing.take_in(target, source.pk, chosen)
    target.copies = standing.gone_along(source.copies, chosen) | target.copies
    standing.settle(target)
    if new:
        target.seen_seq = min(target.seen_seq, min(one.seq for one in new) - 1)
    elif was_read:
        target.seen_seq = target.last_seq
    outbox.moved([one.pk for one in chosen], target.pk)
    _told(source, target.pk, "out", ids, actor=actor, at=at)
    standing.settle(source)
    if not source.messages.filter(kind__in=SAID).exists() and source.state != Conversation.State.TRASH:
        source.put_away(Conversation.State.TRASH)
        written(source, actor=actor, at=at, kind="conversation.marked", verb="marked", place="trash")
    for one in (source, target):
        one.save()
        announce.after_commit(_rearranged(one))
    return Moved(source.pk, target.pk, tuple(one.pk for one in chosen), seq)


def _told(conversation: Conversation, other: int, way: str, ids: list[str], *, actor: Actor, at: datetime) -> None:
    written(
        conversation, actor=actor, at=at, kind="message.moved", verb="moved", other_conversation=other, way=way,
        messages=ids,
    )  # fmt: skip


def _rearranged(conversation: Conversation) -> dict[str, object]:
    """Lines have gone or come between others: the windows draw the thread afresh."""
    changed = announce.change(
        conversation_id=conversation.pk,
        inbox_id=conversation.inbox_id,
        person_id=conversation.person_id,
        seq=conversation.last_seq,
        shared_seq=conversation.shared_seq,
    )
    return changed | {"rearranged": True}
