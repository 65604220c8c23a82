"""The house's voice as it is kept, and a draft of a conversation held against it."""

from __future__ import annotations

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit import text
from careline.kit.money import Money
from careline.kit.refusals import Refused
from careline.service.assist.models import Voice
from careline.service.assist.voice.checking import Mark, Terms, check
from careline.service.conversations import queries

WRITES = "knowledge.edit"
WORDS, WORD = 300, 80


def voice(actor: Actor) -> Terms:
    """As it is kept, or as a house begins; everybody who answers may read it."""
    if not actor.may(WRITES):
        actor.must("conversations.reply")
    return terms()


def terms() -> Terms:
    """As it is kept, whoever asks."""
    known = Voice.objects.filter(pk=1).first()
    if known is None:
        return Terms()
    currency = accounts.organization().currency
    return Terms(
        manner=known.manner,  # type: ignore[arg-type]  # the database knows the manners
        words=tuple((word, instead) for word, instead in known.words),
        guarantees=known.guarantees, dates=known.dates, money=known.money,
        most=Money(known.most_minor, currency).amount, blame=known.blame, shouting=known.shouting,
    )  # fmt: skip


@transaction.atomic
def keep(terms: Terms, *, actor: Actor) -> Terms:
    """All of it anew."""
    actor.must(WRITES)
    if len(terms.words) > WORDS:
        raise Refused(_("At most %(most)s words can be listed.") % {"most": WORDS}, field="words")
    words: dict[str, tuple[str, str]] = {}
    for word, instead in terms.words:
        plain = " ".join(text.clean(word, field="words", limit=WORD, required=True, label=_("A word")).split())
        words[text.fold(plain)] = (
            plain, " ".join(text.clean(instead, field="words", limit=WORD, label=_("A word")).split())
        )  # fmt: skip
    try:
        minor = Money.written(str(terms.most), accounts.organization().currency).minor
    except ValueError:
        minor = -1
    if minor < 0:
        raise Refused(_("Write a sum of the firm’s currency, zero or more."), field="most")
    given = {
        "manner": terms.manner, "words": list(words.values()), "guarantees": terms.guarantees, "dates": terms.dates,
        "money": terms.money, "most_minor": minor, "blame": terms.blame, "shouting": terms.shouting,
    }  # fmt: skip
    Voice.objects.update_or_create(pk=1, defaults=given)
    audit.record("voice.kept", "voice:1", actor=actor, words=len(words))
    return msgspec.structs.replace(terms, words=tuple(words.values()))


def suits(words: str) -> bool:
    """Whether what a machine would say by itself is the house's voice."""
    return not check(words, terms())


def draft_marks(conversation_id: int, draft: str, *, actor: Actor) -> list[Mark]:
    """What in a draft to this customer is not the house's voice."""
    queries.one(actor, conversation_id)
    actor.must("conversations.reply")
    return check(draft, terms()) if draft.strip() else []
