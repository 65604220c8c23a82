"""Where the web listens, and how a person reaches it."""

from __future__ import annotations

import argparse
import os

PORT = 8000
_ANYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine alone)")
    parser.add_argument("--port", type=int, default=None, help=f"port to listen on ({PORT}, or what PORT says)")


def settle(options: argparse.Namespace) -> None:
    """The port that is meant, and an address for links while no CARELINE_BASE_URL is given."""
    if options.port is None:
        named = os.environ.get("PORT") or str(PORT)
        options.port = int(named) if named.isdigit() else -1
    if not 0 < options.port < 65536:
        from careline.kit.refusals import Refused

        raise Refused("The port must be a number from 1 to 65535.")
    os.environ.setdefault("CARELINE_BASE_URL", reach(options.host, options.port))


def reach(host: str, port: int) -> str:
    name = "127.0.0.1" if host in _ANYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"
