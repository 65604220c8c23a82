"""The last moments of a line lying down: higher felt better, thicker was harder, dotted was silence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec
from markupsafe import Markup

from careline.web import marks
from careline.web.line import Moment

SHOWN = 14
# Units a moment has, which are sixteenths of a letter's height: the list under it is as wide.
WIDE, HIGH = 88, 112


class Curve(msgspec.Struct, frozen=True):
    """The drawing, its moments from the oldest to the newest, and the sentence for those who listen."""

    drawing: Markup
    moments: list[Moment]
    words: str


def lying(newest_first: Sequence[Moment]) -> Curve | None:
    """Nothing for less than two moments: that is no line yet."""
    shown = list(newest_first[:SHOWN])[::-1]
    if len(shown) < 2:
        return None
    places = [(WIDE / 2 + WIDE * n, HIGH / 2 - 21 * one.level) for n, one in enumerate(shown)]
    paths = []
    for (one, other), ((x1, y1), (x2, y2)) in zip(pairwise(shown), pairwise(places), strict=True):
        # Newest first, a stretch belongs to the later of its two moments; what it weighs is the earlier one's.
        weight = " quiet" if other.quiet else f" w{one.effort}" if one.effort else ""
        rough = " rough" if other.level < 0 and one.level < 1 else ""
        paths.append(f'<path class="stroke{weight}{rough}" d="M{x1:.4g} {y1:.4g}{marks.curve(x1, y1, x2, y2)}"/>')
    (end_x, end_y), wide = places[-1], WIDE * len(shown)
    now = wide - 8
    paths.append(f'<path class="stroke" d="M{end_x:.4g} {end_y:.4g}{marks.curve(end_x, end_y, now, end_y)}"/>')
    dots = [
        marks.sign(x, y, one.shape, 5.5 if one.shape == "talk" else 5, " rough" if one.level < 0 else "")
        for one, (x, y) in zip(shown, places, strict=True)
    ]
    dots.append(marks.sign(now, end_y, "open", 5, " ring rough" if shown[-1].level < 0 else " ring"))
    drawing = Markup('<svg class="curve-run" viewBox="0 0 {} {}" aria-hidden="true">{}{}</svg>').format(
        wide, HIGH, marks.trusted(f'<path class="curve-middle" d="M0 {HIGH / 2:g}H{wide}"/>'),
        marks.trusted("".join(paths + dots)),
    )  # fmt: skip
    return Curve(drawing, shown, marks.scrap_words([one.level for one in shown]))
