"""What an answer carries so that it lands in the customer's own thread: the ids before it, and a subject that stays."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from careline.channels.email.mail import Mail

# Of a long chain the beginning names the thread and the end says what is answered.
ENDS = 20
# "Re:" in the ways mail programs say it, also with a count: Re[2]:
_RE = re.compile(
    r"\s*(?:re|aw|sv|odp|antw|antwort|rv|res|ynt|vá|bls|balas|balasan|σχετ|απ|ответ|отв|答复|回复|回覆|返信|답장|رد)"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s*[:：]", re.IGNORECASE
)  # fmt: skip
_FWD = re.compile(r"\s*(?:fwd?|wg|tr|enc|doorst|تحويل|转发|轉寄|転送|전달)\s*[:：]", re.IGNORECASE)
_NUMBER = re.compile(r"\[#(\d{1,18})\]")
LONGEST = 900


class Answering(msgspec.Struct, frozen=True):
    """Ids without brackets; the references oldest first, as they are written."""

    in_reply_to: str = ""
    references: tuple[str, ...] = ()


def answering(message_id: str, chain: Sequence[str] = ()) -> Answering:
    """An answer to a message, whose own chain was `chain`, oldest first."""
    whole = list(dict.fromkeys(one for one in (*chain, message_id) if one))
    if message_id:  # a chain that names the message itself would put it out of its place
        whole.remove(message_id)
        whole.append(message_id)
    if len(whole) > 2 * ENDS:
        whole = whole[:ENDS] + whole[-ENDS:]
    return Answering(message_id, tuple(whole))


def answering_mail(mail: Mail) -> Answering:
    # Old programs put the chain into In-Reply-To alone.
    chain = tuple(reversed(mail.references)) or mail.in_reply_to
    return answering(mail.message_id, chain)


def subject(given: str, *, answer: bool = True, number: int | None = None) -> str:
    """The subject as it was, with one `Re:` before it. Whoever changes more loses the thread in Gmail."""
    words = " ".join(given.split())[:LONGEST]
    if answer:
        bare = without_re(words)
        words = f"Re: {bare}" if bare else "Re:"
    if number is not None and not any(int(found) == number for found in _NUMBER.findall(words)):
        words = f"{words} [#{number}]"
    return words


def passed_on(given: str) -> str:
    """The subject of a mail that is forwarded."""
    words = " ".join(given.split())[:LONGEST]
    return words if _FWD.match(words) else f"Fwd: {words}".strip()


def without_re(words: str) -> str:
    """The subject below any number of `Re:`."""
    at = 0
    while (found := _RE.match(words, at)) is not None:
        at = found.end()
    return words[at:].strip()


def numbers(words: str) -> list[int]:
    """`[#1042]`, each once."""
    return list(dict.fromkeys(int(found) for found in _NUMBER.findall(words)))[:5]
