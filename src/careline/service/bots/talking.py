"""A conversation as the bot that has it knows it, and the words it says there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import queries as channels
from careline.customers.models import Person
from careline.intelligence import language as languages
from careline.kit import clock
from careline.service.bots.models import Answering, Judged, Run
from careline.service.conversations import actions as talks
from careline.service.conversations.hot.shapes import Offered, Source
from careline.service.conversations.models import Conversation

MAY = frozenset({
    "conversations.view", "conversations.reply", "conversations.note", "conversations.close", "customers.view",
})  # fmt: skip
# What the machine asks for by name.
PHRASES = {
    "again": gettext_noop("I did not understand that. Please try again."),
    "which": gettext_noop("Please choose one of these."),
    "yes_or_no": gettext_noop("Please answer with yes or no."),
    "too_long": gettext_noop("That is too long for me. Please say it in a few sentences."),
}
PERSON = gettext_noop("Talk to a person")
# Where nothing is drawn beside words, who speaks is said with the first of them.
DRAWN = frozenset({"webchat"})
_LONGEST = 4_000


@dataclass
class Talk:
    """Held under the lock of its conversation."""

    conversation: Conversation
    run: Run
    answering: Answering
    # What was judged of the message at hand, to be kept with what is done about it.
    judged: Judged | None = field(default=None)

    @property
    def actor(self) -> Actor:
        inbox = self.conversation.inbox_id
        return Actor(kind="bot", id=inbox, name=self.answering.name, permissions=MAY, inbox_ids=(inbox,))

    @property
    def is_drawn(self) -> bool:
        return self.conversation.channel in DRAWN

    def listen(self, text: str) -> None:
        """The language it is in, as far as that can be told; else the one spoken so far."""
        house = accounts.organization()
        spoken = house.languages or ["en"]
        if (found := languages.of(text, spoken)[0] if len(text.split()) > 1 else None) is not None:
            self.run.language = found

    def told(self, sentence: str, **terms: object) -> str:
        """A sentence of the house's in the language the customer speaks."""
        with translation.override(self.run.language):
            return gettext(sentence) % terms if terms else gettext(sentence)

    def worded(self, words: Mapping[str, str]) -> str:
        inbox = channels.endpoint(self.conversation.inbox_id)
        return in_language(words, self.run.language, inbox.language, *accounts.organization().languages)

    def say(
        self, words: str, choices: Sequence[str] = (), sources: Sequence[Source] = (), *, leaves: bool = False
    ) -> None:  # fmt: skip
        """Choices are buttons where they can be, and a numbered list elsewhere; sources likewise lines."""
        run, offered = self.run, Offered(tuple(choices), tuple(sources), leaves)
        run.said += 1
        if not self.is_drawn:
            lines = [words, *(f"{number}. {one}" for number, one in enumerate(choices, 1))]
            lines += [f"{one.title}: {settings.CARELINE_BASE_URL}{one.url}" for one in sources]
            if run.said == 1:
                introduced = gettext_noop("%(name)s here, a bot. Write “person” to talk to somebody.")
                lines.insert(0, self.told(introduced, name=self.answering.name))
            words = "\n".join(lines)
        talks.reply(
            self.conversation.pk, actor=self.actor, body=words[:_LONGEST], client_id=f"bot:{run.pk}:{run.said}",
            offered=offered,
        )  # fmt: skip
        self.conversation.refresh_from_db()

    def ask_outside(self, what: str) -> int:
        """Something outside is asked once this is committed; its number."""
        run = self.run
        run.asks, run.asked, run.asked_at = what, run.asked + 1, clock.now()
        import_module("careline.service.bots.jobs").ask.soon(run.pk, run.asked)
        return run.asked

    def wait(self, minutes: int) -> None:
        self.run.due_at = clock.now() + timedelta(minutes=minutes)

    def rest(self) -> None:
        """Between flows: nothing runs, and what comes next is judged anew."""
        self.run.version, self.run.state, self.run.due_at, self.run.asks = None, {}, None, ""

    def end(self, outcome: Run.Outcome) -> None:
        self.run.outcome, self.run.ended_at = outcome, clock.now()
        self.run.due_at, self.run.asks, self.run.offered = None, "", []
        self.run.state = {"at": "", "values": self.run.state["values"]} if self.run.state.get("values") else {}

    @property
    def is_over(self) -> bool:
        return self.run.ended_at is not None

    def person(self) -> Person:
        return Person.objects.get(pk=self.conversation.person_id)


def in_language(words: Mapping[str, str], *languages: str) -> str:
    """The first of these languages it is written in, else any."""
    wanted = [one for code in languages for one in (code, code.partition("-")[0])]
    return next((words[one] for one in wanted if one in words), "") or next(iter(words.values()), "")
