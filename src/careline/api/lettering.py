"""Envelopes of messages as the API tells them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from careline.api import shapes
from careline.channels import adapter, letters
from careline.channels.letters import Party
from careline.files import queries as files
from careline.kit import sentences
from careline.kit.refusals import NotVisible
from careline.service.conversations.hot.shapes import ThreadRow

_INVITATION = shapes.Invitation.__struct_fields__


def letter(row: ThreadRow) -> shapes.Letter | None:
    found = letters.read(row.letter)
    if found is None:
        return None
    return shapes.Letter(
        sender=None if found.sender is None else _party(found.sender),
        to=[_party(one) for one in found.to],
        cc=[_party(one) for one in found.cc],
        bcc=[_party(one) for one in found.bcc],
        subject=found.subject,
        written_at=found.written_at,
        message_id=found.message_id,
        automatic=found.automatic,
        protection=[_remark(row.channel, code) for code in found.protection],
        invitations=[_invitation(one) for one in found.invitations],
        remarks=[_remark(row.channel, code) for code in found.remarks if code not in found.protection],
        left_out=[shapes.NotTaken(name, sentences.told(why)) for name, why in found.left_out.items()],
        missed=[shapes.NotReached(address, sentences.told(why)) for address, why in found.missed.items()],
        trace=[step.words() for step in found.steps],
        shortened=found.shortened,
        original_url=None if found.original is None else f"{settings.CARELINE_BASE_URL}{files.link(found.original)}",
    )


def _party(one: Party) -> shapes.Party:
    return shapes.Party(one.name, one.address)


def _invitation(given: dict[str, Any]) -> shapes.Invitation:
    return shapes.Invitation(*(str(given.get(name, "")) for name in _INVITATION))


def _remark(channel: str, code: str) -> shapes.LetterRemark:
    try:
        words = adapter.of(channel).remark(code)
    except NotVisible:
        words = code
    return shapes.LetterRemark(code, words)
