"""A text as a QR code that stands in a page by itself."""

from __future__ import annotations

import segno


def picture(text: str) -> str:
    """An address for an image; dark on light whatever the page's theme, since cameras want it so."""
    return segno.make_qr(text, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
