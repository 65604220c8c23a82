"""Where the web listens, and how a person reaches it."""

from __future__ import annotations

import argparse
import errno
import os
import socket
from typing import Any

from careline.kit.refusals import Refused

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
        raise Refused("The port must be a number from 1 to 65535.")
    os.environ.setdefault("CARELINE_BASE_URL", reach(options.host, options.port))


def reach(host: str, port: int) -> str:
    name = "127.0.0.1" if host in _ANYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def take_port(host: str, port: int) -> socket.socket:
    """Before the database is started: a port that is taken is the commonest reason not to start at all."""
    family, _kind, _protocol, _name, address = _address(host, port)
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(address)
    except OSError as error:
        taken.close()
        raise refused(host, port, error) from error
    return taken


def refused(host: str, port: int, error: OSError) -> Refused:
    if error.errno == errno.EADDRINUSE:
        return Refused(f"Port {port} on {host} is taken: stop what runs there or choose another with --port.")
    if error.errno == errno.EACCES:
        return Refused(f"Port {port} on {host} may not be taken by this user: choose one above 1023.")
    return Refused(f"{host}:{port} cannot be taken: {error.strerror}.")


def _address(host: str, port: int) -> Any:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (socket.gaierror, OverflowError) as error:
        raise Refused(f"{host}:{port} is no address of this machine.") from error
