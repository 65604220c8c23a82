"""The reader's own process: takes raw mails from its standard input, one after the other, and gives back its answers.

It binds itself before it reads the first: memory by the address space, time by the processor time of one mail. A mail
that breaks a bound ends this process, and the other side starts a new one. HTML is cleaned last and answered apart, so
that one which cannot be cleaned within the bounds does not take the words with it.
"""

from __future__ import annotations

import resource
import signal
import struct
import sys
from typing import BinaryIO

import msgspec

from careline.channels.email import cleaning
from careline.channels.email.understanding import Understood, understood

MEMORY = 400 * 1024 * 1024
SECONDS = 5.0
# Before each frame: how it went (r ready, o understood, m out of memory), and how long the frame is.
HEAD = struct.Struct("<cQ")
READY, DONE, MEMORY_GONE = b"r", b"o", b"m"
# Freed memory is not given back in full; after so many mails a fresh process is better.
MOST_MAILS = 10_000


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the other side ends us
    sys.setrecursionlimit(2_000)
    serve(sys.stdin.buffer, sys.stdout.buffer, float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)


def serve(source: BinaryIO, sink: BinaryIO, seconds: float) -> None:
    encoder = msgspec.msgpack.Encoder()
    _answer(sink, READY, b"")
    for _number in range(MOST_MAILS):
        size = source.read(8)
        if len(size) < 8:
            return
        try:
            raw = source.read(struct.unpack("<Q", size)[0])
            signal.setitimer(signal.ITIMER_PROF, seconds)
            encoded, html = _encoded(encoder, raw)
            del raw
            _answer(sink, DONE, encoded)
            del encoded
            if html:
                _answer(sink, DONE, _cleaned(encoder, html))
        except MemoryError:
            _answer(sink, MEMORY_GONE, b"")
            return
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


def _encoded(encoder: msgspec.msgpack.Encoder, raw: bytes) -> tuple[bytes, str]:
    found: Understood = understood(raw)
    return encoder.encode(found), found.mail.html


def _cleaned(encoder: msgspec.msgpack.Encoder, html: str) -> bytes:
    """Nothing when no HTML comes of it."""
    try:
        return encoder.encode(cleaning.cleaned(html))
    except MemoryError:
        raise
    except Exception:
        return b""


def _answer(sink: BinaryIO, how: bytes, frame: bytes) -> None:
    sink.write(HEAD.pack(how, len(frame)))
    sink.write(frame)
    sink.flush()


if __name__ == "__main__":
    main()
