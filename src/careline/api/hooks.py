"""Programs that are told of what happens: where they listen, and how that goes."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.hooks import actions, queries

router = Router(tags=["Rules"])


@router.get(
    "/webhooks",
    **operation("list_webhooks", "The programs that are told", gives=shapes.Webhooks, paged=True, problems=(422,)),
)
def index(request: Request) -> HttpResponse:
    rows, following = paging.of_places("h", request, queries.endpoints(request.auth), lambda one: (one.name, one.pk))
    return told(shapes.Webhooks([_drawn(one) for one in rows], following))


@router.post(
    "/webhooks",
    **operation(
        "make_webhook", "Tell a program; its secret is in this answer alone", takes=shapes.WebhookMaking,
        gives=shapes.Webhook, status=201,
    ),
)  # fmt: skip
def make(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.WebhookMaking)
    made, secret = actions.open_endpoint(wanted.name, wanted.url, actor=request.auth)
    found = shapes.Webhook(str(made.pk), made.name, made.url, 0, 0, None, secret)
    return told(found, 201)


@router.delete(
    "/webhooks/{webhook_id}",
    **operation(
        "drop_webhook", "Tell a program nothing more, not even what waits", gives=shapes.Webhooks, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def drop(request: Request, webhook_id: str) -> HttpResponse:
    actions.close_endpoint(reading.number(webhook_id), actor=request.auth)
    return index(request)


def _drawn(one: queries.Listening) -> shapes.Webhook:
    return shapes.Webhook(str(one.pk), one.name, one.url, one.waiting, one.failed, one.last, None)
