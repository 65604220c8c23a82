"""What the parts of effort weigh: read, and chosen."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.insights.metrics import weighing, weights
from careline.insights.metrics.intervals import Estimate
from careline.touchpoints.feelings import PARTS

router = Router(tags=["Metrics"])


@router.get(
    "/metrics/effort/weights",
    **operation(
        "get_effort_weights", "What the parts of effort weigh, and what the house's own answers tell of them",
        gives=shapes.EffortWeights,
    ),
)  # fmt: skip
def shown(request: Request) -> HttpResponse:
    return told(_weights(request))


@router.put(
    "/metrics/effort/weights",
    **operation(
        "weigh_effort", "Weigh the parts of effort alike, or by the house's own answers about ease",
        takes=shapes.EffortWeighing, gives=shapes.EffortWeights, problems=(422,),
    ),
)  # fmt: skip
def weighed(request: Request) -> HttpResponse:
    weights.weigh(asked(request, shapes.EffortWeighing).way, actor=request.auth)
    return told(_weights(request))


def _weights(request: Request) -> shapes.EffortWeights:
    found, kept = weights.told(request.auth), weights.in_force()
    now = tuple(kept.weights) if kept else weights.ALIKE
    return shapes.EffortWeights(
        way="answers" if kept and kept.way == "answers" else "alike", n=found.n, fewest=weighing.FEWEST,
        holds=found.holds, weighed=_ends(found.weighed), alike=_ends(found.alike),
        parts=[
            shapes.EffortPart(
                part, now[n] / 100, found.weights[n] / 100 if found.weights else None,
                _ends(found.costs[n]) if found.costs else None,
            )
            for n, part in enumerate(PARTS)
        ],
    )  # fmt: skip


def _ends(found: Estimate | None) -> list[float] | None:
    return [found.value, found.low, found.high] if found else None
