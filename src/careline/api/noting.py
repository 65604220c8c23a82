"""What people note beside figures: annotations, and kept ways of looking at the scoreboard."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.api.journeys.asking import moment, said
from careline.insights.metrics import noting

router = Router(tags=["Metrics"])
TIMES = {
    "from": said("Only from then on.", format="date-time"),
    "to": said("Only before then.", format="date-time"),
}


@router.get(
    "/annotations",
    **operation(
        "list_annotations", "What happened to the house, the oldest first", gives=shapes.Annotations, query=TIMES,
        problems=(422,),
    ),
)  # fmt: skip
def noted(request: Request) -> HttpResponse:
    given = query(request)
    found = noting.noted(request.auth, moment(given, "from"), moment(given, "to"))
    return told(shapes.Annotations([_annotation(one) for one in found]))


@router.post(
    "/annotations",
    **operation(
        "make_annotation", "Note a release, an outage, a price change", takes=shapes.Annotating,
        gives=shapes.Annotation, status=201,
    ),
)  # fmt: skip
def annotate(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.Annotating)
    made = noting.annotate(
        actor=request.auth, at=wanted.at, until=wanted.until, words=wanted.words, kind=wanted.kind
    )  # fmt: skip
    return told(_annotation(made), 201)


@router.delete(
    "/annotations/{annotation_id}",
    **operation(
        "remove_annotation", "Take an annotation away", gives=shapes.Annotation, write=True, problems=(404,)
    ),
)  # fmt: skip
def remove(request: Request, annotation_id: str) -> HttpResponse:
    return told(_annotation(noting.remove_annotation(reading.number(annotation_id), actor=request.auth)))


@router.get(
    "/scoreboard-views",
    **operation(
        "list_scoreboard_views", "Kept ways of looking at the scoreboard, by name", gives=shapes.ScoreboardViews
    ),
)
def views(request: Request) -> HttpResponse:
    return told(shapes.ScoreboardViews([_view(one) for one in noting.views(request.auth)]))


@router.post(
    "/scoreboard-views",
    **operation(
        "keep_scoreboard_view", "Keep a way of looking at the scoreboard", takes=shapes.ScoreboardViewKeeping,
        gives=shapes.ScoreboardView, status=201,
    ),
)  # fmt: skip
def keep(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.ScoreboardViewKeeping)
    return told(_view(noting.keep_view(wanted.name, wanted.chosen, actor=request.auth, shared=wanted.shared)), 201)


@router.delete(
    "/scoreboard-views/{view_id}",
    **operation(
        "remove_scoreboard_view", "Take a view of one's own away", gives=shapes.ScoreboardView, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def remove_view(request: Request, view_id: str) -> HttpResponse:
    return told(_view(noting.remove_view(reading.number(view_id), actor=request.auth)))


def _annotation(one: noting.Note) -> shapes.Annotation:
    return shapes.Annotation(id=str(one.pk), at=one.at, until=one.until, kind=one.kind, words=one.words)


def _view(one: noting.Kept) -> shapes.ScoreboardView:
    return shapes.ScoreboardView(id=str(one.pk), name=one.name, shared=one.shared, chosen=dict(one.chosen))
