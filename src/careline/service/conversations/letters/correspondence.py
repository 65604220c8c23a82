"""What a conversation of letters knows of its people and its letters: one read, whoever asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from careline.channels.letters import Letter, Party
from careline.kit.statement import Statement
from careline.service.conversations.hot.pieces import SEEN

# Of a conversation so many letters are looked through, the newest.
LOOKED_AT = 50
LAST = 2**31 - 1


class Written(msgspec.Struct, frozen=True):
    """A message that has an envelope."""

    id: UUID
    kind: str
    letter: Letter


class _Row(msgspec.Struct, frozen=True):
    id: int
    inbox_id: int
    person_id: int
    person_name: str
    channel: str
    subject: str
    participants: list[str]
    copies: str
    customer: str
    passed: list[str]
    letters: str
    signature: str


# Addresses of the customer, the surest first: of the id that writes here, then those that are proved.
_READ = Statement(
    f"""SELECT c.id, c.inbox_id, c.person_id, coalesce(nullif(r.name, ''), p.name), c.channel, c.subject,
  c.participants, c.copies::text, coalesce((
    SELECT jsonb_agg(jsonb_build_object('address', i.original, 'name', o.name)
      ORDER BY i.person_id <> c.person_id, NOT i.verified, i.id)
    FROM (SELECT coalesce(r.id, p.id) AS id UNION ALL
      SELECT j.id FROM customers_person j WHERE j.canonical_id = coalesce(r.id, p.id)) w
    JOIN customers_person o ON o.id = w.id JOIN customers_identity i ON i.person_id = w.id
    WHERE i.kind = 'email')::text, '[]'),
  ARRAY(SELECT f.letter->>'message_id' FROM conversations_message f
    WHERE f.conversation_id = c.id AND f.kind = 'forward' AND f.letter->>'message_id' <> ''),
  coalesce((
    SELECT jsonb_agg(jsonb_build_object('id', l.id, 'kind', l.kind, 'letter', l.letter) ORDER BY l.seq DESC)
    FROM (SELECT m.id, m.kind, m.seq, m.letter FROM conversations_message m
      WHERE m.conversation_id = c.id AND m.letter IS NOT NULL AND m.seq < %(before)s::int
      ORDER BY m.seq DESC LIMIT %(limit)s::int) l)::text, '[]'),
  coalesce((SELECT signature FROM accounts_agent WHERE id = %(writer)s::bigint), '')
FROM conversations_conversation c JOIN customers_person p ON p.id = c.person_id
LEFT JOIN customers_person r ON r.id = p.canonical_id
WHERE c.id = %(conversation)s::bigint AND {SEEN}""",  # noqa: S608  # what is put in stands beside
    _Row,
)
_parties = msgspec.json.Decoder(tuple[Party, ...])
_copies = msgspec.json.Decoder(dict[str, Party])
_letters = msgspec.json.Decoder(tuple[Written, ...])


class Correspondence(msgspec.Struct, frozen=True, dict=True):
    """`letters` the newest first; `copies` by folded address."""

    id: int
    inbox_id: int
    person_id: int
    person_name: str
    channel: str
    subject: str
    participants: list[str]
    copies: dict[str, Party]
    customer: tuple[Party, ...]
    letters: tuple[Written, ...]
    # Ids of what was passed on from here.
    passed: frozenset[str]
    # Of the agent who writes; nothing of nobody.
    signature: str = ""

    @cached_property
    def answered(self) -> Written | None:
        """The customer's last letter; where they never wrote one, our own."""
        said = [one for one in self.letters if one.kind in ("incoming", "reply") and not one.letter.automatic]
        theirs = [one for one in said if one.kind == "incoming"]
        ours = [one for one in said if one.kind == "reply"]
        # What somebody answered to whom we passed something on is not what the customer is answered to.
        candidates = [one for one in theirs if not self._is_aside(one.letter)] or ours
        return candidates[0] if candidates else None

    def _is_aside(self, letter: Letter) -> bool:
        known = {one.key for one in self.customer}
        by_customer = letter.sender is not None and letter.sender.key in known
        return not by_customer and not {letter.in_reply_to, *letter.references}.isdisjoint(self.passed)

    def usual(self, own: Collection[str]) -> Letter:
        """To whoever wrote last, in copy whoever was, ourselves left out; without a letter, to the customer."""
        before = self.answered
        last = Letter(subject=self.subject) if before is None else before.letter
        to: tuple[Party, ...] = last.to
        if before is not None and before.kind == "incoming":
            answers_to = last.reply_to or ((last.sender,) if last.sender else ())
            to = others(answers_to, own) or others(last.to, own)
        to = to or self.customer[:1]
        return Letter(
            to=to,
            cc=self.in_copy({*own, *(one.key for one in to)}),
            subject=last.subject or self.subject,
            in_reply_to=last.message_id,
            references=tuple(dict.fromkeys(one for one in (*last.references, last.message_id) if one)),
        )

    def in_copy(self, without: Collection[str]) -> tuple[Party, ...]:
        """By name, since it is kept in no order."""
        kept = others(self.copies.values(), without)
        return tuple(sorted(kept, key=lambda one: ((one.name or one.address).casefold(), one.key)))


def others(parties: Iterable[Party], without: Collection[str]) -> tuple[Party, ...]:
    return tuple({one.key: one for one in parties if one.address and one.key not in without}.values())


def read(
    conversation_id: int, *, reach: dict[str, Any], before: int = LAST, writer: int | None = None
) -> Correspondence | None:
    """As far as the letters before a number; nothing where it is beyond this reach. `writer` is an agent."""
    row = _READ.one(conversation=conversation_id, before=before, writer=writer, limit=LOOKED_AT, **reach)
    if row is None:
        return None
    return Correspondence(
        id=row.id, inbox_id=row.inbox_id, person_id=row.person_id, person_name=row.person_name, channel=row.channel,
        subject=row.subject, participants=row.participants, copies=_copies.decode(row.copies),
        customer=_parties.decode(row.customer), letters=_letters.decode(row.letters), passed=frozenset(row.passed),
        signature=row.signature,
    )  # fmt: skip
