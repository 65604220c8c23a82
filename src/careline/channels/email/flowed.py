"""Text whose lines are broken for the way and not by whoever wrote it: format=flowed (RFC 3676)."""

from __future__ import annotations

_SIGNATURE = "-- "


def text(parameters: dict[str, str], words: str) -> str:
    """Each paragraph in one line again, those of quotes too; any other text as it is."""
    if parameters.get("format", "").strip().lower() != "flowed":
        return words
    joined = parameters.get("delsp", "").strip().lower() == "yes"
    out: list[str] = []
    # The paragraph that goes on: how deep it is quoted, and what of it is there.
    depth, pending = 0, ""
    for line in words.split("\n"):
        marks = len(line) - len(line.lstrip(">"))
        piece = line[marks:].removeprefix(" ") if line != _SIGNATURE else line
        # A quote of another depth, an empty line and a signature never go on; some programs forget to say so.
        if pending and (marks != depth or not piece or piece == _SIGNATURE):
            out.append(_written(depth, pending))
            pending = ""
        depth, goes_on = marks, piece.endswith(" ") and piece != _SIGNATURE
        pending += piece[:-1] if goes_on and joined else piece
        if not goes_on:
            out.append(_written(depth, pending))
            pending = ""
    return "\n".join([*out, _written(depth, pending)] if pending else out)


def _written(depth: int, words: str) -> str:
    words = words if words == _SIGNATURE else words.rstrip(" ")
    return f"{'>' * depth} {words}" if depth and words else f"{'>' * depth}{words}"
