"""What somebody wants an article to be, checked once for every door."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.kit import text
from careline.kit.refusals import Refused
from careline.service.knowledge import drawing
from careline.service.knowledge.models import Audience

TITLE, SUMMARY, BODY = 200, 500, 200_000
MOST_PHRASINGS, PHRASING = 50, 200
_SLUG = re.compile(r"[\w]+(?:-[\w]+)*")


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An article in one language; without a slug one is made of the title."""

    title: str
    body: str = ""
    summary: str = ""
    phrasings: tuple[str, ...] = ()
    slug: str = ""


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for an article in all its languages."""

    collection_id: int | None = None
    audience: str = "public"
    owner_id: int | None = None
    review_on: date | None = None


def checked(given: Written) -> Written:
    """As it is kept; Refused names the field that cannot be taken."""
    title = text.clean(" ".join(given.title.split()), field="title", label=_("The title"), limit=TITLE, required=True)
    summary = text.clean(" ".join(given.summary.split()), field="summary", label=_("The summary"), limit=SUMMARY)
    body = given.body.replace("\r\n", "\n")
    if len(body) > BODY:
        sizes = {"limit": f"{BODY:,}", "length": f"{len(body):,}"}
        raise Refused(
            _("An article may have at most %(limit)s characters; this has %(length)s. Make several of it.") % sizes,
            field="body",
        )
    body = text.clean(body, field="body", label=_("The article"), limit=BODY)
    return Written(
        title=title, summary=summary, body=body, phrasings=_phrasings(given.phrasings),
        slug=_slug(given.slug) if given.slug.strip() else "",
    )  # fmt: skip


def _phrasings(given: Iterable[str]) -> tuple[str, ...]:
    kept = dict.fromkeys(" ".join(one.split()) for one in given)
    kept.pop("", None)
    if len(kept) > MOST_PHRASINGS:
        raise Refused(_("At most %(most)s ways of asking.") % {"most": MOST_PHRASINGS}, field="phrasings")
    return tuple(text.clean(one, field="phrasings", label=_("A way of asking"), limit=PHRASING) for one in kept)


def _slug(given: str) -> str:
    made = drawing.slug(given)
    if not made or not _SLUG.fullmatch(made):
        raise Refused(_("An address is made of letters, digits and hyphens."), field="slug")
    return made


def must_be_an_audience(given: str) -> str:
    if given not in Audience.values:
        raise Refused(_("Choose one from the list."), field="audience")
    return given


def languages() -> list[str]:
    """Those the house speaks, the first of which stands in for the others."""
    return accounts.organization().languages or ["en"]


def must_be_spoken(language: str) -> str:
    if language not in languages():
        raise Refused(_("The house does not speak this language."), field="language")
    return language
