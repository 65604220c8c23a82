"""Files on their way to the line: brought, looked at, started, watched, stopped, dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.accounts import queries as accounts
from careline.customers.sheets import cells
from careline.kit.refusals import Conflicting, Refused
from careline.tracking import actions, queries
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, number, show
from careline.web.tracking import mappings, profiles, words

BOTH = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 30
# On the page; the file of them has all. While it runs the page is drawn anew each second.
REFUSED, LIVE = 100, 10


@BOTH
@signed_in
def imports(request: AgentRequest) -> HttpResponse:
    actor = request.actor
    queries.imports(actor)  # whoever may not is told before a file is read

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        given = request.GET.get("before", "")
        before = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
        found = queries.imports(actor)
        rows = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
        known: dict[str, Any] = {
            "imports": [words.imported(one) for one in rows[:PAGE]],
            "older": f"/settings/imports?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
            "newer": "/settings/imports" if before else "",
            "errors": errors,
        }
        return show(request, "imports", "imports.html", known, status)

    def upload() -> HttpResponse:
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            raise Refused(_("Choose a file."), field="file")
        made = actions.upload(file.chunks(), name=file.name or "", actor=actor)
        return redirect(f"/settings/imports/{made.pk}")

    if request.method != "POST":
        return draw({})
    return attempt(request, {"upload": upload}, draw, back="/settings/imports")


@BOTH
@signed_in
def imported(request: AgentRequest, import_id: int) -> HttpResponse:
    actor, post = request.actor, request.POST
    queries.imported(actor, import_id)
    here = f"/settings/imports/{import_id}"

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        row = queries.imported(actor, import_id)
        one = words.imported(row)
        most = LIVE if one.is_live else REFUSED
        known: dict[str, Any] = {"one": one, "errors": errors, "most": most}
        if row.state == "ready" and one.is_answers:
            return redirect(f"/surveys/import/{import_id}")
        if row.state == "ready":
            known |= _looked_at(request, import_id, errors)
        elif row.refused:
            known["refused"] = queries.refused_rows(actor, import_id, limit=most)
        return show(request, "imports", "import.html", {"refused": [], **known}, status)

    def start() -> HttpResponse:
        wanted = None
        if queries.imported(actor, import_id).state == "ready":
            wanted = _wanted(post, queries.look_at(actor, import_id).columns)
        source = post.get("source", "")
        actions.start(import_id, wanted, actor=actor, source_id=number(source) if source else None)
        return redirect(here)  # without a word that something was saved: the page says how far it is

    def stop() -> HttpResponse:
        actions.stop(import_id, actor=actor)
        return redirect(here)

    def drop() -> HttpResponse:
        actions.drop(import_id, actor=actor)
        return redirect("/settings/imports?done=drop")

    if request.method != "POST":
        return draw({})
    acts: dict[str, Callable[[], Any]] = {
        "look": lambda: draw({}),
        "start": start,
        "stop": stop,
        "drop": drop,
    }
    return attempt(request, acts, draw, back=here)


@require_safe
@signed_in
def refused(request: AgentRequest, import_id: int) -> HttpResponseBase:
    found = queries.refused_lines(request.actor, import_id)
    head = [_("Line"), _("Column"), _("Why")]

    def lines() -> Iterator[str]:
        yield "\ufeff" + cells.line(head)  # by which spreadsheets know that it is UTF-8
        for row, field, why in found:
            yield cells.line([str(row), field, why])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{import_id}.csv"'
    return answer


def _wanted(post: QueryDict, known: Sequence[str]) -> queries.Columns:
    if mappings.is_turned(post):
        raise Refused(_("The rows are taken for something else now: look again before you start."))
    if post.get("form") == "profiles":
        return profiles.wanted(post, known)
    return mappings.wanted(post, known)


def _looked_at(request: AgentRequest, import_id: int, errors: dict[str, str]) -> dict[str, Any]:
    """What the columns hold, what they are taken for, and what the first rows would be then."""
    actor, post = request.actor, request.POST
    try:
        look = queries.look_at(actor, import_id)
        if mappings.is_turned(post):
            post = QueryDict()
            look = queries.look_at(actor, import_id, form=mappings.form_of(request.POST))
        guess = look.guess
        if post:
            try:
                meant = _wanted(post, look.columns)
                look = queries.look_at(actor, import_id, meant)
            except Refused as refusal:
                errors.setdefault("any", str(refusal))
    except Conflicting:
        raise
    except Refused as refusal:
        return {"broken": str(refusal)}
    format = queries.imported(actor, import_id).format
    is_profiles = post.get("form", guess["form"]) == "profiles"
    own = [(str(one.pk), one.name) for one in queries.sources(actor) if one.archived_at is None]
    return {
        "broken": "",
        "look": look,
        "trials": [words.trial(one) for one in look.trials],
        "mapping": (profiles if is_profiles else mappings).drawn(post, look, guess, format),
        "is_profiles": is_profiles,
        "sources": [("", _("A source of their own: files")), *own],
        "source": post.get("source", ""),
        "zone": accounts.organization().zone,
    }
