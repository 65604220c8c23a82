"""Builds the icon sprite of the pages from an unpacked lucide-static folder: `python tools/icons.py FOLDER`."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

STATIC = Path(__file__).parent.parent / "src/careline/web/static"

# The product's word for a shape, and the drawing's name at its maker.
SHAPES = {
    "alarm": "alarm-clock",
    "answer": "clipboard-pen",
    "archive": "archive",
    "assign": "user-round-plus",
    "back": "arrow-left",
    "ban": "ban",
    "bell": "bell",
    "box": "package",
    "building": "building-2",
    "calendar": "calendar-days",
    "chat": "message-circle",
    "check": "check",
    "checks": "check-check",
    "clip": "paperclip",
    "clock": "clock",
    "code": "code",
    "copy": "copy",
    "down": "chevron-down",
    "download": "download",
    "eye": "eye",
    "file": "file",
    "flag": "flag",
    "gear": "settings",
    "hand": "hand",
    "history": "history",
    "image": "image",
    "inbox": "inbox",
    "info": "info",
    "key": "key-round",
    "language": "languages",
    "link": "link-2",
    "lock": "lock",
    "mail": "mail",
    "merge": "merge",
    "monitor": "monitor",
    "more": "ellipsis",
    "note": "sticky-note",
    "offline": "wifi-off",
    "open": "arrow-up-right",
    "order": "shopping-bag",
    "pencil": "pencil",
    "phone": "phone",
    "plug": "plug",
    "plus": "plus",
    "refresh": "refresh-cw",
    "restore": "archive-restore",
    "right": "chevron-right",
    "score": "chart-no-axes-combined",
    "search": "search",
    "send": "send-horizontal",
    "shield": "shield-check",
    "sift": "list-filter",
    "signout": "log-out",
    "smartphone": "smartphone",
    "spark": "wand-sparkles",
    "store": "store",
    "tag": "tag",
    "trash": "trash-2",
    "undo": "undo-2",
    "user": "user-round",
    "users": "users-round",
    "warn": "triangle-alert",
    "web": "globe",
    "x": "x",
}


def shape(source: Path) -> str:
    """The drawing without its frame, on one line."""
    found = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text(), re.DOTALL)
    assert found, f"{source} holds no drawing"
    return re.sub(r"\s*/>\s*", "/>", " ".join(found[1].split()))


def sprite(folder: Path) -> str:
    symbols = (
        f'<symbol id="{name}" viewBox="0 0 24 24">{shape(folder / "icons" / f"{drawing}.svg")}</symbol>'
        for name, drawing in sorted(SHAPES.items())
    )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    lucide = Path(sys.argv[1])
    (STATIC / "icons.svg").write_text(sprite(lucide))
    shutil.copyfile(lucide / "LICENSE", STATIC / "icons-LICENSE.txt")
