"""Colleagues who follow a conversation unseen by the customer: the token's agent begins and ends it."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, told
from careline.service.conversations import actions, queries

router = Router(tags=["Conversations"])


@router.get(
    "/conversations/{conversation_id}/followers",
    **operation(
        "list_followers", "Agents who follow a conversation, by name; no customer ever learns of them",
        gives=shapes.Followers, paged=True, problems=(404, 422),
    ),
)  # fmt: skip
def index(request: Request, conversation_id: str) -> HttpResponse:
    return told(_followers(request, reading.number(conversation_id)))


@router.put(
    "/conversations/{conversation_id}/follow",
    **operation(
        "follow_conversation", "The token's agent follows a conversation: what others do there is mailed to them",
        gives=shapes.Followers, write=True, problems=(404,),
    ),
)  # fmt: skip
def put(request: Request, conversation_id: str) -> HttpResponse:
    number = reading.number(conversation_id)
    actions.follow(number, actor=request.auth)
    return told(_followers(request, number))


@router.delete(
    "/conversations/{conversation_id}/follow",
    **operation(
        "unfollow_conversation", "And follows it no longer", gives=shapes.Followers, write=True, problems=(404,)
    ),
)
def delete(request: Request, conversation_id: str) -> HttpResponse:
    number = reading.number(conversation_id)
    actions.unfollow(number, actor=request.auth)
    return told(_followers(request, number))


def _followers(request: Request, number: int) -> shapes.Followers:
    found = queries.followers(request.auth, number)
    rows, following = paging.of_places("f", request, found, lambda one: (one.name, one.id))
    return shapes.Followers([shapes.Follower(str(one.id), one.name) for one in rows], following)
