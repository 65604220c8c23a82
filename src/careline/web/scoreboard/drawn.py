"""What the templates of the scoreboard draw, in words and drawings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.insights.metrics import board as boards
from careline.insights.metrics import noting, queries, words
from careline.insights.metrics.board import Board, Tile
from careline.insights.metrics.catalog import WAITING
from careline.insights.metrics.choosing import Chosen
from careline.insights.metrics.definitions import Definition
from careline.insights.metrics.noting import Note
from careline.insights.metrics.queries import Behind, Point
from careline.web.scoreboard import drawing
from careline.web.scoreboard.asking import Asked

LEFT = ("efficiency",)
PAGE = 25


def columns(found: Board, asked: Asked, rtl: bool) -> list[dict[str, Any]]:
    """What we did, and how it felt; each with its areas and tiles."""
    named = words.areas()
    sides = []
    for title, lead, areas in (
        (_("Service"), _("what we did"), LEFT),
        (_("Experience"), _("how it felt"), tuple(name for name in named if name not in LEFT)),
    ):
        groups = [
            {
                "word": named[area],
                "tiles": [_tile(one, found, asked, rtl) for one in found.tiles if one.definition.area == area],
            }
            for area in areas
        ]
        sides.append({"title": title, "lead": lead, "groups": [one for one in groups if one["tiles"]]})
    return sides


def _tile(tile: Tile, found: Board, asked: Asked, rtl: bool) -> dict[str, Any]:
    definition, zone = tile.definition, found.wanted.zone
    drawn: dict[str, Any] = {"name": definition.name, "url": asked.address(f"/scoreboard/{definition.name}", view="")}
    drawn |= _defined(definition, zone)
    if tile.now is None:
        return drawn | {"value": "", "why": _("Does not go by what is chosen.")}
    figure = tile.now.figure
    rough = tile.is_better is False
    period = ""
    if tile.shifted:
        told = _("of %(first)s to %(last)s, the latest that can be told")
        period = told % {"first": words.day(tile.since, zone), "last": words.day(tile.before, zone, ends=True)}
        drawn["url"] = asked.address(
            f"/scoreboard/{definition.name}", view="", days="",
            **{"from": _iso(tile.since, zone), "to": _iso(tile.before, zone, ends=True)},
        )  # fmt: skip
    return drawn | {
        "value": "" if figure.value is None else words.value(definition, figure.value),
        "sure": words.sure(definition, figure), "rough": rough,
        "moved": words.since(definition, tile.past, tile.change),
        "real": tile.change is not None and tile.change.real, "period": period,
        "beside": words.beside(definition, figure), "coverage": words.share(tile.now.coverage),
        "young": figure.whole - figure.n if definition.maturity else 0,
        "whisker": drawing.whisker(figure, tile.past, rough=rough, rtl=rtl),
        "weeks": drawing.weeks(tile.trend, found.annotations, rtl=rtl, words=_trend_words(definition, tile.trend)),
    }  # fmt: skip


def _defined(definition: Definition, zone: str) -> dict[str, Any]:
    return {
        "title": _(definition.title), "formula": _(definition.formula), "covers": _(definition.coverage),
        "version": definition.version, "changed_on": definition.changed_on, "changed": _(definition.changed),
        "unripe": definition.maturity.days if definition.maturity else 0,
    }  # fmt: skip


def _trend_words(definition: Definition, points: Sequence[Point]) -> str:
    known = [one.figure.value for one in points if one.figure.value is not None]
    if not known:
        return _("Too few in each of its spans")
    return _("From %(first)s to %(last)s over %(count)s spans of time") % {
        "first": words.value(definition, known[0]), "last": words.value(definition, known[-1]), "count": len(points),
    }  # fmt: skip


def _iso(at: datetime, zone: str, *, ends: bool = False) -> str:
    """As a form writes the day; what ends at midnight ends with the day before."""
    return (at - timedelta(microseconds=1 if ends else 0)).astimezone(ZoneInfo(zone)).date().isoformat()


def one(actor: Actor, definition: Definition, asked: Asked, rtl: bool) -> dict[str, Any]:
    """One metric: its figure, its weeks, its parts, and the cases behind it."""
    wanted = asked.wanted
    now = queries.series(actor, definition, wanted).points[0]
    unit = boards.trend_unit(wanted)
    bounds = boards.trend_bounds(wanted, unit)
    longer = msgspec.structs.replace(wanted, since=bounds[0], unit=unit)
    trend = queries.series(actor, definition, longer).points
    told = noting.noted(actor, bounds[0], wanted.before)
    named = words.parts()
    parts = []
    if asked.part and asked.part != "segment":
        parted = msgspec.structs.replace(wanted, by=asked.part)
        parts = [
            _row(definition, point, wanted.zone, _part_word(point), asked.address(
                f"/scoreboard/{definition.name}", **{asked.part: point.group}) if point.group else "")
            for point in queries.series(actor, definition, parted).points
        ]  # fmt: skip
    rows = queries.behind(actor, definition, wanted, after=asked.after, limit=PAGE + 1)
    older = ""
    if len(rows) > PAGE:
        mark = f"{rows[PAGE - 1].at.isoformat()} {rows[PAGE - 1].id}"
        older = asked.address(f"/scoreboard/{definition.name}", by=asked.part, after=mark)
    return {
        **_defined(definition, wanted.zone), "definition": definition,
        "value": "" if now.figure.value is None else words.value(definition, now.figure.value),
        "sure": words.sure(definition, now.figure), "beside": words.beside(definition, now.figure),
        "coverage": words.share(now.coverage), "young": now.figure.whole - now.figure.n if definition.maturity else 0,
        "period": _period(wanted),
        "weeks": drawing.weeks(
            trend, told, wide=620, high=200, rtl=rtl, words=_trend_words(definition, trend),
            axis=(words.day(bounds[0], wanted.zone), words.day(wanted.before, wanted.zone, ends=True)),
            scale=lambda amount: words.value(definition, amount),
        ),
        "notes": notes(told, wanted),
        "trend": [
            _row(
                definition, point, wanted.zone, words.day(point.begins, wanted.zone),
                asked.address(
                    f"/scoreboard/{definition.name}", days="",
                    **{"from": _iso(point.begins, wanted.zone), "to": _iso(point.ends, wanted.zone, ends=True)},
                ),
            )
            for point in trend[::-1]
        ],
        "parts": parts, "part": asked.part,
        "part_choices": [
            ("", _("Nothing")),
            *((name, named[name]) for name in definition.narrowed if name != "segment"),
        ],
        "cases": [_case(definition, row) for row in rows[:PAGE]],
        "older": older,
        "back": asked.address(),
    }  # fmt: skip


def _period(wanted: Chosen) -> str:
    return _("%(first)s to %(last)s") % {
        "first": words.day(wanted.since, wanted.zone), "last": words.day(wanted.before, wanted.zone, ends=True),
    }  # fmt: skip


def _part_word(point: Point) -> str:
    return point.label or _("None of them")


def _row(definition: Definition, point: Point, zone: str, head: str, url: str) -> dict[str, Any]:
    figure = point.figure
    return {
        "head": head, "url": url, "n": f"{figure.n:,}",
        "value": "" if figure.value is None else words.value(definition, figure.value),
        "ends": "" if figure.low is None or figure.high is None else words.ends(definition, figure.low, figure.high),
        "coverage": words.share(point.coverage), "mature": point.mature,
    }  # fmt: skip


def _case(definition: Definition, row: Behind) -> dict[str, Any]:
    return {
        "at": row.at, "customer": row.customer, "name": row.name or _("Nobody known"), "conversation": row.conversation,
        "subject": row.subject, "words": row.words, "known": row.known, "says": _says(definition, row),
    }  # fmt: skip


def _says(definition: Definition, row: Behind) -> str:
    """What the case counts as."""
    if not row.known:
        return _("cannot be told yet")
    if row.score is not None:
        return f"{row.score:g}"
    if definition.kind == "share":
        return _("counted") if row.value else _("not counted")
    plain = queries.plainly(definition, row)
    if plain is None or definition.kind in ("count", "rate"):
        return ""
    return words.value(definition, plain)


def notes(found: Sequence[Note], wanted: Chosen) -> list[dict[str, Any]]:
    named = dict(words.kinds())
    return [
        {"pk": one.pk, "at": one.at, "until": one.until, "day": words.day(one.at, wanted.zone), "kind": named[one.kind],
         "words": one.words}
        for one in found
    ]  # fmt: skip


def waiting() -> list[tuple[str, str]]:
    return [(_(one.title), _(one.waits_for)) for one in WAITING.values()]
