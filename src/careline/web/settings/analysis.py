"""How far the copy that analysis reads has come."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from careline.insights import figures
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import show


@require_safe
@signed_in
def analysis(request: AgentRequest) -> HttpResponse:
    return show(request, "analysis", "analysis.html", {"copy": figures.standing(request.actor)})
