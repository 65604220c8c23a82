"""Every resource of the API, mounted once."""

from __future__ import annotations

from functools import cache

from ninja import NinjaAPI

from careline.api import (
    access,
    answer_imports,
    assignment,
    breakers,
    closure,
    companies,
    computed,
    contact,
    contact_rules,
    conversations,
    customers,
    effort,
    envelopes,
    files,
    following,
    history,
    house,
    imports,
    inboxes,
    journeys,
    knowing,
    merges,
    messages,
    metrics,
    moving,
    noting,
    plans,
    privacy,
    recoveries,
    recovery_rules,
    reports,
    responses,
    segments,
    sheets,
    snooze,
    sources,
    suppressions,
    surveys,
    touchpoints,
)
from careline.api.door import api

RESOURCES = (
    conversations,
    messages,
    envelopes,
    following,
    moving,
    closure,
    assignment,
    snooze,
    customers,
    merges,
    contact,
    contact_rules,
    suppressions,
    breakers,
    privacy,
    companies,
    segments,
    computed,
    sheets,
    knowing,
    touchpoints,
    journeys,
    surveys,
    plans,
    answer_imports,
    reports,
    responses,
    effort,
    metrics,
    noting,
    recoveries,
    recovery_rules,
    house,
    access,
    inboxes,
    history,
    sources,
    imports,
    files,
)


@cache
def mounted() -> NinjaAPI:
    for resource in RESOURCES:
        api.add_router("", resource.router)
    return api
