"""Gzip, opened piece by piece, and no further than an honest file would reach."""

from __future__ import annotations

import contextlib
import gzip
import io
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _
from typing_extensions import Buffer, override

from careline.kit.refusals import Refused

# Logs repeat themselves and shrink to a fiftieth; only what was made to burst shrinks to a thousandth.
_RATIO = 250
_HONEST = 64 * 1024 * 1024


class Bursting(Refused):
    """A few kilobytes that hold gigabytes of nothing."""


class _Counted(io.RawIOBase):
    def __init__(self, packed: IO[bytes], inside: gzip.GzipFile) -> None:
        self.packed, self.inside, self.count = packed, inside, 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, room: Buffer, /) -> int:
        piece = self.inside.read1(len(memoryview(room)))
        memoryview(room)[: len(piece)] = piece
        self.count += len(piece)
        if self.count > _HONEST and self.count > _RATIO * self.packed.tell():
            sentence = _("What is packed in this file is far larger than the file: it is not opened.")
            raise Bursting(sentence, field="file")
        return len(piece)


@contextlib.contextmanager
def opened(packed: IO[bytes]) -> Iterator[IO[bytes]]:
    with gzip.open(packed) as inside, io.BufferedReader(_Counted(packed, inside), 128 * 1024) as counted:
        yield counted
