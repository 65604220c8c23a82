"""Computed traits: defined, looked at before they are kept, and what they are of a customer."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.customers import actions, formulas, queries
from careline.customers.queries import Defined
from careline.insights.computed import verbs

router = Router(tags=["Customers"])


@router.get(
    "/computed-traits",
    **operation(
        "list_computed_traits", "List what is worked out of customers, with how many have a value",
        gives=shapes.ComputedTraits,
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    return told(shapes.ComputedTraits([_drawn(one) for one in queries.computed_traits(request.auth)]))


@router.post(
    "/previews/computed-traits",
    **operation(
        "preview_computed_trait", "What would be worked out of how many customers; nothing is kept",
        takes=shapes.ComputedFormula, gives=shapes.ComputedPreview,
    ),
)  # fmt: skip
def preview(request: Request) -> HttpResponse:
    found = verbs.preview(request.auth, asked(request, shapes.ComputedFormula).formula)
    return told(
        shapes.ComputedPreview(
            count=found.people, of=found.of, type=found.type,  # type: ignore[arg-type]  # of the three a formula knows
            median=found.median, least=found.least, most=found.most,
            words=[shapes.ComputedWord(one.value, one.people) for one in found.words], at=found.at,
        )
    )  # fmt: skip


@router.get(
    "/computed-traits/{name}",
    **operation("get_computed_trait", "Get a computed trait", gives=shapes.ComputedTrait, problems=(404,)),
)
def one(request: Request, name: str) -> HttpResponse:
    return told(_drawn(queries.computed_trait(request.auth, name)))


@router.put(
    "/computed-traits/{name}",
    **operation(
        "define_computed_trait", "Say how a trait is worked out; it is of everybody before this answers",
        takes=shapes.ComputedTraitWriting, gives=shapes.ComputedTrait, problems=(404,),
    ),
)  # fmt: skip
def define(request: Request, name: str) -> HttpResponse:
    wanted = asked(request, shapes.ComputedTraitWriting)
    return told(_drawn(verbs.save(name, wanted.label, wanted.formula, actor=request.auth)))


@router.delete(
    "/computed-traits/{name}",
    **operation(
        "drop_computed_trait", "Take a computed trait and its values away; the moments stay",
        gives=shapes.ComputedTrait, write=True, problems=(404,),
    ),
)  # fmt: skip
def drop(request: Request, name: str) -> HttpResponse:
    last = queries.computed_trait(request.auth, name)
    actions.remove_computed(name, actor=request.auth)
    return told(_drawn(last))


@router.get(
    "/customers/{customer_id}/computed-traits",
    **operation(
        "list_customer_computed_traits", "What is worked out of a customer, from how many moments, as of when",
        gives=shapes.ComputedValues, problems=(404,),
    ),
)  # fmt: skip
def of_customer(request: Request, customer_id: str) -> HttpResponse:
    rows = queries.computed_of(request.auth, reading.number(customer_id))
    return told(
        shapes.ComputedValues([
            shapes.ComputedValue(
                name=one.name, label=one.label, value=one.value, moments=one.moments, since=one.since, at=one.at
            )
            for one in rows
        ])
    )  # fmt: skip


def _drawn(one: Defined) -> shapes.ComputedTrait:
    return shapes.ComputedTrait(
        name=one.name, label=one.label, formula=one.formula, type=formulas.type_of(one.formula), count=one.people,
        changed_at=one.changed_at, counted_at=one.counted_at,
        inbox_ids=None if one.inboxes is None else [str(inbox) for inbox in one.inboxes],
    )  # fmt: skip
