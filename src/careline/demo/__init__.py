"""A believable company to look at: a kitchen shop over some months, repeatable, with one planted friction."""

from __future__ import annotations

from careline.demo.filling import fill

__all__ = ["fill"]
