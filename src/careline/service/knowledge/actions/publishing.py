"""What readers see: published, taken back, put away and taken out again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, Refused
from careline.service.knowledge import drawing, meaning
from careline.service.knowledge.actions import passages, taking
from careline.service.knowledge.models import Article, Edition, Passage, Translation, Version

EXCERPT = 160
# Passages are given their vectors in pieces, so that nobody waits for a whole house.
PIECE = 200
# Of a circle of articles that replace each other none is reached.
MOST_STEPS = 8


@transaction.atomic
def publish(translation_id: int, *, actor: Actor) -> Edition:
    """From now on readers see what is written now."""
    one = taking.translation(translation_id, actor)
    if one.article.archived_at is not None:
        raise Conflicting(_("This article was put away. Take it out first."))
    if not one.body.strip():
        raise Refused(_("There is nothing to read yet."), field="body")
    taking.centre()
    last = Version.objects.filter(translation=one, aside=False).order_by("-number").first()
    assert last is not None  # a draft is a version
    known = Edition.objects.filter(translation=one).first()
    if known is not None and known.version == last.number and known.title == one.title:
        raise Conflicting(_("This is published already, word for word."))
    drawn, now = drawing.draw(one.body), clock.now()
    edition, _made = Edition.objects.update_or_create(
        translation=one,
        defaults={
            "version": last.number, "title": one.title, "excerpt": one.summary or text.excerpt(drawn.plain, EXCERPT),
            "html": drawn.html, "headings": drawn.headings, "minutes": drawn.minutes, "published_at": now,
        },
        create_defaults={
            "version": last.number, "title": one.title, "excerpt": one.summary or text.excerpt(drawn.plain, EXCERPT),
            "html": drawn.html, "headings": drawn.headings, "minutes": drawn.minutes, "published_at": now,
            "first_published_at": now, "search": "",
        },
    )  # fmt: skip
    passages.write(edition, one, drawn)
    Version.objects.filter(pk=last.pk).update(published_at=now)
    audit.record(
        "article.published", f"article:{one.article_id}", actor=actor, languages=[one.language], version=last.number
    )
    return edition


@transaction.atomic
def withdraw(translation_id: int, *, actor: Actor) -> Translation:
    """Readers see it no more in this language; what was written stays a draft."""
    one = taking.translation(translation_id, actor)
    if not Edition.objects.filter(translation=one).delete()[0]:
        raise Conflicting(_("This is not published."))
    audit.record("article.withdrawn", f"article:{one.article_id}", actor=actor, languages=[one.language])
    return one


@transaction.atomic
def archive(article_id: int, *, actor: Actor, replaced_by: int | None = None) -> Article:
    """Put away in all languages. Its addresses lead to what replaces it."""
    article = taking.article(article_id, actor)
    if article.archived_at is not None:
        raise Conflicting(_("This article was put away already."))
    if replaced_by is not None:
        _must_lead_on(article, taking.article(replaced_by, actor))
    article.archived_at, article.replaced_by_id = clock.now(), replaced_by
    article.save(update_fields=["archived_at", "replaced_by"])
    audit.record("article.archived", f"article:{article.pk}", actor=actor)
    return article


@transaction.atomic
def restore(article_id: int, *, actor: Actor) -> Article:
    """As it was, published where it was published."""
    article = taking.article(article_id, actor)
    if article.archived_at is None:
        raise Conflicting(_("This article was not put away."))
    article.archived_at = article.replaced_by = None
    article.save(update_fields=["archived_at", "replaced_by"])
    audit.record("article.restored", f"article:{article.pk}", actor=actor)
    return article


def _must_lead_on(article: Article, other: Article) -> None:
    """Followed to its end it may not come back here, and may not be longer than readers are led."""
    at: Article | None = other
    for _step in range(MOST_STEPS):
        if at is None or at.archived_at is None:
            return
        if at.replaced_by_id == article.pk:
            break
        at = at.replaced_by
    raise Refused(_("These articles would lead in a circle."), field="replaced_by")


def give_vectors() -> int:
    """Passages that were written while their language was not understood, or by another model, get their vectors."""
    given = 0
    for language in Edition.objects.values_list("translation__language", flat=True).distinct():
        known = meaning.encoder(language)
        while known is not None and (done := _given(language, known.model_id)):
            given += done
    return given


@transaction.atomic
def _given(language: str, model_id: str) -> int:
    taking.centre()
    rows = list(
        Passage.objects.filter(edition__translation__language=language)
        .exclude(model_id=model_id)
        .order_by("pk")[:PIECE]
    )
    Passage.objects.filter(pk__in=[one.pk for one in rows]).delete()
    for one in rows:
        one.pk = None
        one._state.adding = True
        one.vector, one.model_id = meaning.vector_of(one.words, language)
    Passage.objects.bulk_create(rows)
    return len(rows)
