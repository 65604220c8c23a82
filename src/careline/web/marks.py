"""Small drawings made by code because they stand in every row: icons and scraps of the line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup

from careline.web import assets

BARS = 4
LEVELS = range(-2, 3)
RISES = {
    2: "M2 11C8 11 8 2 17 1",
    1: "M2 9C8 9 9 4 17 4",
    0: "M2 6h15",
    -1: "M2 4C8 4 9 9 17 9",
    -2: "M2 1C8 2 8 11 17 11",
}
STATUS_ICONS = {"queued": "clock", "failed": "warn", "sent": "check", "delivered": "checks", "read": "checks"}


def trusted(html: str) -> Markup:
    """Our own shapes and numbers, and text that was escaped piece by piece; nothing else may come here."""
    return Markup(html)  # noqa: S704


@lru_cache(maxsize=512)
def icon(name: str, classes: str = "") -> Markup:
    """A shape of the sprite, silent: its word stands beside it or in a `.hide`."""
    return Markup('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        f" {classes}" if classes else "", assets.static("icons.svg"), name
    )


def status_icon(status: str) -> str:
    return STATUS_ICONS.get(status, "check")


def felt_word(level: int) -> str:
    words = (gettext("bad"), gettext("poor"), gettext("neutral"), gettext("good"), gettext("great"))
    return words[level + 2]


def effort_word(effort: int) -> str:
    return (gettext("easy"), gettext("some effort"), gettext("hard"), gettext("very hard"))[effort]


def curve(x1: float, y1: float, x2: float, y2: float) -> str:
    """A stretch that leaves and arrives level, so it never overshoots a measured value."""
    middle = (x1 + x2) / 2
    return f"C{middle:.4g} {y1:.4g} {middle:.4g} {y2:.4g} {x2:.4g} {y2:.4g}"


def sign(x: float, y: float, shape: str, r: float, classes: str = "") -> str:
    """The mark of one moment; its shape tells the kind, never its colour."""
    if shape == "deal":
        side = f'width="{2 * r:g}" height="{2 * r:g}" rx="1"'
        return f'<rect class="mark{classes}" x="{x - r:.4g}" y="{y - r:.4g}" {side}/>'
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
    end = width - 7
    now = levels[-1] if levels else 0
    ring = sign(end, height(now), "talk", 3.2, " ring rough" if now < 0 else " ring")
    said = scrap_words(levels, efforts)
    # Weight alone is not read by everybody: whoever points at it is told what it weighs.
    title = Markup("<title>{}</title>").format(said) if any(efforts) else ""
    return Markup('<svg class="scrap{}" viewBox="0 0 {} 20" role="img" aria-label="{}">{}{}</svg>').format(
        " wide" if wide else "", width, said, title, trusted(run(levels, efforts, end) + ring)
    )


def height(level: int) -> float:
    return 10 - 3.6 * level


def run(levels: tuple[int, ...], efforts: tuple[int, ...], end: int) -> str:
    """Stretches that look alike are one path, since a list draws fifty of these."""
    if len(levels) < 2:
        flat = height(levels[0]) if levels else 10
        style = "" if levels else " quiet"
        return f'<path class="stroke{style}" d="M3 {flat:.4g}H{end}"/>'
    step = (end - 3) / (len(levels) - 1)
    paths: list[str] = []
    before = None
    for k, (a, b) in enumerate(pairwise(levels)):
        effort = efforts[k + 1] if k + 1 < len(efforts) else 0
        style = (f" w{effort}" if effort else "") + (" rough" if b < 0 and a < 1 else "")
        if style != before:
            paths.append(f'<path class="stroke{style}" d="M{3 + k * step:.4g} {height(a):.4g}')
            before = style
        paths[-1] += curve(3 + k * step, height(a), 3 + (k + 1) * step, height(b))
    return "".join(f'{path}"/>' for path in paths)


def scrap_words(levels: Sequence[int], efforts: Sequence[int] = ()) -> str:
    if not levels:
        return gettext("No moments on the line yet")
    told = ngettext(
        "%(count)s moment, felt %(now)s", "Last %(count)s moments: now %(now)s, lowest %(low)s", len(levels)
    ) % {"count": len(levels), "now": felt_word(levels[-1]), "low": felt_word(min(levels))}
    if not any(efforts):
        return told
    return gettext("%(moments)s; effort, from behavior: up to %(effort)s") % {
        "moments": told, "effort": effort_word(max(efforts)),
    }  # fmt: skip


def effort_at_most(efforts: Sequence[int]) -> Markup:
    """The hardest of the last moments as bars and word; nothing where all was easy."""
    if not any(efforts):
        return Markup()
    hardest = max(efforts)
    return effort(hardest, gettext("up to %(effort)s, from behavior") % {"effort": effort_word(hardest)})


def felt(level: int, word: str = "") -> Markup:
    """How a moment felt: a scrap that rises or falls, and always its word."""
    rise = trusted(f'<path class="stroke{" rough" if level < 0 else ""}" d="{RISES[level]}"/>')
    return Markup('<span class="felt{}"><svg viewBox="0 0 19 12" aria-hidden="true">{}</svg>{}</span>').format(
        " low" if level < 0 else "", rise, word or felt_word(level)
    )


def effort(amount: int, word: str = "") -> Markup:
    """How hard a moment was: four bars filled from below, and always their word."""
    on, off = '<rect class="on"', "<rect"
    bars = "".join(
        f'{on if k <= amount else off} y="{10.2 - 3.4 * k:.3g}" width="{8 + 2 * k}" height="2.4" rx="1"/>'
        for k in range(BARS)
    )
    return Markup('<span class="effort{}"><svg viewBox="0 0 15 13" aria-hidden="true">{}</svg>{}</span>').format(
        " hard" if amount > 1 else "", trusted(bars), word or effort_word(amount)
    )
