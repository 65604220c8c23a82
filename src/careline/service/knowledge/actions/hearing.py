"""What readers say of an article, and that somebody saw to what was looked for in vain."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit import clock, text
from careline.kit.refusals import NotVisible, Refused
from careline.service.knowledge.models import Asked, Edition, Verdict
from careline.service.knowledge.readers import audiences

WORDS = 1000


@transaction.atomic
def judge(edition_id: int, *, actor: Actor, helped: bool, once: str, reason: str = "", words: str = "") -> Verdict:
    """Whether it helped. The same page says it once: what it says again takes the place of what it said."""
    if reason and reason not in Verdict.Reason.values:
        raise Refused(_("Choose one from the list."), field="reason")
    said = text.clean(words.strip(), field="words", label=_("What you write"), limit=WORDS)
    rows = Edition.objects.select_for_update(of=("self",)).filter(
        pk=edition_id, translation__article__audience__in=audiences(actor), translation__article__archived_at=None
    )
    edition = rows.first()
    if edition is None:
        raise NotVisible(_("There is no such article."))
    known = Verdict.objects.filter(once=once, translation=edition.translation_id).first()
    if known is None:
        known = Verdict(once=once, translation_id=edition.translation_id, at=clock.now())
    elif known.helped == helped:
        known.reason, known.words = reason or known.reason, said or known.words
        known.save()
        return known
    else:
        _counted(edition.pk, helped=known.helped, by=-1)
    known.helped, known.version, known.reason, known.words = helped, edition.version, reason, said
    try:
        with transaction.atomic():
            known.save()
    except IntegrityError as error:
        raise Refused(_("This was said about another article.")) from error
    _counted(edition.pk, helped=helped, by=1)
    return known


def _counted(edition_id: int, *, helped: bool, by: int) -> None:
    field = "helped" if helped else "failed"
    Edition.objects.filter(pk=edition_id).update(**{field: F(field) + by})


@transaction.atomic
def settle_asked(words: Sequence[str], *, actor: Actor, language: str) -> int:
    """Somebody has seen to it: until it is looked for again in vain it is no gap."""
    actor.must("knowledge.edit")
    rows = Asked.objects.filter(words__in=list(words), language=language, settled_at=None)
    settled = rows.update(settled_at=clock.now())
    audit.record("gap.settled", "gap:0", actor=actor, count=settled)
    return settled
