"""What states and audiences of articles are called, and the pages of the room."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from careline.service.knowledge import shapes
from careline.web import viewer
from careline.web.doors import AgentRequest
from careline.web.help import frame


def audiences() -> list[tuple[str, str]]:
    return [("public", _("everybody")), ("customers", _("customers who signed in")), ("agents", _("the team alone"))]


def states() -> list[tuple[str, str]]:
    return [
        ("all", _("All")), ("published", _("Published")), ("draft", _("Drafts")), ("changed", _("Changed since")),
        ("review", _("To be reviewed")), ("archived", _("Put away")),
    ]  # fmt: skip


def tabs() -> list[tuple[str, str, str]]:
    return [
        ("articles", "/knowledge", _("Articles")), ("missing", "/knowledge/missing", _("Missing languages")),
        ("gaps", "/knowledge/gaps", _("Gaps")), ("collections", "/knowledge/collections", _("Collections")),
        ("import", "/knowledge/import", _("Import")), ("centre", "/knowledge/centre", _("Help center")),
    ]  # fmt: skip


def page(
    request: AgentRequest, template: str, context: dict[str, Any], *, tab: str = "", status: int = 200
) -> HttpResponse:
    shared = {
        "tabs": tabs(), "tab": tab, "may_edit": request.actor.may("knowledge.edit"), "named": viewer.named,
        "languages": shapes.languages(), "audiences": dict(audiences()), "direction": frame.direction,
        "done": request.GET.get("done", ""), "errors": {},
    }  # fmt: skip
    return render(request, f"knowledge/{template}", shared | context, status=status)
