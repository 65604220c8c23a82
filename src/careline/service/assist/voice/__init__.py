"""How the house speaks: what in a draft is not its voice, why, and what might stand there. It warns, it never keeps
anybody from sending."""

from careline.service.assist.voice.checking import Mark, Terms, check
from careline.service.assist.voice.keeping import WRITES, draft_marks, keep, suits, terms, voice

__all__ = ["WRITES", "Mark", "Terms", "check", "draft_marks", "keep", "suits", "terms", "voice"]
