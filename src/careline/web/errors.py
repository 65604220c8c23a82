"""What a person is told when something cannot be shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused, TooMany
from careline.web.viewer import Viewer


def fragment(request: HttpRequest) -> bool:
    """Asked for by a script of ours, which shows a sentence rather than a page."""
    return request.headers.get("HX-Request") is not None or "application/json" in request.headers.get("Accept", "")


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    if fragment(request):
        text = "text/plain; charset=utf-8"
        return timed(HttpResponse(escape(str(refusal)), status=refusal.status, content_type=text), refusal)
    page = {403: "errors/403.html", 404: "errors/404.html"}.get(refusal.status, "errors/refused.html")
    return timed(render(request, page, {"sentence": str(refusal)}, status=refusal.status), refusal)


def timed(answer: HttpResponse, refusal: Refused) -> HttpResponse:
    """The answer, with the seconds to wait where the refusal names them."""
    if isinstance(refusal, TooMany) and refusal.retry_after is not None:
        answer["Retry-After"] = str(refusal.retry_after)
    return answer


def outage(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The database is away or full: the page is drawn without it."""
    _for_anybody(request)
    answer = refused(request, refusal)
    if refusal.status == 503:
        answer["Retry-After"] = "2"
    return answer


def _for_anybody(request: HttpRequest) -> None:
    request.viewer = Viewer(language=translation.get_language() or "en")  # type: ignore[attr-defined]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if fragment(request):
        return HttpResponse(_("There is nothing at this address"), status=404, content_type="text/plain; charset=utf-8")
    return render(request, "errors/404.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = _("The request could not be read.")
    if fragment(request):
        return HttpResponse(sentence, status=400, content_type="text/plain; charset=utf-8")
    return render(request, "errors/refused.html", {"sentence": sentence}, status=400)


def failed(request: HttpRequest) -> HttpResponse:
    _for_anybody(request)
    return render(request, "errors/500.html", status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    if fragment(request):
        return HttpResponse(_("This form was no longer valid"), status=403, content_type="text/plain; charset=utf-8")
    return render(request, "errors/csrf.html", status=403)
