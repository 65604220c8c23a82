"""What surveys and their parts are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from careline.experience.surveys.shapes import CSAT_POINTS


def types() -> list[tuple[str, str]]:
    """Those a form may ask; effort from 1 to 5 only comes with answers of earlier years."""
    return [
        ("nps", _("Recommendation, 0 to 10 (NPS)")), ("csat", _("Satisfaction (CSAT)")),
        ("ces", _("Ease, 1 to 7 (CES)")), ("scale", _("A scale of your own")), ("single", _("One of several")),
        ("multiple", _("Several of several")), ("matrix", _("The same for several things")),
        ("ranking", _("An order")), ("text", _("Words")), ("file", _("Files")),
    ]  # fmt: skip


def type_word(type: str) -> str:
    return dict(types()).get(type) or _("Effort, 1 to 5 (older CES)")


def tests() -> list[tuple[str, str]]:
    return [
        ("is", _("is")), ("is_not", _("is not")), ("at_least", _("is at least")), ("at_most", _("is at most")),
        ("answered", _("was answered")), ("not_answered", _("was not answered")),
    ]  # fmt: skip


def themes() -> list[tuple[str, str]]:
    return [("line", _("Teal")), ("ink", _("Ink")), ("sea", _("Blue")), ("plum", _("Plum"))]


def points() -> list[int]:
    return list(CSAT_POINTS)


def states() -> dict[str, str]:
    return {"draft": _("Draft"), "live": _("Open"), "closed": _("Closed")}


def answer_states() -> list[tuple[str, str]]:
    return [
        ("answered", _("All answers")), ("complete", _("Complete")), ("partial", _("Begun")),
        ("invited", _("Not answered yet")), ("surplus", _("Beyond a quota")), ("trial", _("Trials")),
    ]  # fmt: skip
