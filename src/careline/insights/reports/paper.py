"""A board as PDF, in the house's own letters; mirrored, shaped and ordered for who reads from right to left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from careline.insights.metrics.queries import Point
from careline.insights.reports.telling import Line, Told
from careline.kit import clock

# Loaded when there is something to draw.
if TYPE_CHECKING:
    from fpdf import FPDF

_FONTS = Path(__file__).parent / "fonts"
_WIDE, _HIGH, _EDGE = 210.0, 297.0, 16.0
_INK, _SOFT, _RULE, _LINE, _ROUGH, _BAND = (
    (28, 36, 38), (92, 104, 106), (214, 221, 221), (11, 110, 105), (176, 72, 40), (205, 228, 226),
)  # fmt: skip
# Title, figure, how sure, since, weeks: where each begins and how wide it is.
_TITLE, _FIGURE, _SURE, _WEEKS = (0.0, 62.0), (62.0, 30.0), (94.0, 48.0), (144.0, 34.0)
_ROW = 12.5
# Vowel signs, which the renderer would set beside their letters; nobody misses them.
_VOWELS = re.compile("[\u064b-\u0652]")
_SIGNED = re.compile(r"[−+](?=\d)")


def drawn(page: Told) -> bytes:
    return _Paper(page).bytes()


class _Paper:
    def __init__(self, page: Told) -> None:
        from fpdf import FPDF

        self.page, self.rtl = page, get_language_bidi()
        self.pdf: FPDF = FPDF(format="A4")
        pdf = self.pdf
        pdf.set_margins(_EDGE, _EDGE)
        pdf.c_margin = 0
        pdf.set_auto_page_break(False)
        for name in ("atkinson", "vazirmatn"):
            pdf.add_font(name, "", _FONTS / f"{name}-regular.ttf")
            pdf.add_font(name, "B", _FONTS / f"{name}-bold.ttf")
        # Each lacks what the other has: letters of one script, digits and signs.
        self.font, other = ("vazirmatn", "atkinson") if self.rtl else ("atkinson", "vazirmatn")
        pdf.set_fallback_fonts([other], exact_match=True)
        pdf.set_font(self.font, "", 9)
        pdf.set_text_shaping(True, direction="rtl" if self.rtl else "ltr")
        pdf.set_title(f"{page.title}, {page.period}")
        pdf.set_lang(get_language() or "en")
        pdf.set_creation_date(clock.now())
        self.y = 0.0

    def bytes(self) -> bytes:
        self._begin()
        for area, lines in self.page.areas:
            self._make_room(10 + _ROW)
            self.y += 4
            self._say(area, 0, 178, size=11, bold=True, color=_LINE)
            self.y += 6.5
            for one in lines:
                self._make_room(_ROW)
                self._line(one)
        if self.page.notes:
            self._make_room(14)
            self.y += 5
            self._say(_("What happened meanwhile"), 0, 178, size=11, bold=True)
            self.y += 6.5
            for note in self.page.notes:
                self._make_room(5)
                self._say(note, 0, 178, size=9)
                self.y += 5
        return bytes(self.pdf.output())

    def _begin(self) -> None:
        pdf, page = self.pdf, self.page
        pdf.add_page()
        self.y = _EDGE
        if pdf.page_no() == 1:
            self._say(page.house, 0, 178, size=9, color=_SOFT)
            self.y += 6.5
            self._say(page.title, 0, 178, size=20, bold=True)
            self.y += 10
            self._say(" · ".join(one for one in (page.period, page.view, page.narrowed) if one), 0, 178, size=10)
            self.y += 7
        self._foot()

    def _foot(self) -> None:
        kept, self.y = self.y, _HIGH - 18
        self._rule(self.y - 2)
        self._say(self.page.small, 0, 178, size=7, color=_SOFT, lines=2)
        self.y = _HIGH - 10
        until = _("Everything is counted until %(moment)s.") % {"moment": self.page.until} if self.page.until else ""
        self._say(until, 0, 150, size=7, color=_SOFT)
        self._say(str(self.pdf.page_no()), 158, 20, size=7, color=_SOFT, end=True)
        self.y = kept

    def _make_room(self, high: float) -> None:
        if self.y + high > _HIGH - 24:
            self._begin()

    def _line(self, one: Line) -> None:
        color = _ROUGH if one.rough else _INK
        self._rule(self.y)
        self.y += 1.8
        self._say(one.title, *_TITLE, size=9.5, bold=True, lines=1)
        self._say(one.value or "–", *_FIGURE, size=13, bold=True, color=color)
        self._say(one.sure, *_SURE, size=8, color=_SOFT)
        self._weeks(one.trend, _WEEKS[0], _WEEKS[1], color)
        self.y += 5
        self._say(one.period, *_TITLE, size=7.5, color=_SOFT)
        self._say(one.since, _FIGURE[0], _FIGURE[1] + _SURE[1], size=8, color=color if one.rough else _SOFT)
        self.y += _ROW - 6.8

    def _x(self, at: float, wide: float) -> float:
        return _WIDE - _EDGE - at - wide if self.rtl else _EDGE + at

    def _rule(self, y: float) -> None:
        self.pdf.set_draw_color(*_RULE)
        self.pdf.set_line_width(0.2)
        self.pdf.line(_EDGE, y, _WIDE - _EDGE, y)

    def _say(
        self, words: str, at: float, wide: float, *, size: float, bold: bool = False,
        color: tuple[int, int, int] = _INK, lines: int = 0, end: bool = False,
    ) -> None:  # fmt: skip
        """On one line made small enough to fit, or on several."""
        if not words:
            return
        pdf = self.pdf
        pdf.set_text_color(*color)
        if self.rtl:
            words = _SIGNED.sub("\u200e\\g<0>", _VOWELS.sub("", words))
        # Twice, so that it is said anew: letters of the other font may have been the last that were set.
        pdf.set_font(self.font, "B" if bold else "", size + 1)
        pdf.set_font(self.font, "B" if bold else "", size)
        align = "R" if self.rtl != end else "L"
        pdf.set_xy(self._x(at, wide), self.y)
        if lines > 1:
            pdf.multi_cell(wide, size * 0.45, words, align=align)
            return
        while (needed := pdf.get_string_width(words)) > wide - 2 and size > 5:
            size = max(5, size * min(0.95, (wide - 2) / needed))
            pdf.set_font(self.font, "B" if bold else "", size)
        pdf.cell(wide, 5, words, align=align)

    def _weeks(self, points: Sequence[Point], at: float, wide: float, color: tuple[int, int, int]) -> None:
        """A line through the spans of which something is known, on the band of their intervals."""
        known = [(n, one.figure) for n, one in enumerate(points) if one.figure.value is not None]
        if len(known) < 2:
            return
        ends = [
            end for _n, one in known for end in (one.value, one.low, one.high) if end is not None
        ]  # fmt: skip
        low, top = min(ends), max(ends)
        high, left, y = 8.0, self._x(at, wide), self.y
        room = (top - low) or abs(top) or 1.0

        def place(n: int, value: float) -> tuple[float, float]:
            share = n / (len(points) - 1)
            return left + wide * (1 - share if self.rtl else share), y + high * (1 - (value - low) / room)

        pdf = self.pdf
        pdf.set_draw_color(*_BAND)
        pdf.set_line_width(1.1)
        for n, one in known:
            if one.low is not None and one.high is not None:
                pdf.line(*place(n, one.low), *place(n, one.high))
        pdf.set_draw_color(*color)
        pdf.set_line_width(0.35)
        for (n, one), (m, following) in pairwise(known):
            if m == n + 1:
                pdf.line(*place(n, one.value or 0.0), *place(m, following.value or 0.0))
