"""What left and did not arrive."""

from __future__ import annotations

from collections.abc import Mapping

from careline.experience.surveys.models import Invitation, Response
from careline.experience.surveys.sending import reasons
from careline.kit import sentences


def note(failed: Mapping[int, str]) -> None:
    """Rows of the outbox and why; who answered all the same, or by an earlier one, was asked."""
    rows = Invitation.objects.select_for_update(of=("self",)).filter(outbound__in=failed, state="sent", reminded=0)
    for one in rows.filter(response__state=Response.State.INVITED).order_by("pk"):
        one.state, one.remind_at, one.terms = Invitation.State.FAILED, None, {}
        one.reason = failed[one.outbound or 0] or sentences.kept(reasons.NO_WAY)
        one.save(update_fields=["state", "remind_at", "reason", "terms"])
