"""Which conversation a mail belongs to: what is looked at, in which order, and why it was taken or left.

One rule stands over all steps. What we signed is believed within the mailbox it was sent from, or from somebody who
takes part in the conversation. What anybody can write, another program's id or a number, is believed only from
somebody who takes part, and only in the same mailbox. A subject alone is never believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from careline.channels.email.mail import Mail
from careline.channels.email.threads import answers, tokens
from careline.channels.threading import Asked, By, Match, Step, Thread

MOST_STEPS = 60


def matched(mail: Mail, asked: Asked, *, reopens: timedelta | None = None) -> Match:
    """`reopens`: how long after its closing an answer still opens a conversation again; None is for ever."""
    search = _Search(mail, asked, reopens)
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
    def __init__(self, mail: Mail, asked: Asked, reopens: timedelta | None) -> None:
        self.mail, self.asked, self.reopens = mail, asked, reopens
        self.trace: list[Step] = []
        authors = (mail.author, mail.original_author, *mail.reply_to)
        self.voices = frozenset(one.key for one in authors if one is not None)
        self.threads: dict[int, Thread | None] = {}

    def steps(self) -> Iterator[Step]:
        yield from self._tokens()
        yield from self._ids()
        yield from self._markers()
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

    def _markers(self) -> Iterator[Step]:
        found = False
        for conversation in tokens.conversations_of_marker(self.mail.html, self.mail.text):
            found = True
            yield self._signed("marker", str(conversation), conversation)
        if not found:
            yield Step("marker", "", "nothing")

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
