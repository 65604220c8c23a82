"""Which conversation a mail belongs to: what is looked at, in which order, and why it was taken or left.

One rule stands over all steps. What we signed is believed within the mailbox it was sent from, or from somebody who
takes part in the conversation; where it stands among the words of a text or in an attached file, which shows that
somebody has it and not that they answer it, from who takes part alone. What anybody can write, another program's id or
a number, is believed only from somebody who takes part, and only in the same mailbox. A subject alone never is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from careline.channels.email.mail import Attachment, Mail
from careline.channels.email.threads import answers, tokens
from careline.channels.threading import Asked, By, Match, Step, Thread

MOST_STEPS = 60
# Of an attached file the beginning is looked at, where a mail has its headers; and of so many files.
LONGEST_FILE = 200_000
MOST_FILES = 10
_MAILS = {"message/rfc822", "message/global", "message/news"}


def matched(mail: Mail, asked: Asked, *, reopens: timedelta | None = None, inside: bool = True) -> Match:
    """`reopens`: how long after its closing an answer still opens a conversation again; None is for ever.

    `inside`: whether text and attached files are looked into, beside the headers.
    """
    search = _Search(mail, asked, reopens, inside)
    for step in search.steps():
        if len(search.trace) >= MOST_STEPS:
            break
        search.trace.append(step)
        if step.verdict == "taken":
            stranger = search.is_stranger(step.conversation)
            return Match(conversation=step.conversation, by=step.by, stranger=stranger, trace=tuple(search.trace))
        if step.verdict == "closed":
            return Match(by=step.by, linked=step.conversation, trace=tuple(search.trace))
    return Match(trace=tuple(search.trace))


class _Search:
    def __init__(self, mail: Mail, asked: Asked, reopens: timedelta | None, inside: bool) -> None:
        self.mail, self.asked, self.reopens, self.inside = mail, asked, reopens, inside
        self.trace: list[Step] = []
        authors = (mail.author, mail.original_author, *mail.reply_to)
        self.voices = frozenset(one.key for one in authors if one is not None)
        self.threads: dict[int, Thread | None] = {}

    def steps(self) -> Iterator[Step]:
        yield from self._tokens()
        yield from self._ids()
        if self.inside:
            yield from self._text()
            yield from self._attached()
        else:
            yield Step("text", "", "off")
        yield from self._numbers()

    def is_stranger(self, conversation: int | None) -> bool:
        thread = next((one for one in self.threads.values() if one and one.conversation == conversation), None)
        return thread is not None and not self.voices & thread.participants

    def _tokens(self) -> Iterator[Step]:
        looking = [one.address for one in self.mail.recipients if "+" in one.address]
        for address in looking[:20]:
            conversation = tokens.conversation_of_address(address)
            if conversation is not None:
                yield self._signed("token", address, self._moved(conversation) or conversation)
            elif tokens.looks_signed(address):
                yield Step("token", address, "forged")
        if not looking:
            yield Step("token", "", "nothing")

    def _moved(self, conversation: int) -> int | None:
        """The address is as old as what it answers, which somebody may have moved since."""
        answered = self.mail.in_reply_to or self.mail.answered[:1]
        ours = [message for value in answered if (message := tokens.message_of(value)) is not None]
        return self.asked.moved(conversation, ours, answered) if answered else None

    def _ids(self) -> Iterator[Step]:
        answered = set(self.mail.in_reply_to)
        looking = self.mail.answered
        ours = {value: message for value in looking if (message := tokens.message_of(value)) is not None}
        sent = self.asked.of_messages(list(ours.values())) if ours else {}
        others = [value for value in looking if value not in ours]
        stored = self.asked.of_ids(others) if others else {}
        for value in looking:
            by: By = "answered" if value in answered else "referred"
            if value in ours:
                conversation = sent.get(ours[value])
                yield self._signed(by, value, conversation) if conversation else Step(by, value, "unknown")
            elif value in stored:
                yield self._unsigned(by, value, stored[value])
            else:
                yield Step(by, value, "forged" if tokens.looks_like_message(value) else "unknown")
        if not looking:
            yield Step("answered", "", "nothing")

    def _text(self) -> Iterator[Step]:
        """The mark, which programs that lose all headers quote; and whatever else of ours is quoted."""
        found = list(tokens.among(self.mail.html, self.mail.text))
        marks = [one.conversation for one in found if one.is_mark and one.conversation is not None]
        for conversation in marks:
            yield self._signed("marker", str(conversation), conversation)
        if not marks:
            yield Step("marker", "", "nothing")
        yield from self._mentioned("text", [one for one in found if not one.is_mark])

    def _attached(self) -> Iterator[Step]:
        held = [one.content[:LONGEST_FILE].decode("latin-1") for one in self.mail.attachments if _is_text(one)]
        if not held:
            return
        steps = list(self._mentioned("attached", list(tokens.among(*held[:MOST_FILES]))))
        named = {one.conversation for one in steps if one.verdict in {"taken", "closed"}}
        if len(named) > 1:  # a bundle of mails answers none of them
            steps = [
                msgspec.structs.replace(one, verdict="several") if one.conversation in named else one for one in steps
            ]
        yield from steps or [Step("attached", "", "nothing")]

    def _mentioned(self, by: By, found: list[tokens.Signed]) -> Iterator[Step]:
        """To have it is not to answer it: believed from those who take part."""
        messages = [one.message for one in found if one.message is not None]
        sent = self.asked.of_messages(messages) if messages else {}
        for one in found:
            conversation = one.conversation if one.message is None else sent.get(one.message)
            if conversation is None:
                yield Step(by, one.words, "forged" if one.message is None else "unknown")
                continue
            thread = self._thread(conversation)
            if thread is not None and not self.voices & thread.participants:
                yield Step(by, one.words, "stranger", thread.conversation)
            else:
                yield self._still_open(by, one.words, conversation, thread)

    def _numbers(self) -> Iterator[Step]:
        found = answers.numbers(self.mail.subject)
        for number in found:
            yield self._unsigned("number", str(number), number)
        if not found:
            yield Step("number", "", "nothing")

    def _signed(self, by: By, found: str, conversation: int) -> Step:
        thread = self._thread(conversation)
        if thread is not None and not thread.here and not self.voices & thread.participants:
            return Step(by, found, "elsewhere", thread.conversation)
        return self._still_open(by, found, conversation, thread)

    def _unsigned(self, by: By, found: str, conversation: int) -> Step:
        thread = self._thread(conversation)
        if thread is None:
            return Step(by, found, "gone", conversation)
        if not thread.here:
            return Step(by, found, "elsewhere", thread.conversation)
        if not self.voices & thread.participants:
            return Step(by, found, "stranger", thread.conversation)
        return self._still_open(by, found, conversation, thread)

    def _still_open(self, by: By, found: str, conversation: int, thread: Thread | None) -> Step:
        if thread is None:
            return Step(by, found, "gone", conversation)
        late = self.reopens is not None and thread.closed_for is not None and thread.closed_for > self.reopens
        return Step(by, found, "closed" if late else "taken", thread.conversation)

    def _thread(self, conversation: int) -> Thread | None:
        if conversation not in self.threads:
            self.threads[conversation] = self.asked.thread(conversation)
        return self.threads[conversation]


def _is_text(file: Attachment) -> bool:
    """A mail, or words: some programs attach the history, or cut an answer into several texts."""
    return file.media_type in _MAILS or file.media_type.startswith("text/") or file.name.lower().endswith(".eml")
