"""The link of a survey as a QR code, for whatever is printed or stands in a window."""

from __future__ import annotations

from io import BytesIO
from typing import Literal

import segno
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.experience.surveys import links, queries
from careline.kit.refusals import Conflicting

Format = Literal["svg", "png"]
FORMATS: tuple[Format, ...] = ("svg", "png")
# Pixels of one module in the PNG: about 900 for all of it, sharp at the size of a hand.
_SCALE = 20


def address(survey_id: int) -> str:
    """It says where it was opened, and that is kept with the answer."""
    return f"{links.address('open', survey_id)}?at=qr"


def code(actor: Actor, survey_id: int, form: str) -> bytes:
    """Black on white with its quiet zone; a quarter of it may be covered or scratched."""
    if queries.survey(actor, survey_id).state != "live":
        raise Conflicting(_("This survey is not open for answers."))
    drawn, out = segno.make_qr(address(survey_id), error="q"), BytesIO()
    if form == "png":
        drawn.save(out, kind="png", scale=_SCALE, dark="black", light="white")
    else:
        drawn.save(out, kind="svg", dark="black", light="white", omitsize=True)
    return out.getvalue()
