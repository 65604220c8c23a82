"""Small drawings made by code because they stand in every row: icons and scraps of the line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup, escape

from careline.web import assets

WEIGHTS = 4
LEVELS = range(-2, 3)


@lru_cache(maxsize=512)
def icon(name: str, classes: str = "") -> Markup:
    """A shape of the sprite, silent: the word stands beside it or in a `.hide`."""
    return Markup('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        f" {classes}" if classes else "", assets.static("icons.svg"), name
    )


def status_icon(status: str) -> str:
    return {"queued": "clock", "failed": "warn", "sent": "check"}.get(status, "checks")


def felt_word(level: int) -> str:
    return {
        2: gettext("great"),
        1: gettext("good"),
        0: gettext("neutral"),
        -1: gettext("poor"),
        -2: gettext("bad"),
    }[level]


def effort_word(effort: int) -> str:
    return (gettext("easy"), gettext("some effort"), gettext("hard"), gettext("very hard"))[effort]


def curve(x1: float, y1: float, x2: float, y2: float) -> str:
    """A stretch that leaves and arrives level, so it never overshoots a measured value."""
    middle = (x1 + x2) / 2
    return f"C{middle:.4g} {y1:.4g} {middle:.4g} {y2:.4g} {x2:.4g} {y2:.4g}"


def sign(x: float, y: float, shape: str, radius: float, classes: str) -> str:
    """The mark of one moment; its shape tells the kind, never its colour."""
    r = radius
    if shape == "deal":
        return (
            f'<rect class="mark{classes}" x="{x - r:.4g}" y="{y - r:.4g}" width="{2 * r:g}" height="{2 * r:g}" rx="1"/>'
        )
    if shape == "answer":
        d = r + 1.5
        return f'<path class="mark{classes}" d="M{x:.4g} {y - d:.4g}l{d:g} {d:g}-{d:g} {d:g}-{d:g}-{d:g}Z"/>'
    if shape == "sent":
        return f'<path class="mark{classes}" d="M{x - r:.4g} {y - r:.4g}h{2 * r:g}l-{r:g} {2 * r:g}Z"/>'
    return f'<circle class="mark{classes}" cx="{x:.4g}" cy="{y:.4g}" r="{r:g}"/>'


def scrap(levels: Sequence[int], efforts: Sequence[int] = (), *, wide: bool = False) -> Markup:
    """The last moments of a line in the width of a list row, ending in the ring that means now."""
    return _scrap(tuple(levels), tuple(efforts), wide, get_language() or "en")


@lru_cache(maxsize=8192)
def _scrap(levels: tuple[int, ...], efforts: tuple[int, ...], wide: bool, _language: str) -> Markup:
    width = 112 if wide else 72
    points = levels or (0,)
    weights = efforts + (0,) * (len(points) - len(efforts))
    end = width - 7
    xs = [3 + k * (end - 3) / (len(points) - 1) for k in range(len(points))] if len(points) > 1 else [end]
    ys = [10 - 3.6 * level for level in points]
    drawn, style = [], ""
    for k in range(len(points) - 1):
        rough = points[k + 1] < 0 and points[k] < 1
        weight = weights[k + 1]
        wanted = f"{f' w{weight}' if weight else ''}{' rough' if rough else ''}"
        if not drawn or wanted != style:
            style = wanted
            drawn.append(f'<path class="stroke{style}" d="M{xs[k]:.4g} {ys[k]:.4g}')
        drawn[-1] += curve(xs[k], ys[k], xs[k + 1], ys[k + 1])
    if len(points) == 1:
        drawn.append(f'<path class="stroke{" quiet" if not levels else ""}" d="M3 {ys[0]:.4g}H{end}')
    ring = sign(xs[-1], ys[-1], "talk", 3.2, " ring rough" if points[-1] < 0 else " ring")
    return Markup('<svg class="scrap{}" viewBox="0 0 {} 20" role="img" aria-label="{}">{}{}</svg>').format(
        " wide" if wide else "",
        width,
        escape(scrap_words(levels)),
        Markup("".join(f'{path}"/>' for path in drawn)),
        Markup(ring),
    )


def scrap_words(levels: Sequence[int]) -> str:
    if not levels:
        return gettext("No moments on the line yet")
    return ngettext(
        "%(count)s moment, felt %(now)s",
        "Last %(count)s moments: now %(now)s, lowest %(low)s",
        len(levels),
    ) % {"count": len(levels), "now": felt_word(levels[-1]), "low": felt_word(min(levels))}


RISES = {
    2: "M2 11C8 11 8 2 17 1",
    1: "M2 9C8 9 9 4 17 4",
    0: "M2 6h15",
    -1: "M2 4C8 4 9 9 17 9",
    -2: "M2 1C8 2 8 11 17 11",
}


def felt(level: int, word: str = "") -> Markup:
    """How a moment felt: a scrap that rises or falls, and always its word."""
    low = " low" if level < 0 else ""
    return Markup(
        '<span class="felt{}"><svg viewBox="0 0 19 12" aria-hidden="true"><path class="stroke{}" d="{}"/></svg>{}</span>'
    ).format(low, " rough" if level < 0 else "", RISES[level], word or felt_word(level))


def effort(amount: int, word: str = "") -> Markup:
    """How hard a moment was: four bars filled from below, and always their word."""
    bars = "".join(
        f'<rect{" class=" + chr(34) + "on" + chr(34) if k <= amount else ""} y="{10.2 - 3.4 * k:.3g}"'
        f' width="{8 + 2 * k}" height="2.4" rx="1"/>'
        for k in range(WEIGHTS)
    )
    return Markup('<span class="effort{}"><svg viewBox="0 0 15 13" aria-hidden="true">{}</svg>{}</span>').format(
        " hard" if amount > 1 else "", Markup(bars), word or effort_word(amount)
    )
