"""Phrasings are the house's own words for what is wanted."""

from __future__ import annotations

from careline.kit import personal


def register() -> None:
    personal.exempt("intents.Intent", "What customers want in general; it names nobody.")
    personal.exempt("intents.Phrasing", "A way of saying it, written by the house; it stands for no customer.")
    personal.exempt("intents.Head", "Learned from the house's phrasings; it names no customer.")
