"""Segments: written, counted before they are kept, and who belongs to them."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.customers import actions, queries
from careline.customers.queries import Counted
from careline.insights.segments import verbs

router = Router(tags=["Segments"])


@router.get(
    "/segments",
    **operation(
        "list_segments", "List the segments with how many belong to each, by name", gives=shapes.Segments, paged=True,
        problems=(422,),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    after = cursors.text_and_number("n", cursor) if cursor else None
    rows = queries.segments(request.auth, after=after, limit=limit + 1)
    following = cursors.of_text("n", rows[limit - 1].name, rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Segments([_drawn(one) for one in rows[:limit]], following))


@router.post(
    "/segments",
    **operation("make_segment", "Make a segment", takes=shapes.SegmentWriting, gives=shapes.Segment, status=201),
)
def create(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.SegmentWriting)
    return told(_drawn(verbs.save(wanted.name, wanted.rule, actor=request.auth)), 201)


@router.post(
    "/segments/count",
    **operation(
        "count_segment", "How many customers a rule is true of now; nothing is kept", takes=shapes.Rule,
        gives=shapes.Count,
    ),
)  # fmt: skip
def count(request: Request) -> HttpResponse:
    found = verbs.count(request.auth, asked(request, shapes.Rule).rule)
    return told(shapes.Count(count=found.people, of=found.of, at=found.at))


@router.get(
    "/segments/{segment_id}",
    **operation("get_segment", "Get a segment", gives=shapes.Segment, problems=(404,)),
)
def one(request: Request, segment_id: str) -> HttpResponse:
    return told(_drawn(queries.segment(request.auth, reading.number(segment_id))))


@router.put(
    "/segments/{segment_id}",
    **operation(
        "change_segment", "Give a segment another name and rule", takes=shapes.SegmentWriting, gives=shapes.Segment,
        problems=(404,),
    ),
)  # fmt: skip
def change(request: Request, segment_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.SegmentWriting), reading.number(segment_id)
    return told(_drawn(verbs.save(wanted.name, wanted.rule, actor=request.auth, segment_id=number)))


@router.delete(
    "/segments/{segment_id}",
    **operation(
        "remove_segment", "Take a segment away; the customers stay", gives=shapes.Segment, write=True, problems=(404,)
    ),
)
def remove(request: Request, segment_id: str) -> HttpResponse:
    number = reading.number(segment_id)
    last = queries.segment(request.auth, number)
    actions.remove_segment(number, actor=request.auth)
    return told(_drawn(last))


@router.get(
    "/segments/{segment_id}/customers",
    **operation(
        "list_segment_customers", "Who belongs to a segment, the newest first", gives=shapes.Customers, paged=True,
        problems=(404, 422),
    ),
)  # fmt: skip
def people(request: Request, segment_id: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.number("p", cursor) if cursor else None
    members = queries.in_segment(request.auth, reading.number(segment_id))
    rows = queries.search(request.auth, before=before, limit=limit, among=members)
    following = cursors.of_number("p", rows[-1].pk) if len(rows) == limit else None
    return told(shapes.Customers([drawing.customer(one) for one in queries.whole(rows)], following))


def _drawn(one: Counted) -> shapes.Segment:
    return shapes.Segment(
        id=str(one.pk), name=one.name, rule=one.rule, count=one.people, changed_at=one.changed_at,
        counted_at=one.counted_at,
        inbox_ids=None if one.inboxes is None else [str(inbox) for inbox in one.inboxes],
    )  # fmt: skip
