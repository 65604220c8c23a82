"""Whether an inbox still answers by itself: stopped by too many answers, it goes on when somebody says so."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, told
from careline.channels import actions, queries

router = Router(tags=["House"])


@router.get(
    "/inboxes/{inbox_id}/breaker",
    **operation(
        "get_breaker", "Since when an inbox sends no automatic answers any more", gives=shapes.Breaker, problems=(404,)
    ),
)  # fmt: skip
def show(request: Request, inbox_id: str) -> HttpResponse:
    return told(_drawn(request, reading.number(inbox_id)))


@router.delete(
    "/inboxes/{inbox_id}/breaker",
    **operation(
        "reset_breaker", "Let an inbox answer automatically again", gives=shapes.Breaker, write=True, problems=(404,)
    ),
)  # fmt: skip
def delete(request: Request, inbox_id: str) -> HttpResponse:
    number = reading.number(inbox_id)
    actions.let_answer_again(number, actor=request.auth)
    return told(_drawn(request, number))


def _drawn(request: Request, number: int) -> shapes.Breaker:
    return shapes.Breaker(inbox_id=str(number), tripped_at=queries.tripped_at(request.auth, number))
