"""An article is written, in each language by itself; what two wrote at once is both kept."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.accounts.models import Agent
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotVisible
from careline.service.knowledge import drawing, shapes
from careline.service.knowledge.actions import passages, taking
from careline.service.knowledge.models import Article, Collection, Edition, Redirect, Translation, Version
from careline.service.knowledge.shapes import Placed, Written

MOST_ADDRESSES = 1000


class Clashed(Conflicting):
    """Somebody wrote meanwhile; what was brought is kept beside it, under this number."""

    def __init__(self, translation_id: int, version: int) -> None:
        super().__init__(
            _("Somebody else changed this meanwhile. Yours is kept as version %(n)s; compare the two.") % {"n": version}
        )
        self.translation_id, self.version = translation_id, version


@transaction.atomic
def create(written: Written, placed: Placed, *, actor: Actor, language: str) -> Translation:
    """A draft nobody but the house sees."""
    actor.must("knowledge.edit")
    given = shapes.checked(written)
    article = Article(created_at=clock.now())
    _put(article, placed)
    article.save()
    made = _translated(article, given, actor=actor, language=shapes.must_be_spoken(language))
    audit.record("article.made", f"article:{article.pk}", actor=actor)
    return made


@transaction.atomic
def translate(article_id: int, written: Written, *, actor: Actor, language: str) -> Translation:
    """The same article in a further language, as a draft."""
    article = taking.article(article_id, actor)
    if Translation.objects.filter(article=article, language=language).exists():
        raise Conflicting(_("This article is there in this language already."))
    made = _translated(article, shapes.checked(written), actor=actor, language=shapes.must_be_spoken(language))
    audit.record("article.translated", f"article:{article.pk}", actor=actor, languages=[language])
    return made


def change(translation_id: int, written: Written, *, revision: int | None, actor: Actor) -> Translation:
    """The draft as it now stands. Of an old `revision` it is refused, and what was brought is kept as a version aside.

    None overwrites whatever is there: for programs that know.
    """
    with transaction.atomic():
        one = taking.translation(translation_id, actor)
        given = shapes.checked(written)
        if revision is None or revision == one.revision:
            return _changed(one, given, actor)
        aside = _version(one, given, actor, aside=True)
    raise Clashed(translation_id, aside.number)


@transaction.atomic
def drop_translation(translation_id: int, *, actor: Actor) -> None:
    """A draft that was never published goes; the last of an article takes it along."""
    one = taking.translation(translation_id, actor)
    if Version.objects.filter(translation=one, published_at__isnull=False).exists():
        raise Conflicting(_("This was published: put the article away instead, and its addresses still lead on."))
    audit.record("article.draft-dropped", f"article:{one.article_id}", actor=actor, languages=[one.language])
    one.delete()
    if not Translation.objects.filter(article=one.article_id).exists():
        Article.objects.filter(pk=one.article_id).delete()


@transaction.atomic
def place(article_id: int, placed: Placed, *, actor: Actor) -> Article:
    """Where it stands, for whom it is, whose it is and when it is looked at again; in all languages at once."""
    article = taking.article(article_id, actor)
    before = article.audience
    _put(article, placed)
    article.save()
    if article.audience != before:
        # Vectors are kept by audience.
        taking.centre()
        for edition in Edition.objects.filter(translation__article=article).select_related("translation"):
            passages.write(edition, edition.translation, drawing.draw(_published(edition).body))
    audit.record("article.placed", f"article:{article.pk}", actor=actor, audiences=[article.audience])
    return article


def _published(edition: Edition) -> Version:
    return Version.objects.get(translation=edition.translation_id, number=edition.version)


def _put(article: Article, placed: Placed) -> None:
    article.audience = shapes.must_be_an_audience(placed.audience)
    if placed.collection_id is not None and not Collection.objects.filter(pk=placed.collection_id).exists():
        raise NotVisible(_("There is no such collection."), field="collection")
    if placed.owner_id is not None and not Agent.objects.active().filter(pk=placed.owner_id).exists():
        raise NotVisible(_("There is no such agent."), field="owner")
    article.collection_id, article.owner_id = placed.collection_id, placed.owner_id
    article.review_on = placed.review_on


def _translated(article: Article, given: Written, *, actor: Actor, language: str) -> Translation:
    words = given.slug or drawing.slug(given.title) or f"article-{article.pk}"
    made = Translation(
        article=article, language=language, slug=_free(words, language, exact=bool(given.slug)), changed_at=clock.now(),
        changed_by=actor.agent_id, **_said(given),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise Conflicting(_("Another article has this address already."), field="slug") from error
    _version(made, given, actor)
    return made


def _free(words: str, language: str, *, exact: bool) -> str:
    """The address as it was given, or refused; one that is made of a title goes on counting until it is free."""
    for number in range(1, MOST_ADDRESSES):
        slug = words if number == 1 else f"{words}-{number}"
        if not _taken(slug, language):
            return slug
        if exact:
            break
    raise Conflicting(_("Another article has this address already."), field="slug")


def _taken(slug: str, language: str, but: int = 0) -> bool:
    others = Translation.objects.filter(language=language, slug=slug).exclude(pk=but)
    led = Redirect.objects.filter(language=language, slug=slug).exclude(translation=but)
    return others.exists() or led.exists()


def _said(given: Written) -> dict[str, Any]:
    return {
        "title": given.title, "summary": given.summary, "body": given.body, "phrasings": list(given.phrasings),
    }  # fmt: skip


def _changed(one: Translation, given: Written, actor: Actor) -> Translation:
    slug = given.slug or one.slug
    if slug != one.slug:
        if _taken(slug, one.language, but=one.pk):
            raise Conflicting(_("Another article has this address already."), field="slug")
        Redirect.objects.filter(translation=one, slug=slug).delete()
        if Version.objects.filter(translation=one, published_at__isnull=False).exists():
            Redirect.objects.get_or_create(language=one.language, slug=one.slug, defaults={"translation": one})
    elif msgspec.structs.replace(_as_written(one), slug=given.slug) == given:
        return one
    for name, value in _said(given).items():
        setattr(one, name, value)
    one.slug, one.changed_at, one.changed_by = slug, clock.now(), actor.agent_id
    one.revision += 1
    one.save()
    _version(one, given, actor)
    audit.record("article.changed", f"article:{one.article_id}", actor=actor, languages=[one.language])
    return one


def _as_written(one: Translation) -> Written:
    return Written(title=one.title, summary=one.summary, body=one.body, phrasings=tuple(one.phrasings), slug=one.slug)


def _version(one: Translation, given: Written, actor: Actor, *, aside: bool = False) -> Version:
    last = Version.objects.filter(translation=one).aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(
        translation=one, number=last + 1, aside=aside, written_by=actor.agent_id, written_at=clock.now(), **_said(given)
    )
