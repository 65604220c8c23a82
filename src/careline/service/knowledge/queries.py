"""Looks of those who write: articles with their languages, versions, what is missing, and what readers said."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import NotVisible, Refused
from careline.service.knowledge import shapes
from careline.service.knowledge.models import (
    Article,
    Audience,
    Centre,
    Collection,
    Picture,
    Redirect,
    Translation,
    Verdict,
    Version,
)
from careline.service.knowledge.readers import audiences

STATES = ("all", "published", "draft", "changed", "review", "archived")
LONGEST = 200


class Narrowed(msgspec.Struct, frozen=True, kw_only=True):
    state: str = "all"
    collection_id: int | None = None
    audience: str = ""
    language: str = ""
    q: str = ""


def centre() -> Centre:
    return Centre.objects.filter(pk=1).first() or Centre()


def articles(
    actor: Actor, wanted: Narrowed | None = None, *, before: int | None = None, limit: int = 50
) -> list[Article]:
    """The newest first, each with its languages and what of them is published."""
    actor.must("knowledge.view")
    wanted = wanted or Narrowed()
    if wanted.state not in STATES:
        raise Refused(_("Choose one from the list."), field="state")
    rows = _whole(Article.objects.visible_to(actor)).filter(_of(wanted.state))
    if wanted.collection_id is not None:
        rows = rows.filter(collection=wanted.collection_id)
    if wanted.audience:
        rows = rows.filter(audience=wanted.audience)
    if wanted.language:
        rows = rows.filter(translations__language=wanted.language)
    if words := wanted.q.replace("\0", "").strip():
        rows = rows.filter(translations__title__icontains=words)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.distinct().order_by("-pk")[: max(1, min(limit, LONGEST + 1))])


def _of(state: str) -> Q:
    kept = Q(archived_at=None)
    return {
        "all": kept,
        "archived": Q(archived_at__isnull=False),
        "published": kept & Q(translations__edition__isnull=False),
        "draft": kept & Q(translations__isnull=False, translations__edition=None),
        "changed": kept & Q(translations__changed_at__gt=F("translations__edition__published_at")),
        "review": kept & Q(review_on__lte=clock.now().date()),
    }[state]


def _whole(rows: QuerySet[Article]) -> QuerySet[Article]:
    languages = Translation.objects.select_related("edition").defer("edition__html", "edition__search").order_by("pk")
    return rows.select_related("collection", "owner").prefetch_related(Prefetch("translations", languages))


def article(actor: Actor, article_id: int) -> Article:
    found = _whole(Article.objects.visible_to(actor)).filter(pk=article_id).first()
    if found is None:
        raise NotVisible(_("There is no such article."))
    return found


def translation(actor: Actor, article_id: int, language: str = "") -> Translation:
    """In that language, else in the first it was written in."""
    whole = article(actor, article_id)
    written = list(whole.translations.all())
    found = next((one for one in written if one.language == language), written[0] if written and not language else None)
    if found is None:
        raise NotVisible(_("This article is not there in this language."))
    found.article = whole
    return found


def versions(actor: Actor, translation_id: int) -> list[Version]:
    """The newest first."""
    seen = Article.objects.visible_to(actor)
    rows = Version.objects.filter(translation=translation_id, translation__article__in=seen)
    return list(rows.order_by("-number")[:LONGEST])


def version(actor: Actor, translation_id: int, number: int) -> Version:
    seen = Article.objects.visible_to(actor)
    found = Version.objects.filter(
        translation=translation_id, translation__article__in=seen, number=number
    ).first() if 0 < number < 2**31 else None  # fmt: skip
    if found is None:
        raise NotVisible(_("There is no such version."))
    return found


def redirects(actor: Actor, translation_id: int) -> list[Redirect]:
    seen = Article.objects.visible_to(actor)
    return list(Redirect.objects.filter(translation=translation_id, translation__article__in=seen).order_by("slug"))


def verdicts(actor: Actor, translation_id: int, *, limit: int = 50) -> list[Verdict]:
    """What readers wrote, the newest first; who they were nobody knows."""
    seen = Article.objects.visible_to(actor)
    rows = Verdict.objects.filter(translation=translation_id, translation__article__in=seen)
    return list(rows.exclude(words="", reason="").order_by("-pk")[:limit])


def collections(actor: Actor) -> list[Collection]:
    """In their order; `count` of each are the articles that are not put away."""
    actor.must("knowledge.view")
    kept = Count("articles", filter=Q(articles__archived_at=None))
    return list(Collection.objects.annotate(count=kept).order_by("position", "pk"))


def pictures(actor: Actor, article_id: int) -> list[Picture]:
    return list(article(actor, article_id).pictures.order_by("-added_at", "file_id"))


def picture(actor: Actor, file_id: UUID) -> Picture:
    """For whoever may read its article: of the house, or once it is published."""
    rows = Picture.objects.filter(file_id=file_id)
    if not actor.may("knowledge.view"):
        rows = rows.filter(
            article__archived_at=None, article__audience__in=audiences(actor),
            article__translations__edition__isnull=False,
        )  # fmt: skip
    found = rows.first()
    if found is None:
        raise NotVisible(_("There is no such picture."))
    return found


class Missing(msgspec.Struct, frozen=True):
    """An article by its state in each language: "published", "draft", "old" behind the first, "" for none."""

    article_id: int
    title: str
    audience: str
    states: dict[str, str]


def missing(actor: Actor, *, limit: int = LONGEST) -> list[Missing]:
    """Published articles that a language of the house lacks, or has older than the one they were first written in."""
    spoken = shapes.languages()
    rows = _whole(Article.objects.visible_to(actor).kept()).filter(translations__edition__isnull=False).distinct()
    found = []
    for one in rows.order_by("position", "pk").iterator(chunk_size=500):
        states = _states(list(one.translations.all()), spoken)
        if any(states[language] != "published" for language in spoken):
            title = next(iter(one.translations.all())).title
            found.append(Missing(one.pk, title, one.audience, states))
        if len(found) == limit:
            break
    return found


def _states(written: list[Translation], spoken: list[str]) -> dict[str, str]:
    states = dict.fromkeys(spoken, "")
    first = next((one for one in written if hasattr(one, "edition")), None)
    for one in written:
        edition = getattr(one, "edition", None)
        if edition is None:
            states[one.language] = "draft"
        elif first is not None and one.pk != first.pk and edition.published_at < first.edition.published_at:
            states[one.language] = "old"
        else:
            states[one.language] = "published"
    return states


class Due(msgspec.Struct, frozen=True):
    """How much waits for whoever writes."""

    review: int
    drafts: int


def due(actor: Actor, today: date | None = None) -> Due:
    actor.must("knowledge.view")
    kept = Article.objects.visible_to(actor).kept()
    today = today or clock.now().date()
    review = kept.filter(review_on__lte=today).count()
    return Due(review, kept.filter(translations__edition=None).distinct().count())


AUDIENCES = tuple(Audience.values)
