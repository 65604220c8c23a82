"""Reading intents: what there is, what says nearly the same, and a judge over all of it."""

from __future__ import annotations

import threading
from datetime import datetime

import msgspec
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.intelligence import language as languages
from careline.kit.refusals import NotVisible
from careline.service.intents import learning
from careline.service.intents.judging import Judge, Lexical
from careline.service.intents.models import Head, Intent, Phrasing

NEAR = 0.8
_judges: dict[str, tuple[str, Judge]] = {}
_keeping = threading.Lock()


class Learned(msgspec.Struct, frozen=True):
    """How the judge of a language stands: `due` where phrasings have changed since, or none was fitted yet."""

    language: str
    # Whether its meanings are understood; where they are not, it is judged by words alone, and there is nothing to fit.
    understood: bool
    phrasings: int
    due: bool
    fitted_at: datetime | None = None
    took: float = 0.0
    figures: learning.Figures | None = None


class Near(msgspec.Struct, frozen=True):
    """Two phrasings (intent, text) nearly the same: in one intent the second is idle, between two they clash."""

    one: tuple[str, str]
    other: tuple[str, str]
    likeness: float

    @property
    def clashes(self) -> bool:
        return self.one[0] != self.other[0]


def listed(actor: Actor) -> QuerySet[Intent]:
    actor.must("bots.manage")
    return Intent.objects.order_by("name", "pk")


def counted(actor: Actor) -> list[tuple[Intent, int]]:
    """Each with how many phrasings it has, by name."""
    return [(one, one.n) for one in listed(actor).annotate(n=Count("phrasings"))]


def one(actor: Actor, code: str) -> Intent:
    found = listed(actor).filter(code=code).first()
    if found is None:
        raise NotVisible(_("There is no such intent."))
    return found


def phrasings(actor: Actor, code: str) -> QuerySet[Phrasing]:
    """The newest first."""
    return one(actor, code).phrasings.order_by("-added_at", "-pk")


def phrasing(actor: Actor, code: str, phrasing_id: int) -> Phrasing:
    found = phrasings(actor, code).filter(pk=phrasing_id).first()
    if found is None:
        raise NotVisible(_("There is no such phrasing."))
    return found


def near(actor: Actor, *, least: float = NEAR) -> list[Near]:
    """Clashes first, then what is idle; the nearest first."""
    actor.must("bots.manage")
    said = _phrasings()
    found = [
        Near(said[number], said[other], round(likeness, 3))
        for number, other, likeness in Lexical(said, judges=False).near(least)
    ]
    return sorted(found, key=lambda one: (not one.clashes, -one.likeness, one.one, one.other))


def learned(actor: Actor) -> list[Learned]:
    """Of each language there are phrasings in."""
    actor.must("bots.manage")
    heads = {one.language: one for one in Head.objects.defer("content")}
    found = []
    for language, n in Phrasing.objects.values_list("language").annotate(n=Count("pk")).order_by("language"):
        head, understood = heads.get(language), learning.understands(language)
        due = understood and learning.is_due(language, head)
        figures = None if head is None else msgspec.convert(head.figures, learning.Figures)
        found.append(
            Learned(
                language, understood, n, due, head.fitted_at if head else None, head.took if head else 0.0, figures
            )
        )  # fmt: skip
    return found


def judge() -> Judge:
    """Over all phrasings as they stand; made once for many texts, not once a text."""
    return Lexical(_phrasings())


def judge_for(language: str) -> Judge:
    """The house's head where the language's meanings are understood and it has been fitted, else by words alone.

    Kept by each process until phrasings or head change.
    """
    head = Head.objects.filter(language=language).values_list("stamp", "fitted_at").first()
    stamp = learning.stamp(language)
    version = f"{stamp}/{head}"
    with _keeping:
        kept = _judges.get(language)
    if kept is None or kept[0] != version:
        kept = (version, _made(language, stamped=bool(head)))
        with _keeping:
            _judges[language] = kept
    return kept[1]


def _made(language: str, *, stamped: bool) -> Judge:
    if stamped and (learned := learning.read(language)) is not None:
        return learned
    return Lexical(_phrasings(language) or _phrasings())


def _phrasings(language: str | None = None) -> list[tuple[str, str]]:
    said = Phrasing.objects.all() if language is None else Phrasing.objects.filter(language=language)
    rows = said.order_by("intent__code", "pk").values_list("intent__code", "text")
    return list(rows)


def likeliest(text: str) -> str:
    """The code of what a text is most likely about, however unlikely; empty where nothing is known."""
    spoken = accounts.organization().languages or ["en"]
    ranked = judge_for(languages.of(text, spoken)[0] or spoken[0]).judge(text).ranked
    return ranked[0][0] if ranked else ""


def choices() -> list[tuple[str, str]]:
    """(code, name) of all, for whoever says what a message was about; names of intents are nobody's secret."""
    return list(Intent.objects.order_by("name", "pk").values_list("code", "name"))
