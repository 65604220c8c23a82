"""Rows taken under lock, through the actor: who does not see them is told that there are none."""

from __future__ import annotations

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import NotVisible
from careline.service.knowledge.models import Article, Centre, Collection, Translation


def article(article_id: int, actor: Actor) -> Article:
    found = Article.objects.visible_to(actor).select_for_update().filter(pk=article_id).first()
    if found is None:
        raise NotVisible(_("There is no such article."))
    actor.must("knowledge.edit")
    return found


def translation(translation_id: int, actor: Actor) -> Translation:
    """With its article, which is locked first: whoever writes one language and whoever puts all away take turns."""
    known = Translation.objects.filter(pk=translation_id).values_list("article_id", flat=True).first()
    whole = article(known or 0, actor)
    found = Translation.objects.select_for_update().filter(pk=translation_id).first()
    if found is None:
        raise NotVisible(_("There is no such article."))
    found.article = whole
    return found


def collection(collection_id: int, actor: Actor) -> Collection:
    actor.must("knowledge.edit")
    found = Collection.objects.select_for_update().filter(pk=collection_id).first()
    if found is None:
        raise NotVisible(_("There is no such collection."))
    return found


def centre() -> Centre:
    """Whoever holds it publishes alone, so that passages are numbered in the order they are seen."""
    Centre.objects.get_or_create(pk=1)
    return Centre.objects.select_for_update().get(pk=1)
