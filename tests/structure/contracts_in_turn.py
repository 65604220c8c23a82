"""Checks contracts over several trees in one process: reads [[folder, contract or nothing]], writes [[status, said]].

A process of its own, since the real package must not be imported beside its copies.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys

from importlinter.cli import lint_imports


def check(config: str, folder: str, contract: str) -> tuple[int, str]:
    os.chdir(folder)  # which the linter puts before everything else on the path
    importlib.invalidate_caches()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = lint_imports(
            config_filename=config, limit_to_contracts=(contract,) if contract else (), no_cache=True, no_logo=True
        )
    return status, said.getvalue()


if __name__ == "__main__":
    config = sys.argv[1]
    sys.stdout.write(json.dumps([check(config, *case) for case in json.load(sys.stdin)]))
