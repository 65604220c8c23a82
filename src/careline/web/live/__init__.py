"""Sockets: what changed, told at once to the windows that may see it."""

from careline.web.live.agent import agent_socket
from careline.web.live.hub import hub
from careline.web.live.visitor import visitor_socket

__all__ = ["agent_socket", "hub", "visitor_socket"]
