"""This room holds what the house wrote, and what readers said without saying who they are."""

from __future__ import annotations

from careline.kit import personal

_OURS = "What the house wrote; it names no customer."
_EXEMPT = {
    "Centre": "How the help center looks.",
    "Collection": _OURS,
    "Article": _OURS,
    "Translation": _OURS,
    "Version": _OURS,
    "Edition": _OURS,
    "Passage": _OURS,
    "Redirect": "Addresses of articles.",
    "Picture": "Pictures of the house's articles.",
    "Verdict": "Said by nobody anybody knows; its words grow old by the house's periods.",
    "Asked": "Words that were looked for, counted by day, without addresses and numbers and without whoever asked.",
}


def register() -> None:
    for name, why in _EXEMPT.items():
        personal.exempt(f"knowledge.{name}", why)
