"""What a machine's mail says of itself, so that machines do not answer it (RFC 3834); a human's says none of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from careline.kit import signing


class Automatic(msgspec.Struct, frozen=True, kw_only=True):
    # An answer to somebody's mail, or a notice, survey or campaign of our own accord.
    kind: Literal["replied", "generated"] = "generated"
    # To many at once.
    bulk: bool = False
    # https address that takes one off the list by a POST; mail programs show it as a button.
    unsubscribe: str = ""
    unsubscribe_mail: str = ""


def loop_mark() -> str:
    """What our X-Loop says: the same from every process of this installation, and from no other."""
    return f"careline.{signing.mark('mail:loop', 'installation', 16)}"


def headers(automatic: Automatic) -> list[tuple[str, str]]:
    found = [
        ("Auto-Submitted", f"auto-{automatic.kind}"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Loop", loop_mark()),
    ]
    if automatic.bulk:
        found.append(("Precedence", "bulk"))
    ways = [f"<mailto:{automatic.unsubscribe_mail}>"] if automatic.unsubscribe_mail else []
    if automatic.unsubscribe:
        ways.insert(0, f"<{automatic.unsubscribe}>")
    if ways:
        found.append(("List-Unsubscribe", ", ".join(ways)))
    if automatic.unsubscribe.startswith("https://"):
        found.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return found
