"""Articles with their languages and versions, and what a search finds among them."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, drawing, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.kit import text
from careline.kit.refusals import Refused
from careline.service.knowledge import actions, queries, search
from careline.service.knowledge.shapes import Placed, Written

router = Router(tags=["Knowledge"])


@router.get(
    "/articles",
    **operation("list_articles", "List articles, the newest first", gives=shapes.Articles, paged=True, problems=(422,)),
)
def index(request: Request) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.number("z", cursor) if cursor else None
    rows = queries.articles(request.auth, before=before, limit=limit + 1)
    following = cursors.of_number("z", rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Articles([_drawn(one) for one in rows[:limit]], following))


@router.post(
    "/articles",
    **operation(
        "make_article", "Write an article, as a draft", takes=shapes.ArticleMaking, gives=shapes.Article, status=201,
        problems=(404,),
    ),
)  # fmt: skip
def make(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.ArticleMaking)
    made = actions.create(_written(wanted), _placed(wanted), actor=request.auth, language=wanted.language)
    return _told(request, made.article_id, 201)


@router.get(
    "/articles/search",
    **operation(
        "search_articles", "What answers a question, the best first", gives=shapes.ArticleHits, problems=(422,),
        query={
            "q": {"required": True, "schema": {"type": "string", "maxLength": 300}},
            "language": {"schema": {"type": "string", "default": "en"}},
            "limit": {"schema": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10}},
        },
    ),
)  # fmt: skip
def found(request: Request) -> HttpResponse:
    request.auth.must("knowledge.view")
    given = query(request)
    limit = given.get("limit", "10")
    if not (limit.isascii() and limit.isdecimal() and 0 < int(limit[:4]) <= 50 and len(limit) < 4):
        raise Refused("limit is a number from 1 to 50.", field="limit")
    if "q" not in given:
        raise Refused("Say in q what you look for.", field="q")
    asked_for = text.clean(given["q"], field="q", limit=search.LONGEST)
    language = text.clean(given.get("language", "en"), field="language", limit=35)
    hits = search.search(request.auth, asked_for, language, limit=int(limit), place="api")
    return told(shapes.ArticleHits([_hit(one) for one in hits.hits], hits.by))


@router.get(
    "/articles/{article_id}", **operation("get_article", "Get an article", gives=shapes.Article, problems=(404,))
)
def one(request: Request, article_id: str) -> HttpResponse:
    return _told(request, reading.number(article_id))


@router.put(
    "/articles/{article_id}",
    **operation(
        "place_article", "Say where an article stands and for whom it is, in all its languages",
        takes=shapes.ArticlePlacing, gives=shapes.Article, problems=(404,),
    ),
)  # fmt: skip
def place(request: Request, article_id: str) -> HttpResponse:
    number = reading.number(article_id)
    actions.place(number, _placed(asked(request, shapes.ArticlePlacing)), actor=request.auth)
    return _told(request, number)


@router.put(
    "/articles/{article_id}/languages/{language}",
    **operation(
        "write_article", "Write an article in a language; readers see it once it is published",
        takes=shapes.ArticleWriting, gives=shapes.Article, problems=(404, 409),
    ),
)  # fmt: skip
def write(request: Request, article_id: str, language: str) -> HttpResponse:
    wanted, number = asked(request, shapes.ArticleWriting), reading.number(article_id)
    whole = queries.article(request.auth, number)
    known = next((text for text in whole.translations.all() if text.language == language), None)
    if known is None:
        actions.translate(number, _written(wanted), actor=request.auth, language=language)
    else:
        actions.change(known.pk, _written(wanted), revision=wanted.revision, actor=request.auth)
    return _told(request, number)


@router.put(
    "/articles/{article_id}/languages/{language}/publication",
    **operation(
        "publish_article", "Publish what is written in a language", gives=shapes.Article, write=True, problems=(404,),
    ),
)  # fmt: skip
def publish(request: Request, article_id: str, language: str) -> HttpResponse:
    text = queries.translation(request.auth, reading.number(article_id), language)
    actions.publish(text.pk, actor=request.auth)
    return _told(request, text.article_id)


@router.delete(
    "/articles/{article_id}/languages/{language}/publication",
    **operation(
        "withdraw_article", "Take it back in a language; what was written stays", gives=shapes.Article, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def withdraw(request: Request, article_id: str, language: str) -> HttpResponse:
    text = queries.translation(request.auth, reading.number(article_id), language)
    actions.withdraw(text.pk, actor=request.auth)
    return _told(request, text.article_id)


@router.get(
    "/articles/{article_id}/languages/{language}/versions",
    **operation(
        "list_article_versions", "What was kept of it in a language, the newest first", gives=shapes.ArticleVersions,
        paged=True, problems=(404, 422),
    ),
)  # fmt: skip
def versions(request: Request, article_id: str, language: str) -> HttpResponse:
    text = queries.translation(request.auth, reading.number(article_id), language)
    kept = queries.versions(request.auth, text.pk)
    rows, following = paging.of_places("y", request, kept, lambda one: paging.newest(one.number))
    drawn = [
        shapes.ArticleVersion(
            one.number, one.title, one.summary, one.body, one.aside, drawing.id_of(one.written_by), one.written_at,
            one.published_at,
        )
        for one in rows
    ]  # fmt: skip
    return told(shapes.ArticleVersions(drawn, following))


@router.put(
    "/articles/{article_id}/archiving",
    **operation(
        "archive_article", "Put an article away; its addresses lead to what replaces it", takes=shapes.ArticleArchiving,
        gives=shapes.Article, problems=(404,),
    ),
)  # fmt: skip
def archive(request: Request, article_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.ArticleArchiving), reading.number(article_id)
    other = None if wanted.replaced_by is None else reading.number(wanted.replaced_by)
    actions.archive(number, actor=request.auth, replaced_by=other)
    return _told(request, number)


@router.delete(
    "/articles/{article_id}/archiving",
    **operation("restore_article", "Take it out again", gives=shapes.Article, write=True, problems=(404,)),
)
def restore(request: Request, article_id: str) -> HttpResponse:
    number = reading.number(article_id)
    actions.restore(number, actor=request.auth)
    return _told(request, number)


def _written(wanted: shapes.ArticleMaking | shapes.ArticleWriting) -> Written:
    return Written(
        title=wanted.title,
        body=wanted.body,
        summary=wanted.summary,
        phrasings=tuple(wanted.phrasings),
        slug=wanted.slug,
    )


def _placed(wanted: shapes.ArticlePlacing) -> Placed:
    return Placed(
        collection_id=None if wanted.collection_id is None else reading.number(wanted.collection_id),
        audience=wanted.audience, owner_id=None if wanted.owner_id is None else reading.number(wanted.owner_id),
        review_on=wanted.review_on,
    )  # fmt: skip


def _told(request: Request, article_id: int, status: int = 200) -> HttpResponse:
    return told(_drawn(queries.article(request.auth, article_id)), status)


def _drawn(one: Any) -> shapes.Article:
    return shapes.Article(
        id=str(one.pk), collection_id=drawing.id_of(one.collection_id), audience=one.audience,
        owner_id=drawing.id_of(one.owner_id), review_on=one.review_on, archived_at=one.archived_at,
        languages=[_text(text) for text in one.translations.all()],
    )  # fmt: skip


def _text(text: Any) -> shapes.ArticleText:
    edition = getattr(text, "edition", None)
    said = {
        name: getattr(text, name) for name in ("language", "slug", "title", "summary", "body", "phrasings", "revision")
    }
    return shapes.ArticleText(
        **said, changed_at=text.changed_at, published_at=edition.published_at if edition else None,
        helped=edition.helped if edition else 0, failed=edition.failed if edition else 0,
        url=_url(text.language, text.slug) if edition else None,
    )  # fmt: skip


def _hit(hit: search.Hit) -> shapes.ArticleHit:
    card = hit.card
    return shapes.ArticleHit(
        str(card.article_id), card.language, card.title, card.excerpt, msgspec.convert(card.audience, shapes.Audience),
        _url(card.language, card.slug), round(hit.score, 4), None if hit.near is None else round(hit.near, 4),
        round(hit.covered, 4),
    )  # fmt: skip


def _url(language: str, slug: str) -> str:
    return f"{settings.CARELINE_BASE_URL}/help/{language}/articles/{slug}"
