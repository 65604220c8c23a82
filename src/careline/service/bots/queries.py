"""Reading flows: the drafts, their versions, and how they stand to their tests."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import NotVisible
from careline.service.bots.core import recording, text
from careline.service.bots.core.recording import Coverage, Differs, Recording
from careline.service.bots.core.shapes import Flow
from careline.service.bots.models import Bot, Rehearsal, Version


class Standing(msgspec.Struct, frozen=True):
    """What publishing a draft would find: each rehearsal with where it goes another way, and what all go through."""

    rehearsals: dict[str, Differs | None]
    coverage: Coverage

    @property
    def failing(self) -> list[str]:
        return [name for name, differs in self.rehearsals.items() if differs is not None]


def listed(actor: Actor) -> QuerySet[Bot]:
    actor.must("bots.manage")
    return Bot.objects.order_by("name", "pk")


def one(actor: Actor, bot_id: int) -> Bot:
    actor.must("bots.manage")
    bot = Bot.objects.filter(pk=bot_id).first()
    if bot is None:
        raise NotVisible(_("There is no such bot."))
    return bot


def versions(actor: Actor, bot_id: int) -> QuerySet[Version]:
    """The newest first."""
    return one(actor, bot_id).versions.order_by("-number")


def standing(actor: Actor, bot_id: int) -> Standing:
    return standing_of(one(actor, bot_id))


def standing_of(bot: Bot, flow: Flow | None = None) -> Standing:
    """Of its draft, or of another flow in its place."""
    flow = flow or bot.draft
    kept = {one.name: one.recording for one in bot.rehearsals.order_by("name", "pk")}
    differs = {name: recording.replay(flow, one) for name, one in kept.items()}
    return Standing(differs, recording.covered(flow, kept.values()))


def flow_of(written: str) -> Flow:
    """What a text reads as. Refused: where it does not."""
    return text.read(written)


def version(actor: Actor, bot_id: int, number: int) -> Version:
    found = versions(actor, bot_id).filter(number=number).first()
    if found is None:
        raise NotVisible(_("There is no such version."))
    return found


def published_text(bot: Bot) -> str:
    """Of its newest version; nothing where none was published."""
    found = bot.versions.filter(number=bot.version).values_list("text", flat=True).first()
    return found or ""


def rehearsal(bot: Bot, name: str) -> Recording | None:
    """The talk kept under a name."""
    found = bot.rehearsals.filter(name=name).first() if name and "\0" not in name else None
    return found.recording if found is not None else None


def unchanged(bots: Collection[Bot]) -> set[int]:
    """Those whose draft is their newest version, by number."""
    same = Version.objects.filter(bot__in=bots, number=F("bot__version"), text=F("bot__text"))
    return set(same.values_list("bot_id", flat=True))


def rehearsals(actor: Actor, bot_id: int) -> QuerySet[Rehearsal]:
    return one(actor, bot_id).rehearsals.order_by("name", "pk")


def rehearsal_of(actor: Actor, bot_id: int, rehearsal_id: int) -> Rehearsal:
    found = rehearsals(actor, bot_id).filter(pk=rehearsal_id).first()
    if found is None:
        raise NotVisible(_("There is no such rehearsal."))
    return found
