"""Name intents and say how they are phrased."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit import text as texts
from careline.kit.refusals import NotVisible, Refused
from careline.service.intents import learning
from careline.service.intents.judging import pieces
from careline.service.intents.models import Intent, Phrasing

MOST, MOST_PHRASINGS, LONGEST = 500, 20_000, 500
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Imported(msgspec.Struct, frozen=True):
    """How many were new, how many were there before, and why the others were refused: (row from 1, sentence)."""

    added: int
    known: int
    refused: list[tuple[int, str]]


@transaction.atomic
def keep(code: str, name: str, *, actor: Actor) -> Intent:
    """A new intent, or another name for one that is there."""
    actor.must("bots.manage")
    if not _CODE.fullmatch(code):
        raise Refused(_("A code is small letters, digits and underscores, and begins with a letter."), field="code")
    name = texts.clean(name, field="name", limit=100, required=True)
    if not Intent.objects.filter(code=code).exists() and Intent.objects.count() >= MOST:
        raise Refused(_("At most %(most)s intents can be kept.") % {"most": MOST})
    intent, _new = Intent.objects.update_or_create(code=code, defaults={"name": name})
    audit.record("intent.kept", f"intent:{intent.pk}", actor=actor)
    return intent


@transaction.atomic
def phrase(code: str, said: Sequence[str], *, actor: Actor, language: str | None = None) -> Imported:
    """Add phrasings to an intent. Without a `language` each is in that of the house's it reads like."""
    return load([(code, one) for one in said], actor=actor, language=language)


@transaction.atomic
def load(
    rows: Iterable[tuple[str, str]], *, actor: Actor, language: str | None = None, makes: bool = False
) -> Imported:  # fmt: skip
    """(code, text) each, to intents that are there; what is refused does not keep the others back.

    With `makes` an intent that is not there is made, named by its code.
    """
    actor.must("bots.manage")
    rows = list(rows)
    if makes:
        codes = set(Intent.objects.values_list("code", flat=True))
        for code in dict.fromkeys(code for code, _said in rows if _CODE.fullmatch(code) and code not in codes):
            keep(code, code.replace("_", " ").capitalize(), actor=actor)
    intents = {one.code: one for one in Intent.objects.select_for_update().order_by("pk")}
    there = set(Phrasing.objects.values_list("intent__code", "folded"))
    spoken = accounts.organization().languages or ["en"]
    new: list[Phrasing] = []
    known, refused = 0, []
    for number, (code, said) in enumerate(rows, 1):
        folded = " ".join(one for one in pieces(said) if not one.startswith("~"))
        if code not in intents:
            refused.append((number, _("There is no intent “%(code)s”.") % {"code": code[:60]}))
        elif not folded or len(said) > LONGEST or "\0" in said:
            sentence = _("A phrasing has words, and at most %(most)s characters.")
            refused.append((number, sentence % {"most": LONGEST}))
        elif (code, folded) in there:
            known += 1
        else:
            there.add((code, folded))
            found = language or learning.language_of(said, spoken)
            new.append(Phrasing(intent=intents[code], text=said.strip(), folded=folded, language=found))
    if len(there) > MOST_PHRASINGS:
        raise Refused(_("At most %(most)s phrasings can be kept.") % {"most": MOST_PHRASINGS})
    Phrasing.objects.bulk_create(new, batch_size=1_000)
    audit.record("intents.phrased", "intents", actor=actor, added=len(new))
    return Imported(len(new), known, refused)


@transaction.atomic
def unsay(phrasing_id: int, *, actor: Actor) -> None:
    """A phrasing less."""
    actor.must("bots.manage")
    if not Phrasing.objects.filter(pk=phrasing_id).delete()[0]:
        raise NotVisible(_("There is no such phrasing."))
    audit.record("intents.unsaid", f"phrasing:{phrasing_id}", actor=actor)


@transaction.atomic
def unsay_words(code: str, said: str, *, actor: Actor) -> None:
    """The phrasing of an intent that is written so."""
    actor.must("bots.manage")
    if "\0" in code + said or not Phrasing.objects.filter(intent__code=code, text=said).delete()[0]:
        raise NotVisible(_("There is no such phrasing."))
    audit.record("intents.unsaid", f"intent:{code}", actor=actor)


@transaction.atomic
def drop(code: str, *, actor: Actor) -> None:
    """With its phrasings."""
    actor.must("bots.manage")
    if not Intent.objects.filter(code=code).delete()[0]:
        raise NotVisible(_("There is no such intent."))
    audit.record("intent.dropped", f"intent:{code}", actor=actor)
