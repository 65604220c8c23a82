"""Pictures of articles, kept with the other files of the house."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.files import actions as files
from careline.files.limits import PICTURES
from careline.kit.refusals import Refused
from careline.service.knowledge.actions import taking
from careline.service.knowledge.models import Picture

LARGEST = 5 * 1024 * 1024
MOST = 100


@transaction.atomic
def add_picture(article_id: int, content: bytes, *, name: str, actor: Actor) -> Picture:
    """Of a kind that browsers show and that carries no script; what it is, is judged by its bytes."""
    article = taking.article(article_id, actor)
    if article.pictures.count() >= MOST:
        raise Refused(_("An article has at most %(most)s pictures.") % {"most": MOST}, field="picture")
    try:
        stored = files.store(content, name=name, uploaded_by=f"agent:{actor.agent_id}", largest=LARGEST)
    except Refused as refusal:
        raise Refused(str(refusal), field="picture") from refusal
    if stored.media_type not in PICTURES:
        files.discard([stored.pk])
        raise Refused(_("Only pictures are shown: PNG, JPEG, GIF, WebP or AVIF."), field="picture")
    return Picture.objects.create(file_id=stored.pk, article=article, name=stored.name)
