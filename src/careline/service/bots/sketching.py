"""Writing a flow: what is not kept yet is not lost, and whoever writes at the same time is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import Conflicting, Refused
from careline.service.bots import actions, queries
from careline.service.bots.core import text
from careline.service.bots.models import Bot, Sketch

# How long somebody counts as writing still.
LATELY = timedelta(minutes=15)


class Clashed(Conflicting):
    """Somebody else kept another draft meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has kept another draft since you began."))


def sketch_of(actor: Actor, bot_id: int) -> Sketch | None:
    """One's own."""
    return queries.one(actor, bot_id).sketches.filter(agent_id=actor.agent_id or 0).first()


def others(actor: Actor, bot_id: int) -> list[Sketch]:
    """Of colleagues who wrote lately; the latest first."""
    lately = queries.one(actor, bot_id).sketches.filter(at__gte=clock.now() - LATELY)
    return list(lately.exclude(agent_id=actor.agent_id or 0).order_by("-at"))


@transaction.atomic
def sketch(bot_id: int, written: str, *, actor: Actor, begun_from: datetime) -> Sketch | None:
    """Keep for oneself what is written so far; what equals the draft is no sketch."""
    bot = queries.one(actor, bot_id)
    if len(written) > text.LONGEST or "\0" in written:
        raise Refused(_("A flow is at most %(most)s KB of text.") % {"most": text.LONGEST // 1024}, field="text")
    own = Sketch.objects.filter(bot=bot, agent_id=actor.agent_id or 0)
    if written == bot.text:
        own.delete()
        return None
    kept, _new = Sketch.objects.update_or_create(
        bot=bot, agent_id=actor.agent_id or 0,
        defaults={"text": written, "begun_from": begun_from, "at": clock.now()},
    )  # fmt: skip
    return kept


@transaction.atomic
def discard(bot_id: int, *, actor: Actor) -> None:
    Sketch.objects.filter(bot=queries.one(actor, bot_id), agent_id=actor.agent_id or 0).delete()


@transaction.atomic
def keep(bot_id: int, written: str, *, actor: Actor, begun_from: datetime) -> Bot:
    """As the draft. Clashed: it is another one by now, and what was written stays a sketch."""
    actor.must("bots.manage")
    bot = actions.taken(bot_id)
    if bot.changed_at != begun_from and bot.text != written:
        raise Clashed
    kept = bot if bot.text == written else actions.keep(written, actor=actor, bot_id=bot_id)
    discard(bot_id, actor=actor)
    return kept
