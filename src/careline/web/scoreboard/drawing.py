"""Figures as drawings: a value with its whisker beside what it was, and its weeks with their intervals.

Drawn mirrored for readers from right to left, by coordinates, so that words in it stay words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from markupsafe import Markup

from careline.insights.metrics.figures import Figure
from careline.insights.metrics.noting import Note
from careline.insights.metrics.queries import Point
from careline.web import marks

WIDE, HIGH = 200, 22
EDGE = 8


def whisker(now: Figure, past: Figure | None, *, rough: bool, rtl: bool) -> Markup:
    """Dot and interval of now, a ring for the period before."""
    if now.value is None or now.low is None or now.high is None:
        return Markup()
    told = [now.low, now.high, *([past.value] if past and past.value is not None else [])]
    low, high = min(told), max(told)
    room = (high - low) * 0.6 or abs(high) * 0.2 or 1.0
    scale = (WIDE - 2 * EDGE) / (high - low + 2 * room)

    def x(value: float) -> str:
        at = EDGE + (value - low + room) * scale
        return f"{WIDE - at if rtl else at:.1f}"

    bad = " rough" if rough else ""
    drawn = [f'<path class="axis" d="M{EDGE} 11H{WIDE - EDGE}"/>']
    if past and past.value is not None:
        drawn.append(f'<circle class="was" cx="{x(past.value)}" cy="11" r="4"/>')
    drawn.append(f'<path class="stroke w1{bad}" d="M{x(now.low)} 11H{x(now.high)}"/>')
    drawn.append(f'<circle class="mark{bad}" cx="{x(now.value)}" cy="11" r="5.5"/>')
    return Markup('<svg class="whisker" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>').format(
        WIDE, HIGH, marks.trusted("".join(drawn))
    )


def weeks(
    points: Sequence[Point], notes: Sequence[Note] = (), *, wide: int = WIDE, high: int = 44, rtl: bool,
    words: str, axis: Sequence[str] = (), scale: Callable[[float], str] = str,
) -> Markup:  # fmt: skip
    """A line through the middle of each span with the band of its interval; what may still change is dashed.

    `axis`: the first and the last day, to stand below; then the highest and lowest end are told by `scale`.
    """
    known = [one for one in points if one.figure.value is not None]
    if not known:
        return Markup()
    values = [end for one in known for end in _ends(one.figure)]
    low, top = min(values), max(values)
    room = (top - low) * 0.1 or abs(top) * 0.1 or 1.0
    begins, ends = points[0].begins, points[-1].ends
    inner = high - (16 if axis else 0)

    def x(at: datetime) -> float:
        share = (at - begins) / (ends - begins)
        return EDGE + (wide - 2 * EDGE) * (1 - share if rtl else share)

    def y(value: float) -> float:
        head = 14 if axis else 3
        return head + (inner - head - 3) * (1 - (value - low + room) / (top - low + 2 * room))

    drawn = [_note(one, x(one.at), inner) for one in notes if begins <= one.at < ends]
    for run in _runs(points):
        places = [x(one.begins + (one.ends - one.begins) / 2) for one in run]
        bands = [_ends(one.figure) for one in run]
        over = " L".join(f"{at:.1f} {y(max(band)):.1f}" for at, band in zip(places, bands, strict=True))
        under = " L".join(f"{at:.1f} {y(min(band)):.1f}" for at, band in zip(places[::-1], bands[::-1], strict=True))
        drawn.append(f'<path class="band" d="M{over} L{under}Z"/>')
        for n, one in enumerate(run):
            here = y(one.figure.value or 0.0)
            if n:
                before = y(run[n - 1].figure.value or 0.0)
                dashed = "" if one.mature else " guess"
                d = f"M{places[n - 1]:.1f} {before:.1f}L{places[n]:.1f} {here:.1f}"
                drawn.append(f'<path class="stroke{dashed}" d="{d}"/>')
            elif len(run) == 1:
                drawn.append(f'<circle class="mark" cx="{places[n]:.1f}" cy="{here:.1f}" r="3"/>')
    if axis:
        for amount in (top, low):
            at = x(begins), y(amount)
            drawn.append(f'<path class="axis" d="M{EDGE} {at[1]:.1f}H{wide - EDGE}"/>')
            drawn.append(str(Markup('<text x="{:.1f}" y="{:.1f}">{}</text>').format(at[0], at[1] - 4, scale(amount))))
        first, last = (wide - EDGE, EDGE) if rtl else (EDGE, wide - EDGE)
        drawn.append(str(Markup('<text x="{}" y="{}">{}</text>').format(first, high - 2, axis[0])))
        drawn.append(str(Markup('<text class="at-end" x="{}" y="{}">{}</text>').format(last, high - 2, axis[1])))
    return Markup('<svg class="weeks" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        wide, high, words, marks.trusted("".join(drawn))
    )


def _ends(figure: Figure) -> tuple[float, float]:
    value = figure.value or 0.0
    return (value if figure.low is None else figure.low, value if figure.high is None else figure.high)


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Spans that follow each other and of which something is known."""
    runs: list[list[Point]] = [[]]
    for one in points:
        if one.figure.value is not None:
            runs[-1].append(one)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _note(one: Note, x: float, high: int) -> str:
    return str(
        Markup('<path class="note-at" d="M{:.1f} 0V{}"><title>{}</title></path>').format(x, high, one.words)
    )  # fmt: skip
