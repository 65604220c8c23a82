"""The links surveys are answered by. Nothing of a link is stored: it is a number and a proof that we wrote it."""

from __future__ import annotations

import re
from typing import Literal

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from careline.kit import signing
from careline.kit.refusals import NotVisible

# A survey's own link is for everybody, one's own goes on with what was answered, a trial asks what is being written.
Sort = Literal["open", "own", "trial"]
_LETTERS: dict[str, Sort] = {"s": "open", "r": "own", "t": "trial"}
_LETTER = {sort: letter for letter, sort in _LETTERS.items()}
# In small letters, as they are read aloud and kept by every channel.
_WIRE = re.compile(r"([srt])(\d{1,18})-([a-z2-7]{20})", re.ASCII)


class Link(msgspec.Struct, frozen=True):
    """`number` is a survey's, of one's own link a response's."""

    sort: Sort
    number: int


def token(sort: Sort, number: int) -> str:
    body = f"{_LETTER[sort]}{number}"
    return f"{body}-{signing.mark('survey', body, 20)}"


def path(sort: Sort, number: int) -> str:
    return f"/s/{token(sort, number)}"


def address(sort: Sort, number: int) -> str:
    return f"{settings.CARELINE_BASE_URL}{path(sort, number)}"


def read(written: str) -> Link:
    found = _WIRE.fullmatch(written.lower())
    if found is None or not signing.same(token(_LETTERS[found[1]], int(found[2])), written.lower()):
        raise gone()
    return Link(_LETTERS[found[1]], int(found[2]))


def gone() -> NotVisible:
    return NotVisible(_("There is no such survey, or no longer."))
