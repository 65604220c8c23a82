"""The public pages: the front, a collection, an article, a search, and whether it helped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from careline.accounts import attempts
from careline.channels import queries as channels
from careline.files import queries as files
from careline.insights.metrics import intervals
from careline.kit import clock, signing
from careline.kit.refusals import NotVisible
from careline.service.knowledge import actions, hot, queries, search
from careline.web.help import frame, structured
from careline.web.help.frame import HelpRequest, page, reading
from careline.web.marks import trusted

POPULAR, LISTED, SIBLINGS, MOST_SIGHTS = 6, 200, 8, 50_000
# Fewer readers than this said something: no share is told.
FEW = 10


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """In the language a browser wants most."""
    found = frame.reader(request, "")
    answer = HttpResponseRedirect(f"/help/{frame.chosen(request, found.languages)}")
    answer["Vary"] = "Accept-Language"
    return answer


@require_safe
@reading
def home(request: HelpRequest, language: str) -> HttpResponse:
    found = request.reader
    seen = {"language": language, "audiences": found.audiences}
    shelves = [_shelf(one, language) for one in hot.SHELVES.all(**seen)]
    name = found.front.title or found.front.house
    context = {
        "shelves": shelves, "cards": hot.POPULAR.all(**seen, limit=POPULAR), "path": f"/help/{language}",
        "alternates": [(one, f"/help/{one}") for one in found.languages],
        "structured": structured.written(
            structured.site(settings.CARELINE_BASE_URL, f"/help/{language}", name, language)
        ),
    }  # fmt: skip
    return page(request, "home.html", context, kept=True)


@require_safe
@reading
def collection(request: HelpRequest, language: str, slug: str) -> HttpResponse:
    seen = {"language": language, "audiences": request.reader.audiences}
    cards = hot.CARDS.all(**seen, slug=slug, limit=LISTED)
    if not cards or not slug:
        raise NotVisible(_("There is no such collection, or nothing in it yet."))
    name, path = called(cards[0].collection_names, language), f"/help/{language}/collections/{quote(slug)}"
    steps = [(request.reader.front.title or request.reader.front.house, f"/help/{language}"), (name, path)]
    context = {
        "name": name, "cards": cards, "path": path,
        "structured": structured.written(structured.trail(settings.CARELINE_BASE_URL, steps)),
    }  # fmt: skip
    return page(request, "collection.html", context, kept=True)


@require_safe
@reading
def article(request: HelpRequest, language: str, slug: str) -> HttpResponse:
    found = request.reader
    shown = _shown(request, language, slug)
    if shown is None:
        led = hot.LED.one(language=language, slug=slug, audiences=found.audiences)
        if led is None:
            raise NotVisible(_("There is no such article, or no longer."))
        return frame.gone_to(path_of(led.language, led.slug), status=301)
    near = hot.CARDS.all(language=language, audiences=found.audiences, slug=shown.collection_slug, limit=SIBLINGS + 1)
    path, name = path_of(language, slug), called(shown.collection_names, language)
    steps = [(found.front.title or found.front.house, f"/help/{language}")]
    if shown.collection_slug:
        steps.append((name, f"/help/{language}/collections/{quote(shown.collection_slug)}"))
    context = {
        "shown": shown, "html": trusted(shown.html), "headings": msgspec.json.decode(shown.headings),
        "collection": name, "near": [one for one in near if one.id != shown.id][:SIBLINGS], "path": path,
        "updated": _day(shown.published_at), "share": _share(shown), "said": request.GET.get("said", ""),
        "alternates": [(one, path_of(one, to)) for one, to in msgspec.json.decode(shown.languages)],
        "reasons": _reasons(), "steps": steps,
        "structured": structured.written(
            structured.article(settings.CARELINE_BASE_URL, path, found.front.house, shown),
            structured.trail(settings.CARELINE_BASE_URL, [*steps, (shown.title, path)]),
        ),
    }  # fmt: skip
    is_kept = shown.audience == "public" and not context["said"]
    return page(request, "article.html", context, kept=is_kept)


# Nobody is signed in here: there is no authority that another site could borrow.
@csrf_exempt
@require_http_methods(["POST"])
@reading
def verdict(request: HelpRequest, language: str, slug: str) -> HttpResponse:
    shown = _shown(request, language, slug)
    if shown is None:
        raise NotVisible(_("There is no such article, or no longer."))
    place = request.META.get("REMOTE_ADDR", "")
    attempts.begin("verdict", f"article:{shown.article_id}", place)
    helped = request.POST.get("helped") == "yes"
    actions.judge(
        shown.id, actor=request.reader.actor, helped=helped, once=_once(request, shown.article_id, place),
        reason=request.POST.get("reason", ""), words=request.POST.get("words", ""),
    )  # fmt: skip
    is_done = helped or "reason" in request.POST or request.POST.get("words")
    return frame.gone_to(f"{path_of(language, slug)}?said={'thanks' if is_done else 'no'}#helped")


@require_safe
@reading
def searched(request: HelpRequest, language: str) -> HttpResponse:
    """A page, or with `part` its list alone, for the chat."""
    words, part = request.GET.get("q", "").strip()[: search.LONGEST], request.GET.get("part", "")
    # What is looked up while somebody still types is no question yet.
    place = {"": "help", "typing": ""}.get(part, "widget")
    found = search.search(request.reader.actor, words, language, place=place)
    good = found.hits if not part else found.hits[:3]
    context = {"q": words, "hits": [one.card for one in good], "path": f"/help/{language}/search"}
    if part:
        answer = render(request, "help/_found.html", context | {"language": language})
        answer["X-Robots-Tag"] = "noindex"
        return answer
    return page(request, "search.html", context)


@require_safe
@reading
def contact(request: HelpRequest, language: str) -> HttpResponse:
    """Where a person answers: the form of the house, with what was looked for."""
    key = request.reader.front.form_key or channels.form_key()
    if not key:
        raise NotVisible(_("There is no form here to write to us. Please use the ways on our own site."))
    asked = request.GET.get("q", "").strip()[:200]
    return HttpResponseRedirect(f"/contact/{quote(key)}" + (f"?{urlencode({'subject': asked})}" if asked else ""))


@require_safe
def picture(request: HttpRequest, file_id: UUID) -> HttpResponse:
    found = frame.reader(request, "")
    stored = files.by_id(queries.picture(found.actor, file_id).file_id)
    answer = HttpResponse(files.read(stored), headers=files.headers(stored))
    # Its address is of these bytes alone.
    answer["Cache-Control"] = "public, max-age=86400" if found.is_stranger else "private, max-age=3600"
    return answer


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Where everything public is, for whoever gathers it."""
    frame.reader(request, "")
    sights = hot.SIGHTS.all(audiences=["public"], limit=MOST_SIGHTS)
    by_article: dict[int, list[hot.Sight]] = {}
    for one in sights:
        by_article.setdefault(one.article_id, []).append(one)
    rows = [
        (settings.CARELINE_BASE_URL + path_of(one.language, one.slug), one.published_at.date().isoformat(),
         [(other.language, settings.CARELINE_BASE_URL + path_of(other.language, other.slug))
          for other in by_article[one.article_id]] if len(by_article[one.article_id]) > 1 else [])
        for one in sights
    ]  # fmt: skip
    answer = render(request, "help/sitemap.xml", {"rows": rows}, content_type="application/xml")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Of the whole house only the help center is for them."""
    lines = [
        "User-agent: *", "Disallow: /help/own", "Disallow: /help/*/search", "Allow: /help", "Allow: /static/",
        "Disallow: /",
        f"Sitemap: {settings.CARELINE_BASE_URL}/help/sitemap.xml",
    ]  # fmt: skip
    answer = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def path_of(language: str, slug: str) -> str:
    return f"/help/{language}/articles/{quote(slug)}"


def called(names: str | Mapping[str, str], language: str) -> str:
    """In that language, else as the house called it first."""
    said = msgspec.json.decode(names) if isinstance(names, str) else names
    return str(said.get(language) or next(iter(said.values()), ""))


def _shelf(one: hot.Shelf, language: str) -> dict[str, Any]:
    return {
        "name": called(one.names, language), "about": called(one.about, language), "count": one.articles,
        "path": f"/help/{language}/collections/{quote(one.slug)}",
    }  # fmt: skip


def _shown(request: HelpRequest, language: str, slug: str) -> hot.Shown | None:
    return hot.SHOWN.one(language=language, slug=slug.replace("\0", ""), audiences=request.reader.audiences)


def _day(at: datetime) -> str:
    return str(date_format(at, "j F Y"))


def _share(shown: hot.Shown) -> dict[str, int] | None:
    """Of those who said something how many it helped, with the interval that count allows."""
    n = shown.helped + shown.failed
    if n < FEW:
        return None
    found = intervals.share(shown.helped, n)
    return {"share": round(found.value), "low": round(found.low), "high": round(found.high), "n": n}


def _reasons() -> list[tuple[str, str]]:
    return [
        ("unclear", _("I did not understand it")), ("wrong", _("It is not right, or out of date")),
        ("missing", _("What I need is not in it")), ("other", _("Something else")),
    ]  # fmt: skip


def _once(request: HttpRequest, article_id: int, place: str) -> str:
    """The same for one browser and article on one day, and no way back to either."""
    who = f"{clock.now().date()}:{place}:{request.headers.get('User-Agent', '')}:{article_id}"
    return signing.mark("verdict", who, 26)
