"""What is known of customers and of conversations: attributes, where each value came from, and consent."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.contact import leaving
from careline.customers import actions, queries
from careline.customers.queries import Provenance as Known
from careline.service.conversations import actions as conversations

router = Router(tags=["Customers"])
PURPOSE = {"description": "What one click is about; any when left out.", "schema": {"type": "string", "default": "any"}}


@router.get(
    "/attributes",
    **operation(
        "list_attributes",
        "List the organization's own attributes",
        gives=shapes.Attributes,
        paged=True,
        problems=(422,),
    ),
)
def attributes(request: Request) -> HttpResponse:
    request.auth.must("customers.view")
    return told(_attributes(request))


@router.put(
    "/attributes/{name}",
    **operation(
        "define_attribute", "Define an attribute, or change its label and choices", takes=shapes.AttributeDefining,
        gives=shapes.Attributes, problems=(404,),
    ),
)  # fmt: skip
def define(request: Request, name: str) -> HttpResponse:
    wanted = asked(request, shapes.AttributeDefining)
    actions.define_attribute(name, wanted.label, wanted.type, wanted.choices, of=wanted.of, actor=request.auth)
    return told(_attributes(request))


@router.put(
    "/attributes/{name}/question",
    **operation(
        "ask_attribute", "Ask for it of whoever resolves a conversation of which conditions hold",
        takes=shapes.AttributeAsking, gives=shapes.Attributes, problems=(404,),
    ),
)  # fmt: skip
def ask(request: Request, name: str) -> HttpResponse:
    conversations.ask_attribute(name, asked(request, shapes.AttributeAsking).conditions, actor=request.auth)
    return told(_attributes(request))


@router.delete(
    "/attributes/{name}/question",
    **operation("unask_attribute", "Ask nobody for it any more", gives=shapes.Attributes, write=True, problems=(404,)),
)
def unask(request: Request, name: str) -> HttpResponse:
    conversations.ask_attribute(name, None, actor=request.auth)
    return told(_attributes(request))


@router.delete(
    "/attributes/{name}",
    **operation(
        "drop_attribute", "Take an attribute and all its values away", gives=shapes.Attributes, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def drop(request: Request, name: str) -> HttpResponse:
    conversations.drop_attribute(name.replace("\0", ""), actor=request.auth)
    return told(_attributes(request))


@router.get(
    "/customers/{customer_id}/provenance",
    **operation(
        "get_provenance", "Where each value of a customer came from", gives=shapes.Provenance, paged=True,
        problems=(404, 422),
    ),
)  # fmt: skip
def provenance(request: Request, customer_id: str) -> HttpResponse:
    found = queries.provenance(request.auth, reading.number(customer_id))
    rows, following = paging.of_places("v", request, found, _said_first)
    items = [
        shapes.Origin(
            field=one.field, value=one.value, customer_id=str(one.person_id), source=one.source or None, at=one.at
        )
        for one in rows
    ]
    return told(shapes.Provenance(items, following))


@router.get(
    "/customers/{customer_id}/consents",
    **operation("list_consents", "What a customer agreed to", gives=shapes.Consents, paged=True, problems=(404, 422)),
)
def consents(request: Request, customer_id: str) -> HttpResponse:
    return told(_consents(request, reading.number(customer_id)))


@router.put(
    "/customers/{customer_id}/consents/{purpose}",
    **operation(
        "say_consent", "A customer agrees to be written to for a purpose, or not; any is everything but answers",
        takes=shapes.Consenting, gives=shapes.Consents, problems=(404,),
    ),
)  # fmt: skip
def consent(request: Request, customer_id: str, purpose: str) -> HttpResponse:
    wanted, number = asked(request, shapes.Consenting), reading.number(customer_id)
    actions.say_consent(number, purpose, given=wanted.given, actor=request.auth)
    return told(_consents(request, number))


@router.get(
    "/customers/{customer_id}/opt-out",
    **operation(
        "get_opt_out", "The link by which a customer says what they want to be written to for", gives=shapes.OptOut,
        query={"purpose": PURPOSE}, problems=(404, 422),
    ),
)  # fmt: skip
def opt_out(request: Request, customer_id: str) -> HttpResponse:
    purpose = request.GET.get("purpose", actions.ANY)
    found = queries.customer(request.auth, reading.number(customer_id))
    # Whoever has the link speaks as the customer.
    request.auth.must("customers.edit")
    return told(shapes.OptOut(leaving.link(found.pk, purpose), leaving.headers(found.pk, purpose)))


@router.get(
    "/purposes",
    **operation(
        "list_purposes",
        "List the kinds of message customers choose among",
        gives=shapes.Purposes,
        paged=True,
        problems=(422,),
    ),
)
def purposes(request: Request) -> HttpResponse:
    request.auth.must("customers.view")
    return told(_purposes(request))


@router.put(
    "/purposes/{name}",
    **operation(
        "define_purpose", "Define a kind of message, or say it in other words", takes=shapes.PurposeDefining,
        gives=shapes.Purposes, problems=(404,),
    ),
)  # fmt: skip
def define_purpose(request: Request, name: str) -> HttpResponse:
    wanted = asked(request, shapes.PurposeDefining)
    actions.define_purpose(name, wanted.label, wanted.about, actor=request.auth)
    return told(_purposes(request))


@router.delete(
    "/purposes/{name}",
    **operation(
        "drop_purpose", "Offer a kind of message no more; what customers said of it stays", gives=shapes.Purposes,
        write=True, problems=(404,),
    ),
)  # fmt: skip
def drop_purpose(request: Request, name: str) -> HttpResponse:
    actions.drop_purpose(name.replace("\0", ""), actor=request.auth)
    return told(_purposes(request))


def _said_first(one: Known) -> paging.Place:
    """Name, language and zone before attributes and what was worked out."""
    return f"{':' in one.field:d}{one.field}", 0


def _purposes(request: Request) -> shapes.Purposes:
    rows, following = paging.of_places("u", request, queries.purposes(), lambda one: (one.label, one.pk))
    return shapes.Purposes([shapes.Purpose(one.name, one.label, one.about) for one in rows], following)


def _attributes(request: Request) -> shapes.Attributes:
    rows, following = paging.of_places("q", request, queries.attributes(None), lambda one: (one.name, one.pk))
    items = [
        shapes.Attribute(one.name, one.label, one.type, one.choices, one.of, one.asked)  # type: ignore[arg-type]  # the database checks them
        for one in rows
    ]
    return shapes.Attributes(items, following)


def _consents(request: Request, number: int) -> shapes.Consents:
    found = queries.consents(request.auth, number)
    rows, following = paging.of_places("e", request, found, lambda one: (one.purpose, 0))
    items = [
        shapes.Consent(
            purpose=one.purpose, given=one.given, at=one.at, source=one.source, customer_id=str(one.person_id)
        )
        for one in rows
    ]
    return shapes.Consents(items, following)
