"""Of each suggestion that was used, what the customer wanted: judged in the background, since nobody waits for it."""

from __future__ import annotations

import msgspec

from careline.kit.statement import Statement
from careline.service.assist.models import Use
from careline.service.assist.suggesting import speech
from careline.service.intents import queries as intents

ASKED = 600
# A stroke of the clock judges so many: some seconds of one core.
PIECE = 500


class _Said(msgspec.Struct, frozen=True):
    id: int
    words: str
    language: str


# What the customer had said when it was used, since a person replied.
_SAID = Statement(
    """SELECT u.id, a.words, p.language FROM assist_use u
JOIN conversations_conversation c ON c.id = u.conversation_id JOIN customers_person p ON p.id = c.person_id
LEFT JOIN conversations_message m ON m.id = u.message_id
CROSS JOIN LATERAL (SELECT coalesce(m.seq, (SELECT max(x.seq) + 1 FROM conversations_message x
  WHERE x.conversation_id = u.conversation_id AND x.created_at <= u.at), 0) AS seq) s
CROSS JOIN LATERAL (SELECT coalesce(string_agg(btrim(i.body), E'\\n' ORDER BY i.seq), '') AS words FROM (
  SELECT body, seq FROM conversations_message WHERE conversation_id = u.conversation_id AND kind = 'incoming'
    AND seq < s.seq AND seq > coalesce((SELECT max(r.seq) FROM conversations_message r
      WHERE r.conversation_id = u.conversation_id AND r.kind = 'reply' AND r.author_kind = 'agent'
        AND r.seq < s.seq), 0)
  ORDER BY seq DESC LIMIT 3) i) a
WHERE u.intent IS NULL ORDER BY u.id LIMIT %(limit)s::int""",
    _Said,
)


def judged(words: str, language: str) -> str:
    """The code of the intent that is meant beyond doubt, or nothing."""
    found = intents.judge_for(speech.of(words, language)).judge(words) if words.strip() else None
    return found.ranked[0][0] if found is not None and found.clear else ""


def name_uses() -> int:
    """The oldest first."""
    rows = _SAID.all(limit=PIECE)
    named = [Use(pk=one.id, intent=judged(one.words[:ASKED], one.language)) for one in rows]
    Use.objects.bulk_update(named, ["intent"])
    return len(named)
