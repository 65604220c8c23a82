"""A person is called: the customer is told, the team gets what was said in short, and the queue has it.

While the house is closed the customer is told when it opens, and the conversation waits with the bot until then.
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from careline.accounts import queries as accounts
from careline.channels import outside
from careline.intelligence import summary
from careline.service.bots import reasons
from careline.service.bots.models import Run
from careline.service.bots.talking import Talk
from careline.service.conversations import actions as talks
from careline.service.conversations.models import Message

_OVER = gettext_noop("I pass you on to a person. They see what you wrote here.")
_LATER = gettext_noop("A person will help you with this. We are closed now and answer from %(opening)s.")
_SOMETIME = gettext_noop("A person will help you with this. We are closed now and answer when we are back.")
# What is left of a long talk for whoever takes it over.
LINES, LONGEST = 60, 4_000


def hand(talk: Talk, reason: str) -> None:
    if talk.is_over or talk.run.reason:
        return
    _note(talk, reason)
    talk.rest()
    talk.run.reason, talk.run.offered = reason, []
    closed = outside.closed(talk.conversation.inbox_id)
    if closed is None:
        talk.say(talk.told(_OVER), leaves=True)
        give(talk)
        return
    opening = closed.opening(talk.run.language)
    talk.say(talk.told(_LATER, opening=opening) if opening else talk.told(_SOMETIME), leaves=True)
    if closed.opens_at is None:
        give(talk)
    else:
        talk.run.due_at = closed.opens_at


def give(talk: Talk) -> None:
    """Out of the bot's hands."""
    talk.conversation = talks.decline(talk.conversation.pk, actor=talk.actor, reason=talk.run.reason)
    talk.end(Run.Outcome.PERSON)


def _note(talk: Talk, reason: str) -> None:
    """For the team, in the house's first language: why, what they said in short, what they told, what ran."""
    said = list(
        Message.objects.filter(conversation=talk.conversation, kind=Message.Kind.INCOMING)
        .order_by("-seq").values_list("body", flat=True)[:LINES]
    )[::-1]  # fmt: skip
    with translation.override(next(iter(accounts.organization().languages), "en")):
        lines = [_("The bot handed over: %(why)s") % {"why": reasons.why(reason)}]
        if short := summary.of([one[:LONGEST] for one in said if one.strip()]):
            lines += ["", _("In their words:"), *(f"– {one}" for one in short.splitlines())]
        values = talk.run.state.get("values", {})
        if values:
            lines += ["", _("They told:"), *(f"– {name}: {value}" for name, value in values.items())]
        if talk.run.version is not None:
            step = str(talk.run.state.get("at", ""))
            flow = _("It ran “%(name)s” and stood at “%(step)s”.")
            lines += ["", flow % {"name": talk.run.version.bot.name, "step": step}]
    talks.note(talk.conversation.pk, actor=talk.actor, body="\n".join(lines)[: 2 * LONGEST])
    talk.conversation.refresh_from_db()
