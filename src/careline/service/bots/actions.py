"""Write a flow, rehearse it, publish it: a version comes to be only where every rehearsal goes as it went."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit import text as texts
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.bots.core import recording, text
from careline.service.bots.core.shapes import Values
from careline.service.bots.core.state import Happening
from careline.service.bots.models import Bot, Rehearsal, Version
from careline.service.bots.queries import standing_of

MOST, MOST_REHEARSALS = 100, 200
_NAME = 100


@transaction.atomic
def keep(written: str, *, actor: Actor, bot_id: int | None = None) -> Bot:
    """A new draft, or the draft of one that is there; what is published stays as it is. Refused: text.read."""
    actor.must("bots.manage")
    flow = text.read(written)
    bot = Bot() if bot_id is None else taken(bot_id)
    if bot_id is None and Bot.objects.count() >= MOST:
        raise Refused(_("At most %(most)s bots can be kept.") % {"most": MOST})
    if Bot.objects.filter(name=flow.name).exclude(pk=bot.pk).exists():
        raise Conflicting(_("Another bot has this name already."))
    bot.name, bot.text, bot.changed_at = flow.name, written, clock.now()
    bot.save()
    audit.record("bot.kept", f"bot:{bot.pk}", actor=actor)
    return bot


@transaction.atomic
def rehearse(
    bot_id: int, name: str, events: Sequence[Happening], *, actor: Actor, values: Values | None = None,
    verified: bool = False,
) -> Rehearsal:  # fmt: skip
    """Keep the way the draft goes now, as the way it has to go; in the place of one of the same name."""
    actor.must("bots.manage")
    bot = taken(bot_id)
    name = texts.clean(name, field="name", limit=_NAME, required=True)
    if not bot.rehearsals.filter(name=name).exists() and bot.rehearsals.count() >= MOST_REHEARSALS:
        raise Refused(_("At most %(most)s rehearsals can be kept.") % {"most": MOST_REHEARSALS})
    raw = msgspec.to_builtins(recording.record(bot.draft, events, values=values, verified=verified))
    try:
        msgspec.convert(raw, recording.Recording)
    except msgspec.ValidationError:
        raise Refused(_("This cannot be kept as a rehearsal.")) from None
    kept, _new = Rehearsal.objects.update_or_create(bot=bot, name=name, defaults={"content": raw})
    audit.record("bot.rehearsed", f"bot:{bot.pk}", actor=actor)
    return kept


@transaction.atomic
def rehearse_again(bot_id: int, name: str, *, actor: Actor) -> Rehearsal:
    """It is meant so: the way the draft goes now becomes the way a rehearsal has to go."""
    actor.must("bots.manage")
    kept = taken(bot_id).rehearsals.filter(name=name).first()
    if kept is None:
        raise NotVisible(_("There is no such rehearsal."))
    was = kept.recording
    events = [turn.event for turn in was.turns[1:]]
    return rehearse(bot_id, name, events, actor=actor, values=was.values, verified=was.verified)


@transaction.atomic
def forget(bot_id: int, name: str, *, actor: Actor) -> None:
    """A rehearsal that is to bind no more."""
    actor.must("bots.manage")
    if not taken(bot_id).rehearsals.filter(name=name).delete()[0]:
        raise NotVisible(_("There is no such rehearsal."))
    audit.record("bot.rehearsal-forgotten", f"bot:{bot_id}", actor=actor)


@transaction.atomic
def publish(bot_id: int, *, actor: Actor) -> Version:
    """The draft as a version. Refused where there is no rehearsal, or one goes another way: which, and where."""
    actor.must("bots.manage")
    bot = taken(bot_id)
    if bot.versions.filter(number=bot.version, text=bot.text).exists():
        raise Conflicting(_("This draft is published already."))
    found = standing_of(bot)
    if not found.rehearsals:
        raise Refused(_("A flow is rehearsed at least once before it is published."))
    for name, differs in found.rehearsals.items():
        if differs is not None:
            sentence = _("The rehearsal “%(name)s” goes another way from turn %(turn)s on; nothing was published.")
            raise Refused(sentence % {"name": name, "turn": differs.turn})
    bot.version += 1
    bot.save(update_fields=["version"])
    went = len(found.coverage.taken)
    version = Version.objects.create(
        bot=bot, number=bot.version, text=bot.text, taken=went, exits=went + len(found.coverage.missed),
        agent_id=actor.agent_id,
    )  # fmt: skip
    audit.record("bot.published", f"bot:{bot.pk}", actor=actor, version=version.number)
    return version


@transaction.atomic
def drop(bot_id: int, *, actor: Actor) -> None:
    """With its versions and rehearsals."""
    actor.must("bots.manage")
    taken(bot_id).delete()
    audit.record("bot.dropped", f"bot:{bot_id}", actor=actor)


def taken(bot_id: int) -> Bot:
    bot = Bot.objects.select_for_update().filter(pk=bot_id).first()
    if bot is None:
        raise NotVisible(_("There is no such bot."))
    return bot
