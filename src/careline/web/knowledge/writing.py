"""The editor: an article in a language, its preview, its versions, and where it stands."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts import queries as accounts
from careline.kit.refusals import Refused
from careline.service.knowledge import actions, drawing, queries, shapes
from careline.service.knowledge.actions import picturing
from careline.service.knowledge.bringing import actions as bringing
from careline.service.knowledge.bringing import archive
from careline.service.knowledge.shapes import Placed, Written
from careline.web.doors import AgentRequest, signed_in
from careline.web.help.frame import gone_to
from careline.web.knowledge import words
from careline.web.marks import trusted
from careline.web.settings.pages import number

BOTH = require_http_methods(["GET", "HEAD", "POST"])
FIELDS = ("title", "summary", "body", "phrasings", "slug")
# Lines of two versions that are compared; longer ones are shown whole.
MOST_LINES = 3000


@BOTH
@signed_in
def create(request: AgentRequest) -> HttpResponse:
    """A new article, with what a gap or a search says of it in the address."""
    actor, post = request.actor, request.POST
    actor.must("knowledge.edit")
    language = (post or request.GET).get("language", "") or shapes.languages()[0]
    errors, status = {}, 200
    if request.method == "POST":
        try:
            made = actions.create(_written(post), _placed(post), actor=actor, language=language)
            if settled := post.getlist("settles"):
                actions.settle_asked(settled, actor=actor, language=language)
            return gone_to(f"/knowledge/{made.article_id}?done=made")
        except Refused as refusal:
            errors, status = _told(refusal), refusal.status
    asked = request.GET.get("q", "")[:200]
    fresh = {"title": asked.capitalize(), "phrasings": asked} | dict.fromkeys(("summary", "body", "slug"), "")
    one = _given(post) if errors else fresh
    context = {
        "one": one, "language": language, "errors": errors, "placed": post if errors else {}, **_choices(request),
        "settles": post.getlist("settles") if errors else request.GET.getlist("settles"),
    }  # fmt: skip
    return words.page(request, "new.html", context, status=status)


@BOTH
@signed_in
def article(request: AgentRequest, article_id: int) -> HttpResponse:
    """In the language asked for. What one does is named by `what`; what somebody else wrote meanwhile is never lost."""
    actor, post = request.actor, request.POST
    asked = request.GET.get("language", "")
    whole = queries.article(actor, article_id)
    written = [one.language for one in whole.translations.all()]
    if asked and asked not in written:
        return _untranslated(request, article_id, asked)
    found = queries.translation(actor, article_id, asked)
    errors, status, clashed = {}, 200, 0
    if request.method == "POST":
        try:
            return _done(request, found)
        except actions.Clashed as clash:
            errors, status, clashed = _told(clash), clash.status, clash.version
        except Refused as refusal:
            if refusal.status not in (409, 413, 422):
                raise
            errors, status = _told(refusal), refusal.status
    is_back = bool(errors) and post.get("what") in ("keep", "publish")
    context = {
        "found": found, "article": whole, "edition": getattr(found, "edition", None), "written": written,
        "errors": errors,
        "one": _given(post) if is_back else _kept(found), "clashed": clashed, "language": found.language,
        # Of a clash the box holds what is brought, and keeping it again is meant.
        "revision": post.get("revision") if is_back and not clashed else found.revision,
        "pictures": queries.pictures(actor, article_id), "redirects": queries.redirects(actor, found.pk),
        "verdicts": queries.verdicts(actor, found.pk, limit=10), "placed": {}, **_choices(request),
    }  # fmt: skip
    return words.page(request, "article.html", context, status=status)


def _done(request: AgentRequest, found: Any) -> HttpResponse:
    actor, post, what = request.actor, request.POST, request.POST.get("what", "")
    if what in ("keep", "publish"):
        actions.change(found.pk, _written(post), revision=number(post.get("revision")), actor=actor)
        if what == "publish":
            actions.publish(found.pk, actor=actor)
    elif what == "withdraw":
        actions.withdraw(found.pk, actor=actor)
    elif what == "place":
        actions.place(found.article_id, _placed(post), actor=actor)
    elif what == "archive":
        other = post.get("replaced_by", "").strip()
        actions.archive(found.article_id, actor=actor, replaced_by=number(other) if other else None)
    elif what == "restore":
        actions.restore(found.article_id, actor=actor)
    elif what == "redirect":
        actions.redirect(found.pk, post.get("redirect", ""), actor=actor)
    elif what == "drop_redirect":
        actions.drop_redirect(number(post.get("redirect")), actor=actor)
    elif what == "picture":
        file = request.FILES.get("picture")
        if not isinstance(file, UploadedFile):
            raise Refused(_("Choose a file."), field="picture")
        actions.add_picture(
            found.article_id, file.read(picturing.LARGEST + 1), name=file.name or "picture", actor=actor
        )
    elif what == "drop":
        actions.drop_translation(found.pk, actor=actor)
        return gone_to("/knowledge?done=drop")
    else:
        raise Refused(_("There is nothing of that name to change."))
    return gone_to(f"/knowledge/{found.article_id}?{urlencode({'language': found.language, 'done': what})}")


def _untranslated(request: AgentRequest, article_id: int, language: str) -> HttpResponse:
    """A language it is not there in yet, beside the one it was written in."""
    actor, post = request.actor, request.POST
    actor.must("knowledge.edit")
    shapes.must_be_spoken(language)
    first = queries.translation(actor, article_id)
    errors, status = {}, 200
    if request.method == "POST":
        try:
            made = actions.translate(article_id, _written(post), actor=actor, language=language)
            return gone_to(f"/knowledge/{made.article_id}?{urlencode({'language': language, 'done': 'made'})}")
        except Refused as refusal:
            errors, status = _told(refusal), refusal.status
    one = _given(post) if errors else dict.fromkeys(FIELDS, "")
    context = {
        "one": one,
        "language": language,
        "errors": errors,
        "first": first,
        "text": trusted(drawing.draw(first.body).html),
    }
    return words.page(request, "translate.html", context, status=status)


@require_http_methods(["POST"])
@signed_in
def preview(request: AgentRequest) -> HttpResponse:
    """What readers would see of what stands in the box."""
    request.actor.must("knowledge.view")
    body = request.POST.get("body", "")[: shapes.BODY]
    return HttpResponse(drawing.draw(body.replace("\0", "")).html)


@BOTH
@signed_in
def versions(request: AgentRequest, article_id: int) -> HttpResponse:
    """What was kept, and one of them beside what is there now."""
    actor, post = request.actor, request.POST
    found = queries.translation(actor, article_id, request.GET.get("language", ""))
    if request.method == "POST":
        old = queries.version(actor, found.pk, number(post.get("version")))
        again = Written(title=old.title, summary=old.summary, body=old.body, phrasings=tuple(old.phrasings))
        actions.change(found.pk, again, revision=number(post.get("revision")), actor=actor)
        return gone_to(f"/knowledge/{article_id}?{urlencode({'language': found.language, 'done': 'keep'})}")
    asked = request.GET.get("version", "")
    shown = queries.version(actor, found.pk, number(asked)) if asked else None
    names = {one.pk: one.name for one in accounts.agents(actor)}
    context = {
        "found": found, "rows": queries.versions(actor, found.pk), "names": names, "shown": shown,
        "lines": _compared(shown.body, found.body) if shown else [], "language": found.language,
        "text": trusted(drawing.draw(shown.body).html) if shown else "",
    }  # fmt: skip
    return words.page(request, "versions.html", context)


def _compared(old: str, new: str) -> list[tuple[str, str]]:
    """Lines that went, came or stayed; nothing where there are too many to compare."""
    before, after = old.splitlines(), new.splitlines()
    if len(before) + len(after) > MOST_LINES:
        return []
    signs = {"-": "gone", "+": "new"}
    return [
        (signs.get(line[0], ""), line[1:])
        for line in difflib.unified_diff(before, after, lineterm="", n=2)
        if not line.startswith(("---", "+++", "@@"))
    ]


@BOTH
@signed_in
def bring(request: AgentRequest) -> HttpResponse:
    actor = request.actor
    actor.must("knowledge.edit")
    error, report, status = "", None, 200
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if not isinstance(file, UploadedFile):
                raise Refused(_("Choose a file."), field="file")
            content = file.read(archive.LARGEST + 1)
            report = bringing.bring(file.name or "", content, actor=actor, publish="publish" in request.POST)
        except Refused as refusal:
            if refusal.status not in (409, 413, 422):
                raise
            error, status = str(refusal), refusal.status
    return words.page(request, "import.html", {"error": error, "report": report}, tab="import", status=status)


def _written(post: Any) -> Written:
    said = {name: post.get(name, "") for name in FIELDS}
    return Written(**said | {"phrasings": tuple(post.get("phrasings", "").splitlines())})


def _placed(post: Any) -> Placed:
    day = post.get("review_on", "").strip()
    try:
        review_on = date.fromisoformat(day) if day else None
    except ValueError:
        raise Refused(_("Write a day like 2026-03-31."), field="review_on") from None
    return Placed(
        collection_id=number(post["collection"]) if post.get("collection") else None,
        audience=post.get("audience", "public"), owner_id=number(post["owner"]) if post.get("owner") else None,
        review_on=review_on,
    )  # fmt: skip


def _given(post: Any) -> dict[str, str]:
    return {name: post.get(name, "") for name in FIELDS}


def _kept(found: Any) -> dict[str, str]:
    return {name: getattr(found, name) for name in FIELDS if name != "phrasings"} | {
        "phrasings": "\n".join(found.phrasings)
    }


def _told(refusal: Refused) -> dict[str, str]:
    return {refusal.field or "any": str(refusal), "any": str(refusal)}


def _choices(request: AgentRequest) -> dict[str, Any]:
    actor = request.actor
    return {
        "collections": [("", _("in no collection"))] + [
            (str(one.pk), one.called(actor.language)) for one in queries.collections(actor)
        ],
        "owners": [("", _("nobody"))] + [
            (str(one.pk), one.name) for one in accounts.agents(actor).filter(is_active=True)
        ],
        "whom": words.audiences(),
    }  # fmt: skip
