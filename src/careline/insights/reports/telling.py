"""A board in words, as paper and mail tell it: in the language of whoever reads it."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.insights.metrics import words
from careline.insights.metrics.board import Board, Tile
from careline.insights.metrics.queries import Point


class Line(msgspec.Struct, frozen=True):
    """A figure; `rough` where it really became worse. Without a value `sure` says why."""

    title: str
    value: str
    sure: str
    since: str
    period: str
    rough: bool
    trend: list[Point]


class Told(msgspec.Struct, frozen=True):
    house: str
    title: str
    period: str
    view: str
    narrowed: str
    areas: list[tuple[str, list[Line]]]
    notes: list[str]
    until: str
    small: str


def told(found: Board, title: str, narrowed: str = "") -> Told:
    wanted = found.wanted
    named = words.areas()
    areas = []
    for area, word in named.items():
        lines = [_line(one, wanted.zone) for one in found.tiles if one.definition.area == area and one.now is not None]
        if lines:
            areas.append((word, lines))
    between = _("%(first)s to %(last)s")
    return Told(
        house=accounts.organization().name, title=title or _("Scoreboard"),
        period=between % {
            "first": words.day(wanted.since, wanted.zone), "last": words.day(wanted.before, wanted.zone, ends=True),
        },
        view=dict(words.views())[found.view] if found.view != "all" else "", narrowed=narrowed, areas=areas,
        notes=[f"{words.day(one.at, wanted.zone)}  {one.words}" for one in found.annotations],
        until=words.moment(found.as_of, wanted.zone) if found.as_of else "",
        small=_("Intervals are of 95 %. A change is called real when its interval leaves out zero; under ten cases "
                "there is only the count. The weeks are the last twelve, with their intervals."),
    )  # fmt: skip


def _line(tile: Tile, zone: str) -> Line:
    definition = tile.definition
    assert tile.now is not None
    figure = tile.now.figure
    period = ""
    if tile.shifted:
        between = _("%(first)s to %(last)s")
        first, last = words.day(tile.since, zone), words.day(tile.before, zone, ends=True)
        period = between % {"first": first, "last": last}
    return Line(
        title=_(definition.title), value="" if figure.value is None else words.value(definition, figure.value),
        sure=words.sure(definition, figure), since=words.since(definition, tile.past, tile.change), period=period,
        rough=tile.is_better is False, trend=tile.trend,
    )  # fmt: skip


def letter(page: Told, address: str) -> str:
    """The mail itself: the figures in short, and where all of it stands."""
    lines = [f"{page.title} · {page.period}", ""]
    for area, found in page.areas:
        lines.append(area)
        lines += [f"  {one.title}: {one.value or '–'}{f' ({one.sure})' if one.sure else ''}" for one in found]
        lines.append("")
    lines += [_("All of it, with what is behind each figure:"), address, ""]
    return "\n".join(lines)
