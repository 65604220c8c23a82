"""Collections of articles, what is missing among them, and folders that are brought, as a resource each."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from ninja import Router

from careline.api import paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, must_be_upload, told
from careline.kit.refusals import NotVisible, Refused
from careline.service.knowledge import actions, gaps, queries
from careline.service.knowledge.bringing import actions as bringing
from careline.service.knowledge.bringing.archive import LARGEST

router = Router(tags=["Knowledge"])
UPLOAD = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {
                "file": {
                    "type": "string", "format": "binary",
                    "description": "A zip of Markdown and HTML with their pictures, or a single such file.",
                },
                "publish": {"type": "string", "enum": ["on"], "description": "Publish what is brought."},
            },
            "required": ["file"],
        }
    }
}  # fmt: skip


@router.get(
    "/article-collections",
    **operation(
        "list_article_collections", "List collections, in their order", gives=shapes.ArticleCollections, paged=True,
        problems=(422,),
    ),
)  # fmt: skip
def collections(request: Request) -> HttpResponse:
    kept = queries.collections(request.auth)
    rows, following = paging.of_places("x", request, kept, lambda one: (f"{one.position:019}", one.pk))
    return told(shapes.ArticleCollections([_collection(one) for one in rows], following))


@router.post(
    "/article-collections",
    **operation(
        "make_article_collection", "Make a collection", takes=shapes.ArticleCollectionWriting,
        gives=shapes.ArticleCollection, status=201,
    ),
)  # fmt: skip
def make_collection(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.ArticleCollectionWriting)
    made = actions.keep_collection(wanted.names, wanted.about, actor=request.auth, slug=wanted.slug)
    return told(_collection(made), 201)


@router.put(
    "/article-collections/{collection_id}",
    **operation(
        "change_article_collection", "Change a collection", takes=shapes.ArticleCollectionWriting,
        gives=shapes.ArticleCollection, problems=(404,),
    ),
)  # fmt: skip
def change_collection(request: Request, collection_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.ArticleCollectionWriting), reading.number(collection_id)
    actions.keep_collection(wanted.names, wanted.about, actor=request.auth, slug=wanted.slug, collection_id=number)
    return told(_collection(next(one for one in queries.collections(request.auth) if one.pk == number)))


@router.delete(
    "/article-collections/{collection_id}",
    **operation(
        "drop_article_collection", "Take an empty collection away", gives=shapes.ArticleCollection, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def drop_collection(request: Request, collection_id: str) -> HttpResponse:
    request.auth.must("knowledge.edit")
    number = reading.number(collection_id)
    last = next((one for one in queries.collections(request.auth) if one.pk == number), None)
    if last is None:
        raise NotVisible("There is no such collection.")
    drawn = _collection(last)
    actions.drop_collection(number, actor=request.auth)
    return told(drawn)


@router.get(
    "/knowledge-gaps",
    **operation(
        "list_knowledge_gaps", "What was looked for in vain in the last 30 days, the most often first",
        gives=shapes.KnowledgeGaps, paged=True, problems=(422,),
    ),
)  # fmt: skip
def list_gaps(request: Request) -> HttpResponse:
    kept = list(enumerate(gaps.searches(request.auth)))
    rows, following = paging.of_places("v", request, kept, lambda one: (f"{one[0]:019}", one[0]))
    drawn = [shapes.KnowledgeGap(gap.words, list(gap.also), gap.language, gap.times, gap.refused) for _at, gap in rows]
    return told(shapes.KnowledgeGaps(drawn, following))


@router.post(
    "/article-imports",
    **operation(
        "import_articles", "Bring a folder of Markdown or HTML", takes=UPLOAD, gives=shapes.ArticlesBrought, status=201,
    ),
)  # fmt: skip
def bring(request: Request) -> HttpResponse:
    request.auth.must("knowledge.edit")
    must_be_upload(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Refused("Send one file in the field “file”.", field="file")
    publish = request.POST.get("publish") == "on"
    report = bringing.bring(file.name or "", file.read(LARGEST + 1), actor=request.auth, publish=publish)
    drawn = shapes.ArticlesBrought(
        [str(one) for one in report.made], [str(one) for one in report.changed], report.same, report.pictures,
        [shapes.ArticleRefusal(one.path, one.why) for one in report.refused],
    )  # fmt: skip
    return told(drawn, 201)


def _collection(one: Any) -> shapes.ArticleCollection:
    return shapes.ArticleCollection(str(one.pk), one.slug, one.names, one.about, getattr(one, "count", 0))
