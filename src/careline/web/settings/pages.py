"""The pages of the settings area and who sees them; a room that comes later adds its own here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.web.doors import AgentRequest
from careline.web.errors import timed


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
    Page("hours", "clock", "house", ("promises.manage",)),
    Page("promises", "alarm", "house", ("promises.manage",)),
    Page("roles", "shield", "house", ("roles.manage",)),
    Page("signing-in", "lock", "house", ("organization.manage", "roles.manage")),
    Page("attributes", "tag", "house", ("organization.manage",)),
    Page("purposes", "mail", "house", ("organization.manage",)),
    Page("contact", "hand", "house", ("organization.manage",)),
    Page("recovery", "undo", "house", ("organization.manage",)),
    Page("automation", "refresh", "house", ("rules.manage",)),
    Page("inboxes", "inbox", "house", ("inboxes.manage",)),
    Page("suppressions", "ban", "house", ("customers.edit",)),
    Page("queues", "sift", "house", ("queues.manage",)),
    Page("skills", "checks", "house", ("queues.manage",)),
    Page("statuses", "eye", "house", ("queues.manage",)),
    Page("replies", "spark", "house", ("knowledge.edit",)),
    Page("voice", "chat", "house", ("knowledge.edit",)),
    Page("earned", "send", "house", ("bots.manage",)),
    Page("retention", "clock", "house", ("organization.manage",)),
    Page("tokens", "key", "programs", ("tokens.manage",)),
    Page("sources", "plug", "programs", ("organization.manage",)),
    Page("rules", "tag", "programs", ("organization.manage",)),
    Page("imports", "file", "programs", ("organization.manage",)),
    Page("audit", "history", "programs", ("audit.view",)),
    Page("analysis", "monitor", "programs", ("organization.manage",)),
    Page("meaning", "language", "programs", ("organization.manage",)),
    Page("own", "user", "you"),
    Page("ways", "key", "you"),
)


def words() -> dict[str, str]:
    return {
        "organization": _("The firm"),
        "agents": _("Agents"),
        "teams": _("Teams"),
        "hours": _("Hours"),
        "promises": _("Promises"),
        "roles": _("Roles"),
        "attributes": _("Attributes"),
        "purposes": _("Kinds of message"),
        "contact": _("Contact rules"),
        "recovery": _("Recovery"),
        "automation": _("Rules"),
        "inboxes": _("Inboxes"),
        "queues": _("Queues"),
        "skills": _("Skills"),
        "statuses": _("Statuses"),
        "suppressions": _("Suppressed addresses"),
        "tokens": _("API tokens"),
        "sources": _("Event sources"),
        "rules": _("Event rules"),
        "imports": _("Imports"),
        "audit": _("Audit log"),
        "analysis": _("Analysis"),
        "meaning": _("Intelligence"),
        "replies": _("Saved replies"),
        "voice": _("Voice"),
        "earned": _("Answers by themselves"),
        "retention": _("Retention"),
        "own": _("Your settings"),
        "ways": _("Your ways in"),
        "signing-in": _("Signing in"),
        "house": _("The house"),
        "programs": _("Programs"),
        "you": _("You"),
    }


class Given:
    """What a refused form had brought, to be shown again in that form and in no other."""

    def __init__(self, post: QueryDict | None) -> None:
        self.post = QueryDict() if post is None else post

    def back(self, what: str, **row: Any) -> bool:
        """Whether it was this form; `row` tells those of one kind apart: `back("rename", team=3)`."""
        asked = {"what": what, **row}
        return all(self.post.get(name) == str(value) for name, value in asked.items())

    def one(self, what: str, name: str, kept: Any = "", **row: Any) -> Any:
        return self.post.get(name, "") if self.back(what, **row) else kept

    def many(self, what: str, name: str, kept: Iterable[Any] = (), **row: Any) -> list[str]:
        return self.post.getlist(name) if self.back(what, **row) else [str(one) for one in kept]


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
    given = Given(request.POST if context.get("errors") else None)
    return render(request, f"settings/{template}", {**shared, "errors": {}, "given": given, **context}, status=status)


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
        said = {f"{what}.{refusal.field}" if refusal.field else what: str(refusal), "any": str(refusal)}
        return timed(again(said, refusal.status), refusal)
    return answer if isinstance(answer, HttpResponse) else redirect(f"{back}?done={what}")


def number(value: str | None) -> int:
    if not value or not value.isdecimal() or len(value) > 18:
        raise Refused(_("Choose one from the list."))
    return int(value)
