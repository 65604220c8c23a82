"""Whatever can be asked about is heard of here."""

from __future__ import annotations

from collections.abc import Sequence

from careline.experience.surveys.sending import inviting, jobs, returned
from careline.experience.surveys.sending.shapes import MOMENTS
from careline.kit import sentences
from careline.touchpoints import Moment, on


@on(*MOMENTS, inviting.AGAIN_OPEN)
def invite(moments: Sequence[Moment]) -> None:
    if inviting.write(moments):
        jobs.send_now.soon()


@on("delivery.updated")
def notice_failures(moments: Sequence[Moment]) -> None:
    """What was let out and never arrived asked nobody."""
    told = [one for one in moments if one.facts["status"] == "failed" and one.facts.get("outbound")]
    failed = {one.facts["outbound"]: one for one in told}
    if failed:
        returned.note({outbound: _why(one) for outbound, one in failed.items()})


def _why(moment: Moment) -> str:
    said = moment.facts.get("sentence")
    return sentences.kept(sentences.of_plain(said) if said else moment.facts.get("reason", ""))
