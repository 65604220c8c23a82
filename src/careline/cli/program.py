"""The program `careline`: one module a command, loaded when it is asked for, so that asking for help costs nothing."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from careline.cli.say import complain, say, table

COMMANDS = {
    "up": "start everything in one process group: database, web, workers",
    "serve": "the web alone, for several machines; needs DATABASE_URL",
    "work": "the workers alone, for several machines; needs DATABASE_URL",
    "demo": "fill the installation with a believable company",
    "doctor": "say what is wrong, and the way to mend it",
    "backup": "write everything, files included, into one archive",
    "restore": "read such an archive into an empty installation",
    "import": "bring a file of touchpoints onto the line",
    "export": "write down everything known about a customer",
    "extract": "write everybody's line into a Parquet file",
    "erase": "erase a customer for good",
    "owner-recovery": "let an owner in again when every way is lost",
    "explain": "say what Careline makes of a log or of mails, writing nothing",
    "evaluate": "say how good intents, feelings or finding are on labeled texts",
    "bench": "measure what is promised",
    "shell": "Python with the rooms' verbs and questions at hand",
}
_FULL = {errno.ENOSPC, errno.EDQUOT}


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in {"help", "--help", "-h"}:
        overview()
        return 0 if given else 2
    if given[0] == "--version":
        from importlib.metadata import version

        say(f"careline {version('careline')}")
        return 0
    if given[0] not in COMMANDS:
        complain(f"There is no command “{given[0]}”; careline --help lists them.")
        return 2
    return run(given[0], given[1:])


def overview() -> None:
    say("careline COMMAND [options]\n\nCustomer service and customer experience on one line per customer.\n")
    table(COMMANDS.items())
    say("\n`careline COMMAND --help` tells more. Settings come from the environment: docs/operations.md.")


def run(name: str, rest: list[str]) -> int:
    command = import_module(f"careline.cli.{name.replace('-', '_')}")
    parser = argparse.ArgumentParser(
        prog=f"careline {name}",
        description=command.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.options(parser)
    try:
        return command.run(parser.parse_args(rest)) or 0
    except KeyboardInterrupt:
        complain("")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python would complain once more when it flushes
        return 141
    except Exception as error:
        if interrupted():
            return 130
        sentence = in_one_line(error)
        if sentence is None:
            raise
        complain(sentence)
        return 1


def in_one_line(error: Exception) -> str | None:
    """What a person can do something about, in one sentence; None for a fault of ours, which shows its trace."""
    from careline.cli.composition import is_bad_setting
    from careline.kit.refusals import Refused

    if isinstance(error, Refused) or is_bad_setting(error):
        return str(error)
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if kind == "careline.kit.postgres.refusal.ClusterRefused":
        return str(error)
    if kind.endswith(".OperationalError"):
        return f"The database cannot be reached: {_first_line(error)}"
    if isinstance(error, OSError) and error.filename:
        if error.errno in _FULL:
            return f"The disk that holds {error.filename} is full."
        return f"{error.filename}: {error.strerror or error}."
    return None


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def interrupted() -> bool:
    """Ctrl-C reaches the database as well, and what we then hear from it is no fault."""
    from careline.cli import signals

    return signals.told.is_set()
