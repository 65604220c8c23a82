"""Write everything into one archive: rows, files, and the secret key that opens what is sealed.

Whoever has the archive and nothing else has everything, so it is made for its owner's eyes alone (mode 0600). The
installation may go on working meanwhile.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from careline.cli import begin
from careline.cli.say import progress, say
from careline.kit.refusals import Refused


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="the archive; one that is there is replaced when all is written"
    )


def run(options: argparse.Namespace) -> None:
    path: Path = options.file.expanduser().resolve()
    if path.is_dir() or not path.parent.is_dir():
        raise Refused(f"{path} cannot be written: it is a folder, or its folder is not there.")
    begin.refuse_without_installation()
    with begin.database():
        from careline.cli import composition

        composition.load()
        from careline.cli.archive.pack import pack
        from careline.cli.migrations import turn

        with turn(), progress("Backing up", unit="B") as bar:
            packed = pack(path, bar.update)
    say(f"{packed.rows:,} rows and {packed.files:,} files are in {path} ({packed.size / 1024**2:,.1f} MB).")
    say("The secret key is in it too: keep it where only you can read it.")
