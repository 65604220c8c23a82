"""Ctrl-C and SIGTERM as a wish to end, not as an interruption."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

# A terminal that is closed says SIGHUP.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


# Set with the first wish to end.
told = threading.Event()


def on_end(call: Callable[[bool], None]) -> None:
    """`call(impatient)`: impatient when it is said for the second time."""
    said = 0

    def hear(_number: int, _frame: FrameType | None) -> None:
        nonlocal said
        said += 1
        told.set()
        call(said > 1)

    _listen(hear)


def interrupt() -> None:
    """Until there is something to end in good order: whoever began is interrupted, and cleans up."""

    def hear(number: int, frame: FrameType | None) -> None:
        told.set()
        signal.default_int_handler(number, frame)

    _listen(hear)


def _listen(hear: Callable[[int, FrameType | None], None]) -> None:
    for number in SIGNALS:
        # nohup means it.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, hear)


def wait() -> None:
    on_end(lambda _impatient: None)
    told.wait()
