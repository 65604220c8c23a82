"""Somebody writes to us without a mail program: a page without script, by link or within other people's sites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from careline.accounts import attempts
from careline.channels import forms, outside
from careline.channels.forms import Form
from careline.channels.letters import Attachment, Filled
from careline.kit import ids, signing
from careline.kit.refusals import Refused
from careline.service.knowledge import search
from careline.service.knowledge.readers import STRANGER
from careline.web.middleware import POLICY
from careline.web.viewer import Viewer

_PAGE = "form.page"
FIELDS = ("name", "address", "subject", "text")
# People leave this empty since they do not see it; programs fill in whatever is there.
TRAP = "website"


# Nobody is signed in here: there is no authority that another site could borrow.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, key: str) -> HttpResponse:
    found = forms.opened(key)
    with translation.override(_language(request, found)):
        if request.method != "POST":
            return _drawn(request, found, {name: request.GET.get(name, "")[:200] for name in FIELDS}, {})
        given = {name: request.POST.get(name, "") for name in FIELDS}
        if request.POST.get(TRAP):
            return _thanks(request)
        try:
            if near := _near(request, given):
                return _drawn(request, found, given, {}, near=near)
            _send(request, found, given)
        except Refused as refusal:
            field = "files" if refusal.field == "file" else refusal.field
            return _drawn(request, found, given, {field or "form": str(refusal)}, refusal.status)
        return _thanks(request)


@require_safe
def sent(request: HttpRequest, key: str) -> HttpResponse:
    found = forms.opened(key)
    with translation.override(_language(request, found)):
        return _framed(render(request, "form/sent.html", _known(found)))


def _send(request: HttpRequest, found: Form, given: dict[str, str]) -> None:
    once = signing.unsign(_PAGE, request.POST.get("page", ""))
    files = tuple(_file(one) for one in request.FILES.getlist("files"))
    filled = forms.checked(Filled(**given, files=files))
    # Counted when it could be taken: who corrects a field has not sent anything yet.
    account = f"{found.inbox.key}:{filled.address.casefold()}"
    attempts.begin("form", account, request.META.get("REMOTE_ADDR", ""))
    forms.send(found, filled, once)


def _near(request: HttpRequest, given: dict[str, str]) -> list[search.Hit]:
    """Articles that probably answer it, once, before it is sent; whoever saw them sends it all the same."""
    words = f"{given['subject']} {given['text']}".strip()
    if request.POST.get("sure") or not words or not given["address"].strip():
        return []
    return search.suggested(STRANGER, words, get_language() or "en")


def _file(upload: UploadedFile[bytes]) -> Attachment:
    # One more byte than may be says that there are too many, without reading them all.
    return Attachment(upload.name or "file", upload.content_type or "", upload.read(forms.LARGEST + 1))


def _language(request: HttpRequest, found: Form) -> str:
    language = found.inbox.language if found.inbox.language in dict(settings.LANGUAGES) else "en"
    request.viewer = Viewer(language=language)  # type: ignore[attr-defined]
    return language


def _known(found: Form) -> dict[str, Any]:
    shown, closed = found.inbox.settings, outside.closed(found.inbox.inbox_id)
    return {
        "title": shown.get("sender") or found.inbox.name, "above": shown.get("form_words", ""),
        "closed": closed.opening(get_language() or "en") if closed else None,
        "key": found.inbox.key, "most_files": forms.MOST_FILES, "most_mb": forms.LARGEST // (1024 * 1024),
    }  # fmt: skip


def _drawn(
    request: HttpRequest,
    found: Form,
    given: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
    near: Sequence[search.Hit] = (),
) -> HttpResponse:
    told = dict.fromkeys((*FIELDS, "files", "form"), "") | errors
    context = _known(found) | {"given": given, "errors": told, "page": _page(request), "trap": TRAP}
    context["wrong"] = bool(errors)
    context["sure"] = request.POST.get("sure", "")
    context["near"] = [one.card for one in near]
    return _framed(render(request, "form/form.html", context, status=status))


def _page(request: HttpRequest) -> str:
    """One that is sent back keeps its name, so that nothing is said twice."""
    given = request.POST.get("page", "")
    try:
        signing.unsign(_PAGE, given)
    except signing.NotGenuine:
        return signing.sign(_PAGE, str(ids.uuid7()))
    return given


def _thanks(request: HttpRequest) -> HttpResponse:
    answer = HttpResponseRedirect(f"{request.path}/sent")
    answer.status_code = 303
    return _framed(answer)


def _framed(answer: HttpResponse) -> HttpResponse:
    """It may stand within other people's pages, which may look at nothing of ours."""
    answer["Content-Security-Policy"] = POLICY.format(frames="*")
    answer["Cross-Origin-Opener-Policy"] = "unsafe-none"
    answer["Cache-Control"] = "no-store"
    return answer
