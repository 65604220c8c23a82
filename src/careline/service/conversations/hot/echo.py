"""What was just written, as a read would give it, without reading it back."""

from __future__ import annotations

from typing import Any

from careline.service.conversations.hot.shapes import ListRow, Said, ThreadRow


def message(said: Said, given: dict[str, Any]) -> ThreadRow:
    """`given` are the parameters the words were written with; not for a repeated message, which may have changed."""
    incoming = said.kind == "incoming"
    return ThreadRow(
        id=said.message_id,
        conversation_id=said.conversation_id,
        seq=said.seq,
        shared_seq=said.shared_seq,
        kind=said.kind,
        body=given["body"],
        event=None,
        author_kind="customer" if incoming else given["author_kind"],
        author_id=said.person_id if incoming else given["author_id"],
        author_name=said.author_name if incoming else given["author_name"],
        channel=said.channel,
        status=said.status,
        status_reason="",
        client_id=given["client"],
        occurred_at=said.occurred_at,
        attachments=None,
    )


def conversation(said: Said, given: dict[str, Any]) -> ListRow:
    """The conversation that first words have opened; its scrap is left out, which no program reads."""
    return ListRow(
        id=said.conversation_id,
        inbox_id=said.inbox_id,
        person_id=said.person_id,
        person_name=said.author_name,
        channel=said.channel,
        subject=given["subject"],
        state=said.state,
        handled_by="queue",
        waiting_on="us",
        priority=0,
        tags=[],
        assignee_id=None,
        assignee_name=None,
        team_id=None,
        opened_at=said.occurred_at,
        active_at=said.occurred_at,
        snoozed_until=None,
        resolved_at=None,
        last_seq=said.seq,
        unread=True,
        preview=given["preview"],
        preview_by="customer",
        scrap=[],
        efforts=[],
    )
