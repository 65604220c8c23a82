"""What the parts of a broken mail are to the letter, before anything is mended for whoever reads it.

Two kinds of parts read better than they are. One whose end never came may lack anything: to the letter it is a file.
Of one whose words follow the headers without an empty line, only what stands behind the next empty line is a body.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from careline.channels.email import bodies, files
from careline.channels.email.mail import Listed, Literal
from careline.channels.email.tree import Part, Tree

_EMPTY_LINE = re.compile(rb"\n\r?\n")


def of(tree: Tree, leaves: list[Part], shown: bodies.Chosen, text: Callable[[list[Part]], str]) -> Literal | None:
    """Nothing for a mail that was not mended; `text` gives the words of parts."""
    if not any(part.cut or not part.head.ended for part in leaves):
        return None
    found = bodies.chosen(tree.root, literal=True)
    pictured = {id(part) for part in shown.files}
    return Literal(
        text=text([_behind_empty_line(tree, part) for part in found.text]),
        files=tuple(
            Listed(name=files.called(tree, part, number), media_type=part.kind, size=len(tree.content(part)))
            for number, part in enumerate(found.files, 1)
            if id(part) not in pictured
        ),
    )


def _behind_empty_line(tree: Tree, part: Part) -> Part:
    if part.head.ended:
        return part
    found = _EMPTY_LINE.search(tree.raw, part.start, part.stop)
    return msgspec.structs.replace(part, start=part.stop if found is None else found.end())
