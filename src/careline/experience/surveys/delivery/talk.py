"""A survey as a conversation: a question a message, the next when that one is answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from careline import contact
from careline.channels import outbox
from careline.channels.models import Inbox, Outbox
from careline.experience.surveys import asking
from careline.experience.surveys.delivery import wording
from careline.experience.surveys.delivery.wording import Wording
from careline.experience.surveys.models import Response
from careline.kit.refusals import Conflicting


def send(response: Response, inbox: Inbox, decision: contact.Decision) -> Outbox:
    """The first question that is still open."""
    question = asking.following(response.form, response.given, response.fields)
    if question is None:
        raise Conflicting(_("This survey was answered already."))
    first = wording.asked(response, question)
    said = _said(first, tappable=inbox.delivery == Inbox.Delivery.PULL)
    intro = "" if response.given else wording.recall(response)(response.form.intro)
    return outbox.enqueue(
        decision, inbox_id=inbox.pk, person_id=decision.person_id, words=f"{intro}\n\n{said}".strip(),
        conversation_id=response.conversation, expects=first.expects,
    )  # fmt: skip


def go_on(response: Response, outbound: int, answered: str, *, with_words: bool) -> None:
    """What comes after an answer: the words beside it, the next question, or thanks."""
    question = response.form.question(answered)
    home = None if response.inbox_id is None else Inbox.objects.filter(pk=response.inbox_id).first()
    tappable = home is not None and home.delivery == Inbox.Delivery.PULL
    following = asking.following(response.form, response.given, response.fields)
    if response.state == Response.State.PARTIAL and question is not None and question.comment and not with_words:
        _follow(outbound, wording.beside(response, question), tappable=tappable)
    elif following is not None:
        _follow(outbound, wording.asked(response, following), tappable=tappable)
    else:
        outbox.follow(outbound, words=wording.thanks(response))


def _follow(outbound: int, next_: Wording, *, tappable: bool) -> None:
    outbox.follow(outbound, words=_said(next_, tappable=tappable), expects=next_.expects)


def _said(one: Wording, *, tappable: bool) -> str:
    return one.words if tappable else one.plain
