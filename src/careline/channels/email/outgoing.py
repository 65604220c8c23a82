"""A message of ours as a letter, signed and ready for the server."""

from __future__ import annotations

from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from careline.channels import letters
from careline.channels.adapter import DeliveryFailed, Endpoint, Outbound
from careline.channels.email import dkim, mailbox, threads, writing
from careline.channels.email.addresses import Address
from careline.channels.email.writing import Automatic, Enclosed, Forwarded, Letter, Quoted
from careline.kit.sentences import lasting as _


def letter(inbox: Endpoint, message: Outbound) -> Letter:
    given = message.letter or letters.Letter(to=(letters.Party(message.recipient),))
    answers = bool(given.in_reply_to)
    quotes = inbox.settings.get("quote", True) if given.quotes is None else given.quotes
    quote = message.quote if isinstance(message.quote, letters.Quote) and quotes and answers else None
    passed = message.quote.messages if isinstance(message.quote, letters.Passed) else ()
    leave = "" if message.mailing is None else message.mailing.unsubscribe
    kind: Literal["replied", "generated"] = "replied" if answers else "generated"
    automatic = Automatic(kind=kind, unsubscribe=leave) if message.automatic else None
    return Letter(
        sender=Address(mailbox.address(inbox), mailbox.sender_name(inbox)),
        to=_addresses(given.to),
        cc=_addresses(given.cc),
        bcc=_addresses(given.bcc),
        subject=subject(inbox, given, message.conversation_id),
        text=message.text,
        html="" if message.mailing is None else message.mailing.html,
        message=message.message or _id(message.key),
        written_at=message.created_at,
        reply_to="",
        answering=threads.Answering(given.in_reply_to, given.references),
        signature=mailbox.stationery(inbox, message.writer).signature if automatic is None else "",
        quoted=None if quote is None else _quoted(quote),
        forwarded=tuple(_forwarded(one) for one in passed),
        attachments=tuple(
            Enclosed(name=one.name, media_type=one.media_type, content=one.content, content_id=one.content_id)
            for one in message.attachments
        ),
        marker="" if message.conversation_id is None else threads.marker(message.conversation_id),
        automatic=automatic,
    )


def subject(inbox: Endpoint, given: letters.Letter, conversation_id: int | None) -> str:
    """What somebody wrote stays; beside it only the number may stand."""
    number = conversation_id if inbox.settings.get("number") else None
    return threads.subject(given.subject, answer=bool(given.in_reply_to) and not given.verbatim, number=number)


def written(inbox: Endpoint, message: Outbound) -> tuple[Letter, bytes]:
    """Raises DeliveryFailed for what mail cannot carry."""
    made = letter(inbox, message)
    if not (made.to or made.cc or made.bcc):
        raise DeliveryFailed(_("This mail has no recipient."), permanent=True)
    raw, key = writing.written(made), mailbox.dkim_key(inbox)
    return made, raw if key is None else dkim.signed(raw, key, message.created_at)


def named(inbox: Endpoint, message: Outbound) -> str:
    return threads.message_id(message.message or _id(message.key), mailbox.domain(inbox))


def _id(key: str) -> UUID:
    """Of what no message stands for: the same at every attempt."""
    return uuid5(NAMESPACE_URL, f"careline:{key}")


def _addresses(parties: tuple[letters.Party, ...]) -> tuple[Address, ...]:
    return tuple(Address(one.address, one.name) for one in parties)


def _quoted(quote: letters.Quote) -> Quoted:
    author = Address(quote.author.address, quote.author.name)
    return Quoted(author=author, sent_at=quote.sent_at, text=quote.text, html=quote.html)


def _forwarded(quote: letters.Quote) -> Forwarded:
    return Forwarded(
        author=Address(quote.author.address, quote.author.name),
        to=_addresses(quote.to),
        cc=_addresses(quote.cc),
        subject=quote.subject,
        sent_at=quote.sent_at,
        text=quote.text,
        html=quote.html,
    )
