"""Start everything in one process group: embedded PostgreSQL unless DATABASE_URL is set, migrations, web, workers.

Ctrl-C stops it. Everything it keeps lies in the data folder.
"""

from __future__ import annotations

import argparse
import os
import threading
from importlib import import_module

from careline.cli import begin, signals
from careline.cli.addresses import add_options, reach, settle, take_port
from careline.cli.say import complain, say


def options(parser: argparse.ArgumentParser) -> None:
    add_options(parser)
    parser.add_argument("--data", metavar="DIR", help="the data folder (.careline, or what CARELINE_DATA says)")
    parser.add_argument("--demo", action="store_true", help="fill an empty installation with the demo company")


def run(options: argparse.Namespace) -> None:
    signals.interrupt()
    settle(options)
    folder = begin.data_folder(options.data)
    taken = take_port(options.host, options.port)
    os.environ["CARELINE_WORKERS"] = "1"
    # The server is loaded while the database starts.
    threading.Thread(target=import_module, args=["careline.cli.server"], daemon=True).start()
    with begin.installation(kept_alive=True):
        from careline.cli.server import serve

        serve(taken, lambda: _greet(options, folder))
    say("Stopped.")


def _greet(options: argparse.Namespace, folder: object) -> None:
    # In a thread of its own: whoever asks is answered meanwhile.
    threading.Thread(target=_welcome, args=(options, folder), name="welcome", daemon=True).start()


def _welcome(options: argparse.Namespace, folder: object) -> None:
    from django.db import connection

    from careline.accounts import queries as accounts

    address = reach(options.host, options.port)
    try:
        say(f"Careline runs at {address} – Ctrl-C stops it, {folder} keeps everything.")
        if options.demo:
            from careline.cli import demo

            demo.tell(demo.fill(demo.CUSTOMERS, demo.DAYS))
        elif not accounts.is_set_up():
            say("Nobody can sign in yet: open the address and make yourself the owner.")
    except Exception as error:
        from careline.cli.program import in_one_line

        sentence = in_one_line(error)
        if sentence is None:
            raise
        complain(sentence)
    finally:
        connection.close()
