"""The board in parts, each with an id: a page draws them all, a push those that have changed. Viewer-free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup

from careline.insights.live import figures, limits, words
from careline.insights.live.figures import Board, Line, Person
from careline.insights.live.limits import Beyond
from careline.insights.metrics.figures import Figure
from careline.service.routing import explaining
from careline.web import kept, marks
from careline.web.desk.drawn import written
from careline.web.sayings import status_words

WIDE, EDGE, TARGET = 640, 8, 368
# Lines grow in steps, so that nothing is drawn anew for a second more.
STEPS = 24
LEVELS = (2, 1, 0, -1, -2)


class Drawn(msgspec.Struct, frozen=True):
    """`parts` by id; `queues` and `people` are the ids of theirs in order."""

    parts: dict[str, str]
    queues: tuple[str, ...]
    people: tuple[str, ...]


def drawn(found: Board, formula: str = figures.USUAL) -> Drawn:
    """In the language now spoken."""
    language = kept.spoken()
    queue, person, feeling, arrivals, sums, promises, beyond = (
        kept.macro("board/_parts.html", name, language)
        for name in ("queue", "person", "feeling", "arrivals", "sums", "promises", "beyond")
    )
    queues = {f"board-queue-{one.queue}": queue(_queue(one, found.at, formula)) for one in found.lines}
    people = {f"board-person-{one.agent}": person(_person(one)) for one in found.people}
    rest = {
        "board-sums": sums(_sums(found)), "board-feeling": feeling(_feeling(found)),
        "board-arrivals": arrivals(_arrivals(found)), "board-promises": promises(_promises(found)),
        "board-beyond": beyond([(words.said(one), _opens(one)) for one in limits.beyond(found)]),
    }  # fmt: skip
    parts = {name: str(html) for name, html in (rest | queues | people).items()}
    return Drawn(parts, tuple(queues), tuple(people))


def formulas() -> dict[str, str]:
    """How each treats those who gave up within the target."""
    return {
        "later": _("taken in time, of all taken and all who gave up later than that"),
        "strict": _("taken in time, of all who came"),
        "taken": _("taken in time, of all taken"),
        "kind": _("taken or given up in time, of all who came"),
    }  # fmt: skip


def _queue(one: Line, at: datetime, formula: str) -> dict[str, Any]:
    waited = [(at - since).total_seconds() for since in one.oldest]
    longest = max(waited, default=0.0)
    return {
        "id": one.queue, "name": one.name, "waiting": one.waiting, "since": written(one.oldest[0]) if waited else "",
        "longest": explaining.span(round(longest)) if longest < 60 else explaining.span(round(longest / 60) * 60),
        "late": longest > one.target_s, "drawn": waits(waited, one.target_s),
        "words": ngettext("%(count)s waits", "%(count)s wait", one.waiting) % {"count": one.waiting},
        "target": explaining.span(one.target_s), "goal": one.target_percent,
        "expected": "" if one.expected_s is None else explaining.span(max(60, -(-one.expected_s // 60) * 60)),
        "more": max(0, one.waiting - len(waited)),
        "level": share(one.service.level(formula)), "short": _is_short(one.service.level(formula), one.target_percent),
        "strict": share(one.service.level("strict")), "given_up": one.service.given_up,
        "abandonment": share(one.service.abandonment()), "taken": one.service.taken,
        "missed": one.service.taken - one.service.within,
    }  # fmt: skip


def share(figure: Figure) -> dict[str, str]:
    """The value, and how sure it is; of few only how many there are."""
    if figure.value is None or figure.low is None or figure.high is None:
        return {"value": "", "sure": _("too few, n %(n)s") % {"n": figure.n}}
    sure = _("%(ends)s, n %(n)s") % {"ends": f"{figure.low:.0f}–{figure.high:.0f}", "n": figure.n}
    return {"value": _("%(share)s %%") % {"share": f"{figure.value:.0f}"}, "sure": sure}


def _is_short(figure: Figure, goal: int) -> bool:
    """Missed for certain: the whole interval lies under what was promised."""
    return figure.high is not None and figure.high < goal


def waits(waited: Sequence[float], target_s: int) -> Markup:
    """Each thin line is one who waits, from zero on; beyond the upright of the target it is rough."""
    high = max(26, 24 * len(waited) + 2)
    rtl = get_language_bidi()

    def x(at: float) -> str:
        return f"{WIDE - at if rtl else at:g}"

    lines = [f'<path class="axis" d="M{x(EDGE)} 0V{high}"/><path class="limit" d="M{x(TARGET)} -400V{high + 400}"/>']
    for n, seconds in enumerate(waited):
        y = 24 * n + 12
        step = round(STEPS * seconds / target_s)
        end = min(EDGE + (TARGET - EDGE) * step / STEPS, WIDE - EDGE)
        rough = " rough" if end > TARGET else ""
        lines.append(f'<path class="stroke" d="M{x(EDGE)} {y}H{x(min(end, TARGET))}"/>')
        if rough:
            lines.append(f'<path class="stroke w2 rough" d="M{x(TARGET)} {y}H{x(end)}"/>')
        lines.append(f'<circle class="mark ring{rough}" cx="{x(end)}" cy="{y}" r="6"/>')
    return Markup('<svg class="waits" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>').format(
        WIDE, high, marks.trusted("".join(lines))
    )


def _person(one: Person) -> dict[str, Any]:
    return {
        "id": one.agent, "name": one.name, "status": one.status, "since": written(one.since),
        "word": one.reason or status_words()[one.status], "load": one.load, "capacity": one.capacity,
        "work": one.work, "full": one.load >= one.capacity,
        "words": ngettext("%(count)s open", "%(count)s open", one.work) % {"count": one.work},
    }  # fmt: skip


def _sums(found: Board) -> dict[str, Any]:
    count, ready = found.waiting, found.ready
    return {
        "waiting": ngettext("%(count)s waits", "%(count)s wait", count) % {"count": count},
        "ready": ngettext("%(count)s is ready", "%(count)s are ready", ready) % {"count": ready},
    }  # fmt: skip


def _feeling(found: Board) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"level": level, "n": found.felt.get(level, 0), "drawn": marks.felt(level)} for level in LEVELS
    ]
    most = max(row["n"] for row in rows) or 1
    told = [row | {"share": round(100 * row["n"] / most)} for row in rows]
    return [*told, {"level": "", "n": found.felt.get(None, 0), "drawn": _("not known yet"), "share": 0}]


def _arrivals(found: Board) -> dict[str, Any]:
    if not found.usual:
        usual = ""
    elif len(found.usual) == 1:
        usual = _("%(count)s by now a week ago") % {"count": found.usual[0]}
    else:
        ends = f"{min(found.usual)}–{max(found.usual)}"
        told = _("%(ends)s by now on the same weekday of the last %(weeks)s weeks")
        usual = told % {"ends": ends, "weeks": len(found.usual)}
    return {"n": found.arrived, "usual": usual}


def _promises(found: Board) -> dict[str, Any]:
    return {
        "soon": found.soon, "late": found.late, "first": written(found.first_due) if found.first_due else "",
        "soon_words": ngettext("breaks within 30 minutes", "break within 30 minutes", found.soon),
        "late_words": ngettext("is broken", "are broken", found.late),
    }  # fmt: skip


def _opens(one: Beyond) -> str:
    """What stands behind the figure a limit is set on."""
    behind = limits.FIGURES[one.limit.figure].behind
    return f"/board/{behind}{f'?queue={one.limit.queue}' if one.limit.queue else ''}" if behind else "#board-people"
