"""The OpenAPI document for programs, and the same as a page for people."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careline.api import document, reference
from careline.api.door import written


def document_door(request: HttpRequest) -> HttpResponse:
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET"})
    return written(document.encoded())


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return render(
        request, "api/docs.html", {"reference": reference.reference(), "base_url": settings.CARELINE_BASE_URL}
    )
