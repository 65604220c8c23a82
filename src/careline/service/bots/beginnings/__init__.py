"""Flows to begin with: each a flow as text, and the talks it is rehearsed by."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import NotVisible
from careline.service.bots import actions
from careline.service.bots.core import mending, text
from careline.service.bots.core.shapes import Values
from careline.service.bots.core.state import Answered, Happening, Heard, Woken
from careline.service.bots.models import Bot

NAMES = ("order_status", "returns", "appointment", "lead", "onboarding", "blank")


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of them."""

    heard: str | None = None
    brings: Values | None = None
    fails: bool = False
    woken: bool = False

    @property
    def event(self) -> Happening:
        if self.heard is not None:
            return Heard(self.heard)
        return Woken() if self.woken else Answered(self.brings or {}, failed=self.fails)


class Talk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    turns: list[Turn]
    values: Values = {}
    verified: bool = False


class Beginning(msgspec.Struct, frozen=True):
    name: str
    text: str
    talks: list[Talk]


def words() -> dict[str, tuple[str, str]]:
    """What each is called, and what it does."""
    return {
        "order_status": (
            _("Where is my order?"), _("Asks for the order's number, looks it up and tells where it is."),
        ),
        "returns": (
            _("Send something back"), _("Finds the order and the reason, and brings it to a person with all of it."),
        ),
        "appointment": (_("Make an appointment"), _("Asks for a day and a number to call, and hands it over.")),
        "lead": (_("A new lead"), _("Asks what is wanted, for how many and for whom, and finds the urgent ones.")),
        "onboarding": (
            _("First steps"), _("Leads through the first steps, offers an article, asks again a day later."),
        ),
        "blank": (_("Nothing yet"), _("One question and a person: the least a flow can be.")),
    }  # fmt: skip


@lru_cache(maxsize=len(NAMES))
def one(name: str) -> Beginning:
    if name not in NAMES:
        raise NotVisible(_("There is no such beginning."))
    folder = files(__package__)
    written = (folder / f"{name}.toml").read_text(encoding="utf-8")
    talks = tomllib.loads((folder / f"{name}.talks.toml").read_text(encoding="utf-8"))
    return Beginning(name, written, msgspec.convert(talks.get("talk", []), list[Talk]))


@transaction.atomic
def begin(name: str, *, actor: Actor, called: str = "") -> Bot:
    """A new bot of it, with its rehearsals; under a name that is free."""
    actor.must("bots.manage")
    found = one(name)
    wanted = called.strip() or words()[name][0]
    taken = set(Bot.objects.values_list("name", flat=True))
    free = next(each for n in range(1, len(taken) + 2) if (each := wanted if n == 1 else f"{wanted} {n}") not in taken)
    bot = actions.keep(mending.head(found.text, {"name": free[:100]}), actor=actor)
    for talk in found.talks:
        events = [turn.event for turn in talk.turns]
        actions.rehearse(bot.pk, talk.name, events, actor=actor, values=talk.values, verified=talk.verified)
    return bot


def known(name: str) -> int:
    """How many steps it has."""
    return len(text.read(one(name).text).steps)
