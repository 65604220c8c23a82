"""Logs: JSON lines for machines, plain words on a terminal, and in neither anything a customer said or is called.

What rooms write themselves is taken as it stands. Libraries are not trusted with addresses, paths and values: of their
messages the text is kept and what was filled in is not. An exception is named with the places it passed, without its
message, which may quote a row.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

import msgspec
from typing_extensions import override

from careline.cli import signals
from careline.web.ops.requests import current, observed

TRUSTED = ("careline",)
# Says with every request what is said here already, with the address in it.
SILENT = ("uvicorn.access", "django.security", "django.server", "psycopg.pool")
QUIET = ("uvicorn", "procrastinate", "asyncio", "httpx", "httpcore", "websockets", "django", "psycopg")
# Wraps the application: an id, a count and a line for every request.
request_log = observed
LATELY = 60.0
MOST = 500
_lately: dict[str, float] = {}
_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


def configure(stream: TextIO | None = None) -> None:
    """Once a process; asked again it begins anew."""
    out = stream or sys.stderr
    plain = out.isatty()
    channel = logging.StreamHandler(out)
    channel.setFormatter(Plain() if plain else Lines())
    channel.addFilter(is_news)
    root = logging.getLogger()
    root.handlers[:] = [channel]
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # What was refused is counted and noted at the door; of what failed, the place it failed at is wanted too.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    # A person at a terminal watches for trouble, not for traffic.
    logging.getLogger("careline.requests").setLevel(logging.WARNING if plain else logging.INFO)
    logging.raiseExceptions = False
    threading.excepthook = _end_of_thread


def _end_of_thread(end: threading.ExceptHookArgs) -> None:
    if end.exc_value is not None and not isinstance(end.exc_value, SystemExit):
        _log.error("A thread ended.", exc_info=end.exc_value)


def is_news(record: logging.LogRecord) -> bool:
    """A database that went away is told once, by the loop that waits for it; not by each library at each attempt."""
    if record.name.split(".")[0] in TRUSTED:
        return record.levelno != logging.WARNING or not _said_lately(record)
    if signals.told.is_set():
        return False  # whoever is told to end may leave connections lying about
    error = record.exc_info[1] if record.exc_info else None
    return "Connector" not in type(error).__name__ and "ConnectorException" not in str(record.msg)


def _said_lately(record: logging.LogRecord) -> bool:
    """What a loop finds out again at each attempt is told once a minute."""
    if hasattr(record, "facts"):
        return False  # a request is news
    told = f"{record.name} {record.getMessage()}"
    if record.created - _lately.get(told, float("-inf")) < LATELY:
        return True
    if len(_lately) > MOST:
        _lately.clear()
    _lately[told] = record.created
    return False


class Lines(logging.Formatter):
    """One JSON object a line."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "where": record.name,
            "says": said(record),
        }
        if request := current.get():
            line["request"] = request
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= {"fault": fault(record.exc_info[1]), "trace": trace(record.exc_info[1])}
        return _encode(line).decode()


class Plain(logging.Formatter):
    """For eyes."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        facts = " ".join(str(value) for value in getattr(record, "facts", {}).values())
        text = f"{at} {record.levelname.lower():<7} {said(record)} {facts}".rstrip()
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            text += "".join(f"\n    {place}" for place in [*trace(error), fault(error)])
        return text


def said(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] in TRUSTED:
        return record.getMessage()
    if not record.args:
        return str(record.msg).strip().partition("\n")[0]  # asyncio shows the whole task further down
    args = record.args if isinstance(record.args, tuple) else ()
    try:
        return str(record.msg) % tuple(arg if isinstance(arg, int | float) else "…" for arg in args)
    except (TypeError, ValueError):
        return str(record.msg)


def fault(error: BaseException) -> str:
    """Its kind, and the kinds of what caused it."""
    names: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(names) < 5:
        names.append(" ".join([type(cause).__name__, *_about(cause)]))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return " from ".join(names)


def _about(error: BaseException) -> list[str]:
    """What can be told of it without quoting anybody: words about the program, the database's name for the rule."""
    if isinstance(error, ImportError | NameError | AttributeError | SyntaxError):
        return [f"({str(error)[:300]})"]
    told = [getattr(error, "sqlstate", None), getattr(getattr(error, "diag", None), "constraint_name", None)]
    return [word for word in told if isinstance(word, str)]


def trace(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-20:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(path: str) -> str:
    return path.rpartition("site-packages/")[2].rpartition("src/")[2]
