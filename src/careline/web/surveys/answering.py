"""The page a survey is answered on: a question at a time, without script, by whoever has the link."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.experience.surveys import actions, asking, links, queries
from careline.experience.surveys.queries import Opened
from careline.experience.surveys.recalling import Recall, spoken
from careline.experience.surveys.shapes import Question
from careline.files.actions import Given
from careline.kit import ids, signing
from careline.kit.refusals import Conflicting, Refused
from careline.web.surveys import asked, counter
from careline.web.viewer import Viewer

# Whoever holds the link; who it is, the link itself says or nobody knows.
SOMEBODY = Actor(kind="customer", id=None, name="")


# The token in the address is the authority; nobody is signed in here.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Looking answers nothing, whatever the address proposes: programs open every link of a mail."""
    try:
        found = queries.opened(token)
    except Conflicting as refusal:
        return _private(render(request, "surveys/over.html", _plain(str(refusal)), status=409))
    language = _language(request, found)
    with translation.override(language):
        request.viewer = Viewer(language=language)  # type: ignore[attr-defined]
        if found.is_over:
            return _over(request, found, language)
        if request.method == "POST":
            counter.must_be_slow(request, found)
            return _answered(request, found, language)
        return _drawn(request, found, language)


def _language(request: HttpRequest, found: Opened) -> str:
    """What was chosen here, else what they are known to speak, else what their browser asks for."""
    chosen = request.POST.get("lang", "") or request.GET.get("lang", "")
    header = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    wanted = [chosen, found.language, *(one for one, _weight in header)]
    return spoken(found.form, [one for one in wanted if one])


def _answered(request: HttpRequest, found: Opened, language: str) -> HttpResponse:
    question = found.form.question(request.POST.get("question", ""))
    if question is None:
        return _drawn(request, found, language)
    fields = {name: request.POST.get(f"field.{name}", "")[:200] for name in found.form.fields}
    sent = [_file(one) for one in request.FILES.getlist("files")] if not request.POST.get("skip") else []
    words = "" if request.POST.get("skip") else request.POST.get("words", "")
    try:
        kept = actions.answer(
            found.link, question.key, asked.value(question, request.POST), words, actor=SOMEBODY, language=language,
            fields=fields, once=_once(request), sent=sent, place=counter.place(request),
        )  # fmt: skip
    except Refused as refusal:
        if refusal.status not in (413, 422):
            return _private(render(request, "surveys/over.html", _plain(str(refusal)), status=refusal.status))
        return _drawn(request, found, language, question, str(refusal), refusal.status)
    at = counter.place(request)
    answer = HttpResponseRedirect(links.path("own", kept.pk) + (f"?at={at}" if at else ""))
    answer.status_code = 303
    return _private(answer)


def _drawn(
    request: HttpRequest, found: Opened, language: str, question: Question | None = None, error: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    form, answers = found.form, found.answers
    fields = found.fields or {name: request.GET.get(name, "")[:200] for name in form.fields if request.GET.get(name)}
    if request.method == "POST":
        fields = found.fields or {name: request.POST.get(f"field.{name}", "")[:200] for name in form.fields}
    path = asking.path(form, answers, fields)
    wanted = question.key if question is not None else request.GET.get("q", "")
    shown = next((one for one in path if one.key == wanted and one.key not in found.told), None)
    shown = shown or asking.following(form, answers, fields)
    if shown is None:
        return _over(request, found, language)
    recall = Recall(form, language, answers, fields, name=found.name)
    drawn = asked.asked(shown, recall, answers, request.GET.get("answer", ""))
    number, count, before = asked.place(form, answers, fields, shown.key)
    context = _about(found, recall) | counter.context(request, found) | {
        "asked": drawn, "number": number, "count": count, "error": error, "intro": recall(form.intro),
        "back": _back(request, before) if before and before not in found.told else "",
        "page": _page(request), "language": language, "fields": fields if found.link.sort != "own" else {},
        "languages": [(one, _own_name(one)) for one in form.languages], "most_mb": f"{actions.LARGEST / 1024 / 1024:g}",
        "value": asked.shown(shown, request.POST) if error else drawn.value,
        "said": request.POST.get("words", "") if error else drawn.said, "path": request.get_full_path(),
    }  # fmt: skip
    return _private(render(request, "surveys/answer.html", context, status=status))


def _back(request: HttpRequest, key: str) -> str:
    at = counter.place(request)
    return f"{request.path}?q={key}" + (f"&at={at}" if at else "")


def _own_name(language: str) -> str:
    return str(translation.get_language_info(language)["name_local"])


def _over(request: HttpRequest, found: Opened, language: str) -> HttpResponse:
    recall = Recall(found.form, language, found.answers, found.fields, name=found.name)
    own = found.link.sort == "own"
    thanks = recall(found.form.thanks) or _("Thank you.")
    words = thanks if own else _("Enough people have answered this. Thank you for coming.")
    context = _about(found, recall) | counter.context(request, found, is_over=True) | {"words": words, "is_done": own}
    return _private(render(request, "surveys/over.html", context))


def _about(found: Opened, recall: Recall) -> dict[str, Any]:
    return {
        "house": accounts.organization().name, "title": recall(found.form.title), "theme": found.form.theme,
        "is_test": found.is_test, "anonymous": found.form.anonymous,
    }  # fmt: skip


def _plain(words: str) -> dict[str, Any]:
    return {
        "house": accounts.organization().name, "title": words, "theme": "line", "is_test": False, "anonymous": False,
        "words": "", "is_done": False, "at": "", "again": "", "again_after": 0,
    }  # fmt: skip


def _page(request: HttpRequest) -> str:
    """One that is sent back keeps its name, so that nothing is answered twice."""
    given = request.POST.get("page", "")
    try:
        signing.unsign(counter.PAGE, given)
    except signing.NotGenuine:
        return signing.sign(counter.PAGE, str(ids.uuid7()))
    return given


def _once(request: HttpRequest) -> str | None:
    try:
        return f"page:{signing.unsign(counter.PAGE, request.POST.get('page', ''))}"
    except signing.NotGenuine:
        return None


def _file(upload: UploadedFile[bytes]) -> Given:
    # One more byte than may be says that there are too many, without reading them all.
    return Given(upload.read(actions.LARGEST + 1), upload.name or "file", upload.content_type or "")


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
