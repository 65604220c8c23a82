"""The pages of the settings area and who sees them; a room that comes later adds its own here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.web.doors import AgentRequest, given


class Page(msgspec.Struct, frozen=True):
    key: str
    icon: str
    group: str
    # Any of these lets one in; none means everybody who is signed in.
    permissions: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"/settings/{self.key}"


PAGES = (
    Page("organization", "building", "house", ("organization.manage",)),
    Page("agents", "users", "house", ("agents.manage",)),
    Page("teams", "assign", "house", ("teams.manage",)),
    Page("roles", "shield", "house", ("roles.manage",)),
    Page("inboxes", "inbox", "house", ("inboxes.manage",)),
    Page("tokens", "key", "programs", ("tokens.manage",)),
    Page("audit", "history", "programs", ("audit.view",)),
    Page("own", "user", "you"),
)


def words() -> dict[str, str]:
    return {
        "organization": _("The firm"),
        "agents": _("Agents"),
        "teams": _("Teams"),
        "roles": _("Roles"),
        "inboxes": _("Inboxes"),
        "tokens": _("API tokens"),
        "audit": _("Audit log"),
        "own": _("Your settings"),
        "house": _("The house"),
        "programs": _("Programs"),
        "you": _("You"),
    }


def open_to(request: AgentRequest) -> list[Page]:
    may = request.actor.may
    return [page for page in PAGES if not page.permissions or any(may(one) for one in page.permissions)]


def show(request: AgentRequest, key: str, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the area with its list of pages; not visible pages are not listed."""
    named = words()
    groups: dict[str, list[tuple[Page, str]]] = {}
    for page in open_to(request):
        groups.setdefault(named[page.group], []).append((page, named[page.key]))
    shared = {"groups": groups, "page_key": key, "page_word": named[key], "done": request.GET.get("done", "")}
    return render(
        request, f"settings/{template}", {**shared, "errors": {}, "given": given(request), **context}, status=status
    )


def attempt(
    request: AgentRequest,
    acts: dict[str, Callable[[], Any]],
    again: Callable[[dict[str, str], int], HttpResponse],
    *,
    back: str,
) -> HttpResponse:
    """One of a page's forms, named by `what`. A refusal draws the page again with the sentence at its field."""
    what = request.POST.get("what", "")
    act = acts.get(what)
    try:
        if act is None:
            raise Refused(_("There is nothing of that name to change."))
        answer = act()
    except Refused as refusal:
        if refusal.status not in (409, 422, 429):
            raise
        return again(
            {f"{what}.{refusal.field}" if refusal.field else what: str(refusal), "any": str(refusal)}, refusal.status
        )
    return answer if isinstance(answer, HttpResponse) else redirect(f"{back}?done={what}")


def number(value: str | None) -> int:
    if not value or not value.isdecimal() or len(value) > 18:
        raise Refused(_("Choose one from the list."))
    return int(value)
