"""The files that lie beside the demo's mails: small pictures and papers, drawn here."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

WIDTH, HEIGHT = 240, 180
Color = tuple[int, int, int]
_TABLE, _SHADE = (214, 190, 160), (190, 165, 134)
_BLUE, _LIGHT, _CRACK = (62, 98, 140), (96, 134, 176), (236, 232, 226)
_IRON, _CARD, _TAPE = (52, 54, 58), (182, 140, 96), (222, 204, 168)


def picture(name: str) -> bytes:
    painted = {"teapot.png": _teapot, "wrapping.png": _wrapping, "pan.png": _pan}[name]
    # Every second point of every second row: what is drawn shows no more.
    rows = b"".join(
        (b"\0" + b"".join(bytes(painted(x, y)) * 2 for x in range(0, WIDTH, 2))) * 2 for y in range(0, HEIGHT, 2)
    )
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def _within(x: int, y: int, middle: tuple[int, int], wide: int, high: int) -> bool:
    return ((x - middle[0]) / wide) ** 2 + ((y - middle[1]) / high) ** 2 <= 1


def _behind(y: int) -> Color:
    return _TABLE if y > 118 else (232, 226, 216)


def _teapot(x: int, y: int) -> Color:
    """A body with lid, spout and handle; a pale crack runs down from the rim."""
    crack = 140 + (y % 14 if (y // 14) % 2 else 14 - y % 14) - 7
    if _within(x, y, (120, 105), 58, 48):
        return _CRACK if 62 < y < 122 and abs(x - crack) < 2 else _LIGHT if _within(x, y, (98, 90), 17, 13) else _BLUE
    if _within(x, y, (120, 56), 30, 9) or _within(x, y, (120, 46), 7, 6):
        return _BLUE
    if _within(x, y, (190, 100), 26, 28) and not _within(x, y, (190, 100), 16, 18):
        return _BLUE
    if 34 < x < 74 and abs(y - x - 32) < 9:
        return _BLUE
    return _SHADE if _within(x, y, (124, 152), 74, 10) else _behind(y)


def _wrapping(x: int, y: int) -> Color:
    if 50 < x < 190 and 60 < y < 150:
        return _TAPE if abs(x - 120) < 9 or abs(y - 62) < 3 else (160, 120, 80) if x + y > 292 else _CARD
    return _SHADE if _within(x, y, (124, 154), 84, 9) else _behind(y)


def _pan(x: int, y: int) -> Color:
    if _within(x, y, (96, 100), 66, 44):
        return (78, 80, 86) if _within(x, y, (96, 98), 54, 34) else _IRON
    if 156 < x < 226 and abs(y - 88 - (x - 156) // 9) < 7:
        return (120, 60, 40) if x > 168 else _IRON
    return _SHADE if _within(x, y, (100, 146), 78, 9) else _behind(y)


def paper(lines: Sequence[str]) -> bytes:
    """One page; its letters are those of the standard font alone."""
    shown = "".join(f"({_escaped(line)}) Tj 0 -22 Td " for line in lines)
    text = f"BT /F1 14 Tf 60 770 Td {shown}ET".encode("latin-1")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        b"/Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(text), text),
    ]
    made, places = b"%PDF-1.4\n", []
    for n, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (n, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(parts) + 1, table) + trailer


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
