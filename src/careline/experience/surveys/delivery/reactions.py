"""What the surveys hear from the line: somebody answered a question where they were asked it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from careline.accounts.actor import Actor
from careline.experience.surveys.delivery import returning
from careline.kit.refusals import Refused
from careline.touchpoints import Moment, on

_log = logging.getLogger(__name__)


@on("reply.expected")
def take_answers(moments: Sequence[Moment]) -> None:
    for moment in moments:
        about = str(moment.facts["expects"])
        if about.startswith("survey:"):
            try:
                returning.take(
                    about, str(moment.facts.get("value", "")), outbound=moment.facts["outbound"],
                    actor=Actor.customer(moment.person_id or 0, moment.inbox_id or 0),
                )  # fmt: skip
            except Refused:
                # Answered on the page meanwhile, closed, or erased: what they said stands in their thread all the same.
                _log.info("An answer to %s came too late.", about)
