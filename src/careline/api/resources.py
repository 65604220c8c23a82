"""Every resource of the API, mounted once."""

from __future__ import annotations

from functools import cache

from ninja import NinjaAPI

from careline.api import (
    assignment,
    closure,
    companies,
    conversations,
    customers,
    files,
    house,
    journeys,
    knowing,
    merges,
    messages,
    segments,
    sheets,
    snooze,
    sources,
    touchpoints,
)
from careline.api.door import api

RESOURCES = (
    conversations,
    messages,
    closure,
    assignment,
    snooze,
    customers,
    merges,
    companies,
    segments,
    sheets,
    knowing,
    touchpoints,
    journeys,
    house,
    sources,
    files,
)


@cache
def mounted() -> NinjaAPI:
    for resource in RESOURCES:
        api.add_router("", resource.router)
    return api
