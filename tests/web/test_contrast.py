"""Every pair of colors laid on each other, in every theme: 4.5 for text, 3 for edges, 7 in contrast."""

from __future__ import annotations

import math
import re

import pytest

from careline.web.assets import FOLDER

TOKENS = (FOLDER / "css" / "tokens.css").read_text()
VALUE = re.compile(r"--([\w-]+):\s*light-dark\((oklch\([^)]*\)|#\w+),\s*(oklch\([^)]*\)|#\w+)\)")
CSS = sorted((FOLDER / "css").glob("*.css"))

GROUNDS = ["sunk", "paper", "sheet", "raise"]
WASHES = ["line-wash", "rough-wash", "stop-wash", "note-wash"]
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "line", "rough", "stop") for ground in [*GROUNDS, "pick"]),
    *((ink, wash) for ink in ("ink", "ink-2") for wash in WASHES),
    *(("ink", f"tint-{k}") for k in range(1, 6)),
    ("line", "line-wash"), ("rough", "rough-wash"), ("stop", "stop-wash"), ("line", "note-wash"), ("stop", "line-wash"),
    ("line-on", "line"), ("stop-on", "stop"), ("paper", "ink"), ("sheet", "ink"),
]  # fmt: skip
DRAWN = [
    *((color, ground) for color in ("edge", "focus", "line", "rough") for ground in GROUNDS),
    ("focus", "pick"), ("note-edge", "note-wash"), ("edge", "pick"),
]  # fmt: skip


def block(opening: str) -> dict[str, tuple[str, str]]:
    start = TOKENS.index(opening)
    return {name: (light, dark) for name, light, dark in VALUE.findall(TOKENS[start : TOKENS.index("}", start)])}


BASE = block(":root {")
HIGH = block('[data-theme="contrast"] {')
WISHED = block('[data-theme="system"] {')
THEMES = {
    "light": (BASE, 0, 4.5), "dark": (BASE, 1, 4.5),
    "contrast light": (BASE | HIGH, 0, 7.0), "contrast dark": (BASE | HIGH, 1, 7.0),
    **{
        f"survey in {look} {light}": (BASE | block(f".theme-{look} {{"), side, 4.5)
        for look in ("ink", "sea", "plum") for side, light in enumerate(("light", "dark"))
    },
}  # fmt: skip


def linear(color: str) -> tuple[float, float, float]:
    """Linear sRGB of `#fff`, `#000` or an oklch color, by Ottosson's matrices."""
    if color.startswith("#"):
        return (1.0, 1.0, 1.0) if color == "#fff" else (0.0, 0.0, 0.0)
    lightness, chroma, hue = (float(number) for number in re.findall(r"[\d.]+", color)[:3])
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def luminance(color: str) -> float:
    red, green, blue = (min(1.0, max(0.0, channel)) for channel in linear(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself_knows_black_on_white_and_the_gray_of_the_rule():
    assert ratio("#000", "#fff") == pytest.approx(21)
    # #767676, known to stand at 4.54 on white.
    assert ratio("oklch(0.5659 0 0)", "#fff") == pytest.approx(4.54, abs=0.03)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(theme, ink, ground):
    colors, side, least = THEMES[theme]
    assert ratio(colors[ink][side], colors[ground][side]) >= least


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("color", "ground"), DRAWN)
def test_what_can_be_pressed_or_read_off_a_drawing_can_be_seen(theme, color, ground):
    colors, side, _ = THEMES[theme]
    assert ratio(colors[color][side], colors[ground][side]) >= 3


def test_contrast_is_the_same_whether_chosen_or_wished_for_by_the_system():
    assert WISHED == HIGH


def test_every_color_lies_in_what_screens_can_show():
    for colors, side, _ in THEMES.values():
        for name, sides in colors.items():
            assert all(-0.004 <= channel <= 1.004 for channel in linear(sides[side])), (name, sides)


def test_colors_stand_in_the_tokens_and_nowhere_else():
    """But for the veil behind a dialog, and strangers' mails in their frame, which are shown on paper of their own."""
    found = [
        f"{path.name}: {color}"
        for path in CSS
        if path.name not in {"tokens.css", "original.css"}
        for color in re.findall(r"(?:oklch|rgba?|hsla?)\([^)]*\)|#[0-9a-f]{3,8}\b", path.read_text())
    ]
    assert found == ["states.css: oklch(0.2 0.02 215 / 0.45)"]


def test_every_token_that_is_used_is_there():
    known = set(re.findall(r"(--[\w-]+):", "".join(path.read_text() for path in CSS)))
    used = {name for path in CSS for name in re.findall(r"var\((--[\w-]+)", path.read_text())}
    assert used <= known
