"""The door of providers: what they deliver is kept as it came, and answered at once."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse

from careline.api import problems, reading
from careline.api.door import must_fit, told
from careline.channels import inbound
from careline.kit.signing import NotGenuine
from careline.kit.threads import REFUSED


class Kept(msgspec.Struct, frozen=True):
    """What was delivered lies safe; `repeated` when it had come before."""

    id: str
    repeated: bool


def door(request: HttpRequest, kind: str, inbox_key: str) -> HttpResponse:
    try:
        if request.method == "GET":
            return HttpResponse(
                inbound.handshake(kind, inbox_key, reading.query(request.META.get("QUERY_STRING", ""))),
                content_type="text/plain; charset=utf-8",
                headers={"X-Content-Type-Options": "nosniff"},
            )
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "GET, POST"})
        if (refusal := request.META.get(REFUSED)) is not None:
            raise refusal
        must_fit(request, inbound.largest(kind))
        # A mail is larger than what Django reads of a form.
        accepted = inbound.accept(kind, inbox_key, request.read(), request.headers)
    except NotGenuine as forged:
        raise problems.Forged(str(forged)) from forged
    return told(Kept(str(accepted.id), accepted.repeated))
